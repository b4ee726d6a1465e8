"""Which referrals a person may follow, and what the receiving side can do with one."""

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts import queries as accounts
from app.accounts.compose import CENTRE
from app.accounts.models import Agency, Enterprise, Person
from app.db import db
from app.errors import Missing
from app.referrals.models import Referral
from app.schemes import queries as schemes
from app.schemes.models import Call

# Who refers enterprises, and answers for those referred.
PARTIES = frozenset({"adviser", "desk_officer"})
PAGE = 25


def visible(actor: Person) -> Select[Referral]:
    """Return the query of the referrals a person may follow: of the own enterprise, or sent or received by the own agency.

    In an agency they are for advisers and desk officers, never those of an enterprise in which the person has an interest.
    """
    found = select(Referral)
    if actor.applies:
        return found.where(Referral.enterprise_id == actor.enterprise_id)
    if PARTIES.isdisjoint(actor.duties):
        raise Missing("Referrals are for advisers and desk officers.")
    return found.where(
        or_(Referral.from_agency_id == actor.agency_id, Referral.to_agency_id == actor.agency_id),
        ~accounts.interested(actor.id, Referral.enterprise_id, ""),
    )


def page(actor: Person, before: int) -> tuple[list[Referral], bool]:
    """Return a page of the referrals a person may follow, newest first, and whether there is another."""
    found = visible(actor).options(
        joinedload(Referral.enterprise), joinedload(Referral.sender), joinedload(Referral.receiver)
    )
    if before:
        found = found.where(Referral.id < before)
    rows = list(db.session.scalars(found.order_by(Referral.id.desc()).limit(PAGE + 1)))
    return rows[:PAGE], len(rows) > PAGE


def find(number: int, *, actor: Person) -> Referral:
    """Return a referral as it stands; raises ``Missing`` also for one that is not the person's to follow."""
    found = visible(actor).where(Referral.id == number)
    referral = db.session.scalars(found, execution_options={"populate_existing": True}).first()
    if referral is None:
        raise Missing("There is no such referral, or not for you.")
    return referral


def waiting(actor: Person) -> int:
    """Return how many referrals wait for an answer of the person's agency."""
    if PARTIES.isdisjoint(actor.duties):
        return 0
    open_ = visible(actor).where(Referral.state == "sent", Referral.to_agency_id == actor.agency_id)
    return db.session.scalar(open_.with_only_columns(func.count())) or 0


def same(enterprise: Enterprise, sender: Agency, receiver: Agency, scheme: str) -> Referral | None:
    """Return the referral of an enterprise between two agencies for a scheme that has not ended yet."""
    found = select(Referral).where(
        Referral.enterprise_id == enterprise.id,
        Referral.from_agency_id == sender.id,
        Referral.to_agency_id == receiver.id,
        Referral.scheme_code == scheme,
        Referral.state.in_(("sent", "accepted")),
    )
    return db.session.scalars(found).first()


def openings(referral: Referral) -> list[Call]:
    """Return the open calls under which the enterprise may apply where it was referred to.

    They are those of the receiving agency, for a service centre those of its country's agencies.
    """
    receiver, country = referral.receiver, referral.enterprise.country
    return [
        call
        for call in schemes.calls()
        if schemes.is_open(call)
        and country in schemes.terms(call.scheme).countries
        and (
            call.scheme.agency.country == receiver.country
            if receiver.kind == CENTRE
            else call.scheme.agency_id == receiver.id
        )
    ]
