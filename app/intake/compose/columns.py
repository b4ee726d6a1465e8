"""The columns of a file of paper applications: those every file has, and those of the form and documents of a scheme."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from app.schemes.compose.terms import Question, SchemeTerms

DOCUMENTS = "documents."
# Each with what is written in the row of hints.
FIXED = {
    "paper_reference": "Hint: the number under which the office files this paper. Delete this row, or leave it: it is not imported.",
    "received_at": "Local day and time at which the office received it, such as 2026-11-20 16:45",
    "archive": "Where the paper is kept, such as Registry room 2, shelf 14",
    "registry_number": "Number of the enterprise in the register of its country",
    "enterprise_name": "Name of the enterprise",
    "enterprise_language": "Language of that name, such as ms, vi or zh-Hans",
    "enterprise_address": "Address of the enterprise, a line each",
    "contact_name": "Name of the person who applies for it",
    "contact_email": "E-mail address of that person",
}
# In a file for a scheme that enterprises of several countries may apply to.
COUNTRY = "enterprise_country"
HINTED = FIXED["paper_reference"]
# A table has no more rows than this where its question does not say.
MOST_LINES = 50
_SHOWN = 3
_KINDS = {
    "choices": "One or several of, separated by |: ",
    "choice": "One of: ",
    "money": "An amount in ",
    "date": "A day, such as 2026-11-22",
    "whole_number": "A whole number in digits",
    "number": "A number",
    "percent": "A number of per cent, such as 12.5",
    "declaration": "yes, where it was declared and signed",
}


@dataclass(frozen=True)
class Column:
    """A column a file may have: its name and hint. One that is ``needed`` may not be left out of the file."""

    name: str
    hint: str
    needed: bool = True


def expected(terms: SchemeTerms) -> list[Column]:
    """Return the columns of a template for a scheme, in order."""
    found = [Column(name, hint) for name, hint in FIXED.items()]
    if len(terms.countries) > 1:
        found.append(Column(COUNTRY, f"One of: {', '.join(terms.countries)}"))
    found += (
        Column(
            f"{DOCUMENTS}{kind.key}",
            f"How many were seen on paper: {kind.label}",
            needed=kind.minimum > 0 and not kind.when,
        )
        for kind in terms.documents
    )
    for question in terms.questions:
        found += _of(question, terms)
    return found


def of_answers(terms: SchemeTerms) -> dict[str, tuple[str, ...]]:
    """Return by the name of a column the place of its answer: question, or table, line and column."""
    found: dict[str, tuple[str, ...]] = {}
    for question in terms.questions:
        if question.kind in ("computed", "file"):
            continue
        if question.kind != "table":
            found[_name(question.key)] = (question.key,)
            continue
        for line in range(lines(question)):
            for column in question.columns:
                if column.kind != "computed":
                    place = (question.key, str(line), column.key)
                    found[".".join(place)] = place
    return found


def of_documents(terms: SchemeTerms) -> dict[str, str]:
    """Return by the name of a column the kind of document it counts: those the scheme asks for, and files of its form."""
    kinds = [kind.key for kind in terms.documents]
    files = [question.key for question in terms.questions if question.kind == "file"]
    return {f"{DOCUMENTS}{key}": key for key in dict.fromkeys((*kinds, *files))}


def misfits(header: Sequence[str], terms: SchemeTerms) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the first row of a file: column and sentence."""
    known = {c.name for c in expected(terms)} | {*of_answers(terms), *of_documents(terms)}
    for place, name in enumerate(header, 1):
        if not name:
            yield "", f"Column {place} has no name in the first row."
        elif name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.8)
            meant = f" Is {near[0]} meant?" if near else ""
            yield name, f"The scheme has no such column.{meant}"
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        yield name, f"The column stands {header.count(name)} times in the file."
    there = set(header)
    for column in expected(terms):
        if column.needed and column.name not in there:
            yield column.name, "The column is missing."


def lines(question: Question) -> int:
    """Return how many lines a table may have."""
    return question.maximum or MOST_LINES


def _of(question: Question, terms: SchemeTerms) -> Iterator[Column]:
    needed = question.required and not question.when
    if question.kind == "computed":
        return
    if question.kind == "file":
        hint = f"How many were seen on paper: {question.label}"
        yield Column(f"{DOCUMENTS}{question.key}", hint, needed)
        return
    if question.kind != "table":
        yield Column(_name(question.key), _hint(question, terms), needed)
        return
    for line in range(min(lines(question), max(question.minimum, _SHOWN))):
        for column in question.columns:
            if column.kind != "computed":
                name = f"{question.key}.{line}.{column.key}"
                asked = Question(column.key, column.label, column.kind, choices=column.choices)
                least = line < max(question.minimum, 1)
                yield Column(name, _hint(asked, terms), needed and column.required and least)


def _hint(question: Question, terms: SchemeTerms) -> str:
    said = _KINDS.get(question.kind, "")
    if question.kind in ("choice", "choices"):
        said += ", ".join(question.choices)
    if question.kind == "money":
        said += terms.currency
    parts = (question.label.rstrip("."), said, "" if question.required else "May be left empty")
    return re.sub(r"\s+", " ", ". ".join(filter(None, parts)))


def _name(key: str) -> str:
    """Return the name of a question's column: its key, unless every file has a column of that name."""
    return f"answers.{key}" if key in FIXED else key
