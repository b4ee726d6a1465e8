"""Authority: which band of a matrix an amount falls in, and what may be delegated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows.definition import Band, Decision
from workflows.facts import Failure


def bands_of(decision: Decision, currency: str, scheme: str) -> tuple[Band, ...]:
    """Return the bands for a currency and scheme, lowest first: those of the scheme itself go before those of any scheme."""
    for asked in ((currency, scheme), (currency, ""), ("", scheme), ("", "")):
        found = [band for band in decision.bands if (band.currency, band.scheme) == asked]
        if found:
            return tuple(sorted(found, key=lambda band: band.above))
    return ()


def band_of(decision: Decision, amount: int | None, currency: str, scheme: str) -> Band | None:
    """Return the band an amount in minor units falls in; without an amount the lowest one; ``None`` in a gap."""
    bands = bands_of(decision, currency, scheme)
    if amount is None:
        return bands[0] if bands else None
    return next((band for band in bands if holds(band, amount)), None)


def holds(band: Band, amount: int) -> bool:
    """Tell whether an amount falls in a band: above its lower and not above its upper end."""
    return band.above < amount and (band.up_to is None or amount <= band.up_to)


@dataclass(frozen=True)
class Handover:
    """A delegation as it is asked for: amounts in minor units, local days, both inclusive.

    ``held`` are the giver's own duties, never those delegated to the giver; ``own_limit`` is the giver's own authority
    over the whole period, ``None`` where the giver has none.
    """

    giver: str
    taker: str
    same_agency: bool
    duty: str
    held: frozenset[str]
    valid_from: date
    valid_to: date
    today: date
    limit: int | None = None
    own_limit: int | None = None


def handover_failures(asked: Handover) -> tuple[Failure, ...]:
    """Return every rule a delegation breaks: not to oneself, not beyond one's limit, not onward, not for the past."""
    rules: Sequence[tuple[bool, str, str]] = (
        (asked.giver != asked.taker, "not_to_oneself", "Nobody delegates to oneself."),
        (asked.same_agency, "same_agency", "Delegate to an officer of your own agency."),
        (
            asked.duty in asked.held,
            "not_onward",
            "You do not hold this duty yourself; what was delegated to you cannot be delegated on.",
        ),
        (
            asked.valid_from <= asked.valid_to,
            "period",
            "The last day is before the first day.",
        ),
        (asked.valid_to >= asked.today, "not_past", "The period is over already."),
        (
            asked.limit is None or (asked.own_limit is not None and asked.limit <= asked.own_limit),
            "within_own_limit",
            "The limit is beyond your own authority for the whole period.",
        ),
    )
    return tuple(
        Failure(rule, sentence, "Delegation of authority")
        for holds_, rule, sentence in rules
        if not holds_
    )


def delegated_limit(limit: int | None, own_limit: int | None) -> int | None:
    """Return what may be decided under a delegation today: never more than the giver's authority in force."""
    if own_limit is None:
        return None
    return own_limit if limit is None else min(limit, own_limit)
