"""Seating people: who can stand in which part of a case, where each person has one part and each part asks for people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

# More different demands on one part than this are no longer shared out in every way: each then has its own person.
MOST = 7
People = frozenset[int]


@dataclass(frozen=True)
class Demand:
    """So many different people are asked for in a part: ``people`` are the numbers of those who could do it.

    ``who`` says in words who is asked for and ``purpose`` for what, ``place`` where in the file; ``order`` is the rank of
    demands that cannot all be met: the later one is said to lack somebody.
    """

    part: str
    people: People
    count: int
    who: str
    purpose: str
    place: str
    order: int


@dataclass(frozen=True)
class Lack:
    """Somebody is missing for a demand; ``taken`` are the other parts for which everybody who could help is needed."""

    demand: Demand
    taken: tuple[str, ...]

    @property
    def nobody(self) -> bool:
        """Tell whether too few could do it even if they stood nowhere else."""
        return len(self.demand.people) < self.demand.count


@dataclass(frozen=True)
class _Chair:
    """One person in a part, who meets one demand or several at once."""

    demands: tuple[Demand, ...]
    people: People

    @property
    def demand(self) -> Demand:
        """Return the demand that names the chair."""
        return self.demands[0]


def lacking(demands: Iterable[Demand]) -> tuple[Lack, ...]:
    """Return the fewest people who are missing so that all demands are met at once; empty when nobody is.

    Nobody stands in two parts, and one person meets several demands on one part. The search is exact: every way in which
    the demands on a part can be shared by people is tried, and each is a matching in a bipartite graph.
    """
    parts: dict[str, list[Demand]] = {}
    for demand in sorted(demands, key=lambda demand: demand.order):
        parts.setdefault(demand.part, []).append(demand)
    best: tuple[Lack, ...] | None = None
    for rows in product(*(list(_ways(found)) for found in parts.values())):
        found = _unseated([chair for row in rows for chair in row])
        if best is None or len(found) < len(best):
            best = found
        if not best:
            break
    return best or ()


def _ways(demands: list[Demand]) -> Iterator[list[_Chair]]:
    """Yield the ways in which people can share the demands on one part."""
    widest: dict[People, Demand] = {}
    for demand in demands:
        known = widest.get(demand.people)
        if known is None or known.count < demand.count:
            widest[demand.people] = demand
    left = list(widest.values())
    if all(_apart(a.people, b.people) for a in left for b in left):
        yield _nested(left)
        return
    units = [_Chair((demand,), demand.people) for demand in left for _ in range(demand.count)]
    if len(units) > MOST:
        yield units
        return
    yield from _shared(units)


def _apart(first: People, second: People) -> bool:
    """Tell whether of two sets one holds the other, or they have nobody in common."""
    return first <= second or second <= first or first.isdisjoint(second)


def _nested(demands: list[Demand]) -> list[_Chair]:
    """Return the chairs where a narrower demand also meets every wider one."""
    chairs: list[_Chair] = []
    for demand in sorted(demands, key=lambda demand: len(demand.people)):
        met = sum(chair.people <= demand.people for chair in chairs)
        chairs += [_Chair((demand,), demand.people)] * max(demand.count - met, 0)
    return chairs


def _shared(units: list[_Chair]) -> Iterator[list[_Chair]]:
    """Yield every grouping of units in which one person can meet each group, no two units of one demand in a group."""
    if not units:
        yield []
        return
    first, rest = units[0], units[1:]
    for others in _shared(rest):
        yield [first, *others]
    for number, other in enumerate(rest):
        both = first.people & other.people
        if both and set(first.demands).isdisjoint(other.demands):
            joined = _Chair((*first.demands, *other.demands), both)
            yield from _shared([*rest[:number], joined, *rest[number + 1 :]])


def _unseated(chairs: list[_Chair]) -> tuple[Lack, ...]:
    """Return the chairs that stay empty when as many as possible are taken: augmenting paths, chair by chair."""
    sits: dict[int, int] = {}

    def seat(number: int, seen: set[int]) -> bool:
        for person in sorted(chairs[number].people - seen):
            seen.add(person)
            if person not in sits or seat(sits[person], seen):
                sits[person] = number
                return True
        return False

    empty: dict[int, set[int]] = {}
    for number in range(len(chairs)):
        seen: set[int] = set()
        if not seat(number, seen):
            empty[number] = seen
    return tuple(_lack(chairs, number, sits, seen) for number, seen in empty.items())


def _lack(chairs: list[_Chair], number: int, sits: dict[int, int], seen: set[int]) -> Lack:
    """Return the lack of a chair; ``seen`` are the people who could come to it if others gave way, and do not suffice."""
    demand = chairs[number].demand
    parts = (chairs[other].demand.part for other in sorted(sits[person] for person in seen))
    return Lack(demand, tuple(dict.fromkeys(part for part in parts if part != demand.part)))
