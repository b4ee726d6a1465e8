"""A scheme version as frozen records: what ``app.schemes.compose.reading`` reads from a TOML file."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.schemes.compose.funding import (
    CallTerms,
    ClaimTerms,
    GuaranteeTerms,
    LoanTerms,
    PaymentTerms,
)
from workflows.eligibility import Rule
from workflows.schedule import due_date

ILLUSTRATIVE = "illustrative"
# Any one agency of the country the enterprise is registered in, and those of the others in which it operates.
HOME, ELSEWHERE = "@home", "@elsewhere"


@dataclass(frozen=True)
class Source:
    """Where a figure of the scheme comes from, and as of when; ``key`` is how ``basis`` names it.

    ``grade`` says who speaks: "official" (a law, a ministry, the operator), "press" or "secondary"; "" where nobody said.
    """

    title: str
    address: str
    as_of: str
    key: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table question. ``value`` computes it from other columns; ``total`` sums it under the table."""

    key: str
    label: str
    kind: str
    required: bool = True
    hint: str = ""
    choices: dict[str, str] = field(default_factory=dict)
    longest: int = 200
    value: dict[str, Any] = field(default_factory=dict)
    total: bool = False


@dataclass(frozen=True)
class Question:
    """A question of the form. ``maximum`` bounds numbers, ``longest`` text; ``pattern`` is a whole-match regex.

    ``when`` is a test on other answers (see ``workflows.eligibility``): the question is asked only where it holds.
    ``columns`` are those of a table, with at least ``minimum`` and at most ``maximum`` rows. ``value`` computes an answer
    nobody types (see ``workflows.figures``), read as ``unit``: money, number or percent.
    """

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
    when: dict[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    value: dict[str, Any] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True)
class Section:
    """A page of the form: one task of the task list."""

    key: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document to attach, and how many at least; only where ``when`` holds on the answers."""

    key: str
    label: str
    minimum: int
    hint: str = ""
    when: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Criterion:
    """A criterion of the rubric: its weight in per cent and what each score from 0 to 5 means.

    One that ``may_not_apply`` leaves the mean where an assessor says so.
    """

    key: str
    label: str
    weight_pct: int
    anchors: tuple[str, ...]
    may_not_apply: bool = False


@dataclass(frozen=True)
class ReasonCode:
    """A coded reason an officer may give, with the sentence the applicant reads and the acts it serves.

    Of one that is ``silent`` the applicant reads the sentence alone: neither the code nor what the officer wrote.
    """

    code: str
    sentence: str
    clause: str
    acts: tuple[str, ...]
    silent: bool = False


@dataclass(frozen=True)
class Precedent:
    """A condition of every award of the scheme: precedent to the first money, or to one ``tranche``, or subsequent to it.

    One that is subsequent may have to be met within so many months of the approval.
    """

    key: str
    sentence: str
    stage: str = "precedent"
    tranche: int = 0
    within_months: int = 0

    def due_on(self, approved_on: date) -> date | None:
        """Return the last local day to meet it, ``None`` where there is none."""
        return due_date(approved_on, self.within_months) if self.within_months else None


@dataclass(frozen=True)
class Course:
    """A certified course a scheme asks for: who may certify it, and for how many months a certificate holds (0: for ever)."""

    key: str
    label: str
    issuers: tuple[str, ...]
    valid_months: int = 0


@dataclass(frozen=True)
class SizeQuestions:
    """Which questions feed the size test of the country: measure to question (see ``workflows.size``).

    ``sectors`` maps the choices of the question that says the sector to the sectors of the test.
    """

    measures: dict[str, str]
    sector: str = ""
    sectors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tier:
    """One row of the scheme's authority matrix, amounts in units of its currency: who decides above ``above`` up to ``up_to``.

    ``decision`` names the decision of the workflow; the other words are those of ``workflows.definition.Band``.
    """

    by: str
    of: int
    needed: int | str
    decision: str = "award"
    above: str = "0"
    up_to: str = ""
    body: str = ""
    present: int = 1


@dataclass(frozen=True)
class ClockTerms:
    """How long a state of the workflow takes in this scheme: ``days`` of ``unit``, with a reminder ``warn`` days before."""

    days: int
    unit: str
    warn: int = 0


@dataclass(frozen=True)
class SchemeTerms:
    """A whole scheme version. Amounts are in units of ``currency``; shares are per cent of the project cost.

    ``calendar`` names the working calendar where it is not that of the whole country, such as "MY-03"; ``switches`` are
    those of the workflow that are on; ``institutions`` names the agency that plays each other part of the workflow, or
    ``HOME`` or ``ELSEWHERE``, for which ``focal_points`` names one agency by country. ``regional`` marks a scheme of the
    regional fund: ``country`` is then where its seat is. ``open_to`` are the countries whose enterprises may apply ("()":
    its own). ``one_per`` is "call" or "scheme" where an enterprise may have one application only. ``basis`` says of each
    figure where it comes from: the key of a source or "illustrative", with words behind a colon. ``languages`` holds the
    words of the form in other languages, by language tag and place. ``letters`` adds words to letters, by kind.
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
    guarantee: GuaranteeTerms | None = None
    payments: PaymentTerms = field(default_factory=PaymentTerms)
    claims: ClaimTerms = field(default_factory=ClaimTerms)
    calendar: str = ""
    switches: tuple[str, ...] = ()
    institutions: dict[str, str] = field(default_factory=dict)
    focal_points: dict[str, str] = field(default_factory=dict)
    regional: bool = False
    open_to: tuple[str, ...] = ()
    one_per: str = ""
    calls_may_overlap: bool = False
    status_note: str = ""
    eligible_costs: tuple[str, ...] = ()
    basis: dict[str, str] = field(default_factory=dict)
    size: SizeQuestions | None = None
    courses: tuple[Course, ...] = ()
    authority: tuple[Tier, ...] = ()
    clocks: dict[str, ClockTerms] = field(default_factory=dict)
    languages: dict[str, dict[str, str]] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    digest: str = ""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return every question of the form, in order."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def instrument_name(self) -> str:
        """Return the instrument as people read it: Shariah-compliant financing is not called a loan."""
        sold = self.loan is not None and self.loan.sale is not None
        return "Shariah-compliant financing" if sold else self.instrument

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the countries whose enterprises may apply, by ISO 3166 code."""
        return self.open_to or (self.country,)

    def exclusive(self, call: str, enterprise_id: int) -> str | None:
        """Return the name of what an enterprise may have one application of only, ``None`` where it may have several."""
        within = {"call": call, "scheme": self.code}.get(self.one_per)
        return f"{self.one_per}:{within}:{enterprise_id}" if within else None

    def reasons_for(self, act: str) -> tuple[ReasonCode, ...]:
        """Return the coded reasons that serve an act."""
        return tuple(reason for reason in self.reasons if act in reason.acts)

    def reason(self, code: str) -> ReasonCode:
        """Return a reason by its code; ``KeyError`` when the scheme has none such."""
        return {reason.code: reason for reason in self.reasons}[code]

    def basis_of(self, figure: str) -> tuple[Source | None, str]:
        """Return where a figure comes from: its source, ``None`` for an illustrative one, and what is to be said of it."""
        named, _, words = self.basis.get(figure, ILLUSTRATIVE).partition(":")
        found = next((source for source in self.sources if source.key == named), None)
        return found, words.strip()
