"""The money side of a scheme version as frozen records: loans, guarantees, payments, and calls with their budgets."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class LoanTerms:
    """Terms of a loan: nominal annual rate in per cent, most instalments (monthly), grace on principal in months."""

    rate_pct: Decimal
    instalments_max: int
    day_count: str
    grace_principal: int


@dataclass(frozen=True)
class GuaranteeTerms:
    """How much of a loan a guarantee covers, in per cent, and its yearly fee in per cent of what is guaranteed."""

    cover_min_pct: Decimal
    cover_max_pct: Decimal
    fee_pct: Decimal


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
