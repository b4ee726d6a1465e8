"""What the questions of a form must hold together: kinds, choices, tables, computed figures, conditions, size, words."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from app.schemes.compose.terms import Column, Question, SchemeTerms
from workflows import eligibility, figures
from workflows.eligibility import Rule
from workflows.size import MEASURES

# Read as text; "account" and "bic", "phone" and "postcode" by the shape they have in the country of the applicant.
PLAIN = ("text", "long_text", "account", "bic", "phone", "postcode")
NUMBERS = ("whole_number", "number", "money", "percent")
CHOICES = ("choice", "choices")
COUNTED = (*NUMBERS, "computed")
KINDS = frozenset({*PLAIN, *NUMBERS, *CHOICES, "date", "declaration", "table", "file", "computed"})
IN_A_TABLE = frozenset({"text", "whole_number", "number", "money", "choice", "date", "computed"})
UNITS = frozenset({"money", "number", "percent"})
# So many rows a table has at most, and so large a number is, where the question says nothing.
MOST_ROWS = 50
MOST = {"whole_number": 10**9, "number": 10**12, "percent": 100}
# Short enough for the kind of a document, and unlike the names of the buttons of a page.
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What a rule may ask beside the answers; "certificate:KEY" of each course too.
FACTS = frozenset({"size", "registry", "enterprise_country", "other_applications"})
CERTIFICATE = "certificate:"


def mistakes(terms: SchemeTerms) -> Iterator[str]:
    """Find everything in the form, and in what looks at its answers, that does not hold together."""
    found = list(_mistakes(terms))
    yield from found
    if not found:
        # Who waits for whom can only be read from what is written rightly.
        yield from _circles(terms)


def _mistakes(terms: SchemeTerms) -> Iterator[str]:
    asked = {question.key: question for question in terms.questions}
    for question in terms.questions:
        yield from _question(question, asked)
    for kind in terms.documents:
        yield from _test(kind.when, f"documents: {kind.key!r}", asked, frozenset())
    facts = FACTS | {f"{CERTIFICATE}{course.key}" for course in terms.courses}
    for rule in terms.rules:
        yield from _test(rule.test, f"rules: {rule.name}", asked, facts)
    yield from _kept_apart(terms)
    yield from _size(terms, asked)


def waits_for(question: Question) -> frozenset[str]:
    """Return the questions whose answers decide whether a well-written question is asked, or what it comes to."""
    computed = figures.needs(question.value) if question.kind == "computed" else frozenset[str]()
    return _seen(question.when) | {name.partition(".")[0] for name in computed}


def of_cell(column: Column) -> Question:
    """Return the question that a cell of a column asks."""
    return Question(
        key=column.key,
        label=column.label,
        kind=column.kind,
        required=column.required,
        hint=column.hint,
        choices=column.choices,
        longest=column.longest,
    )


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
    yield from _written(question, place)
    if question.minimum > question.maximum > 0:
        yield f"{place}: the minimum is above the maximum."
    if (question.kind == "table") is not bool(question.columns):
        yield f"{place}: a table has columns, and nothing else has."
    if question.kind == "computed":
        yield from _computed(question, place, asked)
    for column in question.columns:
        yield from _column(question, column, place)
    yield from _test(question.when, place, asked, frozenset())


def _written(asked: Question | Column, place: str) -> Iterator[str]:
    """Find what does not go with the kind of a question or column."""
    if (asked.kind in CHOICES) is not bool(asked.choices):
        said = (
            "has choices, and has no kind that offers them" if asked.choices else "has no choices"
        )
        yield f"{place} {said}."
    if asked.value and asked.kind != "computed":
        yield f"{place}: only a computed answer has a value."
    if asked.longest < 1:
        yield f"{place}: longest is at least 1."
    if isinstance(asked, Question) and asked.pattern:
        try:
            re.compile(asked.pattern)
        except re.error as error:
            yield f"{place}: the pattern cannot be read: {error}."


def _computed(question: Question, place: str, asked: dict[str, Question]) -> Iterator[str]:
    if question.unit not in UNITS:
        yield f"{place}: unit is one of {', '.join(sorted(UNITS))}."
    wrong = figures.mistakes(question.value, place)
    yield from wrong
    earlier = list(asked)[: list(asked).index(question.key)]
    for name in [] if wrong else sorted(figures.needs(question.value)):
        table, _, column = name.partition(".")
        if table not in earlier:
            yield f"{place}: it is computed from {table!r}, which is not asked before it."
        elif column:
            yield from _summed(asked[table], column, place)
        elif asked[table].kind not in COUNTED:
            yield f"{place}: it is computed from {table!r}, which is no number."


def _summed(table: Question, column: str, place: str) -> Iterator[str]:
    kinds = {one.key: one.kind for one in table.columns}
    if column not in kinds:
        yield f"{place}: the table {table.key!r} has no column {column!r}."
    elif kinds[column] not in COUNTED:
        yield f"{place}: the column {column!r} of {table.key!r} is no number."


def _column(question: Question, column: Column, place: str) -> Iterator[str]:
    within = f"{place}: column {column.key!r}"
    if column.kind not in IN_A_TABLE:
        yield f"{within} has the unknown kind {column.kind!r}."
    yield from _written(column, within)
    if column.total and column.kind not in COUNTED:
        yield f"{within}: only numbers have a total."
    if column.kind == "computed":
        wrong = figures.mistakes(column.value, within)
        yield from wrong
        numbers = {one.key for one in question.columns if one.kind in NUMBERS}
        named = set() if wrong else figures.needs(column.value) - numbers
        yield from (f"{within}: the table has no number {name!r}." for name in sorted(named))


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
    size = terms.size
    if size is None:
        if any("size" in eligibility.facts_needed(rule.test) for rule in _read(terms)):
            yield "size: missing; a rule asks for the size of the enterprise."
        return
    for measure, name in size.measures.items():
        if measure not in MEASURES:
            yield f"size: no measure is called {measure!r}; there are {', '.join(sorted(MEASURES))}."
        if name not in asked:
            yield f"size: the form does not ask {name!r}."
    if size.sector and size.sector not in asked:
        yield f"size: the form does not ask {size.sector!r}."
    elif size.sector:
        unknown = set(asked[size.sector].choices) - size.sectors.keys()
        yield from (f"size: the sector {one!r} is not mapped." for one in sorted(unknown))


def _read(terms: SchemeTerms) -> Iterator[Rule]:
    """Return the rules whose tests are written well enough to be looked into."""
    return (rule for rule in terms.rules if not eligibility.mistakes(rule.test, ""))


def _circles(terms: SchemeTerms) -> Iterator[str]:
    """Find questions that wait for each other in a circle: nobody could ever be asked one of them."""
    asked = {question.key for question in terms.questions}
    graph = {question.key: sorted(waits_for(question) & asked) for question in terms.questions}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = ", ".join(repr(name) for name in dict.fromkeys(error.args[1]))
        yield f"sections: whether {circle} is asked depends on its own answer."


def _kept_apart(terms: SchemeTerms) -> Iterator[str]:
    """Find keys that cannot be the name of a field, and files that would be taken for a document asked for elsewhere."""
    kinds = {kind.key for kind in terms.documents}
    for question in terms.questions:
        for key in (question.key, *(column.key for column in question.columns)):
            if not KEY.fullmatch(key):
                yield f"sections: {key!r}: a key has at most 40 small letters, digits and underscores."
        if question.kind == "file" and question.key in kinds:
            yield f"sections: question {question.key!r} has the key of a document; take another."
