"""Scheme designers at the same moment: a version is published once, a migration carried out once, no case half moved."""

from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from app.awards import commands as awards
from app.bootstrap.redis_server import RedisServer
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes.commands import designing
from app.schemes.models import WorkflowProposal, WorkflowVersion
from app.trail.models import Event
from app.trail.queries import events_of
from app.versions.commands import Move, carry_out, plan_migration
from tests.answers import GRANT
from tests.processes.moments import Deed, adds_up, apart, at_once
from tests.workflows_of_agencies import proposed, published, text
from tests.world import World
from workflows.definition import Workflow
from workflows.format.loading import load, shipped

AGAIN = range(3)
SMALL = "6000.00"
OLD = shipped("grant")
numbers = count(1)


@pytest.fixture(scope="module")
def studio(
    new_database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("studio")
    with apart(new_database("studio"), redis_server.url, folder) as world:
        with transaction():
            world.chair.duties = ["approver", "chair", "scheme_designer"]
        db.session.remove()
        yield world


@pytest.fixture(autouse=True)
def whole(studio: World) -> Iterator[None]:
    yield
    assert adds_up()


def own(*changes: tuple[str, str]) -> str:
    """Return the text of the next version of the agency's own."""
    return text(next(numbers), *changes)


def by(name: str, command: Any, *args: Any) -> Deed:
    """Return what a designer does."""

    def deed(world: World) -> None:
        command(*args, actor=getattr(world, name))

    return deed


def counted(model: Any, *where: Any) -> int:
    found = db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0
    db.session.remove()
    return found


@pytest.mark.parametrize("_again", AGAIN)
def test_two_publish_the_same_proposal(studio: World, _again: int) -> None:
    source = own()
    number = proposed(source, author=studio.designer).id
    publish = designing.publish_workflow
    deeds = {name: by(name, publish, number) for name in ("designer_two", "chair")}
    moment = at_once(studio.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    assert "still_open" in moment.rules[0]
    assert counted(WorkflowVersion, WorkflowVersion.digest == load(source).digest) == 1


@pytest.mark.parametrize("_again", AGAIN)
def test_one_publishes_what_another_rejects(studio: World, _again: int) -> None:
    number = proposed(own(), author=studio.designer).id
    deeds = {
        "published": by("designer_two", designing.publish_workflow, number),
        "rejected": by("chair", designing.reject_workflow, number, "Too long."),
    }
    moment = at_once(studio.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    outcome = select(WorkflowProposal.outcome).where(WorkflowProposal.id == number)
    assert db.session.scalar(outcome) == moment.won[0]


@pytest.mark.parametrize("same", [True, False], ids=["one text", "two texts with one number"])
def test_two_propose_and_publish_under_one_number(studio: World, same: bool) -> None:
    number = next(numbers)
    one = text(number)
    other = one if same else text(number, ('label = "Approve"', 'label = "Agree"'))
    propose = designing.propose_workflow
    moment = at_once(
        studio.app, {"designer": by("designer", propose, one), "chair": by("chair", propose, other)}
    )
    assert (moment.won, moment.errors) == (["designer", "chair"], [])
    open_ = select(WorkflowProposal.id).where(WorkflowProposal.version == number)
    waiting = list(db.session.scalars(open_))
    assert len(waiting) == (1 if same else 2)
    publish = designing.publish_workflow
    deeds = {str(found): by("designer_two", publish, found) for found in waiting}
    moment = at_once(studio.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    assert same or "higher_version" in moment.rules[0]


def moving(world: World, *changes: tuple[str, str], old: Workflow = OLD) -> tuple[int, Workflow]:
    """Return the plan to move the agency's cases to a version with some texts changed."""
    source = own(*changes)
    new = published(source, author=world.designer, checker=world.designer_two)
    states = {name: name for name in old.states}
    for was, now in changes:
        if was in states:
            states[was] = now
    with transaction():
        asked = Move(old, new, states, "A better name.")
        number = plan_migration(asked, actor=world.designer).id
    db.session.remove()
    return number, new


@pytest.mark.parametrize("_again", AGAIN)
def test_two_carry_out_the_same_migration(studio: World, _again: int) -> None:
    references = [studio.at("screening", GRANT, amount=SMALL) for _ in range(3)]
    number, new = moving(studio)
    deeds = {name: by(name, carry_out, number) for name in ("designer_two", "chair")}
    moment = at_once(studio.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    assert "carried_out_once" in moment.rules[0]
    for reference in references:
        assert studio.case(reference).workflow_digest == new.digest
        assert Counter(event.kind for event in events_of(reference))["migrate"] == 1


@pytest.mark.parametrize("_again", AGAIN)
def test_two_migrations_of_the_same_cases_move_each_once(studio: World, _again: int) -> None:
    references = [studio.at("screening", GRANT, amount=SMALL) for _ in range(3)]
    plans = dict(zip(("designer_two", "chair"), (moving(studio), moving(studio)), strict=True))
    deeds = {name: by(name, carry_out, number) for name, (number, _) in plans.items()}
    moment = at_once(studio.app, deeds)
    assert moment.errors == []
    moved = {studio.case(reference).workflow_digest for reference in references}
    assert len(moved) == 1
    assert moved <= {new.digest for _, new in plans.values()}
    for reference in references:
        assert Counter(event.kind for event in events_of(reference))["migrate"] == 1


@pytest.mark.parametrize("blind", [True, False], ids=["not looking", "looking"])
@pytest.mark.parametrize("_again", AGAIN)
def test_a_case_moves_on_while_it_is_moved_to_another_version(
    studio: World, blind: bool, _again: int
) -> None:
    """Screening is called checking in the new version: a case that leaves it first is moved from where it went."""
    reference = studio.at("screening", GRANT, amount=SMALL)
    seen = None if blind else studio.case(reference).version
    number, new = moving(studio, ("screening", "checking"))

    def passing(world: World) -> None:
        reviews.move(reference, Reasoned(), act="pass", version=seen, actor=world.desk)

    deeds = {"act": passing, "migration": by("designer_two", carry_out, number)}
    moment = at_once(studio.app, deeds)
    assert (moment.errors, "migration" in moment.won) == ([], True)
    case = studio.case(reference)
    state = "assessment" if "act" in moment.won else "checking"
    assert (case.workflow_digest, case.state) == (new.digest, state)
    assert blind <= ("act" in moment.won)
    assert counted(Event, Event.stream == reference, Event.kind == "migrate") == 1


@pytest.mark.parametrize("_again", AGAIN)
def test_a_vote_whose_act_the_new_version_does_not_have(studio: World, _again: int) -> None:
    """Of a case that was approved first nothing moves: its trail holds an act that the new version does not have."""
    reference = studio.at("decision", GRANT, amount=SMALL)
    seen = studio.case(reference).version
    number, new = moving(studio, ("[acts.approve]", "[acts.agree]"))

    def voting(world: World) -> None:
        cast = Cast(SMALL)
        decisions.vote(reference, cast, act="approve", version=seen, actor=world.approver)

    deeds = {"vote": voting, "migration": by("designer_two", carry_out, number)}
    moment = at_once(studio.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    case = studio.case(reference)
    ends = {"vote": ("offered", OLD.digest), "migration": ("decision", new.digest)}
    assert (case.state, case.workflow_digest) == ends[moment.won[0]]
    # It is in the way of no other plan.
    studio.do(awards.end, reference, Reasoned(), act="withdraw", actor=studio.applicant)


@pytest.mark.parametrize("_again", AGAIN)
def test_drafts_that_begin_while_cases_are_moved_are_whole(studio: World, _again: int) -> None:
    """One has the call and looks at the agency, the other has the agency and looks at the call."""
    studio.at("screening", GRANT, amount=SMALL)
    number, new = moving(studio)
    begun: list[str] = []

    def beginning(world: World) -> None:
        begun.append(world.draft(GRANT))

    moment = at_once(
        studio.app, {"begin": beginning, "migration": by("designer_two", carry_out, number)}
    )
    assert (moment.won, moment.errors) == (["begin", "migration"], [])
    for reference in begun:
        assert studio.case(reference).workflow_digest in (OLD.digest, new.digest)
