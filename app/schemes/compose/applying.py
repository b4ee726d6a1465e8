"""Which questions of a form apply to what was answered, and what is worked out from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from graphlib import TopologicalSorter
from typing import Any

from app.schemes.compose.asking import waits_for
from app.schemes.compose.terms import Column, DocumentKind, Question, SchemeTerms
from workflows import eligibility, figures
from workflows.money import LARGEST, step

# Decimals of a plain number, and of a percentage.
NUMBER = Decimal("0.000001")
PERCENT = Decimal("0.01")

_orders: dict[str, tuple[Question, ...]] = {}


@dataclass(frozen=True)
class Settled:
    """What a form comes to: the answers that count, with those worked out, and the keys of the questions that apply."""

    values: dict[str, Any]
    asked: frozenset[str]


def settled(terms: SchemeTerms, typed: Mapping[str, Any]) -> Settled:
    """Settle which questions apply to answers given as typed values, and work out the computed ones.

    A question whose ``when`` does not hold, or cannot be told yet, does not apply, and its answer counts as not given for
    all that look at it.
    """
    found: dict[str, Any] = {}
    asked = set()
    for question in _order(terms):
        if question.when and eligibility.holds(question.when, found) is not True:
            continue
        asked.add(question.key)
        computed = question.kind == "computed"
        value = _worked_out(question, found, terms) if computed else typed.get(question.key)
        if value is not None:
            found[question.key] = value
    values = {q.key: found[q.key] for q in terms.questions if q.key in found}
    return Settled(values, frozenset(asked))


def documents(terms: SchemeTerms, values: Mapping[str, Any]) -> tuple[DocumentKind, ...]:
    """Return the kinds of documents asked for on settled answers: those without ``when``, and those whose ``when`` holds."""
    return tuple(kind for kind in terms.documents if eligibility.holds(kind.when, values) is True)


def files(terms: SchemeTerms, asked: Iterable[str]) -> tuple[Question, ...]:
    """Return the questions among those that apply whose answer is a file."""
    named = set(asked)
    return tuple(q for q in terms.questions if q.kind == "file" and q.key in named)


def with_figures(question: Question, row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return a row of a table with the columns worked out that can be, in the order of the columns."""
    found: dict[str, Any] = {}
    for column in question.columns:
        value = row.get(column.key)
        if column.kind == "computed":
            value = _figure(column.value, row, unit_of(column, question), currency)
        if value is not None:
            found[column.key] = value
    return found


def totals(question: Question, rows: list[dict[str, Any]], currency: str) -> dict[str, str]:
    """Return the total of each column that has one, as text; none where a row still lacks a figure."""
    found = {}
    for column in question.columns:
        if column.total:
            unit = unit_of(column, question)
            value = _figure({"sum": f"rows.{column.key}"}, {"rows": rows}, unit, currency)
            if value is not None:
                found[column.key] = value
    return found


def unit_of(column: Column, question: Question) -> str:
    """Return what a column is read as: a computed one is money where it is computed from money."""
    if column.kind != "computed":
        return column.kind
    named = figures.needs(column.value)
    money = any(one.kind == "money" and one.key in named for one in question.columns)
    return "money" if money else "number"


def as_text(value: Any) -> Any:
    """Return an answer with every value in it as text: what is shown, and what is frozen."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value)


def _order(terms: SchemeTerms) -> tuple[Question, ...]:
    """Return the questions so that each comes after those it waits for; worked out once per scheme version."""
    if terms.digest not in _orders:
        by_key = {question.key: question for question in terms.questions}
        graph = {q.key: sorted(waits_for(q) & by_key.keys()) for q in terms.questions}
        _orders[terms.digest] = tuple(
            by_key[key] for key in TopologicalSorter(graph).static_order()
        )
    return _orders[terms.digest]


def _worked_out(question: Question, values: Mapping[str, Any], terms: SchemeTerms) -> str | None:
    return _figure(question.value, values, question.unit, terms.currency)


def _figure(value: Any, values: Mapping[str, Any], unit: str, currency: str) -> str | None:
    """Return a figure as text, ``None`` where it cannot be told or is beyond all amounts.

    Money is rounded down, so that no share of an amount comes to more than the share.
    """
    try:
        found = figures.figure(value, values)
    except InvalidOperation:
        return None
    if found is None or abs(found) >= LARGEST:
        return None
    if unit == "money":
        return f"{found.quantize(step(currency), ROUND_DOWN) + 0:f}"
    return plain(found.quantize(PERCENT if unit == "percent" else NUMBER, ROUND_DOWN))


def plain(number: Decimal) -> str:
    """Return a number in digits, without an exponent and without idle zeros behind the point."""
    return f"{(number + 0).normalize():f}"
