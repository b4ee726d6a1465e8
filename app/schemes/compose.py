"""Reading a scheme: its TOML text into frozen records, strictly, with every mistake named at once."""

import hashlib
import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from app.countries.queries import calendars
from workflows.eligibility import Rule, mistakes, needs
from workflows.format.reading import Malformed
from workflows.money import DECIMALS

# A rubric scores from 0 to 5.
ANCHORS = 6
WHOLE = 100
STATUSES = frozenset({"open", "suspended", "closed"})
KINDS = frozenset({"text", "long_text", "whole_number", "money", "choice", "date", "declaration"})


@dataclass(frozen=True)
class Source:
    """Where a figure of the scheme comes from, and as of when."""

    title: str
    address: str
    as_of: str


@dataclass(frozen=True)
class Question:
    """A question of the form. ``maximum`` bounds numbers, ``longest`` text; ``pattern`` is a whole-match regex."""

    key: str
    label: str
    kind: str
    required: bool = True
    hint: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    minimum: int = 0
    maximum: int = 0
    longest: int = 500
    pattern: str = ""
    pattern_hint: str = ""


@dataclass(frozen=True)
class Section:
    """A page of the form: one task of the task list."""

    key: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document to attach, and how many at least."""

    key: str
    label: str
    minimum: int
    hint: str = ""


@dataclass(frozen=True)
class Criterion:
    """A criterion of the rubric: its weight in per cent and what each score from 0 to 5 means."""

    key: str
    label: str
    weight_pct: int
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class ReasonCode:
    """A coded reason an officer may give, with the sentence the applicant reads and the acts it serves."""

    code: str
    sentence: str
    clause: str
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Precedent:
    """A condition precedent of every award of the scheme."""

    key: str
    sentence: str


@dataclass(frozen=True)
class LoanTerms:
    """Terms of a loan: nominal annual rate in per cent, most instalments (monthly), grace on principal in months."""

    rate_pct: Decimal
    instalments_max: int
    day_count: str
    grace_principal: int


@dataclass(frozen=True)
class CallTerms:
    """A call shipped with the scheme: moments with their offset, budget in units of the currency."""

    code: str
    title: str
    opens_at: datetime
    budget: Decimal
    closes_at: datetime | None = None


@dataclass(frozen=True)
class SchemeTerms:
    """A whole scheme version. Amounts are in units of ``currency``; shares are per cent of the project cost.

    ``calendar`` names the working calendar where it is not that of the whole country, such as "MY-03"; ``switches`` are
    those of the workflow that are on; ``institutions`` names the agency that plays each other part of the workflow.
    """

    code: str
    version: int
    name: str
    summary: str
    instrument: str
    facility: str
    agency: str
    country: str
    currency: str
    status: str
    workflow: str
    tranche_workflow: str
    ceiling: Decimal
    floor: Decimal
    share_max_pct: Decimal
    accept_within_days: int
    reply_within_days: int
    assessments: int
    target_days: int
    sources: tuple[Source, ...]
    assumed: tuple[str, ...]
    ineligible_costs: tuple[str, ...]
    sections: tuple[Section, ...]
    documents: tuple[DocumentKind, ...]
    rules: tuple[Rule, ...]
    criteria: tuple[Criterion, ...]
    reasons: tuple[ReasonCode, ...]
    conditions: tuple[Precedent, ...]
    calls: tuple[CallTerms, ...]
    loan: LoanTerms | None = None
    calendar: str = ""
    switches: tuple[str, ...] = ()
    institutions: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return every question of the form, in order."""
        return tuple(question for section in self.sections for question in section.questions)

    def reasons_for(self, act: str) -> tuple[ReasonCode, ...]:
        """Return the coded reasons that serve an act."""
        return tuple(reason for reason in self.reasons if act in reason.acts)

    def reason(self, code: str) -> ReasonCode:
        """Return a reason by its code; ``KeyError`` when the scheme has none such."""
        return {reason.code: reason for reason in self.reasons}[code]


@cache
def scheme_terms(source: str) -> SchemeTerms:
    """Read a scheme's text; raises ``workflows.definition.Malformed`` with all mistakes. An unknown key is one."""
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("scheme", [f"Not TOML: {error}."]) from error
    found: list[str] = []
    terms = _build(
        SchemeTerms, {**raw, "digest": hashlib.sha256(source.encode()).hexdigest()}, "", found
    )
    if not found:
        found += _inconsistent(terms)
    if found:
        raise Malformed(str(raw.get("code", "scheme")), found)
    return typing.cast("SchemeTerms", terms)


