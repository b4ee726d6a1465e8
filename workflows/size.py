"""Is it an SME, and of which size: the tests of eleven countries as one rule expression over a few measures.

A rule is one of::

    {by = MEASURE}                                 the class its limits put a figure into
    {any = [rules]}                                any of them is enough: the lowest class that one gives
    {all = [rules]}                                all of them have to fit: the highest class that one gives
    {agree = 2, of = [rules]}                      the class that so many give; where they do not agree, what the first gives
    {when = FLAG, then = RULE, otherwise = RULE}   with ``assumed``, what counts where nothing is said about the flag
    {is = CLASS}                                   that class

A figure that has no limits in the sector does not count there. What is not known is never guessed: a figure that is missing
could be of every class, and the answer is a class only when it is the same whichever of them it is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product
from typing import Any

MICRO, SMALL, MEDIUM, LARGE = "micro", "small", "medium", "large"
SME, NOT_SME, UNDETERMINED = "sme", "not_sme", "undetermined"
# Below the least that a law calls small: it names no class for that.
UNDER = "under"
_RANK = {UNDER: -1, MICRO: 1, SMALL: 2, MEDIUM: 3, SME: 3, LARGE: 4, NOT_SME: 5}
CLASSES = frozenset(_RANK) - {UNDER}
_WORDS = {NOT_SME: "not an SME", SME: "an SME"}

AMOUNTS = frozenset({"turnover", "assets", "capital"})
FLAGS = frozenset(
    {"listed_parent", "international_parent", "large_parent", "new_firm", "registered"}
)
# What a test may look at: heads, amounts in units of the country's own currency, and what is so or not.
MEASURES = frozenset({"employees"}) | AMOUNTS | FLAGS
SECTOR = "sector"
# The sector of a test that does not tell sectors apart.
EVERY = "all"


@dataclass(frozen=True)
class Bound:
    """Where a class ends: at ``limit`` or, where it is not ``reached``, just before it; ``None`` where that was not seen.

    ``least`` is where the lowest class begins, if a law names a least at all.
    """

    size: str
    limit: Decimal | None
    reached: bool = True
    least: Decimal | None = None


@dataclass(frozen=True)
class Definition:
    """The definition of an SME in a country: its rule, its limits by sector and measure, and where all that is from.

    ``beyond`` is the class above the last limit; ``unknown`` says why nothing can be determined, where that is so;
    ``sectors`` has other names of sectors.
    """

    currency: str
    law: str
    source: str
    address: str
    as_of: str
    note: str
    rule: dict[str, Any]
    bounds: dict[str, dict[str, tuple[Bound, ...]]]
    labels: dict[str, str]
    sectors: dict[str, str] = field(default_factory=dict)
    beyond: str = LARGE
    unknown: str = ""


@dataclass(frozen=True)
class Standing:
    """What an enterprise is, or "undetermined": ``decided_by`` are the sentences that say why, ``missing`` what would help."""

    size: str
    decided_by: tuple[str, ...]
    law: str
    source: str
    as_of: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Found:
    """What part of a rule comes to: every class it may be, why, and what is missing."""

    classes: frozenset[str]
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Case:
    """A definition in one sector, and the figures of an enterprise."""

    definition: Definition
    bounds: dict[str, tuple[Bound, ...]]
    figures: Mapping[str, Decimal | bool]


def standing(
    definition: Definition, figures: Mapping[str, Decimal | bool], sector: str = ""
) -> Standing:
    """Return what an enterprise is by a definition; amounts are in units of its currency."""
    if definition.unknown:
        return _stands(definition, _Found(frozenset(), (definition.unknown,)))
    named = definition.sectors.get(sector, sector)
    bounds = definition.bounds.get(named) or definition.bounds.get(EVERY)
    if bounds is None:
        return _stands(definition, _no_sector(definition, sector))
    return _stands(definition, _found(definition.rule, _Case(definition, bounds, figures)))


def mistakes(rule: Any, place: str = "rule") -> Iterator[str]:
    """Return what is wrong with a rule as written."""
    form = frozenset(rule) if isinstance(rule, dict) else frozenset()
    if form not in _FORMS:
        yield f"{place}: this is not the form of a rule."
    elif "by" in form and rule["by"] not in MEASURES - FLAGS:
        yield f"{place}: {rule['by']!r} is no figure."
    elif "is" in form and rule["is"] not in CLASSES:
        yield f"{place}: {rule['is']!r} is no class."
    elif "when" in form and rule["when"] not in FLAGS:
        yield f"{place}: {rule['when']!r} is not what is so or not."
    for name, part in _parts(rule) if form in _FORMS else ():
        yield from mistakes(part, f"{place}.{name}")


def measures(rule: dict[str, Any]) -> frozenset[str]:
    """Return the measures that a well-written rule looks at."""
    own = {rule[word] for word in ("by", "when") if word in rule}
    return frozenset(own).union(*(measures(part) for _, part in _parts(rule)))


_FORMS = {
    frozenset(form.split())
    for form in ("by", "any", "all", "agree of", "is", "when then otherwise", "when then otherwise assumed")
}  # fmt: skip


def _parts(rule: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for word in ("any", "all", "of"):
        yield from ((f"{word}[{n}]", part) for n, part in enumerate(rule.get(word, ())))
    for word in ("then", "otherwise"):
        if word in rule:
            yield word, rule[word]


def _stands(definition: Definition, found: _Found) -> Standing:
    (size,) = found.classes if len(found.classes) == 1 else (UNDETERMINED,)
    why, missing = found.because, found.missing
    if size not in (UNDETERMINED, UNDER):
        return Standing(size, why, definition.law, definition.source, definition.as_of)
    if missing:
        named = "; ".join(definition.labels.get(name, name) for name in missing)
        why = (*why, f"It cannot be said without: {named}.")
    law, source, as_of = definition.law, definition.source, definition.as_of
    return Standing(UNDETERMINED, why, law, source, as_of, missing)


def _no_sector(definition: Definition, sector: str) -> _Found:
    known = ", ".join(sorted(definition.bounds))
    said = f"The limits differ by sector ({known}), and {sector or 'no sector'} is given."
    return _Found(frozenset(), (said,), (SECTOR,))


def _found(rule: dict[str, Any], case: _Case) -> _Found:
    (form,) = _READ.keys() & rule.keys()
    return _READ[form](rule, case)


def _is(rule: dict[str, Any], _case: _Case) -> _Found:
    return _Found(frozenset({rule["is"]}))


def _any(rule: dict[str, Any], case: _Case) -> _Found:
    return _together(_counting(rule["any"], case), _lowest)


def _all(rule: dict[str, Any], case: _Case) -> _Found:
    return _together(_counting(rule["all"], case), _highest)


def _counting(rules: list[dict[str, Any]], case: _Case) -> list[_Found]:
    """Return what those rules come to that the sector has limits for."""
    return [
        _found(rule, case)
        for rule in rules
        if rule.get("by", next(iter(case.bounds))) in case.bounds
    ]


def _by(rule: dict[str, Any], case: _Case) -> _Found:
    measure = rule["by"]
    bounds, label = case.bounds[measure], case.definition.labels[measure]
    value = case.figures.get(measure)
    if value is None:
        every = frozenset({*(bound.size for bound in bounds), case.definition.beyond})
        return _Found(every, (), (measure,))
    unit = f"{case.definition.currency} " if measure in AMOUNTS else ""
    classes, why = _class(bounds, Decimal(value), case.definition.beyond, unit)
    return _Found(classes, (f"{label}: {unit}{Decimal(value):,f}, which is {why}.",))


def _class(
    bounds: tuple[Bound, ...], value: Decimal, beyond: str, unit: str
) -> tuple[frozenset[str], str]:
    """Return the classes a figure may be of, and that in words."""
    least = bounds[0].least
    if least is not None and value < least:
        return frozenset(
            {UNDER}
        ), f"less than the {unit}{least:,f} at which {bounds[0].size} begins"
    before = ""
    for n, bound in enumerate(bounds):
        if bound.limit is None:
            open_to = frozenset({*(later.size for later in bounds[n:]), beyond})
            return open_to, f"{before}; where {bound.size} ends was not seen"
        said = f"{'at most' if bound.reached else 'less than'} {unit}{bound.limit:,f}"
        if value < bound.limit or (bound.reached and value == bound.limit):
            return frozenset({bound.size}), f"{_WORDS.get(bound.size, bound.size)} ({said})"
        before = f"more than {unit}{bound.limit:,f}" if bound.reached else f"not {said}"
    return frozenset({beyond}), f"{_WORDS.get(beyond, beyond)} ({before})"


def _when(rule: dict[str, Any], case: _Case) -> _Found:
    flag, label = rule["when"], case.definition.labels[rule["when"]]
    said = case.figures.get(flag)
    so = rule.get("assumed") if said is None else bool(said)
    if so is None:
        either = [_found(rule[word], case) for word in ("then", "otherwise")]
        classes = either[0].classes | either[1].classes
        return _Found(classes, (), (flag,)) if len(classes) > 1 else either[0]
    branch = _found(rule["then" if so else "otherwise"], case)
    answer = "yes" if so else "no"
    sentence = (
        f"{label}: {answer}." if said is not None else f"{label}: not said, taken as {answer}."
    )
    return _Found(branch.classes, (*branch.because, sentence), branch.missing)


def _agreed(rule: dict[str, Any], case: _Case) -> _Found:
    parts = _counting(rule["of"], case)

    def pick(combination: tuple[str, ...]) -> str:
        for one in combination:
            if combination.count(one) >= rule["agree"]:
                return one
        return combination[0]

    found = _together(parts, pick)
    if len(found.classes) > 1 or len(found.because) >= rule["agree"]:
        return found
    sentence = f"No {rule['agree']} of the {len(parts)} agree, so the first of them decides."
    return _Found(found.classes, (*parts[0].because, sentence))


def _together(parts: list[_Found], pick: Callable[[tuple[str, ...]], str]) -> _Found:
    """Combine parts: one class when every class that the parts may be of leads to the same."""
    classes = frozenset(pick(each) for each in product(*(sorted(part.classes) for part in parts)))
    if len(classes) == 1:
        return _Found(classes, tuple(s for p in parts if classes <= p.classes for s in p.because))
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    return _Found(classes, tuple(s for part in parts for s in part.because), missing)


def _lowest(classes: tuple[str, ...]) -> str:
    """Return the lowest class that a law names: who is too small by one figure may be small by another."""
    return min((one for one in classes if one != UNDER), key=_RANK.__getitem__, default=UNDER)


def _highest(classes: tuple[str, ...]) -> str:
    return max(classes, key=_RANK.__getitem__)


_READ = {"is": _is, "by": _by, "any": _any, "all": _all, "agree": _agreed, "when": _when}
