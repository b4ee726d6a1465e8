"""Moving cases in flight to another version: by two people, all or none, each with an event on its own trail."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.commands import declare_interest
from app.applications import queries as applications
from app.audit import queries as audit
from app.db import db, transaction
from app.errors import Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes.models import WorkflowMigration
from app.trail.queries import events_of
from app.versions import commands
from app.versions.commands import Move
from tests.answers import LOAN
from tests.factories import last_event, refused
from tests.workflows_of_agencies import published, text
from tests.world import World
from workflows.definition import Workflow
from workflows.format.loading import shipped
from workflows.machine import Refused

OLD = shipped("grant")
LONGER = ("clock = {days = 5, unit", "clock = {days = 9, unit")


def version(world: World, number: int, *changes: tuple[str, str]) -> Workflow:
    """Return a version of the agency's own, published by its two designers."""
    source = text(number, *changes)
    return published(source, author=world.designer, checker=world.designer_two)


def same(old: Workflow, **other: str) -> dict[str, str]:
    """Return the map of each state to that of the same name, but for those that are named."""
    return {**{name: name for name in old.states}, **other}


def asked(new: Workflow, old: Workflow = OLD, **other: str) -> Move:
    """Return the migration that keeps the names of states, but for those that are named."""
    return Move(old, new, same(old, **other), "Clocks were too short.")


def plan(move: Move, world: World) -> int:
    """Plan a migration as the first designer."""
    with transaction():
        return commands.plan_migration(move, actor=world.designer).id


def carry_out(number: int, world: World) -> list[str]:
    """Carry a migration out as the second designer."""
    with transaction():
        return commands.carry_out(number, actor=world.designer_two)


def everything(reference: str, world: World) -> tuple[Any, ...]:
    """Return what of a case a migration could change."""
    case = world.case(reference)
    return case.workflow_digest, case.state, case.version, case.trail_seq, case.due_on


def test_every_case_in_flight_moves_and_goes_on(world: World) -> None:
    references = [world.draft(), world.at("screening"), world.at("decision")]
    paying = world.at("disbursing")
    world.tranche_to(paying, 1, "paid")
    new = version(world, 1, LONGER)
    before = {r: world.case(r).version for r in (*references, paying)}
    assert carry_out(plan(asked(new), world), world) == [*references, paying]
    for reference, was in before.items():
        case = world.case(reference)
        event = last_event(reference)
        assert (case.workflow_digest, case.version) == (new.digest, was + 1)
        assert (event.kind, event.actor) == ("migrate", world.designer_two.mark)
        assert event.record["from"] == event.record["to"] == case.state
        assert event.record["workflow"]["sha256"] == new.digest
        assert event.record["migration"]["from"] == OLD.digest
        assert event.disclosed == {"reason": "Clocks were too short."}
        assert applications.workflow(case) == new
    world.tranche_to(paying, 2, "paid")
    world.approve(references[2])
    assert world.case(references[2]).state == "offered"
    assert audit.verify() == []


def test_a_case_that_has_ended_stays_where_it_is(world: World) -> None:
    reference = world.at("disbursing")
    for number in (1, 2):
        world.tranche_to(reference, number, "paid")
    assert world.case(reference).state == "completed"
    before = everything(reference, world)
    assert carry_out(plan(asked(version(world, 1)), world), world) == []
    assert everything(reference, world) == before


def test_cases_of_another_agency_stay_where_they_are(world: World) -> None:
    other = world.draft(LOAN)
    world.country = "MY"
    new = version(world, 1)
    assert carry_out(plan(asked(new), world), world) == []
    assert world.case(other).workflow_digest == shipped("loan").digest


def test_new_applications_still_begin_under_the_version_of_their_scheme(world: World) -> None:
    carry_out(plan(asked(version(world, 1)), world), world)
    assert world.case(world.draft()).workflow_digest == OLD.digest


def test_a_renamed_state_is_followed_and_its_clock_goes_on(world: World) -> None:
    reference = world.at("screening")
    due = world.case(reference).due_on
    new = version(world, 1, ("screening", "checking"))
    carry_out(plan(asked(new, screening="checking"), world), world)
    case = world.case(reference)
    assert (case.state, case.due_on) == ("checking", due)
    assert last_event(reference).record["to"] == "checking"
    assert "clock" not in last_event(reference).record


def test_a_longer_clock_counts_from_the_day_it_began(world: World) -> None:
    reference = world.at("screening")
    before = world.case(reference)
    due, began = before.due_on, before.clock_started_on
    assert due is not None
    carry_out(plan(asked(version(world, 1, LONGER)), world), world)
    case = world.case(reference)
    assert case.due_on is not None
    assert case.due_on >= due + timedelta(days=4)
    assert (case.clock_started_on, case.clock_days) == (began, 9)
    told = last_event(reference).record["clock"]
    assert told == {"due_before": due.isoformat(), "due_on": case.due_on.isoformat()}


