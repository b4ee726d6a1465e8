"""What the questions of a form must hold together: kinds, choices, tables, computed figures, conditions, size, words."""

from collections.abc import Iterator
from typing import Any

from app.schemes.compose.terms import Column, Question, SchemeTerms
from workflows import eligibility, figures
from workflows.size import MEASURES

# Read as text; "account" and "bic", "phone" and "postcode" by the shape they have in the country of the applicant.
PLAIN = ("text", "long_text", "account", "bic", "phone", "postcode")
NUMBERS = ("whole_number", "number", "money", "percent")
CHOICES = ("choice", "choices")
KINDS = frozenset({*PLAIN, *NUMBERS, *CHOICES, "date", "declaration", "table", "file", "computed"})
IN_A_TABLE = frozenset({"text", "whole_number", "number", "money", "choice", "date", "computed"})
UNITS = frozenset({"money", "number", "percent"})
# What a rule may ask beside the answers; "certificate:KEY" of each course too.
FACTS = frozenset({"size", "registry", "enterprise_country", "other_applications"})
CERTIFICATE = "certificate:"


def mistakes(terms: SchemeTerms) -> Iterator[str]:
    """Find everything in the form, and in what looks at its answers, that does not hold together."""
    asked = {question.key: question for question in terms.questions}
    for question in terms.questions:
        yield from _question(question, asked)
    for kind in terms.documents:
        yield from _test(kind.when, f"documents: {kind.key!r}", asked, frozenset())
    facts = FACTS | {f"{CERTIFICATE}{course.key}" for course in terms.courses}
    for rule in terms.rules:
        yield from _test(rule.test, f"rules: {rule.name}", asked, facts)
    yield from _size(terms, asked)


def places(terms: SchemeTerms) -> list[str]:
    """Return the places of the form whose words can be said in another language.

    A section is named "section:KEY"; a question KEY, its hint "KEY.hint", a choice "KEY:CHOICE", a column "KEY/COLUMN".
    """
    found: list[str] = []
    for section in terms.sections:
        found.append(f"section:{section.key}")
        for question in section.questions:
            found += _spoken(question.key, question)
            for column in question.columns:
                found += _spoken(f"{question.key}/{column.key}", column)
    return found


def _spoken(place: str, asked: Question | Column) -> list[str]:
    hint = [f"{place}.hint"] if asked.hint else []
    return [place, *hint, *(f"{place}:{choice}" for choice in asked.choices)]


def _question(question: Question, asked: dict[str, Question]) -> Iterator[str]:
    place = f"sections: question {question.key!r}"
    if question.kind not in KINDS:
        yield f"{place} has the unknown kind {question.kind!r}."
    if question.kind in CHOICES and not question.choices:
        yield f"{place} has no choices."
    if question.minimum > question.maximum > 0:
        yield f"{place}: the minimum is above the maximum."
    if (question.kind == "table") is not bool(question.columns):
        yield f"{place}: a table has columns, and nothing else has."
    if question.kind == "computed":
        yield from _computed(question, place, asked)
    for column in question.columns:
        yield from _column(question, column, place)
    yield from _test(question.when, place, asked, frozenset())
    if question.when and question.key in _seen(question.when):
        yield f"{place} cannot be asked by its own answer."


def _computed(question: Question, place: str, asked: dict[str, Question]) -> Iterator[str]:
    if question.unit not in UNITS:
        yield f"{place}: unit is one of {', '.join(sorted(UNITS))}."
    wrong = figures.mistakes(question.value, place)
    yield from wrong
    if wrong:
        return
    earlier = list(asked)[: list(asked).index(question.key)]
    for name in sorted(figures.needs(question.value)):
        table, _, column = name.partition(".")
        if table not in earlier:
            yield f"{place}: it is computed from {table!r}, which is not asked before it."
        elif column and column not in {one.key for one in asked[table].columns}:
            yield f"{place}: the table {table!r} has no column {column!r}."


def _column(question: Question, column: Column, place: str) -> Iterator[str]:
    within = f"{place}: column {column.key!r}"
    if column.kind not in IN_A_TABLE:
        yield f"{within} has the unknown kind {column.kind!r}."
    if column.kind == "choice" and not column.choices:
        yield f"{within} has no choices."
    if column.kind == "computed":
        wrong = figures.mistakes(column.value, within)
        yield from wrong
        others = {one.key for one in question.columns if one.kind != "computed"}
        named = set() if wrong else figures.needs(column.value) - others
        yield from (f"{within}: the table has no column {name!r}." for name in sorted(named))


def _test(
    test: dict[str, Any], place: str, asked: dict[str, Question], facts: frozenset[str]
) -> Iterator[str]:
    """Find a test that is written wrongly, or that waits for what nobody is asked for and so never fails."""
    wrong = eligibility.mistakes(test, place) if test else []
    yield from wrong
    if wrong:
        return
    for name in sorted(_seen(test) - asked.keys()):
        yield f"{place}: the form does not ask {name!r}."
    for name in sorted(eligibility.facts_needed(test) - facts):
        yield f"{place}: no fact is called {name!r}."


def _seen(test: dict[str, Any]) -> frozenset[str]:
    return eligibility.needs(test) if test else frozenset()


def _size(terms: SchemeTerms, asked: dict[str, Question]) -> Iterator[str]:
    if terms.size is None:
        return
    for measure, name in terms.size.measures.items():
        if measure not in MEASURES:
            yield f"size: no measure is called {measure!r}; there are {', '.join(sorted(MEASURES))}."
        if name not in asked:
            yield f"size: the form does not ask {name!r}."
    if terms.size.sector and terms.size.sector not in asked:
        yield f"size: the form does not ask {terms.size.sector!r}."
    elif terms.size.sector:
        unknown = set(asked[terms.size.sector].choices) - terms.size.sectors.keys()
        yield from (f"size: the sector {one!r} is not mapped." for one in sorted(unknown))
