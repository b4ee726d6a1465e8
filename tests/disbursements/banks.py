"""What a bank answers to payment files of the world, and what became of it: every bank, account and reference is invented."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.awards.queries import awarded
from app.clock import today
from app.db import db, transaction
from app.disbursements.commands import answers, batches
from app.disbursements.commands.batches import Chosen
from app.disbursements.models import BankLine, BankReport, PaymentBatch
from app.disbursements.queries import batches as queries
from app.documents.commands import Upload
from tests.factories import do_the_work
from tests.workflows.banking.said import detail, details, entry, notification, table
from tests.world import World

HEAD = "end_to_end_id,status,reason,amount,currency,booked_on,bank_reference"
PLACES = ("undrawn", "verified", "instructed", "paid")


def day() -> str:
    """Return the local day of the world, as a bank writes it."""
    return today("Asia/Kuala_Lumpur").isoformat()


def shift(days: int) -> str:
    """Return another local day of the world, so many days later."""
    return (date.fromisoformat(day()) + timedelta(days=days)).isoformat()


def verified(world: World, number: int = 1) -> list[str]:
    """Return so many cases whose first tranche, of MYR 2,000.00, waits to be paid."""
    references = [world.at("disbursing", amount="5000") for _ in range(number)]
    for reference in references:
        world.tranche_to(reference, 1, "verified")
    return references


def prepared(world: World, references: Sequence[str]) -> PaymentBatch:
    """Prepare the first tranches of cases as one payment file."""
    with transaction():
        chosen = [Chosen(reference, 1, "prepare") for reference in references]
        batch, _ = batches.prepare(chosen, actor=world.maker)
    return batch


def checked(world: World, references: Sequence[str]) -> PaymentBatch:
    """Prepare and check a payment file."""
    batch = prepared(world, references)
    with transaction():
        chosen = batches.members(batch, lambda *_: "check", world.checker)
        batches.check(batch, chosen, batch.sha256, actor=world.checker)
    return batch


def released(world: World, references: Sequence[str]) -> PaymentBatch:
    """Prepare, check and release a payment file."""
    batch = checked(world, references)
    with transaction():
        found = queries.batch(batch.message_id, world.releaser)
        chosen = batches.members(found, lambda *_: "release", world.releaser)
        batches.release(found, chosen, found.sha256, actor=world.releaser)
    return batch


def said(reference: str, status: str, **more: str) -> str:
    """Return a row of a bank's table about the first attempt to pay the first tranche of a case."""
    row = {
        "end_to_end_id": f"{reference}-T1-1",
        "status": status,
        "reason": "",
        "amount": "2000.00",
        "currency": "MYR",
        "booked_on": day(),
        "bank_reference": "BANK-7",
        **more,
    }
    return ",".join(row[name] for name in HEAD.split(","))


def take(world: World, content: bytes, actor: Person | None = None) -> BankReport:
    """Hand in a file of the bank, as the officer who prepares payments or somebody else."""
    with transaction():
        return answers.take(Upload("answers.csv", content), actor=actor or world.maker)


def answered(world: World, *rows: str) -> list[BankLine]:
    """Hand in a table of the bank, let the worker apply it, and return its lines."""
    report = take(world, table(HEAD, *rows))
    do_the_work()
    return lines(report)


def lines(report: BankReport) -> list[BankLine]:
    """Return the lines of a file as they stand in the database."""
    db.session.expire_all()
    found = select(BankLine).where(BankLine.report_id == report.id)
    return list(db.session.scalars(found.order_by(BankLine.position)))


def money(world: World, reference: str) -> dict[str, int]:
    """Return where the money of an award is, in units of the currency; places with nothing are left out."""
    award = awarded(world.case(reference))
    found = {place: getattr(award, f"{place}_minor") for place in (*PLACES, "returned")}
    return {place: minor // 100 for place, minor in found.items() if minor}


def come_in(*inside: str) -> bytes:
    """Return a notification of money from somebody else; ``inside`` is what the bank tells of it."""
    return notification(entry(details(detail(*inside, name="THEIRS-1")), way="CRDT"))
