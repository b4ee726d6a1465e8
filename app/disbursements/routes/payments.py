"""The page of payments: what waits, the files on their way, the files of the bank, and the lines that wait for a person."""

from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts import access as session
from app.accounts import queries as accounts
from app.accounts.access import requires, whole_number
from app.accounts.models import Person
from app.accounts.schemas import read
from app.db import transaction
from app.disbursements.access import account, reader, taker, takes
from app.disbursements.access.files import hands, stage
from app.disbursements.access.waiting import chosen, waiting
from app.disbursements.commands import answers, batches
from app.disbursements.commands.batches import Chosen
from app.disbursements.models import BankReport, PaymentBatch
from app.disbursements.queries import answers as reports
from app.disbursements.queries import batches as queries
from app.disbursements.render import PROFILES
from app.disbursements.routes.blueprints import pages
from app.disbursements.schemas import ChoiceInput, SettleInput
from app.documents.commands import Upload
from app.errors import Conflict, Invalid
from workflows.machine import Refused

LABELS = {"payments": "Payments", "file": "File of the bank"}


@dataclass(frozen=True)
class Sent:
    """A form that could not be taken, or none: what was marked or typed, what is wrong, and the line it was about."""

    chosen: list[str] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""
    line: int = 0

    @property
    def names(self) -> set[str]:
        """Return the names of the payments that were marked, whatever version of their cases was shown."""
        return {"-T".join(one.split("/")[:2]) for one in self.chosen}


@pages.get("/payments")
@requires("officer")
def home() -> str:
    """Show what waits, the payment files, the files of the bank and the lines for a person."""
    person = reader()
    return _page(person, Sent(), str(session.carried().get("done", "")))


@pages.post("/payments")
@requires("officer")
def prepare() -> Response | tuple[str, int]:
    """Prepare the payments that were marked as one payment file."""
    person = reader()
    marked = request.form.getlist("payments")
    try:
        wished = read(ChoiceInput(), {"payments": marked})
        with transaction():
            batch = made(wished, person)
    except Invalid as error:
        return _page(person, Sent(marked, error.errors)), 422
    except Conflict as error:
        return _page(person, Sent(marked, {"": [error.detail]})), 409
    session.carry({"done": "prepare"})
    return redirect(url_for("disbursements.batch", message_id=batch.message_id), 303)


def made(wished: list[tuple[str, int, int | None]], person: Person) -> PaymentBatch:
    """Prepare payments; raises ``Invalid`` with what speaks against each, also when there is only one."""
    of_all = [chosen(reference, number, version, person) for reference, number, version in wished]
    once = list(dict.fromkeys(of_all))
    try:
        batch, _ = batches.prepare(once, actor=person)
    except Refused as refused:
        raise Invalid({_named(once[0]): [one.sentence for one in refused.failures]}) from refused
    return batch


def _named(one: Chosen) -> str:
    return f"{one.reference}-T{one.tranche}"


@pages.post("/payments/bank-files")
@requires("officer")
def take_report() -> Response | tuple[str, int]:
    """Take in a file of the bank; a worker applies it line by line."""
    person = taker()
    try:
        with transaction():
            answers.take(upload(), actor=person)
    except Invalid as error:
        return _page(person, Sent(errors=error.errors)), 422
    session.carry({"done": "take"})
    return redirect(url_for("disbursements.home", _anchor="bank"), 303)


@pages.post("/payments/lines/<int(max=2147483647):number>/settle")
@requires("officer")
def settle(number: int) -> Response | tuple[str, int]:
    """Say what was done about a line that waits for a person."""
    person = taker()
    note = request.form.get("note", "")
    try:
        given = read(SettleInput(), {"note": note})
        with transaction():
            answers.settle(number, **given, actor=person)
    except Invalid as error:
        return _page(person, Sent(errors=error.errors, note=note, line=number)), 422
    except Conflict as error:
        return _page(person, Sent(errors={"": [error.detail]})), 409
    session.carry({"done": "settle"})
    return redirect(url_for("disbursements.home", _anchor="lines"), 303)


def upload() -> Upload:
    """Return the file that came with the request, an empty one when none did."""
    file = request.files.get("file")
    return Upload(file.filename or "", file.read()) if file else Upload("", b"")


def _page(person: Person, sent: Sent, done: str = "") -> str:
    after = whole_number(request.values.get("after", ""))
    before = whole_number(request.values.get("before", ""))
    groups, following = waiting(person, after)
    files, more = queries.batches(person, before)
    lines = reports.open_lines(person)
    listed = reports.reports(person)
    return render_template(
        "payments/home.html",
        groups=groups,
        after=after,
        following=following,
        files=files,
        before=before,
        older=files[-1].id if more else 0,
        names=hands(files) | accounts.names(_takers(listed)),
        stage=stage,
        forms=PROFILES,
        account=account,
        reports=listed,
        lines=lines,
        cases=reports.cases_of(lines, person),
        takes=takes(person),
        sent=sent,
        errors=sent.errors,
        labels=_labels(sent, groups),
        done=done,
        zone=accounts.zone_of(person),
    )


def _labels(sent: Sent, groups: list[Any]) -> dict[str, str]:
    """Return what the fields are called: payments by their names, a note by its line."""
    if sent.line:
        return {"note": "What was done about it"}
    return LABELS | {due.name: due.name for group in groups for due in group.payments}


def _takers(listed: list[tuple[BankReport, dict[str, int]]]) -> set[int]:
    return {report.taken_by for report, _ in listed}
