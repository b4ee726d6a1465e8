"""Eligibility rules as data: each tests answers and facts, and says in a sentence what it found and where it comes from."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from workflows.figures import number

Answers = Mapping[str, Any]
NOTHING: Answers = {}

NOT_ELIGIBLE, CONDITIONS = "not_eligible", "conditions"
# What all rules together come to.
ELIGIBLE, WITH_CONDITIONS, OPEN = "eligible", "eligible_with_conditions", "open"


@dataclass(frozen=True)
class Rule:
    """One rule of a scheme: a test, the sentence for those who fail, the clause it rests on, and what failing means.

    ``otherwise`` is "not_eligible", or "conditions" where the sentence says what must be done before the money.
    ``test`` looks at one value, ``{answer = NAME, ...}`` or ``{fact = NAME, ...}``, and says one of: ``is``, ``one_of``,
    ``includes`` (a choice of several has it), ``at_least``, ``at_most``, ``share_at_most`` with ``of`` (at most that percentage
    of another answer), ``sum_at_least`` with ``and`` and ``of`` (with another answer it reaches that percentage of a third).
    Tests combine: ``{any = [tests]}``, ``{all = [tests]}``, ``{not = test}``. What a test says of a question that is not
    asked of somebody is left out of it; a rule of which nothing is left does not apply.
    """

    name: str
    sentence: str
    clause: str
    test: dict[str, Any]
    otherwise: str = NOT_ELIGIBLE


@dataclass(frozen=True)
class Result:
    """What a rule found: ``holds`` is ``None`` when an answer or fact it needs is missing.

    A rule that does not apply, because what it looks at is not asked of this person, holds.
    """

    rule: Rule
    holds: bool | None
    applies: bool = True


def check(
    rules: tuple[Rule, ...],
    answers: Answers,
    facts: Answers = NOTHING,
    *,
    unasked: Set[str] = frozenset(),
) -> tuple[Result, ...]:
    """Return the result of every rule on the answers and facts, in the order of the scheme.

    ``unasked`` are the questions that are not asked of this person.
    """
    return tuple(_result(rule, _asked(rule.test, unasked), answers, facts) for rule in rules)


def outcome(results: tuple[Result, ...]) -> str:
    """Return what the rules come to: not eligible by one, else open by one, else with conditions, else eligible."""
    failed = {result.rule.otherwise for result in results if result.holds is False}
    if NOT_ELIGIBLE in failed:
        return NOT_ELIGIBLE
    if any(result.holds is None for result in results):
        return OPEN
    return WITH_CONDITIONS if failed else ELIGIBLE


def failing(results: tuple[Result, ...], otherwise: str) -> tuple[Result, ...]:
    """Return the results that do not hold of the rules with one consequence."""
    return tuple(one for one in results if one.rule.otherwise == otherwise and one.holds is False)


def decided(results: tuple[Result, ...]) -> tuple[Result, ...]:
    """Return the results once nothing more will be answered: what cannot be told does not hold."""
    return tuple(replace(one, holds=bool(one.holds)) for one in results)


def holds(test: dict[str, Any], answers: Answers, facts: Answers = NOTHING) -> bool | None:
    """Tell whether a test holds, ``None`` when that cannot be told yet; an empty test always holds."""
    if not test:
        return True
    if "not" in test:
        inner = holds(test["not"], answers, facts)
        return None if inner is None else not inner
    for word in ("any", "all"):
        if word in test:
            told = [holds(one, answers, facts) for one in test[word]]
            return _together(told, decisive=word == "any")
    value = answers.get(test["answer"]) if "answer" in test else facts.get(test["fact"])
    others = [answers.get(test[word]) for word in ("and", "of") if word in test]
    if any(one is None or one in ("", []) for one in (value, *others)):
        return None
    return _compares(test, value, others)


def mistakes(test: Any, place: str) -> list[str]:
    """Return what is wrong with a test as written: an unknown form or an unknown key."""
    if not isinstance(test, dict):
        return [f"{place}: expected a table."]
    combining = [word for word in _COMBINING if word in test]
    if combining:
        return _combination(test, combining[0], place)
    if frozenset(test) not in _FORMS:
        return [f"{place}: {', '.join(sorted(test)) or 'nothing'} is not the form of a test."]
    return _values(test, place)


def needs(test: dict[str, Any]) -> frozenset[str]:
    """Return the answers that a well-written test looks at, by question."""
    found = {one[word] for one in _leaves(test) for word in ("answer", "of", "and") if word in one}
    return frozenset(found)


def facts_needed(test: dict[str, Any]) -> frozenset[str]:
    """Return the facts that a well-written test looks at."""
    return frozenset(one["fact"] for one in _leaves(test) if "fact" in one)


_COMBINING = ("not", "any", "all")
_FORMS = frozenset(
    frozenset((subject, *form.split()))
    for subject in ("answer", "fact")
    for form in (
        "at_least",
        "at_most",
        "is",
        "one_of",
        "includes",
        "share_at_most of",
        "sum_at_least and of",
    )
)


def _result(rule: Rule, test: dict[str, Any] | None, answers: Answers, facts: Answers) -> Result:
    if test is None:
        return Result(rule, holds=True, applies=False)
    return Result(rule, holds(test, answers, facts))


def _asked(test: dict[str, Any], unasked: Set[str]) -> dict[str, Any] | None:
    """Return what is left of a test without questions that are not asked, ``None`` for nothing."""
    if not unasked or unasked.isdisjoint(needs(test)):
        return test
    if "not" in test:
        inner = _asked(test["not"], unasked)
        return None if inner is None else {"not": inner}
    for word in ("any", "all"):
        if word in test:
            left = [found for one in test[word] if (found := _asked(one, unasked)) is not None]
            return {word: left} if left else None
    return None


def _leaves(test: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inner = test.get("any") or test.get("all") or ([test["not"]] if "not" in test else [])
    if inner:
        for one in inner:
            yield from _leaves(one)
    elif test:
        yield test


def _combination(test: dict[str, Any], word: str, place: str) -> list[str]:
    inner = test[word]
    if word == "not":
        if set(test) != {word}:
            return [f"{place}: not must stand alone and hold a test."]
        return mistakes(inner, f"{place}.not")
    if set(test) != {word} or not isinstance(inner, list) or not inner:
        return [f"{place}: {word} must stand alone and hold a list of tests."]
    return [m for n, one in enumerate(inner) for m in mistakes(one, f"{place}.{word}[{n}]")]


def _values(test: dict[str, Any], place: str) -> list[str]:
    found = [
        f"{place}: {word} names a question or a fact."
        for word in ("answer", "fact", "of", "and")
        if not isinstance(test.get(word, ""), str)
    ]
    found += [
        f"{place}: {word} is a number."
        for word in ("at_least", "at_most", "share_at_most", "sum_at_least")
        if word in test and number(test[word]) is None
    ]
    if not isinstance(test.get("one_of", []), list):
        found.append(f"{place}: one_of is a list.")
    found += [
        f"{place}: {word} is not written as a number with a point; write it as text."
        for word in ("is", "includes")
        if isinstance(test.get(word), float)
    ]
    return found


def _together(results: list[bool | None], *, decisive: bool) -> bool | None:
    """Combine tests: one decisive result settles it, else a missing answer leaves it open."""
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _compares(test: dict[str, Any], value: Any, others: list[Any]) -> bool | None:
    if "is" in test:
        return _same(value, test["is"])
    if "one_of" in test:
        return any(_same(value, one) for one in test["one_of"])
    if "includes" in test:
        several = value if isinstance(value, list | tuple) else ()
        return any(_same(one, test["includes"]) for one in several)
    numbers = [number(one) for one in (value, *others)]
    if None in numbers:
        return None
    return _measures(test, [one for one in numbers if one is not None])


def _same(value: Any, wanted: Any) -> bool:
    """Tell whether an answer is what a rule names; a number is also the same when one of them is written as text."""
    if type(value) is type(wanted):
        return bool(value == wanted)
    found = number(value)
    return found is not None and found == number(wanted)


def _measures(test: dict[str, Any], numbers: list[Decimal]) -> bool:
    value, whole = numbers[0], numbers[-1]
    if "at_least" in test:
        return value >= Decimal(str(test["at_least"]))
    if "at_most" in test:
        return value <= Decimal(str(test["at_most"]))
    if "share_at_most" in test:
        return value * 100 <= Decimal(str(test["share_at_most"])) * whole
    return (value + numbers[1]) * 100 >= Decimal(str(test["sum_at_least"])) * whole
