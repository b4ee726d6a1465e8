"""In which language a form is asked for, by the address of the page."""

from typing import Any

from flask import request

from app.schemes.compose.speaking import ENGLISH, NAMES, in_language, spoken
from app.schemes.compose.terms import Question, SchemeTerms


def language(terms: SchemeTerms) -> str:
    """Return the tag of the language the address asks for, English where the form is not said in it."""
    tag = request.args.get("lang", "")
    return tag if tag in spoken(terms) else ENGLISH


def tongue(terms: SchemeTerms) -> dict[str, Any]:
    """Return what a page needs to show a form in a language: ``lang`` is "" for that of the page itself."""
    tag = language(terms)
    return {
        "lang": "" if tag == ENGLISH else tag,
        "languages": [(one, NAMES.get(one, one)) for one in spoken(terms)],
    }


def said(terms: SchemeTerms, questions: tuple[Question, ...]) -> list[Question]:
    """Return questions in the language the address asks for."""
    sections = in_language(terms, language(terms))
    words = {question.key: question for section in sections for question in section.questions}
    return [words[question.key] for question in questions]
