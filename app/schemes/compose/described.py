"""A form for programs: a JSON Schema (2020-12) of its answers, generated from the same definition as its pages.

What a schema cannot say, such as a sum of a table or the check digit of an account, the form checks all the same.
"""

import re
from collections.abc import Callable
from typing import Any

from app.schemes.compose.asking import MOST, MOST_ROWS, PLAIN, of_cell
from app.schemes.compose.conditions import Conditions
from app.schemes.compose.terms import Column, Question, SchemeTerms
from workflows.money import DECIMALS, LARGEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Fragment = dict[str, Any]
NEVER: Fragment = {"not": {}}
NOTHING: Fragment = {"enum": ["", None]}
# Digits before the point, and behind it, of numbers; what may stand behind them.
_DIGITS = {"whole_number": (12, 0, ""), "number": (12, 6, ""), "percent": (6, 2, "( ?%)?")}


def described(terms: SchemeTerms) -> Fragment:
    """Return the schema of the answers to a form, with the words of each question in every language it is said in.

    A question that is asked on a condition is required where the condition can be said of the answers; ``x-when`` has it as
    the scheme writes it. What is worked out is named, and takes no value.
    """
    conditions = Conditions(terms, rule)
    properties: Fragment = {}
    required: list[str] = []
    asked: list[Fragment] = []
    for section in terms.sections:
        for question in section.questions:
            named = {"x-section": section.key, **_words(question, question.key, terms)}
            properties[question.key] = named
            if question.kind == "computed":
                named |= {"readOnly": True, "x-value": question.value, **NEVER}
                continue
            if question.when:
                asked += _conditional(question, conditions, named, terms.currency)
                continue
            named |= _answer(question, terms.currency)
            required += [question.key] if question.required else []
    return {
        "$schema": DIALECT,
        "title": terms.name,
        "description": f"The answers to the form of {terms.code}, version {terms.version}.",
        "x-scheme": {"code": terms.code, "version": terms.version, "sha256": terms.digest},
        "x-sections": [_section(section.key, section.title, terms) for section in terms.sections],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **({"allOf": asked} if asked else {}),
    }


def rule(question: Question, currency: str) -> Fragment:
    """Return what a given answer to a question looks like."""
    if question.kind == "money":
        return _money(question, currency)
    if question.kind == "table":
        return _table(question, currency)
    made = _MADE.get(question.kind)
    return made(question) if made else dict(_SIMPLE[question.kind])


_SIMPLE: dict[str, Fragment] = {
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "declaration": {"const": "yes"},
    # The number of a document that was sent for this question.
    "file": {"type": "string", "pattern": "^[1-9][0-9]{0,17}$"},
}


def _answer(question: Question, currency: str) -> Fragment:
    found = rule(question, currency)
    if question.required:
        return found
    parts = [found, NOTHING]
    if question.kind == "choices":
        parts.append({"const": []})
    elif question.kind == "table":
        parts.append({"type": "array", "items": _blank(question)})
    return {"anyOf": parts}


def _conditional(
    question: Question, conditions: Conditions, named: Fragment, currency: str
) -> list[Fragment]:
    named["x-when"] = question.when
    condition = conditions.asked(question)
    if condition is None:
        return []
    then: Fragment = {"properties": {question.key: _answer(question, currency)}}
    if question.required:
        then["required"] = [question.key]
    return [{"if": condition, "then": then}]


def _text(question: Question) -> Fragment:
    found: Fragment = {"type": "string", "minLength": 1, "maxLength": question.longest}
    if question.pattern:
        found["pattern"] = f"^(?:{question.pattern})$"
    return found


def _number(question: Question) -> Fragment:
    before, behind, more = _DIGITS[question.kind]
    sign = "-?" if question.minimum < 0 else ""
    point = rf"(\.[0-9]{{1,{behind}}})?" if behind else ""
    most = question.maximum or MOST[question.kind]
    return {
        "anyOf": [
            {"type": "string", "pattern": f"^{sign}[0-9]{{1,{before}}}{point}{more}$"},
            {"type": "integer", "minimum": question.minimum, "maximum": most},
        ]
    }


