"""Checking eligibility before applying: answers from a page or the interface, and nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.schemes.compose.judging import Given, Judged, deciding, judge
from app.schemes.compose.terms import Question, SchemeTerms
from app.schemes.schemas import draft, filled, sent


@dataclass(frozen=True)
class Preliminary:
    """What the rules come to for answers that somebody tries; ``problems`` are those of the questions that decide."""

    questions: tuple[Question, ...]
    answers: dict[str, Any]
    problems: dict[str, list[str]]
    judged: Judged


def from_page(terms: SchemeTerms, form: Mapping[str, list[str]]) -> Preliminary:
    """Try what a page sent for the questions that decide."""
    return tried(terms, sent(deciding(terms), form))


def tried(terms: SchemeTerms, answers: Mapping[str, Any]) -> Preliminary:
    """Try answers; raises ``Invalid`` for what no form can send.

    Where enterprises of several countries may apply, the size is told only when one does: each has its own law.
    """
    kept = draft(terms, answers)
    asked = deciding(terms)
    (country,) = terms.countries if len(terms.countries) == 1 else ("",)
    found = filled(terms, kept, country)
    given = Given(found.values, found.asked, country)
    names = {question.key for question in asked}
    wrong = {
        place: said for place, said in found.problems.items() if place.partition(".")[0] in names
    }
    worked_out = {
        q.key: found.values[q.key] for q in asked if q.kind == "computed" and q.key in found.values
    }
    return Preliminary(asked, kept | worked_out, wrong, judge(terms, given, {}))
