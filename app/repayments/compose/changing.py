"""Other terms for what is still owed on a loan: a restructuring, another rate; and the schedule they come to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.repayments.compose.basis import (
    Plain,
    basis_of,
    nothing_drawn,
    price_of,
    rows_of,
    terms_of,
)
from app.repayments.compose.owing import Loan, left_over
from workflows.money import formatted, from_minor
from workflows.schedule import Drawdown, Impossible

GRACES = ("principal", "deferred", "capitalised", "waived")
# What a restructuring says anew, or leaves behind.
_REPLACED = ("rates", "down_payment_pct", "first_due", *(f"grace_{grace}" for grace in GRACES))
# What only the method it was agreed for can have.
_OF_METHOD = ("smooth_last", "level_basis", "instalment_step", "instalment_rounding")


@dataclass(frozen=True)
class Change:
    """New terms for what is owed: so many instalments from a first due date, by a method; ``rate_pct`` ``None`` keeps the rate.

    ``grace`` is one of ``GRACES``, "" for none, for so many periods from the beginning.
    """

    instalments: int
    first_due: date
    method: str
    rate_pct: Decimal | None = None
    grace: str = ""
    grace_periods: int = 0

    def plain(self) -> Plain:
        """Return the change as events tell it."""
        return {
            "instalments": self.instalments,
            "first_due": self.first_due.isoformat(),
            "method": self.method,
            "rate_pct": None if self.rate_pct is None else str(self.rate_pct),
            "grace": self.grace,
            "grace_periods": self.grace_periods,
        }

    @classmethod
    def of(cls, terms: Mapping[str, Any]) -> "Change":
        """Return the change that an event tells of."""
        rate = terms["rate_pct"]
        return cls(
            instalments=int(terms["instalments"]),
            first_due=date.fromisoformat(terms["first_due"]),
            method=terms["method"],
            rate_pct=None if rate is None else Decimal(rate),
            grace=terms["grace"],
            grace_periods=int(terms["grace_periods"]),
        )


def current_rate(basis: Plain, on: date) -> Decimal:
    """Return the nominal rate a year in per cent that a schedule has on a day."""
    agreed = basis["terms"]
    rate = Decimal(agreed["rate_pct"])
    for change in agreed.get("rates", ()):
        if date.fromisoformat(change["on"]) <= on:
            rate = Decimal(change["rate_pct"])
    return rate


def with_rate(agreed: Mapping[str, Any], rate_pct: Decimal, on: date) -> Plain:
    """Return the terms with another rate from a day on; what was to follow that day is replaced."""
    before = [one for one in agreed.get("rates", ()) if one["on"] < on.isoformat()]
    return {**agreed, "rates": [*before, {"on": on.isoformat(), "rate_pct": str(rate_pct)}]}


def restructured_basis(loan: Loan, given: Change, on: date, drawn: Iterable[int]) -> Plain:
    """Return the basis of the schedule that repays what is owed on a day by new terms.

    ``drawn`` are the disbursements that are in it, by number. Raises ``Impossible`` for terms that no loan can have, and
    where a price that was agreed would be raised.
    """
    basis = _on_what_is_left(loan, given, on, drawn)
    price = price_of(loan.basis, loan.currency)
    if price is None:
        return basis
    left = basis["restructured"]
    left["price"] = price - sum(int(row["total"]) for row in left["kept"])
    _refuse_dearer(basis, given, loan.currency)
    return basis


def _refuse_dearer(basis: Plain, given: Change, currency: str) -> None:
    """Refuse instalments of a sale that come to more than what of its price is outstanding, and what only loans have."""
    if given.grace or given.method != "annuity":
        raise Impossible("Financing by sale is repaid in equal instalments, without grace.")
    left = basis["restructured"]
    kept = len(left["kept"])
    asked = sum(int(row["total"]) for row in rows_of(basis, currency)[kept:])
    if asked > int(left["price"]):
        most, come = formatted(int(left["price"]), currency), formatted(asked, currency)
        raise Impossible(
            f"The new instalments come to {come}, but {most} of the selling price is outstanding: a price that was agreed is"
            " never raised."
        )


def _on_what_is_left(loan: Loan, given: Change, on: date, drawn: Iterable[int]) -> Plain:
    principal, interest, kept = left_over(loan, on)
    rate = current_rate(loan.basis, on) if given.rate_pct is None else given.rate_pct
    dropped = _REPLACED if given.method == loan.agreed["method"] else (*_REPLACED, *_OF_METHOD)
    agreed: Plain = {name: value for name, value in loan.agreed.items() if name not in dropped}
    agreed |= {
        "rate_pct": str(rate),
        "instalments": given.instalments,
        "method": given.method,
        "first_due": given.first_due.isoformat(),
        "grace_principal": 0,
    }
    if given.grace:
        agreed[f"grace_{given.grace}"] = given.grace_periods
    terms_of(agreed, loan.currency)
    left: Plain = {
        "on": on.isoformat(),
        "begun": (loan.begun or on).isoformat(),
        "principal": principal,
        "interest": interest,
        "kept": kept,
        "drawn": sorted(drawn),
    }
    drawdown = Drawdown(on, from_minor(principal, loan.currency))
    return basis_of(agreed, [drawdown], left)


def settled_basis(loan: Loan, on: date, drawn: Iterable[int]) -> Plain:
    """Return the basis of the schedule of a loan that is settled early on a day: what is owed then falls due on the next."""
    last = Change(1, on + timedelta(days=1), "annuity", Decimal(0))
    basis = _on_what_is_left(loan, last, on, drawn)
    left = basis["restructured"]
    left["settled"] = True
    price = price_of(loan.basis, loan.currency)
    if price is not None:
        left["price"] = left["principal"] + left["interest"]
        left["rebate"] = price - sum(int(row["total"]) for row in left["kept"]) - left["price"]
    return basis


def less(left: Plain, drawn: Iterable[int], back: int) -> Plain:
    """Return what a restructuring left, once the bank sent back so much of it in minor units.

    Its principal is less by that, and never below nothing; the interest that was owed goes with the last of the principal.
    ``drawn`` are the disbursements that are still in it, by number.
    """
    principal = max(int(left["principal"]) - back, 0)
    # No price is agreed any more where nothing of the sale is left.
    price = {"price": 0} if "price" in left and not principal else {}
    return {
        **left,
        **price,
        "principal": principal,
        "interest": left["interest"] if principal else 0,
        "drawn": sorted(drawn),
        "returned": int(left.get("returned", 0)) + back,
    }


def resumed(left: Plain, rows: Sequence[Plain]) -> Plain:
    """Return what is left of a loan that is drawn again after it was settled early: its instalments so far, and nothing to repay."""
    kept = {"principal": 0, "interest": 0, "kept": list(rows)}
    return {**left, **kept, "settled": False, "resumed": True}


def priced(basis: Plain, currency: str) -> Plain:
    """Return the basis with the selling price of what was drawn anew, where nothing is left of the sale that came back."""
    left = basis["restructured"]
    if left.get("price") != 0 or nothing_drawn(basis):
        return basis
    anew = {"terms": basis["terms"], "drawdowns": basis["drawdowns"]}
    return {**basis, "restructured": {**left, "price": price_of(anew, currency)}}


def counted(agreed: Mapping[str, Any], drawdowns: Sequence[Drawdown]) -> Plain:
    """Return the terms, due dates counted from the first drawdown where that came on the agreed first due date or after it."""
    begun = min((one.date for one in drawdowns), default=None)
    first = agreed.get("first_due")
    if begun is None or first is None or date.fromisoformat(first) > begun:
        return dict(agreed)
    return {name: value for name, value in agreed.items() if name != "first_due"}
