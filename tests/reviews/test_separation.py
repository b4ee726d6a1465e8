"""Whoever stands on one side of a decision cannot stand on the other: in one case a person has one part."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.applications.commands import declare
from app.applications.models import Part
from app.applications.queries.standing import parts
from app.awards import commands as awards
from app.awards.queries import awarded, conditions
from app.db import db, transaction
from app.disbursements import commands as disbursements
from app.errors import Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.reviews.queries import assessments
from app.submissions import commands as submissions
from tests.factories import refused
from tests.world import World

pytestmark = pytest.mark.one_database

Act = Callable[[World, str, Person], Any]


def act(command: Callable[..., Any], *args: Any, **more: Any) -> Act:
    return lambda world, reference, actor: world.do(command, reference, *args, actor=actor, **more)


def on_file(command: Callable[..., Any]) -> Act:
    return lambda world, reference, actor: world.do(
        command, reference, 1, world.digest(reference, 1), actor=actor
    )


# The stations of a case in their order: the state before, the part, the act.
STATIONS: list[tuple[str, str, Act]] = [
    ("submitted", "desk_officer", act(reviews.move, Reasoned(), act="take_up")),
    ("screening", "desk_officer", act(reviews.move, Reasoned(), act="pass")),
    ("assessment", "assessor", lambda w, r, p: w.assess(r, p)),
    ("decision", "approver", lambda w, r, p: w.approve(r, actor=p)),
    ("accepted", "desk_officer", act(awards.meet_condition, "agreement", "Seen.")),
    ("claimed", "desk_officer", act(disbursements.verify, 1, "")),
    ("verified", "payment_maker", act(disbursements.prepare, 1)),
    ("prepared", "payment_checker", on_file(disbursements.check)),
    ("checked", "releaser", on_file(disbursements.release)),
    ("released", "payment_maker", act(disbursements.report_unknown, 1, "")),
]
PAIRS = [
    pytest.param(first, second, id=f"{first[1]} in {first[0]}, then {second[1]} in {second[0]}")
    for n, first in enumerate(STATIONS)
    for second in STATIONS[n + 1 :]
    if first[1] != second[1]
]


def assess(world: World, reference: str) -> None:
    done = len(assessments(world.case(reference)))
    world.assess(reference, (world.assessor, world.assessor_two)[done])


def meet_what_is_open(world: World, reference: str) -> None:
    for condition in conditions(awarded(world.case(reference))):
        if condition.met_at is None:
            world.do(awards.meet_condition, reference, condition.key, "Seen.", actor=world.desk)


# How a case goes on from each state when other people act on it.
ONWARD: dict[str, Callable[[World, str], Any]] = {
    "draft": lambda w, r: w.do(submissions.submit, r, actor=w.applicant),
    "submitted": lambda w, r: w.do(reviews.move, r, Reasoned(), act="take_up", actor=w.desk),
    "screening": lambda w, r: w.do(reviews.move, r, Reasoned(), act="pass", actor=w.desk),
    "assessment": assess,
    "recommendation": lambda w, r: w.recommend(r),
    "decision": lambda w, r: w.approve(r),
    "offered": lambda w, r: w.do(awards.accept, r, actor=w.applicant),
    "accepted": meet_what_is_open,
    "planned": lambda w, r: w.do(disbursements.ask, r, 1, "", act="claim", actor=w.applicant),
    "claimed": lambda w, r: w.do(disbursements.verify, r, 1, "", actor=w.desk),
    "verified": lambda w, r: w.do(disbursements.prepare, r, 1, actor=w.maker),
    "prepared": lambda w, r: on_file(disbursements.check)(w, r, w.checker),
    "checked": lambda w, r: on_file(disbursements.release)(w, r, w.releaser),
}


def bring(world: World, reference: str, state: str) -> None:
    """Let a case go on with other people until it stands where an act is due."""
    while (here := standing(world, reference)) != state:
        ONWARD[here](world, reference)


def standing(world: World, reference: str) -> str:
    state = world.case(reference).state
    return world.tranche_state(reference, 1) if state == "disbursing" else state


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_nobody_does_both(
    world: World, first: tuple[str, str, Act], second: tuple[str, str, Act]
) -> None:
    reference, busy = world.draft(), world.everything
    bring(world, reference, first[0])
    first[2](world, reference, busy)
    bring(world, reference, second[0])
    version = world.case(reference).version
    with refused("separate_hands"):
        second[2](world, reference, busy)
    assert world.case(reference).version == version
    assert parts(world.case(reference))[busy.id] == first[1]


def test_the_same_part_may_be_taken_again(world: World) -> None:
    reference = world.at("submitted")
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.everything)
    world.do(reviews.move, reference, Reasoned(), act="pass", actor=world.everything)
    assert world.case(reference).state == "assessment"


def test_in_another_case_the_person_is_free(world: World) -> None:
    first, second = world.at("submitted"), world.at("assessment")
    world.do(reviews.move, first, Reasoned(), act="take_up", actor=world.everything)
    world.assess(second, world.everything)
    assert parts(world.case(second))[world.everything.id] == "assessor"


def test_the_database_holds_one_part_for_a_person_and_a_case(world: World) -> None:
    case = world.case(world.at("screening"))
    row = {"application_id": case.id, "person_id": world.desk.id, "part": "approver"}
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Part), row)


def test_nobody_acts_without_the_duty(world: World) -> None:
    reference = world.at("submitted")
    for name in ("assessor", "approver", "maker", "releaser", "auditor"):
        with refused("duty"):
            world.do(reviews.move, reference, Reasoned(), act="take_up", actor=getattr(world, name))
    with refused("duty", "no_interest", "separate_hands"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.applicant)


def test_an_officer_at_home_in_the_enterprise_does_not_act_on_it(world: World) -> None:
    reference = world.at("submitted")
    world.rival.enterprise_id = world.applicant.enterprise_id
    world.rival.duties = ["desk_officer"]
    db.session.flush()
    with refused("no_interest"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.rival)


@pytest.mark.parametrize("name", ["desk", "assessor", "approver"])
def test_a_declared_interest_hides_the_case_from_whoever_declared_it(
    world: World, name: str
) -> None:
    reference, person = world.at("submitted"), getattr(world, name)
    with transaction():
        declare(reference, "A brother works there.", actor=person)
    with pytest.raises(Missing):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=person)
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk_two)
    assert world.case(reference).state == "screening"
