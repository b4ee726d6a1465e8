"""A loan guarantee: its cover, its fee, what it pays on a default, and how later recoveries are shared.

Recover first, then claim a share of the net loss; what is recovered later is shared in the same proportion (pari passu).
That is how EnterpriseSG tells it of its Enterprise Financing Scheme, SME Fixed Assets
(https://enterprisesg.gov.sg/financial-support/enterprise-financing-scheme---sme-fixed-assets). Amounts are integer minor
units of the cover's currency. The guarantor's amounts are rounded down to the smallest amount that is paid; the lender
bears the rest of a unit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.money import WHOLE, formatted, payable, share, to_minor


@dataclass(frozen=True)
class Cover:
    """What is guaranteed: a loan, the share of a loss in per cent, and the most that is paid at all.

    ``interest_days`` is for how many days of unpaid interest the guarantee stands, ``fee_pct`` its fee a year in per cent
    of the guaranteed outstanding. Raises ``ValueError``, naming everything that is wrong, for a cover that cannot be.
    """

    currency: str
    loan: int
    cover_pct: Decimal
    cap: int
    interest_days: int = 0
    fee_pct: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse nonsense before anything is reckoned with it."""
        _refuse(_wrong_cover(self))


@dataclass(frozen=True)
class Default:
    """A loan that is not repaid, as its lender claims it.

    ``principal`` is outstanding; ``interest`` was not paid for ``interest_days`` days; ``recovered`` is what security and
    proceedings brought before the claim. ``demanded_on`` and ``recovery_on`` are the local days on which payment was
    demanded and recovery was pursued, ``None`` while that is not recorded. ``claimed_on`` is the day of the claim,
    ``asked`` what the lender asks.
    """

    principal: int
    interest: int
    interest_days: int
    recovered: int
    demanded_on: date | None
    recovery_on: date | None
    claimed_on: date
    asked: int


@dataclass(frozen=True)
class Payout:
    """What a default comes to: loss = principal + interest covered - recovered; payout + borne by the lender = loss."""

    interest_covered: int
    loss: int
    payout: int
    borne: int


@dataclass(frozen=True)
class Shares:
    """A recovery after the payout, shared between guarantor and lender: the two sum to it."""

    guarantor: int
    lender: int


def guaranteed(outstanding: int, cover: Cover) -> int:
    """Return the guaranteed part of what is outstanding, never above the cap."""
    return _payable(min(share(outstanding, cover.cover_pct), cover.cap), cover)


def fees(outstanding: Sequence[int], cover: Cover) -> tuple[int, ...]:
    """Return the fee of each year, from what is outstanding at the start of each: a year begun counts in full.

    Each is a per cent of the guaranteed outstanding. Where the fee is paid upfront, it is the sum, on the balances of the
    repayment schedule.
    """
    yearly = (share(guaranteed(balance, cover), cover.fee_pct) for balance in outstanding)
    return tuple(_payable(fee, cover) for fee in yearly)


def covered(default: Default, cover: Cover) -> Payout:
    """Return what the guarantee pays on a loss at most, whatever the lender asks.

    Interest counts for the days that are covered at most, by its average a day, rounded down.
    """
    days = min(default.interest_days, cover.interest_days)
    interest = default.interest * days // default.interest_days if default.interest_days else 0
    loss = max(default.principal + interest - default.recovered, 0)
    payout = _payable(min(share(loss, cover.cover_pct), cover.cap), cover)
    return Payout(interest, loss, payout, loss - payout)


def wrong(default: Default, cover: Cover) -> tuple[str, ...]:
    """Return everything that keeps a claim on a guarantee from being paid, as sentences; nothing when it can be."""
    return (*_wrong_steps(default), *_wrong_amounts(default, cover))


def claim(default: Default, cover: Cover) -> Payout:
    """Return what is paid: what was asked, within the cover. Raises ``ValueError`` with every sentence of ``wrong``."""
    _refuse(wrong(default, cover))
    most = covered(default, cover)
    return Payout(most.interest_covered, most.loss, default.asked, most.loss - default.asked)


def share_recovery(paid: Payout, before: int, amount: int, cover: Cover) -> Shares:
    """Return how a recovery after the payout is shared: in the proportion in which the loss was borne.

    ``before`` is what was recovered since the payout. The guarantor's part is reckoned on all recoveries together, so
    many small ones bring it as much as one. Raises ``ValueError`` for a recovery that cannot be paid, or above the loss.
    """
    if min(amount, before) < 0 or amount != _payable(amount, cover):
        raise ValueError(f"A recovery is an amount that is paid in {cover.currency}.")
    if before + amount > paid.loss:
        told, loss = (formatted(minor, cover.currency) for minor in (before + amount, paid.loss))
        raise ValueError(f"{told} would be recovered of a loss of {loss}.")
    so_far, now = (_part(paid, recovered, cover) for recovered in (before, before + amount))
    return Shares(now - so_far, amount - (now - so_far))


def _part(paid: Payout, recovered: int, cover: Cover) -> int:
    """Return the guarantor's part of what was recovered in all."""
    return _payable(recovered * paid.payout // paid.loss, cover) if paid.loss else 0


def _wrong_steps(default: Default) -> Iterator[str]:
    if default.demanded_on is None:
        yield "Record the demand for payment before the guarantee is claimed."
    if default.recovery_on is None:
        yield "Record the recovery from security before the guarantee is claimed: recover first, then claim."
    days = (("demand", default.demanded_on), ("recovery", default.recovery_on))
    for step, day in days:
        if day is not None and day > default.claimed_on:
            yield f"The {step} of {day} is after the claim of {default.claimed_on}."


def _wrong_amounts(default: Default, cover: Cover) -> Iterator[str]:
    figures = (default.principal, default.interest, default.interest_days, default.recovered)
    if min(figures) < 0:
        yield "Principal, interest, its days and recoveries are not below zero."
        return
    told = {
        name: formatted(amount, cover.currency)
        for name, amount in (*vars(default).items(), *vars(cover).items())
        if name in ("principal", "recovered", "asked", "loan")
    }
    if default.principal > cover.loan:
        yield f"{told['principal']} of principal is above the guaranteed loan of {told['loan']}."
    owed = default.principal + default.interest
    if default.recovered > owed:
        yield f"{told['recovered']} was recovered of a loan on which {formatted(owed, cover.currency)} was owed."
    most = covered(default, cover).payout
    if default.asked <= 0:
        yield "The amount claimed must be more than zero."
    elif default.asked != _payable(default.asked, cover):
        yield f"The amount claimed must be one that is paid in {cover.currency}."
    elif default.asked > most:
        yield f"{told['asked']} is claimed, but the guarantee covers {formatted(most, cover.currency)} of this loss."


def _wrong_cover(cover: Cover) -> Iterator[str]:
    if cover.loan <= 0 or cover.cap <= 0:
        yield "The guaranteed loan and the most that is paid must be more than zero."
    if not 0 < cover.cover_pct <= WHOLE:
        yield "The cover must be more than 0 % and at most 100 %."
    if not 0 <= cover.fee_pct <= WHOLE:
        yield "The fee must be 0 % to 100 % a year."
    if cover.interest_days < 0:
        yield "The days of interest covered must be zero or more."


def _payable(amount: int, cover: Cover) -> int:
    return amount - amount % to_minor(payable(cover.currency), cover.currency)


def _refuse(sentences: Iterable[str]) -> None:
    if told := " ".join(sentences):
        raise ValueError(told)
