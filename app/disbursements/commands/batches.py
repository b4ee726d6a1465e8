"""A payment file through three pairs of hands: prepared, checked, released, or taken back; for one payment or many.

Whatever happens to a batch happens to each payment of it, by the life of its tranche, in one transaction: when a rule speaks
against one of them, nothing is done and all of it is told.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Agency, Person
from app.applications import queries as applications
from app.db import db
from app.disbursements.commands.turning import Turn, moved, recorded_as, turned
from app.disbursements.compose import Order, Sheet, execution, payee, written
from app.disbursements.models import PaymentBatch, PaymentInstruction, PaymentRelease
from app.disbursements.queries import batches as queries
from app.disbursements.queries import payable
from app.errors import Conflict, Invalid, Missing
from app.reviews.commands import Reasoned
from app.schemes.compose.terms import SchemeTerms
from app.trail.commands import Recorded
from workflows.banking.answers import LONGEST_IDENTIFIER
from workflows.machine import Refused
from workflows.money import to_minor


@dataclass(frozen=True)
class Chosen:
    """A payment as a person chose it: the tranche, the act of its life, and the version of the case the person saw."""

    reference: str
    tranche: int
    act: str
    version: int | None = None


def prepare(chosen: Sequence[Chosen], *, actor: Person) -> tuple[PaymentBatch, list[Recorded]]:
    """Prepare payments as one batch: the file for the bank is made now and fixed by its digest.

    They must be from one account in one currency. Before the first money of a case the rules of eligibility are asked
    again, and what they came to is kept. Raises ``Refused`` for a single payment, ``Invalid`` by payment for several.
    """
    if not chosen:
        raise Invalid({"payments": ["Choose at least one payment."]})
    turns = _turned(chosen, actor, "")
    sheet, agency = _sheet(turns)
    batch = _new(sheet, turns, agency, actor)
    orders = []
    for turn in turns:
        turn.instruction = _instruction(turn, batch)
        orders.append(_order(turn, turn.instruction))
    batch.file = written(replace(sheet, message_id=batch.message_id), orders)
    batch.sha256 = hashlib.sha256(batch.file).hexdigest()
    db.session.flush()
    return batch, [recorded_as(turn, actor) for turn in turns]


def check(
    batch: PaymentBatch, chosen: Sequence[Chosen], sha256: str, *, actor: Person
) -> list[Recorded]:
    """Check a batch: another payment officer names the digest of its file."""
    turns = _of(batch, _turned(chosen, actor, sha256))
    batch.checked_by = actor.id
    return [recorded_as(turn, actor) for turn in turns]


def release(
    batch: PaymentBatch, chosen: Sequence[Chosen], sha256: str, *, actor: Person
) -> list[Recorded]:
    """Release a batch to the bank: a third person names the digest of its file; the last of several sends it off.

    Each releaser needs an authority that reaches each payment. Raises ``Conflict`` when one would go to an account that was
    changed meanwhile.
    """
    turns = _of(batch, _turned(chosen, actor, sha256))
    _still_theirs(turns)
    number = len(batch.releases) + 1
    authority = turns[0].authority
    batch.releases.append(
        PaymentRelease(
            person_id=actor.id,
            prepared_by=batch.prepared_by,
            checked_by=batch.checked_by,
            authority_id=authority.id if authority else None,
            at=clock.now(),
        )
    )
    told = {"release": number, "needed": batch.needed}
    records = []
    for turn in turns:
        recorded = recorded_as(turn, actor, told)
        if turn.step.target != turn.step.source:
            batch.released_at = batch.released_at or recorded.at
            moved(turn, "verified", "instructed", payable(turn.tranche), recorded)
        records.append(recorded)
    return records


def take_back(
    batch: PaymentBatch, chosen: Sequence[Chosen], note: str, *, actor: Person
) -> list[Recorded]:
    """Take a batch back that was not released: its file is void, and its payments wait to be prepared again."""
    turns = _of(batch, _turned(chosen, actor, Reasoned(note=note)))
    batch.voided_at, batch.voided_by = clock.now(), actor.id
    return [recorded_as(turn, actor) for turn in turns]


def members(batch: PaymentBatch, act: Callable[[str, str], str], actor: Person) -> list[Chosen]:
    """Return every payment of a batch; ``act`` names the act on a tranche by the digest of its life and its state.

    Raises ``Missing`` when one of them is in a case that is hidden from the person.
    """
    rows = queries.payments(batch)
    for row in rows:
        if not applications.shown(row.reference, actor=actor):
            raise Missing("There is no such payment file, or not for you.")
    return [
        Chosen(row.reference, row.Tranche.number, act(row.life, row.Tranche.state)) for row in rows
    ]


def alone(batch: PaymentBatch) -> PaymentBatch:
    """Return a batch of one payment; raises ``Conflict`` for one of several, which is looked at as a whole."""
    if batch.payments > 1:
        raise Conflict(
            f"This payment is one of {batch.payments} in the payment file {batch.message_id}. "
            "Do it there for all of them, under Payments."
        )
    return batch


def _of(batch: PaymentBatch, turns: list[Turn]) -> list[Turn]:
    """Return payments under their locks; raises ``Conflict`` when one of them is in another file by now, or some are missing."""
    inside = [turn for turn in turns if turn.instruction and turn.instruction.batch_id == batch.id]
    if len(inside) != len(turns) or len(turns) != batch.payments:
        raise Conflict("This payment file was taken back meanwhile. Open the payments again.")
    return turns


def _still_theirs(turns: Sequence[Turn]) -> None:
    """Refuse a file that pays to another account than the enterprise has by now."""
    changed = [
        turn.name
        for turn in turns
        if turn.instruction and turn.instruction.payee != payee(turn.kept)
    ]
    if changed:
        raise Conflict(
            f"The bank account of {', '.join(changed)} was changed since this file was prepared. "
            "Take the file back and prepare it again."
        )


def _turned(chosen: Sequence[Chosen], actor: Person, entered: Reasoned | str) -> list[Turn]:
    """Take the act on each payment, in the order of their cases so that nobody waits for another in a circle."""
    turns: list[Turn] = []
    wrong: dict[str, list[str]] = {}
    for one in sorted(chosen, key=lambda one: (one.reference, one.tranche)):
        try:
            turns.append(turned(one.reference, one.tranche, one.act, one.version, actor, entered))
        except Refused as refused:
            if len(chosen) == 1:
                raise
            told = [failure.sentence for failure in refused.failures]
            wrong[f"{one.reference}-T{one.tranche}"] = told
    if wrong:
        raise Invalid(wrong)
    return turns


def _sheet(turns: Sequence[Turn]) -> tuple[Sheet, Agency]:
    """Return what the payments of a batch have in common; raises ``Invalid`` when they have not."""
    first = turns[0]
    agency, currency = first.application.scheme.agency, first.award.currency
    accounts_ = [_account(turn) for turn in turns]
    wrong = [*unlike(turns, accounts_)]
    if wrong:
        raise Invalid({"payments": wrong})
    created = clock.now()
    day = max(execution(turn.application) for turn in turns)
    return Sheet("", created, day, agency.country, accounts_[0], currency), agency


def _account(turn: Turn) -> dict[str, str]:
    scheme = applications.terms(turn.application).code
    agency = turn.application.scheme.agency
    return accounts.paying_account(agency, scheme, turn.award.currency)


def unlike(turns: Sequence[Turn], held: list[dict[str, str]]) -> Iterator[str]:
    """Yield why payments do not go into one file; ``held`` are the accounts they are paid from."""
    if len({turn.award.currency for turn in turns}) > 1:
        yield "A payment file is in one currency; choose payments of one."
    if any(account != held[0] for account in held) or _several(
        turn.application.agency_id for turn in turns
    ):
        yield "A payment file is paid from one account; choose payments of one."
    if _several(_loan(turn) for turn in turns):
        yield "Grants and loans go in payment files of their own; choose one of them."


def _several(values: Iterable[object]) -> bool:
    return len(set(values)) > 1


def _loan(turn: Turn) -> bool:
    return applications.terms(turn.application).loan is not None


def _new(sheet: Sheet, turns: Sequence[Turn], agency: Agency, actor: Person) -> PaymentBatch:
    """Return a new batch; its number names the file for ever, so that the row comes first."""
    batch = PaymentBatch(
        agency_id=agency.id,
        message_id=uuid4().hex,
        account=sheet.account,
        format=sheet.form,
        currency=sheet.currency,
        execution_on=sheet.execution,
        payments=len(turns),
        total_minor=sum(payable(turn.tranche) for turn in turns),
        file=b"",
        sha256="",
        needed=max(_needed(turn) for turn in turns),
        prepared_by=actor.id,
        prepared_at=sheet.created,
    )
    db.session.add(batch)
    db.session.flush()
    batch.message_id = f"{agency.code}-P{batch.id:06}"
    return batch


def _needed(turn: Turn) -> int:
    terms = applications.terms(turn.application)
    return releasers(terms, payable(turn.tranche))


def releasers(terms: SchemeTerms, amount: int) -> int:
    """Return how many releasers a payment needs, by its amount in minor units."""
    tiers = [
        tier
        for tier in terms.payments.release
        if amount > to_minor(Decimal(tier.above), terms.currency)
    ]
    return max((tier.needed for tier in tiers), default=1)


def _instruction(turn: Turn, batch: PaymentBatch) -> PaymentInstruction:
    """Return the instruction for a payment: the one that was never sent in a new batch, or a new attempt."""
    last = turn.instruction
    if last is not None and last.rejected_at is None and last.returned_at is None:
        # Nobody needs the payees of a file that was never sent; its digest stays.
        last.batch.file = b""
        last.batch, last.payee = batch, payee(turn.kept)
        last.amount_minor = payable(turn.tranche)
        return last
    attempt = last.attempt + 1 if last else 1
    made = PaymentInstruction(
        tranche_id=turn.tranche.id,
        attempt=attempt,
        end_to_end_id=_end_to_end(turn, attempt),
        batch=batch,
        amount_minor=payable(turn.tranche),
        currency=turn.award.currency,
        payee=payee(turn.kept),
    )
    db.session.add(made)
    return made


def _end_to_end(turn: Turn, attempt: int) -> str:
    """Return the number of a payment for ever; both forms are unique in this installation, the bank takes 35 characters."""
    named = f"{turn.name}-{attempt}"
    return named if len(named) <= LONGEST_IDENTIFIER else f"T{turn.tranche.id}-{attempt}"


def _order(turn: Turn, made: PaymentInstruction) -> Order:
    return Order(
        reference=turn.application.reference,
        tranche=turn.tranche.number,
        end_to_end_id=made.end_to_end_id,
        amount=made.amount_minor,
        payee=made.payee,
        loan=_loan(turn),
    )
