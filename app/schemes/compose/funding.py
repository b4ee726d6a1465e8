"""The money side of a scheme version as frozen records: loans, guarantees, payments, and calls with their budgets."""

from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

# Who guarantees a loan, among the institutions of a workflow; the question which part of it shall be guaranteed; where the terms
# of a loan keep what was agreed of that.
GUARANTOR, ASKED_COVER, GUARANTEE = "guarantor", "cover", "guarantee"
# Where they keep the sale that stands in the place of a loan.
SALE = "sale"


@dataclass(frozen=True)
class ReceiptOrder:
    """In which order a receipt pays what is due: ``by`` instalment or component, the order of the components.

    ``ahead`` lets what is left pay instalments that are not due yet; else it is kept as credit.
    """

    by: str = "instalment"
    components: tuple[str, ...] = ("charge", "fee", "interest", "principal")
    ahead: bool = False


@dataclass(frozen=True)
class ArrearsTerms:
    """What counts as how far behind: the last days of the buckets, when a loan is watched, the days of the three letters.

    A limit of 0 for watching leaves that rule out.
    """

    buckets: tuple[int, ...] = (30, 60, 90)
    watch_days: int = 30
    watch_instalments: int = 2
    notices: tuple[int, ...] = (7, 30, 60)


@dataclass(frozen=True)
class SaleTerms:
    """What makes a loan Shariah-compliant financing by sale: its contract, and the rate its selling price is fixed at.

    ``principle`` and ``recognition`` are those of ``workflows.sale``; the rate of the loan is then the effective profit
    rate. ``compensation_pct`` (ta'widh) and ``penalty_pct`` (gharamah) are rates a year in per cent on what is overdue,
    the second for charity; each is off unless it is given.
    """

    principle: str
    ceiling_rate_pct: Decimal
    recognition: str = "annuity"
    compensation_pct: Decimal | None = None
    penalty_pct: Decimal | None = None


@dataclass(frozen=True)
class LoanTerms:
    """Terms of a loan: nominal annual rate in per cent, most instalments, grace on principal in instalments.

    All others are conventions with their usual value as default; ``workflows.schedule.Terms`` says what each means. An
    instalment falls due ``every`` so many of a ``unit``. ``late_rate_pct`` is what lateness costs a year, in per cent of
    what is overdue: nothing unless it is given. ``sale`` is there for financing by sale alone.
    """

    rate_pct: Decimal
    instalments_max: int
    day_count: str
    grace_principal: int
    every: int = 1
    unit: str = "months"
    month_end: str = "last_day"
    rounding: str = "half_even"
    instalment_step: Decimal | None = None
    instalment_rounding: str = "nearest"
    flat_rounding: str = "sum"
    level_basis: str = "factors"
    smooth_last: bool = False
    grace_deferred: int = 0
    grace_capitalised: int = 0
    grace_waived: int = 0
    down_payment_pct: Decimal = Decimal(0)
    late_rate_pct: Decimal | None = None
    sale: SaleTerms | None = None
    order: ReceiptOrder = field(default_factory=ReceiptOrder)
    arrears: ArrearsTerms = field(default_factory=ArrearsTerms)

    def agreed(self, instalments: int, method: str) -> dict[str, Any]:
        """Return the terms of one loan as its agreement keeps them: plain values, and only what is not as usual."""
        found: dict[str, Any] = {
            "rate_pct": str(self.rate_pct),
            "instalments": instalments,
            "method": method,
            "day_count": self.day_count,
            "grace_principal": self.grace_principal,
        }
        usual = LoanTerms(self.rate_pct, self.instalments_max, self.day_count, self.grace_principal)
        for entry in fields(self):
            value = getattr(self, entry.name)
            if value != getattr(usual, entry.name):
                found[entry.name] = _plain(value)
        return found


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it; of a record only what is not as usual."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    if is_dataclass(value):
        return {
            entry.name: _plain(getattr(value, entry.name))
            for entry in fields(value)
            if getattr(value, entry.name) != entry.default
        }
    return value


@dataclass(frozen=True)
class GuaranteeTerms:
    """How much of a loan a guarantee covers, in per cent, and its yearly fee in per cent of what is guaranteed."""

    cover_min_pct: Decimal
    cover_max_pct: Decimal
    fee_pct: Decimal

    def agreed(self, asked: Any) -> dict[str, str]:
        """Return what is covered of one loan and its yearly fee, both in per cent, as its agreement keeps them.

        The share is what the enterprise asked for where that is allowed, else the least.
        """
        wanted = _number(asked)
        allowed = wanted is not None and self.cover_min_pct <= wanted <= self.cover_max_pct
        share = wanted if wanted is not None and allowed else self.cover_min_pct
        return {"cover_pct": str(share), "fee_pct": str(self.fee_pct)}


def _number(answer: Any) -> Decimal | None:
    """Return an answer as a number, ``None`` for one that is none."""
    try:
        found = Decimal(str(answer))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


@dataclass(frozen=True)
class ReleaseTier:
    """How many releasers a payment above an amount needs, in units of the scheme's currency."""

    needed: int
    above: str = "0"


@dataclass(frozen=True)
class PaymentTerms:
    """How a scheme pays: releasers by amount, the largest tier that an amount is above counts; one where none is said.

    ``cooling_off_days`` are the working days for which a changed account is not paid to.
    """

    release: tuple[ReleaseTier, ...] = ()
    cooling_off_days: int = 5


@dataclass(frozen=True)
class ClaimTerms:
    """How a grant is claimed: with invoices, or in advance, or by a plain request where ``mode`` is "".

    Costs count for ``window_months`` from the acceptance (0: no bound); ``retention_pct`` of what is verified is kept back
    and paid as the last tranche.
    """

    mode: str = ""
    window_months: int = 0
    retention_pct: Decimal = Decimal(0)

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the figures of the claims of a scheme, by their key in its ``basis``; none for plain requests."""
        said = {
            "claim_mode": self.mode,
            "window_months": self.window_months,
            "retention_pct": self.retention_pct,
        }
        return tuple(key for key, value in said.items() if value and self.mode)


@dataclass(frozen=True)
class CallTerms:
    """A call shipped with the scheme: moments with their offset, budget in units of the currency.

    ``years`` splits the budget by fiscal year, named by the calendar year in which it begins; without it the budget is for
    the whole life of the call.
    """

    code: str
    title: str
    opens_at: datetime
    budget: Decimal
    closes_at: datetime | None = None
    years: dict[str, Decimal] = field(default_factory=dict)
