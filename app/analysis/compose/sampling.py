"""Drawing a sample so that anybody can draw it again: no generator of random numbers, only SHA-256 and whole numbers.

ISA 530 (audit sampling), appendix 4, names the methods: random selection, and monetary unit sampling as a value-weighted
selection. Every method begins with the population in the order of the references, as code points compare.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A case of a population: what was approved in minor units (0: nothing), who decided, and the flags it raises."""

    reference: str
    amount: int = 0
    officers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Impossible(Exception):
    """The sample cannot be drawn from this population; the text says why."""


def digest(references: Sequence[str]) -> str:
    """Return the SHA-256 over references in order, each followed by a line feed."""
    return hashlib.sha256("".join(f"{one}\n" for one in references).encode()).hexdigest()


def place(seed: str, reference: str) -> str:
    """Return where a case stands in the random order: SHA-256 over the seed and the reference, both in UTF-8, in hex."""
    return hashlib.sha256(f"{seed}{reference}".encode()).hexdigest()


def random(population: Sequence[Unit], size: int, seed: str) -> list[str]:
    """Return the first ``size`` cases in the random order: each case is as likely as any other."""
    return sorted((u.reference for u in population), key=lambda one: place(seed, one))[:size]


def largest(population: Sequence[Unit], size: int, _seed: str) -> list[str]:
    """Return the ``size`` cases with the largest amounts, of equal amounts the first reference."""
    valued = [unit for unit in population if unit.amount > 0]
    order = sorted(valued, key=lambda unit: (-unit.amount, unit.reference))
    return [unit.reference for unit in order[:size]]


def monetary(population: Sequence[Unit], size: int, seed: str) -> list[str]:
    """Return the cases that hold the chosen monetary units, each once: one unit in each of ``size`` equal intervals.

    The interval is the total divided by ``size``, rounded down; the first unit is the number of SHA-256(seed) modulo the
    interval, counted from 0, and each further one lies an interval beyond. Raises ``Impossible`` when there is less than
    one unit for each.
    """
    total = sum(unit.amount for unit in population)
    interval = total // size
    if not interval:
        raise Impossible("The amounts of these cases are too small to draw so many.")
    start = int(hashlib.sha256(seed.encode()).hexdigest(), 16) % interval
    chosen: dict[str, None] = {}
    passed, wanted, left = 0, start, size
    for unit in population:
        passed += unit.amount
        while left and wanted < passed:
            chosen[unit.reference] = None
            wanted, left = wanted + interval, left - 1
    return list(chosen)


def by_officer(population: Sequence[Unit], size: int, seed: str) -> list[str]:
    """Return ``size`` cases of each officer who cast a deciding vote, in the random order; a case counts for each."""
    return _of_each(population, size, seed, lambda unit: unit.officers)


def by_flag(population: Sequence[Unit], size: int, seed: str) -> list[str]:
    """Return ``size`` cases for each flag that is raised, in the random order; a case counts for each of its flags."""
    return _of_each(population, size, seed, lambda unit: unit.flags)


def _of_each(
    population: Sequence[Unit], size: int, seed: str, groups: Callable[[Unit], tuple[str, ...]]
) -> list[str]:
    names = sorted({name for unit in population for name in groups(unit)})
    chosen: dict[str, None] = {}
    for name in names:
        group = [unit for unit in population if name in groups(unit)]
        chosen |= dict.fromkeys(random(group, size, seed))
    return list(chosen)


@dataclass(frozen=True)
class Method:
    """A way to draw: its name, its title, how it works in a sentence, and whether amounts of one currency are needed."""

    name: str
    title: str
    sentence: str
    draw: Callable[[Sequence[Unit], int, str], list[str]]
    valued: bool = False


METHODS = {
    method.name: method
    for method in (
        Method(
            "random",
            "Random",
            "Cases in the order of SHA-256(seed, reference); the first n are taken.",
            random,
        ),
        Method(
            "monetary",
            "Monetary unit sampling",
            "ISA 530, appendix 4: one monetary unit in each of n equal intervals of the total approved; a case "
            "is as likely as its amount is large. A case that holds several of them is taken once.",
            monetary,
            valued=True,
        ),
        Method(
            "largest",
            "Largest amounts",
            "The n cases with the largest amounts approved.",
            largest,
            valued=True,
        ),
        Method(
            "officer",
            "By officer",
            "For each officer who cast a deciding vote n cases, in the order of the random method.",
            by_officer,
        ),
        Method(
            "flag",
            "By risk flag",
            "For each risk flag n cases that raise it, in the order of the random method.",
            by_flag,
        ),
    )
}
