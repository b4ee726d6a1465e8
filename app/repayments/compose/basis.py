"""The basis of a schedule: terms, drawdowns, and what a restructuring left; its rows, conventions, working and picture.

A basis is plain values, as it is stored with each version: whoever has it can make the same rows again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.money import from_minor, payable, to_minor
from workflows.schedule import (
    Drawdown,
    RateChange,
    Row,
    Terms,
    convention,
    effective_rate,
    repayment_schedule,
    working,
)

# Settings of a loan that an agreement names only where it differs from the default of the arithmetic.
WORDS = ("unit", "month_end", "rounding", "instalment_rounding", "flat_rounding", "level_basis")
COUNTS = ("every", "grace_principal", "grace_deferred", "grace_capitalised", "grace_waived")
AMOUNTS = ("instalment_step", "down_payment_pct")

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


def computed(basis: Plain, currency: str) -> tuple[Row, ...]:
    """Return the instalments that the arithmetic makes of a basis, numbered on from those kept by a restructuring.

    Raises ``Impossible``, a ``ValueError``, for terms that no loan can have.
    """
    shift = _last_kept(basis)
    rows = repayment_schedule(terms_of(basis["terms"], currency), drawdowns_of(basis))
    return tuple(replace(row, number=row.number + shift) for row in rows)


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
    left = basis.get("restructured")
    if left and left.get("settled"):
        owed = "what was owed on that day falls due on the next, and nothing after it"
        return [f"The loan was settled early on {left['on']}: {owed}."]
    said = list(convention(terms_of(basis["terms"], currency)))
    if left is None:
        return said
    interest = from_minor(int(left["interest"]), currency)
    said.append(f"The loan was restructured on {left['on']}: what is owed from then on is repaid.")
    if interest:
        said.append(
            f"Interest of {interest:,} {currency} was owed on that day; it is part of the first new instalment and bears none."
        )
    return said


def worked(basis: Plain, currency: str) -> list[tuple[int, str]]:
    """Return the working line by line: the number of the instalment, and the sentence."""
    shift = _last_kept(basis)
    lines = working(terms_of(basis["terms"], currency), drawdowns_of(basis))
    return [(line.number + shift, line.sentence) for line in lines]


def effective(basis: Plain, currency: str) -> Decimal | None:
    """Return the effective rate of the instalments in per cent a year, ``None`` where no rate fits, and once it is settled."""
    if (basis.get("restructured") or {}).get("settled"):
        return None
    try:
        return effective_rate(computed(basis, currency), drawdowns_of(basis))
    except ValueError:
        return None


def _last_kept(basis: Plain) -> int:
    kept: Sequence[Plain] = (basis.get("restructured") or {}).get("kept", ())
    return max((int(row["number"]) for row in kept), default=0)
