"""A case as people read it on paper: who did what, when, under which authority, and what was decided why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts import queries as accounts
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.preparing import prepared
from app.audit import render
from app.audit.compose.archive import Archive
from app.audit.compose.sayings import (
    Pairs,
    act_of,
    clock_in_words,
    decides,
    definitions,
    numbers,
    papers,
    quorum_in_words,
    said,
    told,
    under,
)
from app.checkpoints.models import Checkpoint
from app.countries.queries import country
from app.db import db
from app.schemes import queries as schemes
from app.trail.queries import ERASED, Fact, events_of
from workflows.money import formatted

_TITLES = {
    "declare_interest": "Interest declared",
    "clock_warned": "Warned that the time is nearly over",
    "clock_escalated": "Late: put on a further list",
    "clock_recomputed": "Last day computed anew",
    "issue_letter": "Letter issued",
    "migrate": "Moved to another version of the workflow",
    "erase": "Personal data erased",
    "place_hold": "Legal hold placed",
    "lift_hold": "Legal hold lifted",
}


@dataclass(frozen=True)
class Line:
    """An event: its number, when it was recorded (local time), who, the duty, the act, where it led, and what more is said."""

    seq: int
    when: str
    who: str
    duty: str
    act: str
    moved: str
    more: Pairs
    hash: str


@dataclass(frozen=True)
class Ruling:
    """A decision: its title and what is said of it."""

    title: str
    facts: Pairs


@dataclass(frozen=True)
class Dossier:
    """Everything a dossier shows, as text."""

    reference: str
    agency: str
    enterprise: str
    language: str
    zone: str
    made_on: str
    facts: Pairs
    rulings: tuple[Ruling, ...]
    lines: tuple[Line, ...]
    papers: tuple[tuple[str, str, str], ...]
    definitions: tuple[tuple[str, str, str], ...]
    checkpoint: Pairs


def write_dossiers(
    archive: Archive, references: list[str], newest: Checkpoint, tell: Callable[[], None]
) -> None:
    """Add the dossier of each case; one that is too long to print says so."""
    for reference in references:
        found = dossier(reference, newest)
        try:
            archive.put(f"dossiers/{reference}.pdf", render.dossier(found), packed=False)
        except ValueError as error:
            text = f"The dossier of {reference} was not made: {error}. Its events are in events.jsonl.\n"
            archive.put(f"dossiers/{reference}.txt", text.encode())
        tell()


def dossier(reference: str, newest: Checkpoint) -> Dossier:
    """Return the dossier of a case, under a checkpoint."""
    application = db.session.scalars(
        select(Application).where(Application.reference == reference)
    ).one()
    facts = events_of(reference)
    reading = _Reading(application, facts)
    return Dossier(
        reference=reference,
        agency=application.scheme.agency.name,
        enterprise=application.enterprise.name,
        language=application.enterprise.language,
        zone=reading.zone.key,
        made_on=reading.time(newest.at),
        facts=reading.heading(),
        rulings=tuple(reading.ruling(fact) for fact in facts if decides(fact)),
        lines=tuple(reading.line(fact) for fact in facts),
        papers=papers(facts),
        definitions=definitions(facts),
        checkpoint=under(newest),
    )


class _Reading:
    """How the events of one case read."""

    def __init__(self, application: Application, facts: list[Fact]) -> None:
        self.application = application
        self.terms = applications.terms(application)
        self.zone = ZoneInfo(country(self.terms.country).zone)
        self.names = accounts.names({n for fact in facts for n in numbers(fact.entry)})
        self.gone = self._gone(facts)
        self.reasons = {reason.code: reason for reason in self.terms.reasons}

    def time(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {local:%b %Y, %H:%M:%S}"

    def _gone(self, facts: list[Fact]) -> str:
        """Return what stands for private words that are not there any more."""
        for fact in facts:
            if fact.kind == ERASED:
                law = fact.record["detail"]["law"]
                return f"erased on {self.time(fact.at)} under {law}"
        return "not shown here"

    def name(self, mark: str) -> str:
        kind, _, number = mark.partition(":")
        if kind == "system" or not number.isdecimal():
            return f"the system ({mark})" if kind == "system" else mark
        return f"{self.names.get(int(number), 'unknown')} ({mark})"

    def money(self, minor: Any, currency: Any) -> str:
        return formatted(minor, currency or self.application.currency) if minor else ""

    def heading(self) -> Pairs:
        case, terms = self.application, self.terms
        state = applications.workflow(case).states[case.state]
        return told(
            ("Enterprise", f"{case.enterprise.name}, {case.enterprise.registry_number}"),
            ("Agency", case.scheme.agency.name),
            ("Facility", terms.facility),
            ("Scheme", f"{terms.name} ({terms.code}, version {terms.version})"),
            ("Requested", self.money(case.requested_minor, case.currency)),
            ("Where it stands", state.officer),
            ("Applicant", self.name(case.applicant.mark)),
            ("Prepared by", self._prepared()),
        )

    def _prepared(self) -> str:
        found = prepared(self.application)
        return f"{found.words} ({found.code}), under consent {found.consent}" if found else ""

    def ruling(self, fact: Fact) -> Ruling:
        detail = fact.record["detail"]
        currency = detail.get("currency")
        advised = detail.get("recommendation") or {}
        quorum = detail.get("quorum") or {}
        outcome = {"approve": "Approved", "decline": "Declined"}.get(
            detail["decided"], detail["decided"]
        )
        departs = {"yes": "Yes", "no": "No"}.get(detail.get("departs_from_recommendation", ""), "")
        pairs = told(
            ("Outcome", outcome),
            ("Amount", self.money(detail.get("amount"), currency)),
            ("Decided", f"{self.time(fact.at)}, by {self._who(fact)}"),
            ("Authority", self._authority(detail, currency)),
            ("Recommendation", self._advised(advised, currency)),
            ("Departs from it", departs),
            ("Quorum", quorum_in_words(quorum)),
            ("Votes", "; ".join(self._vote(vote) for vote in detail.get("votes", []))),
            ("Dissent", ", ".join(self.name(mark) for mark in detail.get("dissent", []))),
            ("Reasons", self._reasons(detail.get("reasons_given") or fact.record["reasons"])),
            ("Said", said(fact, self.gone)),
            ("Event", f"{fact.seq}, hash {fact.hash}"),
        )
        return Ruling(f"{outcome}: {self._title(fact)}", pairs)

    def line(self, fact: Fact) -> Line:
        record = fact.record
        detail = record.get("detail", {})
        states = [f"“{self._state(record, name)}”" for name in ("from", "to") if name in record]
        return Line(
            seq=fact.seq,
            when=self.time(fact.at),
            who=self._who(fact),
            duty=record.get("duty", "").replace("_", " "),
            act=self._title(fact),
            moved=" to ".join(states),
            more=told(
                ("Amount", self.money(detail.get("amount"), detail.get("currency"))),
                ("Vote", detail.get("vote", "")),
                ("Authority", self._authority(detail, detail.get("currency"))),
                ("Reasons", self._reasons(record.get("reasons", []))),
                ("Rules that held", ", ".join(record.get("guards", []))),
                ("Clock", clock_in_words(record.get("clock") or {})),
                ("Said", said(fact, self.gone)),
            ),
            hash=fact.hash,
        )

    def _who(self, fact: Fact) -> str:
        giver = fact.record.get("on_behalf_of", "")
        if not giver:
            return self.name(fact.actor)
        return f"{self.name(fact.actor)}, for {self.name(giver)}, delegation {fact.record['delegation']}"

    def _state(self, record: dict[str, Any], name: str) -> str:
        known = schemes.workflow(record["workflow"]["sha256"]).states.get(record[name])
        return known.officer if known else str(record[name])

    def _title(self, fact: Fact) -> str:
        act = act_of(fact)
        title = act.event if act else _TITLES.get(fact.kind, fact.kind)
        tranche = fact.record.get("detail", {}).get("tranche")
        return f"Tranche {tranche}: {title}" if tranche else title

    def _authority(self, detail: dict[str, Any], currency: str | None) -> str:
        found = detail.get("authority") or {}
        if not found.get("instrument"):
            return ""
        return f"{found['instrument']}, up to {self.money(found.get('limit'), currency)}"

    def _advised(self, advised: dict[str, Any], currency: str | None) -> str:
        if not advised:
            return ""
        amount = self.money(advised.get("amount"), currency)
        return f"{advised['outcome']} {amount}".strip() + f", by {self.name(advised['officer'])}"

    def _vote(self, vote: dict[str, str]) -> str:
        whose = "" if vote["for"] == vote["actor"] else f" for {self.name(vote['for'])}"
        return f"{self.name(vote['actor'])}{whose}: {vote['vote']}"

    def _reasons(self, codes: list[str]) -> str:
        known = (self.reasons.get(code) for code in codes)
        return "; ".join(
            f"{code}: {found.sentence} ({found.clause})" if found else code
            for code, found in zip(codes, known, strict=True)
        )
