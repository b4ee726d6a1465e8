"""Computed figures of a form as data: sums, differences, products and shares of what was answered, exact."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

Answers = Mapping[str, Any]
WHOLE = Decimal(100)
_ARGUMENTS = {"add": None, "multiply": None, "subtract": 2, "percent": 2}


def figure(value: Any, answers: Answers) -> Decimal | None:
    """Return a figure, ``None`` while an answer it needs is missing or is no number.

    ``value`` is the name of an answer, ``{number = "1200"}``, ``{sum = "table.column"}`` (over the rows of a table),
    ``{add = [...]}``, ``{multiply = [...]}``, ``{subtract = [a, b]}``, or ``{percent = [a, b]}``: a as per cent of b, to two
    decimals. Lists hold figures again. Sums are exact; nothing but ``percent`` is rounded.
    """
    if isinstance(value, str):
        return _number(answers.get(value))
    if "number" in value:
        return _number(value["number"])
    if "sum" in value:
        return _column(value["sum"], answers)
    word = next(iter(value))
    parts = [figure(one, answers) for one in value[word]]
    if any(part is None for part in parts):
        return None
    return _combined(word, [part for part in parts if part is not None])


def mistakes(value: Any, place: str) -> list[str]:
    """Return what is wrong with a figure as written."""
    if isinstance(value, str):
        return []
    if not isinstance(value, dict) or len(value) != 1:
        return [f"{place}: expected the name of an answer or one of {_words()}."]
    word, inner = next(iter(value.items()))
    if word == "number":
        return [] if _number(inner) is not None else [f"{place}: number is a number as text."]
    if word == "sum":
        shaped = isinstance(inner, str) and inner.count(".") == 1
        return [] if shaped else [f'{place}: sum names a column, such as "budget.cost".']
    if word not in _ARGUMENTS:
        return [f"{place}: {word!r} is not one of {_words()}."]
    least = _ARGUMENTS[word]
    if not isinstance(inner, list) or not inner or (least and len(inner) != least):
        return [f"{place}: {word} holds a list of {least or 'one or more'} figures."]
    return [m for n, one in enumerate(inner) for m in mistakes(one, f"{place}.{word}[{n}]")]


def needs(value: Any) -> frozenset[str]:
    """Return the answers a well-written figure is computed from; of a table its name and column, "budget.cost"."""
    return frozenset(_named(value))


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
    return ", ".join(sorted((*_ARGUMENTS, "number", "sum")))


def _column(named: str, answers: Answers) -> Decimal | None:
    table, _, column = named.partition(".")
    rows = answers.get(table)
    if not isinstance(rows, list | tuple):
        return None
    parts = [_number(row.get(column)) for row in rows if isinstance(row, Mapping)]
    if not parts or any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


def _combined(word: str, parts: list[Decimal]) -> Decimal | None:
    if word == "add":
        return sum(parts, Decimal(0))
    if word == "subtract":
        return parts[0] - parts[1]
    if word == "percent":
        return (parts[0] * WHOLE / parts[1]).quantize(Decimal("0.01")) if parts[1] else None
    product = Decimal(1)
    for part in parts:
        product *= part
    return product


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and not isinstance(value, bool) else None
