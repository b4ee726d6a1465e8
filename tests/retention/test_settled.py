"""A case is kept while money is owed or something about its award is not decided, however long ago it ended."""

import pytest

from app.db import transaction
from app.retention import commands
from app.retention.queries import all_due
from tests.answers import LOAN
from tests.factories import Days, do_the_work, refused
from tests.repayments.lending import drawn
from tests.retention.kept import BY_TIME, ON_REQUEST, declined, years_later
from tests.variations.changing import cut, disbursing
from tests.world import World

pytestmark = pytest.mark.one_database


def test_a_loan_is_kept_until_it_is_repaid(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = drawn(world)
    world.tranche_to(reference, 2, "paid")
    do_the_work()
    assert world.case(reference).state == "completed"
    years_later(Days(monkeypatch), 40)
    with transaction(), refused("settled"):
        commands.propose(reference, BY_TIME, actor=world.records)
    assert list(all_due(world.case(reference).scheme.agency)) == []


def test_a_case_whose_time_is_over_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.country = "VN"
    reference = world.draft(call=LOAN)
    years_later(Days(monkeypatch), 40)
    assert [found.reference for found, _ in all_due(world.case(reference).scheme.agency)] == [
        reference
    ]


def test_a_case_is_kept_while_something_about_its_award_is_not_decided(world: World) -> None:
    reference = disbursing(world)
    cut(world, reference)
    do_the_work()
    with transaction(), refused("ended", "settled"):
        commands.propose(reference, ON_REQUEST, actor=world.records)


def test_a_case_without_an_award_is_settled(world: World) -> None:
    with transaction():
        commands.propose(declined(world), ON_REQUEST, actor=world.records)
