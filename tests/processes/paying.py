"""Payment files that several people handle at once: what contenders do, and the road of the payments."""

from sqlalchemy import func, select

from app import worker
from app.accounts.models import Person
from app.db import db, read_only, transaction
from app.disbursements import commands as disbursements
from app.disbursements.commands import answers, batches
from app.disbursements.commands.batches import Chosen
from app.disbursements.models import BankLine, PaymentBatch
from app.disbursements.queries import batches as queries
from app.documents.commands import Upload
from app.errors import Conflict
from app.trail.models import OutboxEntry
from tests.disbursements.banks import HEAD, said
from tests.workflows.banking.said import table
from tests.world import World


def release(message_id: str, *, version: int | None = None, actor: Person) -> None:
    """Release a payment file as a whole, as its page does: nobody names a version of each of its cases."""
    assert version is None
    batch = queries.batch(message_id, actor)
    chosen = batches.members(batch, lambda *_: "release", actor)
    batches.release(batch, chosen, batch.sha256, actor=actor)


def hear(filename: str, content: bytes, *, version: int | None = None, actor: Person) -> None:
    """Hand in what the bank answers and do the work that this entails, each in its own transactions.

    Raises ``Conflict`` when none of it was applied here, because somebody else did it.
    """
    assert version is None
    with transaction():
        report = answers.take(Upload(filename, content), actor=actor)
        number, event = report.id, report.event_id
    outcome = worker.run(_entry(event))
    if outcome != "done" or not _applied(number):
        raise Conflict("The bank's answer was applied before.")


def _entry(event: int) -> int:
    read_only()
    found = select(OutboxEntry.id).where(OutboxEntry.event_id == event)
    entry = db.session.scalars(found.where(OutboxEntry.duty == answers.DUTY)).one()
    db.session.rollback()
    return entry


def _applied(report: int) -> int:
    read_only()
    applied = select(func.count(BankLine.id)).where(
        BankLine.report_id == report, BankLine.state == "applied"
    )
    found = db.session.scalar(applied) or 0
    db.session.rollback()
    return found


def checked(world: World, references: list[str], number: int) -> PaymentBatch:
    """Let claimed tranches of cases be verified, then prepared and checked as one payment file."""
    for reference in references:
        world.do(disbursements.verify, reference, number, "", actor=world.desk)
    with transaction():
        chosen = [Chosen(reference, number, "prepare") for reference in references]
        batch, _ = batches.prepare(chosen, actor=world.maker)
    with transaction():
        chosen = batches.members(batch, lambda *_: "check", world.checker)
        batches.check(batch, chosen, batch.sha256, actor=world.checker)
    return batch


def row(reference: str, number: int, amount: str, status: str = "ACSC", **more: str) -> str:
    """Return what a bank's table says of the first attempt to pay a tranche, of an amount as a bank writes it."""
    name = f"{reference}-T{number}-1"
    return said(reference, status, **{"end_to_end_id": name, "amount": amount, **more})


def answer(*rows: str) -> bytes:
    """Return a bank's table of these rows."""
    return table(HEAD, *rows)
