"""Computed figures of a form as data: sums, differences, products and shares of what was answered, exact."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from math import prod
from typing import Any

Answers = Mapping[str, Any]
WHOLE = Decimal(100)
_ARGUMENTS = {"add": None, "multiply": None, "subtract": 2, "percent": 2}
_EXPECTED = {"number": "is a number as text", "sum": 'names a column, such as "budget.cost"'}


def figure(value: Any, answers: Answers) -> Decimal | None:
    """Return a figure, ``None`` while an answer it needs is missing or is no number.

    ``value`` is the name of an answer, ``{number = "1200"}``, ``{sum = "table.column"}`` (over the rows of a table),
    ``{add = [...]}``, ``{multiply = [...]}``, ``{subtract = [a, b]}``, or ``{percent = [a, b]}``: a as per cent of b, to two
    decimals. Lists hold figures again. Sums are exact; nothing but ``percent`` is rounded.
    """
    if isinstance(value, str):
        return number(answers.get(value))
    if "number" in value:
        return number(value["number"])
    if "sum" in value:
        return _column(value["sum"], answers)
    word, inner = next(iter(value.items()))
    parts = [part for one in inner if (part := figure(one, answers)) is not None]
    return _combined(word, parts) if len(parts) == len(inner) else None


def number(value: Any) -> Decimal | None:
    """Return a number, also one written as text, ``None`` for anything else; what is true or false is none."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def mistakes(value: Any, place: str) -> list[str]:
    """Return what is wrong with a figure as written."""
    if isinstance(value, str):
        return []
    if not isinstance(value, dict) or len(value) != 1:
        return [f"{place}: expected the name of an answer or one of {_words()}."]
    word, inner = next(iter(value.items()))
    if word in _ARGUMENTS:
        return _arguments(word, inner, place)
    if word not in _OTHERS:
        return [f"{place}: {word!r} is not one of {_words()}."]
    return [] if _OTHERS[word](inner) else [f"{place}: {word} {_EXPECTED[word]}."]


def needs(value: Any) -> frozenset[str]:
    """Return the answers a well-written figure is computed from; of a table its name and column, "budget.cost"."""
    return frozenset(_named(value))


def _arguments(word: str, inner: Any, place: str) -> list[str]:
    wanted = _ARGUMENTS[word]
    if not isinstance(inner, list) or not inner or (wanted and len(inner) != wanted):
        return [f"{place}: {word} holds a list of {wanted or 'one or more'} figures."]
    return [m for n, one in enumerate(inner) for m in mistakes(one, f"{place}.{word}[{n}]")]


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    word, inner = next(iter(value.items()))
    if word == "sum":
        yield inner
    elif word != "number":
        for one in inner:
            yield from _named(one)


def _words() -> str:
    return ", ".join(sorted((*_ARGUMENTS, *_OTHERS)))


def _column(named: str, answers: Answers) -> Decimal | None:
    table, _, column = named.partition(".")
    rows = answers.get(table)
    if not isinstance(rows, list | tuple):
        return None
    parts = [number(row.get(column)) for row in rows if isinstance(row, Mapping)]
    if not parts or any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


def _combined(word: str, parts: list[Decimal]) -> Decimal | None:
    try:
        return _COMBINE[word](*parts)
    except ArithmeticError:
        # A share of nothing, or more than can be reckoned with: no figure comes of it.
        return None


_OTHERS: dict[str, Callable[[Any], bool]] = {
    "number": lambda inner: number(inner) is not None,
    "sum": lambda inner: isinstance(inner, str) and inner.count(".") == 1,
}
_COMBINE: dict[str, Callable[..., Decimal]] = {
    "add": lambda *parts: sum(parts, Decimal(0)),
    "multiply": lambda *parts: prod(parts, start=Decimal(1)),
    "subtract": lambda whole, part: whole - part,
    "percent": lambda part, whole: (part * WHOLE / whole).quantize(Decimal("0.01")),
}
