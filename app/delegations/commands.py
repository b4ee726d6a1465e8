"""What can happen to delegations: given, and taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.models import Agency, Person
from app.db import db
from app.delegations.models import Delegation
from app.errors import Conflict, Missing
from app.trail.commands import Entry, record
from workflows.authority import Handover, handover_failures
from workflows.facts import Failure
from workflows.machine import Refused


@dataclass(frozen=True)
class Handing:
    """A delegation as it is asked for: who takes it, the duty, the last and first local day, and what it is good for.

    ``scheme`` "" is every scheme; ``limit`` bounds amounts in minor units of ``currency``, both ``None`` for a duty that
    decides no amounts.
    """

    taker: str
    duty: str
    valid_from: date
    valid_to: date
    reason: str
    scheme: str = ""
    currency: str | None = None
    limit: int | None = None


def delegate(asked: Handing, *, actor: Person) -> Delegation:
    """Hand a duty to a colleague for a period; raises ``Refused`` with every rule it breaks.

    Not to oneself, not beyond one's own authority for the whole period, not what was delegated to one. It is recorded on
    the trail of the agency.
    """
    if actor.agency is None:
        raise Missing
    taker = accounts.person_by_email(asked.taker)
    agency = locked_agency(actor.agency.id)
    failures = (
        *_reading(actor, taker),
        *handover_failures(_handover(asked, taker, actor, agency)),
    )
    if taker is None or failures:
        raise Refused("delegate", agency.reference, failures)
    recorded = record(agency, Entry("delegate", actor.mark, {"detail": _terms(asked, taker)}))
    delegation = Delegation(
        giver=actor,
        taker=taker,
        duty=asked.duty,
        scheme_code=asked.scheme,
        currency=asked.currency,
        limit_minor=asked.limit,
        valid_from=asked.valid_from,
        valid_to=asked.valid_to,
        reason=asked.reason,
        event_id=recorded.id,
    )
    db.session.add(delegation)
    db.session.flush()
    return delegation


def end_delegation(number: int, *, actor: Person) -> Delegation:
    """Take a delegation back from today; the giver or the taker may. It is recorded on the trail of the agency."""
    if actor.agency is None:
        raise Missing
    agency = locked_agency(actor.agency.id)
    found = db.session.get(Delegation, number, populate_existing=True)
    if found is None or actor.id not in (found.giver_id, found.taker_id):
        raise Missing("There is no such delegation, or not for you.")
    if found.ended_on is not None:
        raise Conflict("The delegation has ended already.")
    found.ended_on = accounts.day_at(agency)
    detail = {"delegation": number, "ended_on": found.ended_on.isoformat()}
    record(agency, Entry("end_delegation", actor.mark, {"detail": detail}))
    return found


def hold(number: int) -> None:
    """Keep a delegation from being ended until the act under it is recorded; raises ``Conflict`` when it just was."""
    found = select(Delegation.ended_on).where(Delegation.id == number).with_for_update(read=True)
    if db.session.connection().execute(found).scalar_one() is not None:
        raise Conflict("The delegation you act under has ended.")


def _reading(actor: Person, taker: Person | None) -> Iterator[Failure]:
    """Yield what speaks against an auditor on either side: whoever audits takes no act, in nobody's name."""
    for person, sentence in (
        (actor, "An auditor only reads and has nothing to hand over."),
        (taker, "An auditor only reads and acts for nobody."),
    ):
        if person is not None and "auditor" in person.duties:
            yield Failure("auditors_only_read", sentence, "Delegation of authority")


def _handover(asked: Handing, taker: Person | None, actor: Person, agency: Agency) -> Handover:
    """Gather what the rules look at; an address nobody has is like one of another agency, so that neither is told."""
    own = None
    if asked.limit is not None and asked.currency is not None:
        sought = accounts.Sought(asked.scheme, asked.currency, asked.valid_from, asked.duty)
        own = accounts.own_limit(actor, sought, first=asked.valid_from, last=asked.valid_to)
    return Handover(
        giver=actor.mark,
        taker=taker.mark if taker else "",
        same_agency=taker is not None and taker.agency_id == actor.agency_id,
        duty=asked.duty,
        held=frozenset(actor.duties),
        valid_from=asked.valid_from,
        valid_to=asked.valid_to,
        today=accounts.day_at(agency),
        limit=asked.limit,
        own_limit=own,
    )


def _terms(asked: Handing, taker: Person) -> dict[str, Any]:
    return {
        "taker": taker.mark,
        "duty": asked.duty,
        "scheme": asked.scheme,
        "currency": asked.currency,
        "limit": asked.limit,
        "from": asked.valid_from.isoformat(),
        "to": asked.valid_to.isoformat(),
    }
