"""What was agreed about repayment, and what was drawn: all that a schedule is made from."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, localcontext

from workflows.schedule.checks import refuse, wrong_terms
from workflows.schedule.conventions import (
    DayCount,
    FlatRounding,
    LevelBasis,
    Method,
    MonthEnd,
    Rounding,
    StepRounding,
    Unit,
)
from workflows.schedule.rounding import ARITHMETIC


@dataclass(frozen=True)
class RateChange:
    """From a day on, interest accrues at another nominal rate a year, in per cent."""

    date: dt.date
    annual_rate_pct: Decimal


@dataclass(frozen=True)
class Drawdown:
    """Money paid out to the borrower on a day, in the currency of the terms. It bears interest from that day."""

    date: dt.date
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """What was agreed about repayment. ``convention(terms)`` says it in sentences.

    ``annual_rate_pct`` is the nominal rate a year in per cent; ``rates`` are later rates, each from its day. ``day_count``
    is the share of a year in a period. ``money_step`` is the smallest amount of the currency (0.01 for MYR, 1 for VND).

    An instalment falls due ``every`` so many units, counted from the first drawdown, or from ``first_due``, which makes
    the first period shorter or longer.

    Grace is a number of periods from the beginning, of four kinds. ``grace_principal``: interest alone is due.
    ``grace_deferred``: no interest is due; it accrues, bears none itself, and is paid with the first instalment after.
    Principal still falls due then, unless there is grace for it too: a level instalment is all principal in these
    periods and pays the deferred interest out of itself afterwards; interest deferred while no principal was due comes
    on top. ``grace_capitalised``: nothing is due, and on each due date the interest joins the balance.
    ``grace_waived``: no interest accrues; principal falls due, unless there is grace for it too. Of the last three a
    loan has one at most.

    ``instalment_step`` rounds to whole multiples, where a facility wants round figures: the level instalment of an
    annuity, the principal of equal principal, of a flat loan the sum (``flat_rounding="sum"``) or each part. The last
    instalment takes the difference. ``smooth_last`` spreads a large difference. ``down_payment``, or a share of the
    first drawdown in per cent, is what the borrower pays at once on the day of the first drawdown: row number 0.

    Raises ``Impossible``, a ``ValueError``, naming everything that is wrong, for terms that no loan can have.
    """

    method: Method
    annual_rate_pct: Decimal
    instalments: int
    day_count: DayCount
    money_step: Decimal
    grace_principal: int = 0
    rounding: Rounding = "half_even"
    instalment_step: Decimal | None = None
    instalment_rounding: StepRounding = "nearest"
    flat_rounding: FlatRounding = "sum"
    every: int = 1
    unit: Unit = "months"
    month_end: MonthEnd = "last_day"
    first_due: dt.date | None = None
    grace_deferred: int = 0
    grace_capitalised: int = 0
    grace_waived: int = 0
    level_basis: LevelBasis = "factors"
    smooth_last: bool = False
    rates: tuple[RateChange, ...] = ()
    down_payment: Decimal = Decimal(0)
    down_payment_pct: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        """Refuse nonsense before anything is computed with it."""
        with localcontext(ARITHMETIC):
            refuse(*wrong_terms(self))

    @property
    def free(self) -> int:
        """Return with how many of the first instalments no principal is due."""
        if self.method == "bullet":
            return self.instalments - 1
        return max(self.grace_principal, self.grace_capitalised)
