"""Eligibility rules as data: each compares answers, and says in a sentence what it found and where it comes from."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Answers = dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """One rule of a scheme: a test on answers, the sentence for those who fail, and the clause it rests on.

    ``test`` is one of: ``{answer, at_least}``, ``{answer, at_most}``, ``{answer, is}``, ``{answer, one_of}``,
    ``{answer, share_at_most, of}`` (the answer is at most that percentage of another answer),
    ``{answer, sum_at_least, and, of}`` (answer plus another reach a third), ``{any = [tests]}``, ``{all = [tests]}``.
    """

    name: str
    sentence: str
    clause: str
    test: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a rule found: ``holds`` is ``None`` when an answer it needs is missing."""

    rule: Rule
    holds: bool | None


def check(rules: tuple[Rule, ...], answers: Answers) -> tuple[Result, ...]:
    """Return the result of every rule on the answers, in the order of the scheme."""
    return tuple(Result(rule, _holds(rule.test, answers)) for rule in rules)


def mistakes(test: dict[str, Any], place: str) -> list[str]:
    """Return what is wrong with a test as written: an unknown form or an unknown key."""
    for word in ("any", "all"):
        if word in test:
            inner = test[word]
            if set(test) != {word} or not isinstance(inner, list):
                return [f"{place}: {word} must stand alone and hold a list of tests."]
            return [m for n, t in enumerate(inner) for m in mistakes(t, f"{place}.{word}[{n}]")]
    if frozenset(test) not in _FORMS:
        return [f"{place}: {', '.join(sorted(test)) or 'nothing'} is not the form of a test."]
    return []


def needs(test: dict[str, Any]) -> frozenset[str]:
    """Return the answers that a well-written test looks at, by question."""
    inner = test.get("any") or test.get("all") or []
    named = {test[word] for word in ("answer", "of", "and") if word in test}
    return frozenset(named).union(*(needs(one) for one in inner))


_FORMS = frozenset(
    frozenset(form.split())
    for form in (
        "answer at_least",
        "answer at_most",
        "answer is",
        "answer one_of",
        "answer share_at_most of",
        "answer sum_at_least and of",
    )
)


def _holds(test: dict[str, Any], answers: Answers) -> bool | None:
    for word in ("any", "all"):
        if word in test:
            return _together(
                [_holds(inner, answers) for inner in test[word]], decisive=word == "any"
            )
    needed = [answers.get(test[word]) for word in ("answer", "of", "and") if word in test]
    if any(value is None or value == "" for value in needed):
        return None
    value = needed[0]
    if "is" in test:
        return bool(value == test["is"])
    if "one_of" in test:
        return value in test["one_of"]
    return _compares(test, [Decimal(str(value)) for value in needed])


def _together(results: list[bool | None], *, decisive: bool) -> bool | None:
    """Combine tests: one decisive result settles it, else a missing answer leaves it open."""
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _compares(test: dict[str, Any], values: list[Decimal]) -> bool:
    value = values[0]
    if "at_least" in test:
        return value >= Decimal(str(test["at_least"]))
    if "at_most" in test:
        return value <= Decimal(str(test["at_most"]))
    whole = values[1]
    if "share_at_most" in test:
        return value * 100 <= Decimal(str(test["share_at_most"])) * whole
    return (value + values[2]) * 100 >= Decimal(str(test["sum_at_least"])) * whole
