"""Letters about proceedings say what was proposed, and each is issued once, on the way that causes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.queries import by_id, today
from app.checkpoints.commands import advance
from app.db import db, transaction
from app.letters.compose import compose
from app.letters.models import IssuedLetter
from app.letters.render import ChangeOffer, Demand, Letter
from app.proceedings import commands
from app.trail.queries import events_of
from app.variations.compose import Change, Line
from tests.factories import do_the_work
from tests.recoveries.clawing import act, day, demand, demanded, paid
from tests.world import World
from workflows.vocabulary import LETTERS

pytestmark = pytest.mark.one_database


def written(world: World, reference: str, kind: str) -> Letter:
    """Return the letter of the last approval in a case."""
    fact = [fact for fact in events_of(reference) if fact.kind == "approve"][-1]
    with transaction():
        advance()
    return compose(kind, by_id(world.case(reference).id), fact)


def issued() -> list[str]:
    """Return the kinds of the letters about proceedings that were issued."""
    do_the_work()
    kinds = db.session.scalars(select(IssuedLetter.kind).order_by(IssuedLetter.id))
    return [kind for kind in kinds if kind in ("clawback", "change_offer")]


def test_a_demand_says_how_much_why_by_when_and_where_to(world: World) -> None:
    reference = paid(world)
    demanded(world, reference, "10000.00", parts=2)
    body = written(world, reference, "clawback").body
    assert isinstance(body, Demand)
    assert (str(body.amount), body.currency, body.reason) == (
        "10000.00",
        "MYR",
        "The line was sold.",
    )
    assert [str(amount) for _, _, amount in body.instalments] == ["5000.00", "5000.00"]
    assert body.instalments[0][1] == day(world, reference)
    assert body.account == ("Agency MY", "5123456789", "CONTMYKLXXX")


def test_no_letter_is_written_before_the_demand_is_made(world: World) -> None:
    reference = paid(world)
    number = demand(world, reference)
    assert issued() == []
    act(world, reference, number, "approve", world.approver)
    assert issued() == ["clawback"]
    assert issued() == ["clawback"]


def test_a_waiver_that_is_refused_demands_nothing_anew(world: World) -> None:
    reference = paid(world)
    number = demanded(world, reference)
    act(world, reference, number, "propose_waiver", world.desk, "Wound up.")
    act(world, reference, number, "keep", world.member, "There is something left.")
    assert issued() == ["clawback"]


def test_an_offered_change_says_what_changes_and_until_when_to_agree(world: World) -> None:
    reference = paid(world)
    case = world.case(reference)
    change = Change(tranches=(Line("The belt", "20000"), Line("The oven", "28000")))
    world.do(commands.propose, reference, "variation", change, "Late.", actor=world.desk)
    act(world, reference, 1, "approve", world.approver)
    body = written(world, reference, "change_offer").body
    assert isinstance(body, ChangeOffer)
    assert (body.title, body.agree_by) == ("Variation", today(case) + timedelta(days=30))
    told = {label: text.replace("\u00a0", " ") for label, text in body.changes}
    assert told == {
        "Award until now": "MYR 80,000.00",
        "Tranche 2": "MYR 20,000.00: The belt",
        "Tranche 3": "MYR 28,000.00: The oven",
    }
    assert issued() == ["change_offer"]


def test_every_kind_of_letter_has_a_name_on_pages(world: World) -> None:
    with world.app.test_request_context():
        words = vars(world.app.jinja_env.get_template("_case.html").module)
    assert words["letter_names"].keys() >= LETTERS
