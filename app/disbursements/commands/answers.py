"""What banks answer: their files taken in once, each line applied to its payment in a transaction of its own, or left to a person."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.db import db
from app.disbursements.commands.settling import Paid, pay, reject, send_back_by_bank
from app.disbursements.commands.turning import BANK, Seen, seen, taken
from app.disbursements.models import BankLine, BankReport, PaymentInstruction
from app.disbursements.queries import answers as queries
from app.documents.commands import Upload
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.trail.commands import Entry, record
from workflows.banking.answers import (
    ACCEPTED,
    PAID,
    PENDING,
    RECEIVED,
    REJECTED,
    RETURNED,
    Answer,
    Report,
    Unreadable,
    spread,
    tidied,
)
from workflows.banking.reading import read
from workflows.machine import Refused
from workflows.money import formatted, to_minor

DUTY = "bank_report"
TAKER = "payment_officer"
# What each answer does to the tranche it is about.
_DOES = {PAID: "confirm", REJECTED: "report_rejected", RETURNED: "report_returned"}
_LINE = insert(BankLine)


def take(upload: Upload, *, actor: Person) -> BankReport:
    """Take in a file of the bank; a worker then applies it line by line. The same file twice is once.

    Raises ``Invalid`` for a file that cannot be read as an answer, ``Forbidden`` for who is no payment officer. It is
    recorded on the trail of the agency.
    """
    agency = _taker(actor)
    try:
        report = read(upload.content)
    except Unreadable as error:
        raise Invalid({"file": list(error.sentences)}) from error
    agency = locked_agency(agency.id)
    known = queries.report_by_digest(agency.id, report.digest)
    if known is not None:
        return known
    lines = spread(report.answers, queries.sent(agency.id, report), report.original_message_id)
    detail = {"sha256": report.digest, "format": report.format, "lines": len(lines)}
    entry = Entry("take_bank_report", actor.mark, {"detail": detail}, duties=((DUTY, {}),))
    made = BankReport(
        agency_id=agency.id,
        filename=tidied(upload.filename)[:200],
        format=report.format,
        message_id=report.message_id,
        sha256=report.digest,
        content=upload.content,
        problems=list(report.problems),
        taken_by=actor.id,
        taken_at=clock.now(),
        event_id=record(agency, entry).id,
    )
    db.session.add(made)
    db.session.flush()
    _write(made, report, lines, accounts.zone_of(actor))
    return made


def _write(made: BankReport, report: Report, lines: tuple[Answer, ...], zone: str) -> None:
    day = _made_on(report.created, zone).isoformat() if report.created else None
    rows = [
        {
            "report_id": made.id,
            "position": position,
            "end_to_end_id": line.end_to_end_id,
            "outcome": line.outcome,
            "told": _told(line) | {"reported_on": day},
            "state": "waiting",
            "why": "",
        }
        for position, line in enumerate(lines, start=1)
    ]
    if rows:
        db.session.connection().execute(_LINE, rows)


def _made_on(created: datetime, zone: str) -> date:
    """Return the day a file was made on where the agency is; a bank that names no offset means its own day."""
    return created.astimezone(ZoneInfo(zone)).date() if created.tzinfo else created.date()


def _told(line: Answer) -> dict[str, Any]:
    """Return a line as it is kept: what it says and nothing that is empty, amounts and days as text."""
    said = {name: value for name, value in asdict(line).items() if value not in ("", None)}
    return {k: str(v) if isinstance(v, Decimal | date) else v for k, v in said.items()}


def apply(line_id: int) -> str:
    """Apply a line of a bank's file to its payment, once; returns what became of the line.

    The case is locked first. A line that says nothing new is noted; one that fits no payment, or contradicts what is
    known, waits for a person with the reason.
    """
    found = queries.line(line_id)
    if found.state != "waiting":
        return found.state
    why = _unfit(found)
    instruction = queries.instruction(found) if not why else None
    if instruction is None:
        return _left(found, why or "No payment of this agency has this number.")
    application = applications.locked(queries.reference_of(instruction))
    found = queries.line(line_id, lock=True)
    if found.state != "waiting":
        return found.state
    found.instruction_id = instruction.id
    return _applied(found, seen(application, queries.number_of(instruction), None), instruction)


def _unfit(line: BankLine) -> str:
    """Return why a line is for a person whatever its payment is, "" for one that may be applied."""
    if line.outcome == RECEIVED:
        return "Money came in. Record it with the case it is for."
    if line.outcome not in (*_DOES, ACCEPTED, PENDING):
        return "The bank's status is not known here: " + str(line.told.get("status", "none")) + "."
    if not line.end_to_end_id:
        return "The bank names no payment."
    return ""


def _applied(line: BankLine, found: Seen, instruction: PaymentInstruction) -> str:
    why = _contradicts(line, found, instruction)
    if why:
        return _left(line, why)
    stands = queries.stands(instruction)
    told_again = line.outcome == stands or (line.outcome, stands) == (PAID, RETURNED)
    if line.outcome in (ACCEPTED, PENDING) or told_again:
        line.state = "noted"
        return line.state
    try:
        return _acted(line, found)
    except Refused as refused:
        return _left(line, " ".join(failure.sentence for failure in refused.failures))


def _contradicts(line: BankLine, found: Seen, instruction: PaymentInstruction) -> str:
    """Return in what a line contradicts what is known, "" where it does not."""
    newest = found.instruction
    if newest is None or newest.id != instruction.id:
        return "The payment has a later attempt; this answers an earlier one."
    if instruction.batch.released_at is None:
        return "This payment was never released."
    return _untimely(line, found, instruction.batch.released_at) or _differs(line, instruction)


def _untimely(line: BankLine, found: Seen, released_at: datetime) -> str:
    """Return why the day of a line cannot be right, "" where it can be: local days of the case."""
    day = _day(line, found.facts.today)
    if day > found.facts.today:
        return f"The bank names {day}, a day to come."
    zone = ZoneInfo(applications.zone_of(found.application))
    released_on = released_at.astimezone(zone).date()
    if day < released_on:
        return f"The bank names {day}; the payment was released on {released_on}."
    return ""


def _acted(line: BankLine, found: Seen) -> str:
    """Take the act that the bank's answer asks for."""
    acts = [
        act.name
        for act in found.workflow.acts_from(found.tranche.state)
        if act.automatic and act.does == _DOES[line.outcome]
    ]
    if not acts:
        state = found.workflow.states[found.tranche.state].officer
        return _left(line, f"The bank says “{line.outcome}”, but the payment stands at “{state}”.")
    turn, day = taken(found, acts[0]), _day(line, found.facts.today)
    told = {"bank_report": line.report.sha256, "line": line.position, **_reason(line)}
    reference = str(line.told.get("bank_reference", ""))[:80]
    if line.outcome == PAID:
        recorded = pay(turn, Paid(reference, day, told, BANK), None)
    elif line.outcome == REJECTED:
        recorded = reject(turn, None, told, BANK)
    else:
        told |= {"bank_reference": reference, "returned_on": day.isoformat()}
        recorded = send_back_by_bank(turn, day, str(line.told.get("reason_text", "")), told, BANK)
    line.state, line.event_id = "applied", recorded.id
    return line.state


