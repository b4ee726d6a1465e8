"""What each instalment shall be from a due date on: the level total, the equal principal, or flat parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

from workflows.schedule.checks import Impossible
from workflows.schedule.rounding import MODES, ZERO, Round, to_steps

if TYPE_CHECKING:
    from workflows.schedule.terms import Terms

_STEP_MODES: Final = {"up": ROUND_CEILING, "down": ROUND_FLOOR}


@dataclass(frozen=True)
class Plan:
    """What each instalment from ``number`` on shall be, until something changes.

    ``total`` is set for level instalments, ``principal`` for equal principal and flat ones, ``interest`` for flat ones.
    ``base`` over ``divisor`` is where total or principal comes from, before it is rounded, ``charge`` over ``bearing``
    where flat interest does.
    """

    number: int
    base: Decimal
    divisor: Decimal
    total: Decimal | None = None
    principal: Decimal | None = None
    interest: Decimal | None = None
    charge: Decimal | None = None
    bearing: int = 1


@dataclass(frozen=True)
class Rounds:
    """How amounts of a schedule are rounded: money, and what has an instalment step."""

    money: Round
    step: Round

    @classmethod
    def of(cls, terms: "Terms") -> "Rounds":
        """Return what rounds under these terms."""
        mode = MODES[terms.rounding]
        money = to_steps(terms.money_step, mode, terms.money_step)
        if terms.instalment_step is None:
            return cls(money, money)
        mode = _STEP_MODES.get(terms.instalment_rounding, mode)
        return cls(money, to_steps(terms.instalment_step, mode, terms.money_step))


@dataclass(frozen=True)
class Ahead:
    """What an annuity has to repay from an instalment on.

    ``accrued`` is the interest of its own period, ``factors`` the interest on one unit of money in each period after it,
    by the day count; ``level_accrued`` and ``level_factors`` are the same by the basis of the level instalment.
    """

    number: int
    owed: Decimal
    accrued: Decimal
    factors: Sequence[Decimal]
    level_accrued: Decimal
    level_factors: Sequence[Decimal]


def level(terms: "Terms", rounds: Rounds, ahead: Ahead) -> Plan:
    """Return the level instalment: P * prod(1 + f_k) / F with F_1 = 1, F_k = 1 + F_(k-1) * (1 + f_k).

    f_k is the interest on one unit of money in the period k; with equal periods that is the textbook
    P * i / (1 - (1 + i)^-n). Raises ``Impossible`` when the instalment step leaves nothing for principal.
    """
    grown, divisor = ahead.owed + ahead.level_accrued, Decimal(1)
    for factor in ahead.level_factors:
        growth = 1 + factor
        grown, divisor = grown * growth, 1 + divisor * growth
    total = rounds.step(grown / divisor)
    if terms.instalment_step is not None and total <= ahead.accrued:
        raise Impossible(f"In steps of {terms.instalment_step} the instalment repays no principal.")
    if terms.smooth_last and ahead.factors:
        total = _smoothed(terms, rounds, ahead, total)
    return Plan(ahead.number, grown, divisor, total=total)


def equal_principal(rounds: Rounds, number: int, owed: Decimal, left: int) -> Plan:
    """Return equal parts of what is owed."""
    return Plan(number, owed, Decimal(left), principal=rounds.step(owed / left))


@dataclass(frozen=True)
class FlatAhead:
    """What a flat loan has to repay from an instalment on.

    ``charge`` is the interest not yet due, to be spread over ``bearing`` instalments; ``repaying`` instalments repay the
    principal, none of it before ``free`` is over.
    """

    number: int
    owed: Decimal
    charge: Decimal
    bearing: int
    repaying: int
    free: bool


def flat(terms: "Terms", rounds: Rounds, ahead: FlatAhead) -> Plan:
    """Return the parts of a flat instalment.

    With an instalment step the sum is rounded, and interest is the sum less the rounded principal; with
    ``flat_rounding="parts"``, and without a step, each part is rounded by itself.
    """
    each, share = ahead.charge / ahead.bearing, ahead.owed / ahead.repaying
    together = terms.instalment_step is not None and terms.flat_rounding == "sum"
    if ahead.free:
        principal, interest = rounds.money(ZERO), rounds.money(each)
    else:
        principal = rounds.step(share)
        interest = rounds.step(share + each) - principal if together else rounds.step(each)
    return Plan(
        ahead.number,
        ahead.owed,
        Decimal(ahead.repaying),
        principal=principal,
        interest=interest,
        charge=ahead.charge,
        bearing=ahead.bearing,
    )


def _smoothed(terms: "Terms", rounds: Rounds, ahead: Ahead, total: Decimal) -> Decimal:
    """Return the level instalment, moved when the last one would differ much, if that brings them closer."""
    number = len(ahead.factors) + 1
    gap = _last(rounds, ahead, total) - total
    if abs(gap) / terms.money_step <= number // 2:
        return total
    moved = total + rounds.step(gap / number)
    return moved if abs(_last(rounds, ahead, moved) - moved) < abs(gap) else total


def _last(rounds: Rounds, ahead: Ahead, total: Decimal) -> Decimal:
    """Return the last instalment when all before it are ``total``."""
    balance, interest = ahead.owed, rounds.money(ahead.accrued)
    for factor in ahead.factors:
        balance -= min(max(total - interest, ZERO), balance)
        interest = rounds.money(balance * factor)
    return balance + interest
