"""What must hold after everything was killed: nothing acknowledged is lost, nothing is done twice."""

import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select

from app.applications.models import Application
from app.applications.queries import by_id, workflow
from app.audit import queries as audit
from app.db import db, read_only
from app.letters.models import IssuedLetter
from app.trail import queries as trail
from app.trail.models import Event, OutboxEntry
from tests.processes.client import Acknowledged
from tests.processes.crowd import Step

DRAIN_SECONDS = 60.0


@dataclass(frozen=True)
class Told:
    """What the clients know: the road of each case they began, and the acts that were acknowledged."""

    roads: Mapping[str, tuple[Step, ...]]
    drafts: list[str]
    acts: list[Acknowledged]
    repeated: int


@dataclass(frozen=True)
class Start:
    """The last event and the last case there were before; what is older is none of the clients' doing."""

    event: int
    case: int


def start() -> Start:
    """Return where the database stands now."""
    read_only()
    found = Start(
        db.session.scalar(select(func.max(Event.id))) or 0,
        db.session.scalar(select(func.max(Application.id))) or 0,
    )
    db.session.rollback()
    return found


@dataclass
class Report:
    """The outcome of a rage; ``faults`` is empty when everything holds."""

    seed: int
    kills: Counter[str]
    told: Told
    events: int = 0
    letters: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the report as one line."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kills.items()))
        return (
            f"seed {self.seed}: {self.kills.total()} kills ({kinds}); "
            f"{self.told.repeated} requests sent again; {self.events} events; "
            f"{self.letters} letters; {self.lost} lost, {self.doubled} doubled; "
            f"drained in {self.seconds:.1f} s"
        )


def prove(app: Flask, since: Start, report: Report) -> None:
    """Wait until the outbox is drained, then compare the database with what the clients were told."""
    with app.app_context():
        report.seconds = drain(since)
        read_only()
        _outbox(report, since)
        _letters(report, since)
        _events(report, since)
        report.faults += [
            f"{found.stream} event {found.seq}: {found.what}" for found in audit.verify()
        ]
        db.session.remove()


def drain(since: Start) -> float:
    """Wait until nothing is left to do, at most a minute; return how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_SECONDS:
        read_only()
        left = _waiting(since)["ready"]
        db.session.rollback()
        if not left:
            break
        time.sleep(0.2)
    return time.monotonic() - began


def _waiting(since: Start) -> Counter[str]:
    return Counter(
        db.session.scalars(select(OutboxEntry.state).where(OutboxEntry.event_id > since.event))
    )


def _outbox(report: Report, since: Start) -> None:
    waiting = _waiting(since)
    if set(waiting) - {"done"}:
        report.faults.append(f"the outbox is not done: {waiting}")


def _letters(report: Report, since: Start) -> None:
    """Compare the events whose act has a letter with the letters there are."""
    later = IssuedLetter.event_id > since.event
    issued = Counter(db.session.scalars(select(IssuedLetter.event_id).where(later)))
    events = db.session.scalars(select(Event).where(Event.id > since.event))
    due = {event.id for event in events if _has_letter(event)}
    report.letters = issued.total()
    report.lost = len(due - set(issued))
    report.doubled = sum(count - 1 for count in issued.values())
    if report.lost or report.doubled or set(issued) - due:
        report.faults.append(f"letters and events do not match: {due ^ set(issued)}")


def _has_letter(event: Event) -> bool:
    number = db.session.scalars(
        select(Application.id).where(Application.reference == event.stream)
    ).one_or_none()
    if number is None:
        # Of no case: the trail's own, or an agency's.
        return False
    act = workflow(by_id(number)).acts.get(event.kind)
    return act is not None and act.letter_to(json.loads(event.entry)["to"]) is not None


def _events(report: Report, since: Start) -> None:
    """Compare each case with the road it was carried along, and each acknowledgement with the trail."""
    told = report.told
    found = {fact.hash: fact for fact in trail.events_in_order() if fact.id > since.event}
    report.events = len(found)
    for act in told.acts:
        fact = found.get(act.hash)
        if fact is None or (fact.stream, fact.seq, fact.kind) != (act.reference, act.seq, act.act):
            report.faults.append(f"{act} was acknowledged and is not in the trail")
    for reference, road in told.roads.items():
        kinds = [fact.kind for fact in trail.events_of(reference) if fact.kind != "issue_letter"]
        if kinds != [act for _, act, _ in road]:
            report.faults.append(f"{reference} went another way: {kinds}")
    later = Application.id > since.case
    drafts = list(db.session.scalars(select(Application.reference).where(later)))
    if Counter(drafts) != Counter(told.drafts):
        report.faults.append(
            f"drafts and references do not match: {set(drafts) ^ set(told.drafts)}"
        )
