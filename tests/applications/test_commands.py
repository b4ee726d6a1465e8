"""Interests, and where a person stands in a case."""

import pytest

from app.accounts.commands import relate
from app.applications import commands
from app.applications.queries import Filter, by_state, find, page
from app.db import transaction
from app.errors import Forbidden, Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from tests.factories import last_event
from tests.world import World


def test_a_declared_interest_hides_the_case_and_stands_in_the_trail(world: World) -> None:
    reference = world.at("assessment")
    with transaction():
        commands.declare(reference, "My sister works there.", actor=world.assessor)
    found = last_event(reference)
    assert (found.kind, found.actor) == ("declare_interest", world.assessor.mark)
    assert found.disclosed == {"reason": "My sister works there."}
    assert "sister" not in found.entry
    with pytest.raises(Missing):
        world.assess(reference, world.assessor)
    with pytest.raises(Missing):
        commands.declare(reference, "Again.", actor=world.assessor)
    assert find(reference, actor=world.assessor_two).reference == reference


def test_an_interest_hides_every_case_of_the_enterprise(world: World) -> None:
    first, second = world.at("submitted"), world.at("submitted")
    with transaction():
        commands.declare(first, "A cousin.", actor=world.desk)
    with pytest.raises(Missing):
        world.do(reviews.move, second, Reasoned(), act="take_up", actor=world.desk)


def test_an_interest_in_one_case_hides_only_that_case(world: World) -> None:
    first, second = world.at("submitted"), world.at("submitted")
    with transaction():
        commands.declare(first, "I wrote its plan.", whole=False, actor=world.desk)
    with pytest.raises(Missing):
        find(first, actor=world.desk)
    world.do(reviews.move, second, Reasoned(), act="take_up", actor=world.desk)
    assert world.case(second).state == "screening"


def test_the_cases_of_an_officers_own_enterprise_are_hidden(world: World) -> None:
    reference = world.at("submitted")
    with transaction():
        relate(world.desk, world.case(reference).enterprise_id, "Owns a third of it.")
    with pytest.raises(Missing):
        find(reference, actor=world.desk)
    assert [row.reference for row in page(world.desk, Filter())[0]] == []
    assert by_state(world.desk) == {}


def test_an_applicant_declares_no_interest(world: World) -> None:
    with pytest.raises(Forbidden):
        commands.declare(world.at("submitted"), "It is mine.", actor=world.applicant)