def test_a_second_migration_follows_the_first(world: World) -> None:
    reference = world.at("recommendation")
    first = version(world, 1, ("screening", "checking"))
    carry_out(plan(asked(first, screening="checking"), world), world)
    second = version(world, 2, ("screening", "perusal"))
    carry_out(plan(asked(second, first, checking="perusal"), world), world)
    world.recommend(reference)
    case = world.case(reference)
    assert (case.workflow_digest, case.state) == (second.digest, "decision")
    assert [event.kind for event in events_of(reference)].count("migrate") == 2


def test_one_past_that_would_not_have_been_legal_stops_all(world: World) -> None:
    fine, passed = world.at("submitted"), world.at("assessment")
    before = everything(fine, world), everything(passed, world)
    new = version(world, 1, ("[acts.pass]", "[acts.pass_on]"))
    with pytest.raises(Refused) as caught:
        plan(asked(new), world)
    (failure,) = caught.value.failures
    assert failure.rule == "act_exists"
    assert failure.sentence.startswith(f"{passed}, step 3 (pass): there is no act 'pass'")
    assert (everything(fine, world), everything(passed, world)) == before


def test_a_past_that_came_after_the_plan_stops_all_as_well(world: World) -> None:
    fine, later = world.at("submitted"), world.at("screening")
    new = version(world, 1, ("[acts.pass]", "[acts.pass_on]"))
    number = plan(asked(new), world)
    world.do(reviews.move, later, Reasoned(), act="pass", actor=world.desk)
    before = everything(fine, world), everything(later, world)
    with refused("act_exists"):
        carry_out(number, world)
    assert (everything(fine, world), everything(later, world)) == before
    assert db.session.get_one(WorkflowMigration, number).carried_out_at is None


def test_a_map_that_is_not_total_is_refused_with_every_state(world: World) -> None:
    new = version(world, 1)
    with pytest.raises(Refused) as caught:
        plan(Move(OLD, new, {"draft": "draft"}, "Why not."), world)
    assert {failure.rule for failure in caught.value.failures} == {"total"}
    assert len(caught.value.failures) == len(OLD.states) - 1


def test_its_author_alone_does_not_carry_it_out(world: World) -> None:
    reference = world.at("submitted")
    before = everything(reference, world)
    number = plan(asked(version(world, 1)), world)
    with refused("four_eyes"):
        commands.carry_out(number, actor=world.designer)
    db.session.rollback()
    assert everything(reference, world) == before


def test_the_database_refuses_its_author_as_well(world: World) -> None:
    number = plan(asked(version(world, 1)), world)
    db.session.get_one(WorkflowMigration, number).carried_out_by = world.designer.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_carrying_out_twice_is_refused(world: World) -> None:
    reference = world.at("submitted")
    number = plan(asked(version(world, 1)), world)
    carry_out(number, world)
    before = everything(reference, world)
    with refused("carried_out_once"):
        carry_out(number, world)
    assert everything(reference, world) == before


def test_the_same_plan_twice_is_one(world: World) -> None:
    move = asked(version(world, 1))
    assert plan(move, world) == plan(move, world)


@pytest.mark.parametrize("who", ["desk", "auditor", "everything"])
def test_without_the_duty_nothing_is_planned_or_carried_out(world: World, who: str) -> None:
    move = asked(version(world, 1))
    number = plan(move, world)
    with refused("duty"):
        commands.plan_migration(move, actor=getattr(world, who))
    with refused("duty"):
        commands.carry_out(number, actor=getattr(world, who))


def test_a_migration_of_another_agency_is_not_there(world: World) -> None:
    number = plan(asked(version(world, 1)), world)
    with pytest.raises(Missing):
        commands.carry_out(number, actor=world.person("designer.vn"))


def test_who_has_an_interest_in_a_case_does_not_move_it(world: World) -> None:
    reference = world.at("submitted")
    number = plan(asked(version(world, 1)), world)
    with transaction():
        declare_interest(world.designer_two, world.case(reference).enterprise_id, "A cousin.")
    with refused("no_interest"):
        carry_out(number, world)


def test_an_interest_in_no_case_in_flight_does_not_count(world: World) -> None:
    world.at("submitted")
    number = plan(asked(version(world, 1)), world)
    enterprise = world.rival.enterprise
    assert enterprise is not None
    with transaction():
        declare_interest(world.designer_two, enterprise.id, "A cousin.")
    assert len(carry_out(number, world)) == 1


def test_both_steps_stand_on_the_trail_of_the_agency(world: World) -> None:
    world.at("submitted")
    carry_out(plan(asked(version(world, 1)), world), world)
    agency = world.designer.agency
    assert agency is not None
    planned, carried = events_of(agency.reference)[-2:]
    assert (planned.kind, carried.kind) == ("plan_migration", "carry_out_migration")
    assert planned.record["states"] == same(OLD)
    assert carried.record["detail"]["cases"] == 1
    assert carried.record["detail"]["author"] == world.designer.mark


def test_who_opened_the_case_before_it_moved_must_look_again(world: World) -> None:
    reference = world.at("submitted")
    seen = world.case(reference).version
    carry_out(plan(asked(version(world, 1)), world), world)
    with refused("unchanged"):
        world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk, version=seen)