def _choice(question: Question) -> Fragment:
    return {"enum": list(question.choices)}


def _money(question: Question, currency: str) -> Fragment:
    decimals = DECIMALS[currency]
    point = rf"(\.(?=[0-9])[0-9]{{0,{decimals}}}0*)?"
    grouped = "" if decimals else r"|[0-9]{1,3}(\.[0-9]{3}){1,4}"
    digits = rf"(([0-9]{{1,15}}|[0-9]{{1,3}}(,[0-9]{{3}}){{1,4}}){point}{grouped})"
    code = "".join(f"[{one}{one.lower()}]" for one in currency)
    most = question.maximum or int(LARGEST) - 1
    whole = {"type": "integer", "minimum": max(question.minimum, 0), "maximum": most}
    amount = {"anyOf": [{"type": "string", "pattern": f"^{digits}$"}, whole]}
    return {
        "anyOf": [
            {"type": "string", "pattern": f"^({code} *)?{digits}$"},
            whole,
            {
                "type": "object",
                "properties": {"amount": amount, "currency": {"const": currency}},
                "required": ["amount", "currency"],
                "additionalProperties": False,
            },
        ]
    }


def _several(question: Question) -> Fragment:
    options = list(question.choices)
    return {
        "type": "array",
        "items": {"enum": options},
        "uniqueItems": True,
        "minItems": max(question.minimum, 1),
        "maxItems": question.maximum or len(options),
    }


def _table(question: Question, currency: str) -> Fragment:
    """Return the rows of a table; those in which nothing is filled in may stand between them, and do not count."""
    blank = _blank(question)
    row: Fragment = {
        "type": "object",
        "properties": {one.key: _cell(one, currency) for one in question.columns},
        "required": [
            one.key for one in question.columns if one.required and one.kind != "computed"
        ],
        "additionalProperties": False,
    }
    return {
        "type": "array",
        "items": {"anyOf": [blank, row]},
        "contains": {"not": blank},
        "minContains": max(question.minimum, 1),
        "maxContains": question.maximum or MOST_ROWS,
    }


def _blank(question: Question) -> Fragment:
    """Return a row in which nothing is filled in."""
    typed = [column.key for column in question.columns if column.kind != "computed"]
    return {
        "type": "object",
        "propertyNames": {"enum": typed},
        "additionalProperties": NOTHING,
    }


def _cell(column: Column, currency: str) -> Fragment:
    if column.kind == "computed":
        return {"title": column.label, "readOnly": True, "x-value": column.value, **NEVER}
    return {"title": column.label, **_answer(of_cell(column), currency)}


_MADE: dict[str, Callable[[Question], Fragment]] = {
    **dict.fromkeys(PLAIN, _text),
    **dict.fromkeys(_DIGITS, _number),
    "choice": _choice,
    "choices": _several,
}


def _words(question: Question, place: str, terms: SchemeTerms) -> Fragment:
    """Return what a question says, in English and in the other languages of its scheme."""
    found: Fragment = {"title": question.label, "x-kind": question.kind}
    if question.hint:
        found["description"] = question.hint
    if question.choices:
        found["x-choices"] = question.choices
    if question.columns:
        found["x-columns"] = {one.key: one.label for one in question.columns}
    mine = re.compile(rf"{re.escape(place)}([.:/].+)?")
    said = {
        tag: {key: text for key, text in words.items() if mine.fullmatch(key)}
        for tag, words in terms.languages.items()
    }
    return {**found, **({"x-languages": said} if said else {})}


def _section(key: str, title: str, terms: SchemeTerms) -> Fragment:
    said = {tag: words.get(f"section:{key}", title) for tag, words in terms.languages.items()}
    return {"key": key, "title": title, **({"x-languages": said} if said else {})}
