"""Two institutions act on one loan at the same moment: the award stands or is void, and the budget knows which."""

from collections.abc import Iterator

import pytest

from app.awards import commands as awards
from app.awards.models import Award
from app.bootstrap.redis_server import RedisServer
from app.db import db
from app.decisions import commands as decisions
from app.decisions.models import Decision
from app.reviews.commands import Reasoned
from tests.decisions.guaranteed import (
    PLEDGED,
    WITHIN,
    accepted,
    approved,
    offered,
    settle_guarantor,
)
from tests.factories import rows
from tests.processes.moments import Deed, adds_up, apart, at_once
from tests.world import World

AGAIN = range(3)


@pytest.fixture(scope="module")
def lenders(
    new_database, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("lenders")
    with apart(new_database("lenders"), redis_server.url, folder) as world:
        settle_guarantor(world)
        yield world


@pytest.fixture(autouse=True)
def whole(lenders: World) -> Iterator[None]:
    yield
    assert adds_up()


def refusing(reference: str, version: int | None, who: str = "guarantor") -> Deed:
    """Return the refusal of the guarantor."""

    def deed(world: World) -> None:
        actor, act = world.person(who), "refuse_guarantee"
        decisions.vote(reference, PLEDGED, act=act, version=version, actor=actor)

    return deed


def revoking(reference: str, version: int | None, who: str = "guarantor") -> Deed:
    """Return the guarantor taking its yes back."""

    def deed(world: World) -> None:
        actor, act = world.person(who), "revoke_guarantee"
        said = Reasoned(PLEDGED.reasons, PLEDGED.note)
        decisions.void(reference, said, act=act, version=version, actor=actor)

    return deed


def granting(reference: str, version: int | None, who: str = "guarantor") -> Deed:
    """Return the yes of the guarantor."""

    def deed(world: World) -> None:
        actor = world.person(who)
        decisions.vote(reference, WITHIN, act="guarantee", version=version, actor=actor)

    return deed


def accepting(reference: str, version: int | None) -> Deed:
    """Return the yes of the applicant."""

    def deed(world: World) -> None:
        awards.accept(reference, version=version, actor=world.person("applicant.vn"))

    return deed


def withdrawing(reference: str, version: int | None) -> Deed:
    """Return the end the applicant makes."""

    def deed(world: World) -> None:
        actor = world.person("applicant.vn")
        awards.end(reference, Reasoned(), act="withdraw", version=version, actor=actor)

    return deed


def meeting(reference: str, version: int | None) -> Deed:
    """Return a condition precedent that is met."""

    def deed(world: World) -> None:
        awards.meet_condition(
            reference, "agreement", "Seen.", version=version, actor=world.person("desk.vn")
        )

    return deed


def stands(world: World, reference: str) -> tuple[str, list[bool], int]:
    """Return the state of a case, whether each of its awards stands, and how often the lender decided."""
    case = world.case(reference)
    found = [award.ended_at is None for award in rows(Award, case)]
    decided = sum(row.name == "award" for row in rows(Decision, case))
    state = (case.state, found, decided)
    db.session.remove()
    return state


@pytest.mark.parametrize("_again", AGAIN)
@pytest.mark.parametrize("blind", [True, False], ids=["not looking", "looking"])
def test_two_officers_of_the_guarantor_say_yes_and_no(
    lenders: World, blind: bool, _again: int
) -> None:
    reference = approved(lenders)
    seen = None if blind else lenders.case(reference).version
    deeds = {"yes": granting(reference, seen), "no": refusing(reference, seen, "guarantor_two")}
    moment = at_once(lenders.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    told = {"yes": ("offered", [True], 1), "no": ("decision", [False], 1)}
    assert stands(lenders, reference) == told[moment.won[0]]


@pytest.mark.parametrize("_again", AGAIN)
def test_the_guarantor_refuses_while_the_applicant_withdraws(lenders: World, _again: int) -> None:
    """Both give the budget back; it is given back once."""
    reference = approved(lenders)
    moment = at_once(
        lenders.app, {"no": refusing(reference, None), "end": withdrawing(reference, None)}
    )
    assert (moment.errors, "end" in moment.won) == ([], True)
    assert stands(lenders, reference) == ("withdrawn", [False], 1)


@pytest.mark.parametrize("_again", AGAIN)
def test_the_guarantor_revokes_while_the_applicant_accepts(lenders: World, _again: int) -> None:
    """An offer is not revoked, an accepted one is: whoever did not look may come first or second."""
    reference = offered(lenders)
    moment = at_once(
        lenders.app, {"yes": accepting(reference, None), "no": revoking(reference, None)}
    )
    assert (moment.errors, "yes" in moment.won) == ([], True)
    ends = {1: ("accepted", [True], 1), 2: ("decision", [False], 1)}
    assert stands(lenders, reference) == ends[len(moment.won)]


@pytest.mark.parametrize("_again", AGAIN)
def test_the_guarantor_revokes_while_a_condition_is_met(lenders: World, _again: int) -> None:
    reference = accepted(lenders)
    seen = lenders.case(reference).version
    moment = at_once(
        lenders.app, {"met": meeting(reference, seen), "no": revoking(reference, seen)}
    )
    assert (len(moment.won), moment.errors) == (1, [])
    assert moment.rules == [frozenset({"unchanged"})] or "possible_here" in moment.rules[0]
    ends = {"met": ("accepted", [True], 1), "no": ("decision", [False], 1)}
    assert stands(lenders, reference) == ends[moment.won[0]]


def test_the_guarantor_revokes_twice_at_once(lenders: World) -> None:
    reference = accepted(lenders)
    deeds = {who: revoking(reference, None, who) for who in ("guarantor", "guarantor_two")}
    moment = at_once(lenders.app, deeds)
    assert (len(moment.won), moment.errors) == (1, [])
    assert stands(lenders, reference) == ("decision", [False], 1)
