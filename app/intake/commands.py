"""What can happen to files of paper applications: handed in, imported as a whole, or refused with every reason."""

import hashlib
import secrets
from dataclasses import replace

from sqlalchemy import update

from app import clock
from app.accounts.commands import hasher, locked_agency
from app.accounts.models import Enterprise, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries import dollars
from app.db import db
from app.documents.commands import Upload
from app.errors import Conflict, Invalid
from app.intake import queries
from app.intake.compose import MOST_BYTES, Fault, Row, imported, of_faults
from app.intake.compose.checking import Checked, enterprise_of, lodging, shut, was_open
from app.intake.models import Batch, PaperFiling
from app.schemes import queries as schemes
from app.schemes.commands import locked as locked_call
from app.schemes.models import Call
from app.submissions import commands as submissions
from app.submissions.compose import Paper
from app.trail.commands import Entry, record
from workflows.evidence.chain import moment
from workflows.facts import Facts
from workflows.machine import Refused

# Each may take a worker for a minute.
MOST_WAITING = 5
_CHANGED = "The scheme was changed while the file was read."


class Stopped(Exception):
    """A row cannot be saved after all, since something has changed; nothing of the file is."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.sentence)


def ask(call_code: str, upload: Upload, *, aside: bool = True, actor: Person) -> Batch:
    """Take in a file for a call; with ``aside`` a worker imports it, else whoever calls does in the same transaction.

    Raises ``Missing`` for a call of another agency, ``Invalid`` for no file or one too large, ``Conflict`` while too many
    files wait. It is recorded on the trail of the agency.
    """
    call = queries.call(call_code, actor=actor)
    content = upload.content
    if not content:
        raise Invalid({"file": ["Choose a file. The one you sent is empty."]})
    if len(content) > MOST_BYTES:
        raise Invalid({"file": [f"The file is larger than {MOST_BYTES // 1024 // 1024} MB."]})
    agency = locked_agency(call.scheme.agency_id)
    if aside and queries.waiting(agency.id) >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} files of your agency are still being read. Wait for one.")
    sha256 = hashlib.sha256(content).hexdigest()
    detail = {"call": call.code, "sha256": sha256, "bytes": len(content)}
    entry = Entry("import_applications", actor.mark, {"detail": detail})
    if aside:
        entry = replace(entry, duties=((queries.DUTY, {}),))
    batch = Batch(
        agency_id=agency.id,
        call_id=call.id,
        filename=_safe(upload.filename),
        sha256=sha256,
        content=content,
        state="waiting",
        total=0,
        done=0,
        report=[],
        event_id=record(agency, entry).id,
        asked_by=actor.id,
        asked_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def progress(number: int, done: int, total: int) -> None:
    """Note how far the reading of a file is."""
    moved = update(Batch).where(Batch.id == number, Batch.state.in_(("waiting", "running")))
    db.session.execute(moved.values(state="running", done=done, total=total))


def finish(batch: Batch, checked: Checked) -> None:
    """Save every row of a file that was checked, or none, and note what came of it.

    Raises ``Conflict`` when the scheme was changed meanwhile, and ``IntegrityError`` when somebody else was first with
    a paper, a person or an enterprise: the file is then to be checked again.
    """
    report = of_faults(checked.faults)
    if not checked.faults:
        try:
            report = _all_or_none(batch, checked)
        except Stopped as stopped:
            checked.faults.append(stopped.fault)
            report = of_faults(checked.faults)
    batch.report = report
    batch.done = batch.total = len(checked.rows)
    _end(batch, "refused" if checked.faults else "imported")


def fail(number: int, why: str) -> None:
    """Note that a file could not be imported, and why."""
    batch = db.session.get_one(Batch, number, populate_existing=True)
    batch.report = of_faults([Fault(0, "", why)])
    _end(batch, "failed")


def _end(batch: Batch, state: str) -> None:
    batch.state, batch.finished_at = state, clock.now()
    # It holds personal data, and is not needed any more: what was imported stands in the cases.
    batch.content = b""
    lodged = [row for row in batch.report if row.get("known") is False]
    known = [row for row in batch.report if row.get("known")]
    detail = {
        "batch": batch.id,
        "outcome": state,
        "rows": batch.total,
        "lodged": len(lodged),
        "known": len(known),
    }
    officer = db.session.get_one(Person, batch.asked_by)
    entry = Entry("import_ended", officer.mark, {"detail": detail})
    record(locked_agency(batch.agency_id), entry)


def _all_or_none(batch: Batch, checked: Checked) -> list[dict[str, object]]:
    """Save every row, or undo what was saved of some; returns the report. Raises ``Stopped``."""
    written = list(db.session.info.get("outbox", []))
    try:
        with db.session.begin_nested():
            return _save(batch, checked)
    except Stopped:
        # Nobody is woken for letters that will not be written.
        db.session.info["outbox"] = written
        raise


def _save(batch: Batch, checked: Checked) -> list[dict[str, object]]:
    call = locked_call(batch.call_id)
    if call.scheme.digest != checked.scheme:
        raise Conflict(_CHANGED)
    if reason := shut(call):
        raise Stopped(Fault(0, "", reason))
    officer = db.session.get_one(Person, batch.asked_by)
    lodge = _Lodging(batch, call, officer, checked.rows)
    report: list[dict[str, object]] = []
    for row in checked.rows:
        known = checked.known.get(row.number)
        reference = known or lodge.row(row).reference
        report.append(imported(row.number, reference, known=known is not None))
    return report


class _Lodging:
    """Makes a case of each row of one file."""

    def __init__(self, batch: Batch, call: Call, officer: Person, rows: list[Row]) -> None:
        self._batch = batch
        self._call = call
        self._officer = officer
        self._people = queries.people({row.email for row in rows})
        countries = {row.country for row in rows}
        self._enterprises = {
            (country, number): found
            for country in countries
            for number, found in queries.enterprises(
                country, {row.registry_number for row in rows}
            ).items()
        }
        known = [found.id for found in self._enterprises.values()]
        self._interests = queries.interests(officer, known)
        # A secret nobody is told: whoever is invited later chooses a password.
        self._password = hasher().hash(secrets.token_hex(32))
        act = lodging(schemes.workflow(call.scheme.workflow_digest))
        self._act = act.name if act else ""

    def row(self, row: Row) -> Application:
        """Make a case of a row, and hand it in; raises ``Stopped``."""
        received = row.received_at
        if received is None or was_open(self._call, received):
            raise Stopped(Fault(row.number, "received_at", "The call was not open then."))
        try:
            application = submissions.drafted(self._call, self._person(row))
        except Conflict as error:
            raise Stopped(Fault(row.number, "registry_number", error.detail)) from error
        submissions.write(application, row.answers)
        facts = self._facts(application)
        try:
            paper = self._paper(row)
            submissions.hand_in(application, self._act, facts, paper, actor=self._officer)
        except Refused as refused:
            said = " ".join(failure.sentence for failure in refused.failures)
            raise Stopped(Fault(row.number, "", said)) from refused
        db.session.add(
            PaperFiling(
                application_id=application.id,
                call_id=self._call.id,
                paper_reference=row.paper_reference,
                batch_id=self._batch.id,
                row=row.number,
                received_at=received,
                archive=row.cells["archive"],
                documents=row.documents,
                lodged_by=self._officer.id,
            )
        )
        return application

    def _facts(self, application: Application) -> Facts:
        facts = applications.facts(application, self._officer)
        related = application.enterprise_id in self._interests
        # Answers, documents and the time were checked in the file, under this version of the scheme; the rules of
        # eligibility are asked again.
        return replace(
            facts,
            actor=replace(facts.actor, related=related),
            call_open=True,
            problems=(),
            missing_documents=(),
            rate_known=dollars.rate_known(application),
        )

    def _paper(self, row: Row) -> Paper:
        told = {
            "paper_reference": row.paper_reference,
            "received_at": moment(row.received_at) if row.received_at else "",
            "documents": row.documents,
            "batch": self._batch.id,
        }
        kept = {**told, "archive": row.cells["archive"], "row_sha256": row.sha256}
        return Paper(kept=kept, told=told)

    def _person(self, row: Row) -> Person:
        found = self._people.get(row.email)
        if found is not None:
            return found
        person = Person(
            email=row.email,
            name=row.cells["contact_name"],
            password=self._password,
            enterprise=self._enterprise(row),
            duties=["applicant"],
        )
        db.session.add(person)
        db.session.flush()
        self._people[row.email] = person
        return person

    def _enterprise(self, row: Row) -> Enterprise:
        key = (row.country, row.registry_number)
        if key not in self._enterprises:
            self._enterprises[key] = enterprise_of(row)
            db.session.add(self._enterprises[key])
        return self._enterprises[key]


def _safe(filename: str) -> str:
    """Return a file name without folders and control characters."""
    name = "".join(c for c in filename.replace("\\", "/").split("/")[-1] if c.isprintable())
    return name[-200:] or "applications"
