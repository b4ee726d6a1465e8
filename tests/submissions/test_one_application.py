"""Schemes that take one application of an enterprise: the second is refused with the reference of the first."""

import pytest

from app.awards import commands as awards
from app.db import db, transaction
from app.errors import Conflict
from app.reviews.commands import Reasoned
from app.schemes import commands as schemes
from app.submissions import commands, queries
from tests.answers import GRANT
from tests.schemes.texts import OTHER, in_two_calls
from tests.world import World


def one_per(what: str) -> None:
    """Let the grant take one application per call or scheme; it has two calls from now on."""
    with transaction():
        schemes.publish(in_two_calls(what))


def begun(call: str, world: World, who: str = "applicant") -> str:
    """Begin an application."""
    with transaction():
        return commands.begin(call, actor=getattr(world, who)).reference


def withdrawn(reference: str, world: World) -> None:
    """Hand an application in and take it back."""
    world.do(commands.submit, reference, actor=world.applicant)
    world.do(awards.end, reference, Reasoned(), act="withdraw", actor=world.applicant)


@pytest.mark.parametrize(
    ("what", "words", "elsewhere"),
    [
        pytest.param("call", "in each call", True, id="one per call, so one in another call too"),
        pytest.param("scheme", "at a time", False, id="one per scheme, so none in another call"),
    ],
)
def test_a_second_application_is_refused(
    world: World, what: str, words: str, *, elsewhere: bool
) -> None:
    one_per(what)
    first = begun(GRANT, world)
    again = f"The scheme takes one application of an enterprise {words}; yours is {first}."
    with pytest.raises(Conflict, match=again):
        begun(GRANT, world)
    if elsewhere:
        begun(OTHER, world)
    else:
        with pytest.raises(Conflict, match=again):
            begun(OTHER, world)
    begun(GRANT, world, "rival")
    assert world.case(first).call.applications == 2


@pytest.mark.parametrize("what", ["call", "scheme"])
def test_another_may_follow_one_that_was_withdrawn(world: World, what: str) -> None:
    one_per(what)
    withdrawn(world.draft(), world)
    begun(GRANT, world)


@pytest.mark.parametrize(
    ("what", "free"),
    [
        pytest.param("call", False, id="what was given in a call is given once"),
        pytest.param("scheme", True, id="a scheme may be asked again"),
    ],
)
def test_another_after_one_that_was_completed(world: World, what: str, *, free: bool) -> None:
    reference = world.at("disbursing")
    with transaction():
        world.case(reference).exclusive = f"{what}:X:1"
    world.tranche_to(reference, 1, "paid")
    world.tranche_to(reference, 2, "paid")
    assert world.case(reference).state == "completed"
    assert (world.case(reference).exclusive is None) is free


def test_whoever_loses_at_the_same_moment_reads_the_same_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_per("call")
    first = begun(GRANT, world)
    looks = iter([None])
    look = queries.holding
    monkeypatch.setattr(queries, "holding", lambda exclusive: next(looks, look(exclusive)))
    with pytest.raises(Conflict, match=f"in each call; yours is {first}."):
        begun(GRANT, world)
    db.session.rollback()


def test_of_drafts_begun_before_the_first_handed_in_is_the_one(world: World) -> None:
    first, second = world.draft(), world.draft()
    one_per("call")
    world.do(commands.submit, second, actor=world.applicant)
    with pytest.raises(Conflict, match=f"in each call; yours is {second}."):
        world.do(commands.submit, first, actor=world.applicant)
    db.session.rollback()
    assert world.case(first).state == "draft"


def test_a_scheme_that_says_nothing_takes_several(world: World) -> None:
    assert begun(GRANT, world) != begun(GRANT, world)
