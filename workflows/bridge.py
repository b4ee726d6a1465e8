"""Where the money of a case stands: from what was requested to what the enterprise holds, moved only along known ways.

The identities, which hold after every movement (all amounts in minor units of one currency):

- approved + raised = reserved + undrawn + claimed + verified + instructed + paid + clawed back + released
- approved = reserved + accepted + lapsed: an offer is open, accepted, or given back before acceptance
- released = lapsed + cut: given back before acceptance or after it
- committed = accepted + raised - cut = undrawn + claimed + verified + instructed + paid + clawed back
- gross paid = paid + returned + clawed back: what the bank sent is with the enterprise, came back, or was recovered
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from workflows.money import formatted

OUTSIDE = "outside"
RESERVED, UNDRAWN, CLAIMED, VERIFIED = "reserved", "undrawn", "claimed", "verified"
INSTRUCTED, PAID, CLAWED_BACK, RELEASED = "instructed", "paid", "clawed_back", "released"

# What money of an award is in each of its places.
PLACES: Mapping[str, str] = MappingProxyType(
    {
        RESERVED: "approved and not yet accepted",
        UNDRAWN: "accepted and not yet claimed",
        CLAIMED: "claimed and being verified",
        VERIFIED: "verified and not yet with the bank",
        INSTRUCTED: "with the bank and not yet confirmed",
        PAID: "held by the enterprise",
        CLAWED_BACK: "clawed back",
        RELEASED: "released to the budget",
    }
)


@dataclass(frozen=True)
class Way:
    """A movement that is possible: what it is called, and the total that counts it, if one does."""

    words: str
    counted: str = ""


# Every movement there is, by the place it leaves and the place it reaches. Money that was verified goes back to
# undrawn when its payment is given up: otherwise what a bank returned for good could never be released.
WAYS: Mapping[tuple[str, str], Way] = MappingProxyType(
    {
        (OUTSIDE, RESERVED): Way("approved", "approved"),
        (OUTSIDE, UNDRAWN): Way("raised by a variation", "raised"),
        (RESERVED, UNDRAWN): Way("accepted", "accepted"),
        (RESERVED, RELEASED): Way("lapsed, withdrawn or cancelled", "lapsed"),
        (UNDRAWN, RELEASED): Way("cut", "cut"),
        (UNDRAWN, CLAIMED): Way("claimed"),
        (CLAIMED, UNDRAWN): Way("sent back or refused"),
        (CLAIMED, VERIFIED): Way("verified"),
        (VERIFIED, UNDRAWN): Way("given up before payment"),
        (VERIFIED, INSTRUCTED): Way("released to the bank"),
        (INSTRUCTED, VERIFIED): Way("rejected by the bank"),
        (INSTRUCTED, PAID): Way("paid", "gross_paid"),
        (PAID, VERIFIED): Way("returned by the bank", "returned"),
        (PAID, CLAWED_BACK): Way("clawed back"),
    }
)


@dataclass(frozen=True)
class Movement:
    """Money that went from one place to another: the amount in minor units, the number of the event that says so."""

    source: str
    target: str
    amount: int
    event: int


@dataclass(frozen=True)
class Bridge:
    """The amounts of a case, in minor units: two that were named, eight places of money, and seven running totals.

    ``requested`` and ``recommended`` are ``None`` until somebody has named them. ``approved``, ``raised``,
    ``accepted``, ``lapsed``, ``cut``, ``gross_paid`` and ``returned`` only grow; ``paid`` is what the enterprise holds.
    """

    currency: str
    requested: int | None = None
    recommended: int | None = None
    reserved: int = 0
    undrawn: int = 0
    claimed: int = 0
    verified: int = 0
    instructed: int = 0
    paid: int = 0
    clawed_back: int = 0
    released: int = 0
    approved: int = 0
    raised: int = 0
    accepted: int = 0
    lapsed: int = 0
    cut: int = 0
    gross_paid: int = 0
    returned: int = 0

    @property
    def committed(self) -> int:
        """Return what the agency is bound to: accepted, with raises, without cuts."""
        return self.accepted + self.raised - self.cut

    def at(self, place: str) -> int:
        """Return the money in a place."""
        return int(getattr(self, place))


def possible(source: str, target: str) -> bool:
    """Tell whether money may move from one place to another at all."""
    return (source, target) in WAYS


def impossible(bridge: Bridge, movement: Movement) -> tuple[str, ...]:
    """Return why a movement cannot be made from here, as sentences; nothing when it can."""
    return tuple(_impossible(bridge, movement))


def moved(bridge: Bridge, movement: Movement) -> Bridge:
    """Return the amounts after a movement. Raises ``ValueError``, saying why, for one that cannot be made."""
    refusals = impossible(bridge, movement)
    if refusals:
        raise ValueError(" ".join(refusals))
    changed = {movement.target: bridge.at(movement.target) + movement.amount}
    if movement.source != OUTSIDE:
        changed[movement.source] = bridge.at(movement.source) - movement.amount
    counted = WAYS[movement.source, movement.target].counted
    if counted:
        changed[counted] = bridge.at(counted) + movement.amount
    return replace(bridge, **changed)  # type: ignore[arg-type]  # every name is of an amount


def replay(movements: Sequence[Movement], start: Bridge) -> Bridge:
    """Return the amounts after all movements in their order, from ``start`` (its currency, and what was named).

    Raises ``ValueError`` with a sentence for each movement that cannot be made; those are left out of what follows.
    """
    bridge = start
    refusals: list[str] = []
    for movement in movements:
        found = impossible(bridge, movement)
        refusals.extend(found)
        bridge = bridge if found else moved(bridge, movement)
    if refusals:
        raise ValueError(" ".join(refusals))
    return bridge


def wrong(bridge: Bridge) -> tuple[str, ...]:
    """Return every identity that does not hold, as sentences with both amounts: for amounts that were stored."""
    return (*_below_zero(bridge), *_unequal(bridge))


def _impossible(bridge: Bridge, movement: Movement) -> Iterator[str]:
    told = f"Event {movement.event}"
    way = WAYS.get((movement.source, movement.target))
    if way is None:
        yield f"{told}: money does not move from {movement.source!r} to {movement.target!r}."
    if movement.amount <= 0:
        yield f"{told}: the amount moved must be more than zero."
    if way is None or movement.source == OUTSIDE:
        return
    there = bridge.at(movement.source)
    if movement.amount > there:
        asked, left = (formatted(amount, bridge.currency) for amount in (movement.amount, there))
        yield f"{told}: {asked} cannot be {way.words}, as only {left} is {PLACES[movement.source]}."


def _below_zero(bridge: Bridge) -> Iterator[str]:
    for name, amount in vars(bridge).items():
        if isinstance(amount, int) and amount < 0:
            yield f"{_said(name)} is below zero: {formatted(amount, bridge.currency)}."


def _unequal(bridge: Bridge) -> Iterator[str]:
    identities = (
        (("approved", "raised"), tuple(PLACES)),
        (("approved",), (RESERVED, "accepted", "lapsed")),
        ((RELEASED,), ("lapsed", "cut")),
        (("committed",), (UNDRAWN, CLAIMED, VERIFIED, INSTRUCTED, PAID, CLAWED_BACK)),
        (("gross_paid",), (PAID, "returned", CLAWED_BACK)),
    )
    for left, right in identities:
        amounts = [sum(bridge.at(name) for name in side) for side in (left, right)]
        if amounts[0] != amounts[1]:
            first, second = (formatted(amount, bridge.currency) for amount in amounts)
            yield f"{_said(*left)} is {first}, but {_said(*right).lower()} is {second}."


def _said(*names: str) -> str:
    return " + ".join(name.replace("_", " ") for name in names).capitalize()


# The bridge for a page


@dataclass(frozen=True)
class Line:
    """A line of the bridge: ``kind`` is "total", "less", "plus" or "note"; the amount, in minor units, is never negative.

    Each total is the one before it with the lines between them; a note is no part of the sum. ``events`` are the
    numbers of the events that made the amount.
    """

    kind: str
    label: str
    amount: int
    events: tuple[int, ...] = ()


# The steps down from what was committed: what has not gone further, and what that leaves.
_STEPS = (
    (UNDRAWN, "not yet claimed", "Claimed"),
    (CLAIMED, "being verified", "Verified"),
    (VERIFIED, "not yet with the bank", "Sent to the bank"),
    (INSTRUCTED, "not yet confirmed by the bank", "Paid to the enterprise"),
    (CLAWED_BACK, "clawed back", "Held by the enterprise"),
)


def lines(
    bridge: Bridge,
    movements: Sequence[Movement],
    requested: tuple[int, ...] = (),
    recommended: tuple[int, ...] = (),
) -> tuple[Line, ...]:
    """Return the bridge as the lines of a page, from what was requested to what the enterprise holds.

    It ends at the last amount named while nothing is approved, and leaves out what is nothing between the totals.
    ``requested`` and ``recommended`` are the numbers of the events that named those amounts.
    """
    named = (
        ("Requested", bridge.requested, requested),
        ("Recommended", bridge.recommended, recommended),
        ("Approved", bridge.approved or None, _through(movements, (OUTSIDE, RESERVED))),
    )
    shown = list(_named(named))
    if bridge.approved:
        shown += [*_committed(bridge, movements), *_down(bridge, movements)]
    returned = _through(movements, (PAID, VERIFIED))
    note = Line("note", "Returned by the bank after payment", bridge.returned, returned)
    return tuple(line for line in (*shown, note) if line.kind == "total" or line.amount)


def _named(amounts: Sequence[tuple[str, int | None, tuple[int, ...]]]) -> Iterator[Line]:
    """Yield the totals up to what was approved; one that nobody has named is left out."""
    before: int | None = None
    for label, amount, events in amounts:
        if amount is None:
            continue
        if before is not None:
            kind, word = ("less", "not ") if amount < before else ("plus", "more ")
            yield Line(kind, word + label.lower(), abs(amount - before), events)
        yield Line("total", label, amount, events)
        before = amount


def _committed(bridge: Bridge, movements: Sequence[Movement]) -> Iterator[Line]:
    lapsed, cut = (RESERVED, RELEASED), (UNDRAWN, RELEASED)
    accepted, raised = (RESERVED, UNDRAWN), (OUTSIDE, UNDRAWN)
    yield Line("less", WAYS[lapsed].words, bridge.lapsed, _through(movements, lapsed))
    yield Line("less", "not yet accepted", bridge.reserved, _touching(movements, RESERVED))
    yield Line("total", "Accepted", bridge.accepted, _through(movements, accepted))
    yield Line("plus", WAYS[raised].words, bridge.raised, _through(movements, raised))
    yield Line("less", WAYS[cut].words, bridge.cut, _through(movements, cut))
    yield Line("total", "Committed", bridge.committed, _through(movements, accepted, raised, cut))


def _down(bridge: Bridge, movements: Sequence[Movement]) -> Iterator[Line]:
    left, further = bridge.committed, [place for place, _, _ in _STEPS] + [PAID]
    for place, rest, reached in _STEPS:
        further.remove(place)
        left -= bridge.at(place)
        yield Line("less", rest, bridge.at(place), _touching(movements, place))
        yield Line("total", reached, left, _into(movements, frozenset(further)))


def _through(movements: Sequence[Movement], *ways: tuple[str, str]) -> tuple[int, ...]:
    """Return the events that moved money along some ways."""
    return _events(move for move in movements if (move.source, move.target) in ways)


def _touching(movements: Sequence[Movement], place: str) -> tuple[int, ...]:
    """Return the events that moved money into a place or out of it."""
    return _events(move for move in movements if place in (move.source, move.target))


def _into(movements: Sequence[Movement], places: frozenset[str]) -> tuple[int, ...]:
    """Return the events that moved money into these places together, or out of them."""
    return _events(m for m in movements if (m.source in places) != (m.target in places))


def _events(movements: Iterable[Movement]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(move.event for move in movements))
