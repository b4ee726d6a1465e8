"""A form in one of the languages its scheme speaks: the same questions, said in other words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from app.schemes.compose.terms import Column, Question, SchemeTerms, Section

ENGLISH = "en"
# What languages call themselves, by their tags (Unicode CLDR); another is shown by its tag.
NAMES = {
    "en": "English",
    "fil": "Filipino",
    "id": "Bahasa Indonesia",
    "km": "ភាសាខ្មែរ",
    "lo": "ລາວ",
    "ms": "Bahasa Melayu",
    "my": "မြန်မာ",
    "pt": "Português",
    "ta": "தமிழ்",
    "tet": "Tetun",
    "th": "ไทย",
    "vi": "Tiếng Việt",
    "zh-Hans": "简体中文",
}

Asked = TypeVar("Asked", Question, Column)


def spoken(terms: SchemeTerms) -> tuple[str, ...]:
    """Return the tags of the languages in which the form can be shown, English first."""
    return (ENGLISH, *(tag for tag in terms.languages if tag != ENGLISH))


def in_language(terms: SchemeTerms, tag: str) -> tuple[Section, ...]:
    """Return the sections of a form with titles, questions, hints and choices in a language.

    A language nobody gave words for is English; so is a place without words.
    """
    words = terms.languages.get(tag)
    if not words:
        return terms.sections
    return tuple(
        replace(
            section,
            title=words.get(f"section:{section.key}", section.title),
            questions=tuple(_question(question, words) for question in section.questions),
        )
        for section in terms.sections
    )


def _question(question: Question, words: Mapping[str, str]) -> Question:
    columns = tuple(_said(one, f"{question.key}/{one.key}", words) for one in question.columns)
    return replace(_said(question, question.key, words), columns=columns)


def _said(asked: Asked, place: str, words: Mapping[str, str]) -> Asked:
    return replace(
        asked,
        label=words.get(place, asked.label),
        hint=words.get(f"{place}.hint", asked.hint),
        choices={key: words.get(f"{place}:{key}", said) for key, said in asked.choices.items()},
    )
