"""Changes of awards of the world: proposed, decided, agreed to; and another bank account of an enterprise."""

from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.awards import commands as awards
from app.awards.models import Award, AwardVersion, Movement, Tranche
from app.awards.queries import awarded, tranches
from app.budgets.models import Budget
from app.db import db, transaction
from app.disbursements.models import PayeeAccount
from app.proceedings import commands
from app.proceedings.queries import count, proceeding
from app.reviews.commands import Reasoned
from app.variations.compose import ACCOUNT, CUT, VARIATION, Change, Line
from tests.people import newcomer
from tests.world import World

NOTE = "As the minute says."
HELD = {"name": "Kopi Contoh Sdn Bhd", "number": "1111222233334444", "bic": "CONTMYKLXXX"}


def disbursing(world: World, approved: str = "60000", **changed: str) -> str:
    """Return a case of which less was approved than requested: 60,000.00 of MYR 80,000.00, in tranches of 40 and 60 per cent."""
    reference = world.at("decision", **changed)
    world.approve(reference, approved)
    world.do(awards.accept, reference, actor=world.applicant)
    world.meet_conditions(reference)
    return reference


def change(amount: str = "", *lines: str, costs_to: date | None = None) -> Change:
    """Return a variation: the new size, the amounts of the tranches of its plan, the last day for costs."""
    plan = tuple(Line(f"Step {number}", line) for number, line in enumerate(lines, start=1))
    return Change(amount, plan, costs_to)


def propose(world: World, reference: str, given: Change, actor: Person | None = None) -> int:
    """Propose a variation, and return its number."""
    by = actor or world.desk
    world.do(commands.propose, reference, VARIATION, given, NOTE, actor=by)
    return count(world.case(reference))


def cut(world: World, reference: str, note: str = NOTE, actor: Person | None = None) -> int:
    """Propose to cut what is undrawn, and return the number of the proposal."""
    by = actor or world.desk
    world.do(commands.propose, reference, CUT, None, note, actor=by)
    return count(world.case(reference))


def enter(world: World, reference: str, actor: Person | None = None, **changed: str) -> int:
    """Enter another bank account, and return the number of the change."""
    by = actor or world.applicant
    world.do(commands.propose, reference, ACCOUNT, HELD | changed, "", actor=by)
    return count(world.case(reference))


def act(world: World, reference: str, number: int, name: str, who: str, note: str = NOTE) -> Any:
    """Take an act on a change as somebody of the world."""
    said, actor = Reasoned(note=note), getattr(world, who)
    return world.do(commands.take, reference, number, said, act=name, actor=actor)


def agreed(world: World, reference: str, given: Change) -> int:
    """Let a variation be proposed, approved and agreed to."""
    number = propose(world, reference, given)
    act(world, reference, number, "approve", "approver")
    act(world, reference, number, "agree", "applicant")
    return number


def state(world: World, reference: str, number: int) -> str:
    """Return where a change stands."""
    return proceeding(world.case(reference), number).state


def colleague(world: World) -> Person:
    """Return another person of the enterprise of the applicant, who may not sign for it."""
    with transaction():
        person = newcomer("colleague.my", ("applicant",), world.applicant.password)
        person.enterprise = world.applicant.enterprise
        db.session.add(person)
    return person


def planned(world: World, reference: str) -> list[tuple[int, int, str]]:
    """Return number, amount in units of the currency, and state of each tranche."""
    rows = tranches(awarded(world.case(reference)))
    return [(row.number, row.amount_minor // 100, row.state) for row in rows]


def versions(world: World, reference: str) -> list[int]:
    """Return the size of each version of the award, in units of the currency."""
    found = select(AwardVersion).where(AwardVersion.award_id == awarded(world.case(reference)).id)
    return [
        row.size_minor // 100 for row in db.session.scalars(found.order_by(AwardVersion.number))
    ]


def money() -> list[tuple[Any, ...]]:
    """Return every row that says what was agreed and where its money is, and each account to be paid to."""
    db.session.rollback()
    tables = (Award, AwardVersion, Movement, Tranche, Budget)
    rows = [
        tuple(row)
        for table in tables
        for row in db.session.execute(select(*table.__table__.columns))
    ]
    used = select(PayeeAccount.id).where(PayeeAccount.dropped_at.is_(None))
    return rows + [tuple(row) for row in db.session.execute(used)]
