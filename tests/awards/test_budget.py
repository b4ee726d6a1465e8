"""The budget of a call: held to the last unit, and given back when an offer or award ends."""

import pytest

from app.awards import commands
from app.awards.models import Award
from app.awards.queries import awarded
from app.db import transaction
from app.decisions.models import Decision
from app.reviews.commands import Reasoned
from tests.answers import GRANT
from tests.factories import Days, budget, refused, rows, set_budget
from tests.world import World

REASON = Reasoned(("BREACH",), "The line was bought before.")


def test_exactly_the_budget_is_given(world: World) -> None:
    set_budget(GRANT, 80_000_00)
    world.at("offered")
    assert budget() == (80_000_00, 0)


def test_one_sen_over_the_budget_is_refused(world: World) -> None:
    set_budget(GRANT, 79_999_99)
    reference = world.at("decision")
    with refused("within_budget"):
        world.approve(reference)
    case = world.case(reference)
    assert (case.state, budget()) == ("decision", (0, 0))
    assert rows(Decision, case) + rows(Award, case) == []


def test_what_is_reserved_for_one_case_is_not_given_to_another(world: World) -> None:
    set_budget(GRANT, 100_000_00)
    first, second = world.at("offered"), world.at("decision")
    with refused("within_budget"):
        world.approve(second, "20000.01")
    world.approve(second, "20000.00")
    assert budget() == (100_000_00, 0)
    assert world.case(first).state == "offered"


def test_what_is_paid_is_not_given_again(world: World) -> None:
    set_budget(GRANT, 80_000_00)
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "paid")
    assert budget() == (48_000_00, 32_000_00)
    other = world.at("decision", amount="5000")
    with refused("within_budget"):
        world.approve(other)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        pytest.param("offered", "lapsed", id="the offer lapses"),
        pytest.param("offered", "withdrawn", id="the applicant withdraws"),
        pytest.param("offered", "cancelled", id="the approver cancels the offer"),
        pytest.param("accepted", "cancelled", id="the approver cancels the award"),
    ],
)
def test_budget_is_given_back_when(
    world: World, monkeypatch: pytest.MonkeyPatch, state: str, end: str
) -> None:
    kept, reference = world.at("offered", amount="5000"), world.at(state)
    assert budget() == (85_000_00, 0)
    if end == "lapsed":
        Days(monkeypatch).noon("2027-11-23")
        with transaction():
            commands.lapse(reference)
    elif end == "withdrawn":
        said = Reasoned(note="Another plan.")
        world.do(commands.end, reference, said, act="withdraw", actor=world.applicant)
    else:
        world.cancel(reference, REASON)
    assert (world.case(reference).state, budget()) == (end, (5_000_00, 0))
    assert awarded(world.case(reference)).ended_at is not None
    assert world.case(kept).state == "offered"


@pytest.mark.parametrize(
    "state",
    ["draft", "submitted", "screening", "assessment", "recommendation", "decision"],
)
def test_withdrawing_before_an_offer_gives_nothing_back(world: World, state: str) -> None:
    reference = world.at(state)
    world.do(commands.end, reference, Reasoned(), act="withdraw", actor=world.applicant)
    assert (world.case(reference).state, budget()) == ("withdrawn", (0, 0))