def _reason(line: BankLine) -> dict[str, str]:
    return {"bank_reason": str(line.told["reason"])} if "reason" in line.told else {}


def _day(line: BankLine, today: date) -> date:
    said = line.told.get("booked_on") or line.told.get("reported_on")
    return date.fromisoformat(said) if said else today


def _differs(line: BankLine, instruction: PaymentInstruction) -> str:
    """Return in what a line contradicts the payment it names, "" where it does not."""
    currency = line.told.get("currency", instruction.currency)
    if currency != instruction.currency:
        return f"The bank says {currency}; the payment is in {instruction.currency}."
    if "amount" not in line.told:
        return ""
    paid = formatted(instruction.amount_minor, instruction.currency)
    try:
        amount = to_minor(Decimal(line.told["amount"]), currency)
    except ValueError:
        return f"The bank says {currency} {line.told['amount']}; the payment is of {paid}."
    if amount != instruction.amount_minor:
        return f"The bank says {formatted(amount, currency)}; the payment is of {paid}."
    return ""


def _left(line: BankLine, why: str) -> str:
    line.state, line.why = "open", why
    return line.state


def settle(line_id: int, note: str, *, actor: Person) -> BankLine:
    """Say what was done about a line that waits for a person; recorded on the trail of the agency."""
    agency = _taker(actor)
    if not queries.may_settle(line_id, actor):
        raise Missing("There is no such line, or not for you.")
    found = queries.line(line_id, lock=True)
    if found.state != "open":
        raise Conflict("This line does not wait for a person any more.")
    found.state, found.settled_by, found.settled_at = "settled", actor.id, clock.now()
    detail = {"sha256": found.report.sha256, "line": found.position, "outcome": found.outcome}
    entry = Entry("settle_bank_line", actor.mark, {"detail": detail}, {"note": note})
    record(locked_agency(agency.id), entry)
    return found


def _taker(actor: Person) -> Agency:
    if actor.agency is None or TAKER not in accounts.acting(actor):
        raise Forbidden("Files of the bank are taken in by payment officers.")
    return actor.agency