def _inconsistent(terms: SchemeTerms) -> list[str]:
    found = [
        f"sections: question {q.key!r} has the unknown kind {q.kind!r}."
        for q in terms.questions
        if q.kind not in KINDS
    ]
    keys = [question.key for question in terms.questions]
    found += [
        f"sections: question {key!r} stands twice." for key in set(keys) if keys.count(key) > 1
    ]
    needed = {
        "amount",
        "project_cost",
        "project_title",
        "bank_account",
        "bank_bic",
        "account_holder",
    }
    if terms.loan:
        needed |= {"own_equity", "instalments", "method"}
    found += [f"sections: the question {key!r} is missing." for key in sorted(needed - set(keys))]
    if not terms.conditions:
        found.append("conditions: at least one; the last that is met opens disbursement.")
    if sum(criterion.weight_pct for criterion in terms.criteria) != WHOLE:
        found.append("criteria: the weights must sum to 100.")
    found += [
        f"criteria: {c.key!r} needs six anchors, for 0 to 5."
        for c in terms.criteria
        if len(c.anchors) != ANCHORS
    ]
    return [*_unserved(terms), *found, *_rules(terms, set(keys))]


def _unserved(terms: SchemeTerms) -> Iterator[str]:
    if terms.currency not in DECIMALS:
        yield f"currency: {terms.currency!r} is not one that is served."
    if terms.calendar and terms.calendar not in calendars():
        yield f"calendar: {terms.calendar!r} is not one of {', '.join(calendars())}."
    if terms.status not in STATUSES:
        yield f"status: {terms.status!r} is not one of {', '.join(sorted(STATUSES))}."
    for call in terms.calls:
        if any(at is not None and at.tzinfo is None for at in (call.opens_at, call.closes_at)):
            yield f"calls: {call.code!r} needs the offset of its time zone."


def _rules(terms: SchemeTerms, asked: set[str]) -> Iterator[str]:
    """Find rules that are written wrongly, or that wait for an answer nobody is asked for and so never fail."""
    for rule in terms.rules:
        wrong = mistakes(rule.test, f"rules: {rule.name}")
        yield from wrong
        unasked = set() if wrong else needs(rule.test) - asked
        yield from (f"rules: {rule.name}: the form does not ask {k!r}." for k in sorted(unasked))


def _build(kind: Any, table: Any, place: str, found: list[str]) -> Any:
    if not isinstance(table, dict):
        found.append(f"{place or 'the file'}: expected a table.")
        return None
    known = {entry.name: entry for entry in fields(kind)}
    hints = typing.get_type_hints(kind)
    dot = f"{place}." if place else ""
    found += [f"{dot}{key}: unknown key." for key in table if key not in known]
    values = {}
    for name, entry in known.items():
        if name in table:
            values[name] = _value(hints[name], table[name], dot + name, found)
        elif entry.default is MISSING and entry.default_factory is MISSING:
            found.append(f"{dot}{name}: missing.")
            values[name] = None
    return kind(**values)


def _value(hint: Any, value: Any, place: str, found: list[str]) -> Any:
    if isinstance(hint, types.UnionType):
        hint = typing.get_args(hint)[0]
    shape = typing.get_origin(hint) or hint
    if shape is tuple and isinstance(value, list):
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item, f"{place}[{n}]", found) for n, item in enumerate(value))
    if is_dataclass(hint):
        return _build(hint, value, place, found)
    if hint is Decimal:
        return _decimal(value, place, found)
    if not isinstance(value, shape) or (hint is int and isinstance(value, bool)):
        found.append(f"{place}: expected {_NAMES.get(shape, shape.__name__)}.")
        return shape() if shape in _NAMES else value
    return value


_NAMES: dict[Any, str] = {tuple: "a list", dict: "a table", str: "a text", int: "a whole number"}


def _decimal(value: Any, place: str, found: list[str]) -> Decimal:
    try:
        if isinstance(value, str):
            return Decimal(value)
    except InvalidOperation:
        pass
    found.append(f'{place}: expected an amount written as text, such as "200000.00".')
    return Decimal(0)
