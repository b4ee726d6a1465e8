"""The basis of a schedule: terms, drawdowns, and what a restructuring left; its rows, conventions, working and picture.

A basis is plain values, as it is stored with each version: whoever has it can make the same rows again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.repayments.compose import pricing
from app.repayments.compose.pricing import words_of
from app.schemes.compose.funding import SALE
from workflows.money import from_minor, payable, to_minor
from workflows.schedule import Drawdown, RateChange, Row, Terms, convention, effective_rate, working
from workflows.schedule.row import Step
from workflows.schedule.rows import steps

# Settings of a loan that an agreement names only where it differs from the default of the arithmetic.
WORDS = ("unit", "month_end", "rounding", "instalment_rounding", "flat_rounding", "level_basis")
COUNTS = ("every", "grace_principal", "grace_deferred", "grace_capitalised", "grace_waived")
AMOUNTS = ("instalment_step", "down_payment_pct")

# What a schedule without instalments says.
NOTHING = (
    "Nothing is drawn now: what was paid out came back from the bank. No instalment is owed until it is paid again; what was "
    "received is kept as credit."
)

Plain = dict[str, Any]


def terms_of(agreed: Mapping[str, Any], currency: str) -> Terms:
    """Return the terms of a facility agreement as the arithmetic takes them; raises ``Impossible`` for what cannot be."""
    more: dict[str, Any] = {name: agreed[name] for name in WORDS if name in agreed}
    more |= {name: int(agreed[name]) for name in COUNTS if name in agreed}
    more |= {name: Decimal(agreed[name]) for name in AMOUNTS if name in agreed}
    if "first_due" in agreed:
        more["first_due"] = date.fromisoformat(agreed["first_due"])
    rates = (
        RateChange(date.fromisoformat(change["on"]), Decimal(change["rate_pct"]))
        for change in agreed.get("rates", ())
    )
    return Terms(
        method=agreed["method"],
        annual_rate_pct=Decimal(agreed["rate_pct"]),
        instalments=int(agreed["instalments"]),
        day_count=agreed["day_count"],
        money_step=payable(currency),
        smooth_last=bool(agreed.get("smooth_last", False)),
        rates=tuple(rates),
        **more,
    )


def basis_of(
    agreed: Mapping[str, Any], drawdowns: Iterable[Drawdown], left: Plain | None = None
) -> Plain:
    """Return the basis of a schedule; ``left`` is what stood when the loan was restructured, ``None`` for one that was not."""
    basis: Plain = {
        "terms": dict(agreed),
        "drawdowns": [{"on": d.date.isoformat(), "amount": str(d.amount)} for d in drawdowns],
    }
    return {**basis, "restructured": left} if left else basis


def drawdowns_of(basis: Plain) -> list[Drawdown]:
    """Return what a schedule repays: what was drawn, or after a restructuring the principal that was owed, and what came later."""
    return [
        Drawdown(date.fromisoformat(one["on"]), Decimal(one["amount"]))
        for one in basis["drawdowns"]
    ]


def nothing_drawn(basis: Plain) -> bool:
    """Tell whether a schedule repays nothing: all that was paid out came back from the bank."""
    return not basis["drawdowns"]


def computed(basis: Plain, currency: str) -> tuple[Row, ...]:
    """Return the instalments that the arithmetic makes of a basis, numbered on from those kept by a restructuring.

    Raises ``Impossible``, a ``ValueError``, for terms that no loan can have.
    """
    shift = _last_kept(basis)
    made = steps_of(basis, currency)
    return tuple(replace(step.row, number=step.row.number + shift) for step in made)


def steps_of(basis: Plain, currency: str) -> tuple[Step, ...]:
    """Return the instalments with what each was computed from; raises as ``computed`` does."""
    agreed, drawdowns = basis["terms"], drawdowns_of(basis)
    if not drawdowns:
        return ()
    terms = terms_of(agreed, currency)
    if SALE in agreed:
        return pricing.steps(agreed, terms, drawdowns, currency)
    return steps(terms, drawdowns)


def price_of(basis: Plain, currency: str) -> int | None:
    """Return the selling price of a financing by sale in minor units, ``None`` for a loan, and while nothing is drawn."""
    if SALE not in basis["terms"] or nothing_drawn(basis):
        return None
    return pricing.price_of(basis, drawdowns_of(basis), currency)


def rows_of(basis: Plain, currency: str) -> list[Plain]:
    """Return every instalment in minor units as it is stored.

    A restructuring keeps what was paid before as rows of their own, and adds the interest owed on its day to the first new
    instalment in which something is due: it bears no interest there.
    """
    left = basis.get("restructured") or {}
    rows = [plain(row, currency) for row in computed(basis, currency)]
    carried = int(left.get("interest", 0))
    if carried:
        first = next(row for row in rows if row["total"])
        first["interest"] += carried
        first["total"] += carried
    return [*left.get("kept", ()), *rows]


def plain(row: Row, currency: str) -> Plain:
    """Return an instalment in minor units, as it is stored."""
    amounts = ("principal", "interest", "total", "closing")
    kept: Plain = {name: to_minor(getattr(row, name), currency) for name in amounts}
    return {"number": row.number, "due": row.due.isoformat(), **kept}


def day_of(row: Plain) -> date:
    """Return the day on which an instalment falls due."""
    return date.fromisoformat(row["due"])


def conventions(basis: Plain, currency: str) -> list[str]:
    """Return the sentences that name every convention of a schedule."""
    left, words = basis.get("restructured"), words_of(basis["terms"])
    if nothing_drawn(basis):
        return [NOTHING]
    if left and left.get("settled"):
        owed = "what was owed on that day falls due on the next, and nothing after it"
        return [f"The {words['loan']} was settled early on {left['on']}: {owed}."]
    said = list(_conventions(basis, currency))
    if left is None:
        return said
    if left.get("resumed"):
        since = "what was drawn after it is repaid"
        return [*said, f"The {words['loan']} was settled early on {left['on']}: {since}."]
    interest = from_minor(int(left["interest"]), currency)
    said.append(
        f"The {words['loan']} was restructured on {left['on']}: what is owed from then on is repaid."
    )
    back = from_minor(int(left.get("returned", 0)), currency)
    if back:
        said.append(
            f"{back:,} {currency} of what had been drawn by then came back from the bank: what is owed is less by it."
        )
    if interest:
        said.append(
            f"{words['interest'].capitalize()} of {interest:,} {currency} was owed on that day; it is part of the first new "
            "instalment and bears none."
        )
    return said


def _conventions(basis: Plain, currency: str) -> Sequence[str]:
    agreed, left = basis["terms"], basis.get("restructured")
    if SALE not in agreed:
        return convention(terms_of(agreed, currency))
    price = int(left["price"]) if left else None
    return pricing.told(agreed, drawdowns_of(basis), currency, price)


def worked(basis: Plain, currency: str) -> list[tuple[int, str]]:
    """Return the working line by line: the number of the instalment, and the sentence."""
    if nothing_drawn(basis):
        return []
    shift, agreed, drawdowns = _last_kept(basis), basis["terms"], drawdowns_of(basis)
    terms = terms_of(agreed, currency)
    if SALE in agreed:
        lines = pricing.worked(agreed, terms, drawdowns, currency)
    else:
        lines = [(line.number, line.sentence) for line in working(terms, drawdowns)]
    return [(number + shift, sentence) for number, sentence in lines]


def effective(basis: Plain, currency: str) -> Decimal | None:
    """Return the effective rate of the instalments in per cent a year, ``None`` where no rate fits, and once it is settled."""
    if nothing_drawn(basis) or (basis.get("restructured") or {}).get("settled"):
        return None
    try:
        return effective_rate(computed(basis, currency), drawdowns_of(basis))
    except ValueError:
        return None


def _last_kept(basis: Plain) -> int:
    kept: Sequence[Plain] = (basis.get("restructured") or {}).get("kept", ())
    return max((int(row["number"]) for row in kept), default=0)
