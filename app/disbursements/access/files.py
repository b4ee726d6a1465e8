"""A payment file as a page or the interface shows it to one person: its payments, its hands, and what may be done with it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app.accesslog.access import saw
from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications.access import not_erased
from app.disbursements.access import reader
from app.disbursements.commands import batches as commands
from app.disbursements.commands.batches import Chosen
from app.disbursements.commands.turning import Seen, all_seen
from app.disbursements.models import BankLine, PaymentBatch
from app.disbursements.queries import batches as queries
from app.disbursements.queries.batches import Known, Payments
from app.errors import Conflict, Gone, Missing
from app.trail.queries import events_of
from workflows.definition import Act, State
from workflows.facts import Failure
from workflows.machine import options

# What may be done with a payment file as a whole, by what the acts on its tranches do.
HANDS = ("check", "release", "take_out")
Held = dict[str, tuple[Act, tuple[Failure, ...]]]


@dataclass(frozen=True)
class Paying:
    """One payment of a file: its tranche and state, and what the bank said of it."""

    row: Payments
    state: State
    known: Known | None
    line: BankLine | None

    @property
    def name(self) -> str:
        """Return how refusals name the payment."""
        return f"{self.row.reference}-T{self.row.Tranche.number}"


@dataclass(frozen=True)
class Offer:
    """An act on every payment of a file, and what speaks against it, by payment."""

    act: Act
    against: dict[str, tuple[Failure, ...]]

    @property
    def allowed(self) -> bool:
        """Tell whether no standing rule speaks against the act on any payment."""
        return not self.against

    @property
    def reasons(self) -> dict[Failure, list[str]]:
        """Return every rule that speaks against the act, with the payments it speaks against."""
        found: dict[Failure, list[str]] = defaultdict(list)
        for name, failures in self.against.items():
            for failure in failures:
                found[failure].append(name)
        return dict(found)


@dataclass(frozen=True)
class FileView:
    """A payment file as one person sees it: its payments, and what this person may do with the whole of it."""

    batch: PaymentBatch
    person: Person
    payments: list[Paying]

    @cached_property
    def offers(self) -> list[Offer]:
        """Return the acts on the file in its state, each with every rule that speaks against it on any payment."""
        if not self.whole or self.batch.released_at or self.batch.voided_at:
            return []
        rows = [payment.row for payment in self.payments]
        places = [(row.Application, row.Award, row.Tranche.number) for row in rows]
        held = [_held(found) for found in all_seen(places, self.person)]
        return [self._offer(act, held) for act, _ in held[0].values()]

    def _offer(self, act: Act, held: list[Held]) -> Offer:
        against = {}
        for payment, acts in zip(self.payments, held, strict=True):
            row = payment.row
            name = queries.act_for(row.life, row.Tranche.state, act.does, act.name)
            if name and acts[name][1]:
                against[payment.name] = acts[name][1]
        return Offer(act, against)

    @property
    def whole(self) -> bool:
        """Tell whether every payment the file was made for is still in it: after it was taken back they go into others."""
        return len(self.payments) == self.batch.payments

    @property
    def checked_at(self) -> datetime | None:
        """Return when the file was checked, as the trail of its first case has it."""
        if self.batch.checked_by is None or not self.payments:
            return None
        row = self.payments[0].row
        acts = queries.life(row.life).acts.values()
        checks = {act.name for act in acts if act.does == "check"}
        return next(
            (
                event.at
                for event in reversed(events_of(row.reference))
                if event.kind in checks
                and event.record["detail"].get("batch") == self.batch.message_id
            ),
            None,
        )

    @property
    def people(self) -> dict[int, str]:
        """Return the names of those whose hands the file went through."""
        return hands([self.batch])


def _held(found: Seen) -> Held:
    """Return the acts on one payment that a file goes through, by name, with what speaks against each."""
    return {
        option.act.name: (option.act, option.failures)
        for option in options(found.workflow, found.tranche.state, found.facts)
        if option.act.does in HANDS
    }


def hands(batches: Sequence[PaymentBatch]) -> dict[int, str]:
    """Return the names of those whose hands payment files went through, by number."""
    return accounts.names({number for batch in batches for number in _hands(batch)})


def _hands(batch: PaymentBatch) -> Iterator[int]:
    yield batch.prepared_by
    yield from batch.released_by
    for number in (batch.checked_by, batch.voided_by):
        if number is not None:
            yield number


def stage(batch: PaymentBatch) -> str:
    """Return how far a payment file is, in words."""
    if batch.voided_at:
        return "taken back"
    if batch.released_at:
        return "released"
    if batch.releases:
        return f"{len(batch.releases)} of {batch.needed} releases"
    return "checked" if batch.checked_by else "prepared"


def view(message_id: str) -> FileView:
    """Return a payment file of the agency of the person who asks, with its payments; raises ``Missing``.

    A file with a payment of a case that is hidden from the person is not there.
    """
    person = reader()
    batch = queries.batch(message_id, person)
    known, said = queries.known(batch), queries.said(batch)
    payments = [
        Paying(
            row=row,
            state=queries.life(row.life).states[row.Tranche.state],
            known=known.get(row.PaymentInstruction.id),
            line=said.get(row.PaymentInstruction.id),
        )
        for row in queries.payments(batch)
    ]
    saw(sorted({payment.row.reference for payment in payments}))
    return FileView(batch, person, payments)


def downloadable(found: FileView) -> PaymentBatch:
    """Return a batch whose file may be handed out: every case of it is known and none was erased.

    Raises ``Gone`` for what was erased, ``Missing`` for a file that was taken back and whose payments are in others by now.
    """
    if not found.whole:
        raise Missing("The payments of this file went into later ones; it was never sent.")
    for payment in found.payments:
        not_erased(payment.row.Application)
    if not found.batch.file:
        raise Gone("This file was erased with a case that was paid by it.")
    return found.batch


def inside(batch: PaymentBatch, does: str, name: str, person: Person) -> list[Chosen]:
    """Return every payment of a batch with the act that does something; ``name`` chooses where several do.

    Without a name it is the one that is open to the person, if any. Raises ``Conflict`` when the file is past it.
    """
    wanted = name or _open(batch.message_id, does)

    def act(life: str, state: str) -> str:
        return queries.act_for(life, state, does, wanted)

    found = commands.members(batch, act, person)
    if not found or not all(one.act for one in found):
        raise Conflict(f"This is not possible: the payment file is {stage(batch)}.")
    return found


def _open(message_id: str, does: str) -> str:
    offers = [offer for offer in view(message_id).offers if offer.act.does == does]
    return next((offer.act.name for offer in offers if offer.allowed), "")
