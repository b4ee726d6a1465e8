"""The road from a draft to the last payment, walked through the JSON interface by the people who would."""

import hashlib
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.applications.models import Application
from app.audit.queries import verify
from app.db import db
from app.letters.models import IssuedLetter
from app.trail.models import Event, OutboxEntry
from app.trail.queries import Fact, events_of
from app.worker import run
from tests.answers import DOCUMENTS, GRANT, GRANT_ANSWERS, LOAN_ANSWERS
from tests.factories import budget
from tests.interface import CASES, Interface
from tests.world import pdf

ANSWERS = {GRANT: GRANT_ANSWERS}
ZONES = {"my": "Asia/Kuala_Lumpur", "vn": "Asia/Ho_Chi_Minh"}
CRITERIA = {"my": ("growth", "feasibility", "cost"), "vn": ("repayment", "project", "security")}
PRECEDENTS = {"my": ("agreement", "account"), "vn": ("agreement", "security", "equity")}
ASK = {"my": "claim", "vn": "draw_down"}


class Road:
    """One case, and the people around it, each signed in when first needed."""

    def __init__(self, app: Flask, call: str) -> None:
        """Begin a draft under a call."""
        self.app = app
        self.call = call
        self.country = "my" if call == GRANT else "vn"
        self._people: dict[str, Interface] = {}
        self.answers = ANSWERS.get(call, LOAN_ANSWERS)
        self.reference = self.who("applicant").begin(call)

    def who(self, name: str) -> Interface:
        """Return a person of the country of the call."""
        if name not in self._people:
            self._people[name] = Interface(self.app, f"{name}.{self.country}")
        return self._people[name]

    def sign_in_again(self) -> None:
        """Let everybody sign in anew when next needed."""
        self._people.clear()

    def refused(self, name: str, act: str, data: Any = None, **more: Any) -> TestResponse:
        """Take an act, whatever comes of it."""
        return self.who(name).act(self.reference, act, data, **more)

    def act(self, name: str, act: str, data: Any = None, **more: Any) -> dict[str, Any]:
        """Take an act that must succeed, and return the answer."""
        answer = self.refused(name, act, data, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def seen(self, name: str = "applicant") -> dict[str, Any]:
        """Return the case as a person sees it."""
        return self.who(name).case(self.reference)

    @property
    def state(self) -> str:
        """Return the state of the case as the applicant sees it."""
        return str(self.seen()["state"])

    def filled_in(self, **changed: str) -> None:
        """Answer every question and attach every document."""
        applicant = self.who("applicant")
        answered = applicant.answer(self.reference, {**self.answers, **changed})
        assert (answered.status_code, answered.get_json()["problems"]) == (200, {})
        for number, kind in enumerate(DOCUMENTS[self.call]):
            attached = applicant.attach(self.reference, kind, pdf(f"{kind} {number}"))
            assert attached.status_code == 201, attached.text

    def screening(self, **changed: str) -> None:
        """Walk to the desk officer's screening."""
        self.filled_in(**changed)
        self.act("applicant", "submit")
        self.act("desk", "take_up")

    def decision(self, shares: tuple[str, ...] = ("100",), **changed: str) -> None:
        """Walk to the decision, with tranches in per cent."""
        self.screening(**changed)
        self.act("desk", "pass")
        scores = dict.fromkeys(CRITERIA[self.country], 4)
        for assessor in ("assessor", "assessor_two"):
            self.act(assessor, "assess", {"scores": scores, "comment": "Read with care."})
        plan = [{"purpose": f"Part {n}", "share_pct": pct} for n, pct in enumerate(shares, 1)]
        advice = {"outcome": "approve", "amount": self.amount(changed), "tranches": plan}
        self.act("desk", "recommend", advice)

    def amount(self, changed: dict[str, str] | None = None) -> str:
        """Return the amount asked for, as typed."""
        return {**self.answers, **(changed or {})}["amount"]

    def disbursing(self, shares: tuple[str, ...] = ("100",)) -> None:
        """Walk to the disbursement."""
        self.decision(shares)
        self.act("approver", "approve", {"amount": self.amount()})
        self.act("applicant", "accept", {"agree": "yes"})
        for key in PRECEDENTS[self.country]:
            self.act("desk", "meet_condition", {"condition": key, "evidence": "Seen."})

    def released(self, number: int) -> None:
        """Walk one tranche to the bank."""
        self.act("applicant", ASK[self.country], number=number)
        self.act("desk", "verify", number=number)
        self.sent_again(number)

    def sent_again(self, number: int) -> None:
        """Prepare, check and release the payment of a verified or rejected tranche."""
        self.act("maker", "prepare", number=number)
        self.act("checker", "check", {"sha256": self.digest(number)}, number=number)
        self.act("releaser", "release", {"sha256": self.digest(number)}, number=number)

    def paid(self, number: int) -> dict[str, Any]:
        """Confirm that the bank paid a tranche today, where the scheme is at home."""
        today = clock.today(ZONES[self.country]).isoformat()
        bank = {"bank_reference": f"BANK-{number}", "paid_on": today}
        return self.act("maker", "confirm", bank, number=number)

    def digest(self, number: int) -> str:
        """Return the digest of the payment file, as the officers see it."""
        return str(self.seen("desk")["tranches"][number - 1]["file_sha256"])

    def tranches(self) -> list[str]:
        """Return the state of each tranche."""
        return [tranche["state"] for tranche in self.seen("desk")["tranches"]]

    def events(self) -> list[Fact]:
        """Return the trail of the case."""
        return events_of(self.reference)

    def letters(self) -> list[str]:
        """Do what the events entail and return the kinds of letters, oldest first.

        Every letter is there once, its digest is that of its bytes, and doing the work again changes nothing.
        """
        entries = do_all_work()
        assert {run(entry) for entry in entries} <= {"skip"}
        listed = self.who("applicant").get(f"{CASES}/{self.reference}/letters").get_json()
        for letter in listed["letters"]:
            path = f"{CASES}/{self.reference}/letters/{letter['id']}.pdf"
            content = self.who("applicant").get(path).data
            assert content.startswith(b"%PDF-")
            assert hashlib.sha256(content).hexdigest() == letter["sha256"]
        return [letter["kind"] for letter in listed["letters"]]


def do_all_work() -> list[int]:
    """Do the work of every outbox entry that is not done yet, and return their numbers."""
    ready = select(OutboxEntry.id).where(OutboxEntry.state == "ready").order_by(OutboxEntry.id)
    entries = list(db.session.scalars(ready))
    assert [run(entry) for entry in entries] == ["done"] * len(entries)
    assert not list(db.session.scalars(ready))
    return entries


def holds() -> bool:
    """Tell whether every chain of the trail holds, and every event that has a letter has exactly one."""
    db.session.expire_all()
    entitled = select(OutboxEntry.event_id).where(OutboxEntry.duty == "letter")
    issued = select(IssuedLetter.event_id)
    return verify() == [] and sorted(db.session.scalars(entitled)) == sorted(
        db.session.scalars(issued)
    )


def money(call: str) -> tuple[int, int]:
    """Return what is reserved and what is paid under a call, in minor units."""
    return budget(call)


def row(reference: str) -> dict[str, Any]:
    """Return everything the database holds of a case itself, and how much hangs on it, to compare."""
    table = Application.__table__
    found = db.session.execute(select(table).where(table.c.reference == reference)).mappings().one()
    # Who looked at exports leaves events of its own.
    kept = select(Event.hash).where(Event.kind != "export").order_by(Event.id)
    events = db.session.scalars(kept).all()
    entries = db.session.scalars(select(OutboxEntry.key).order_by(OutboxEntry.id)).all()
    return {**found, "events": list(events), "outbox": list(entries)}
