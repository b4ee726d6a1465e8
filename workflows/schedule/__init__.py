"""The repayment schedule of a loan: instalments from its drawdowns, to the smallest unit of money.

The conventions are named in the terms and shown with every schedule, so that a borrower can check each figure by hand.
"""

from workflows.schedule.checks import Impossible
from workflows.schedule.conventions import DayCount, Method, Unit, convention
from workflows.schedule.effective import effective_rate
from workflows.schedule.periods import due_date
from workflows.schedule.row import Row
from workflows.schedule.rows import repayment_schedule
from workflows.schedule.terms import Drawdown, RateChange, Terms
from workflows.schedule.working import Line, working

__all__ = [
    "DayCount",
    "Drawdown",
    "Impossible",
    "Line",
    "Method",
    "RateChange",
    "Row",
    "Terms",
    "Unit",
    "convention",
    "due_date",
    "effective_rate",
    "repayment_schedule",
    "working",
]
