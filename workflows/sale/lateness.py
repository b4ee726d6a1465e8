"""What lateness costs in financing by sale: compensation for the financier and a penalty for charity, never one amount.

Sources: Bank Negara Malaysia, Guidelines on Late Payment Charges, BNM/RH/GL 012-6, 31 January 2013, after resolutions of its
Shariah Advisory Council. They were read in extracts and as others tell them, so nothing here is a ruling.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from workflows.arrears import late_charges
from workflows.repaying import Allocation, Due

# Who receives the two amounts for lateness: they are never one.
RECIPIENTS: Mapping[str, str] = MappingProxyType(
    {"compensation": "financier", "penalty": "charity"}
)
# Brunei Darussalam: its central bank has no ruling on either amount (JCASC, article 2620, read second hand).
NO_RULING = frozenset({"BN"})


@dataclass(frozen=True)
class LateTerms:
    """What lateness costs, as rates a year in per cent; each is off (``None``) unless the facility sets it.

    ``compensation_pct`` (ta'widh) makes good an actual loss and is the financier's; ``penalty_pct`` (gharamah) deters and
    goes to charity. Raises ``ValueError`` where no ruling allows either.
    """

    country: str
    compensation_pct: Decimal | None = None
    penalty_pct: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a rate where there is no ruling on it."""
        rates = (self.compensation_pct, self.penalty_pct)
        if self.country in NO_RULING and any(rate is not None for rate in rates):
            raise ValueError(f"No ruling in {self.country} allows an amount for late payment.")


@dataclass(frozen=True)
class LateAmounts:
    """What lateness has cost up to a day, in minor units: two amounts with two recipients (``RECIPIENTS``)."""

    compensation: int
    penalty: int


def late_amounts(
    owed: Sequence[Due], paid: Iterable[Allocation], terms: LateTerms, on: date, currency: str
) -> LateAmounts:
    """Return what lateness has cost up to a day: simple, on overdue instalments alone, and never compounded.

    Each is overdue amount x rate a year / 365 x days, rounded down to the smallest amount that is paid.
    """
    until = tuple(paid)
    compensation, penalty = (
        sum(charge.amount for charge in late_charges(owed, until, rate, on, currency))
        for rate in (terms.compensation_pct, terms.penalty_pct)
    )
    return LateAmounts(compensation, penalty)
