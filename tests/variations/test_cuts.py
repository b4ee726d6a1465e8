"""Cuts of the undrawn rest of an award: an act of the agency alone, of what was approved and nothing else."""

from typing import Any

import pytest

from app.audit import queries as audit
from app.disbursements import commands as disbursements
from app.errors import Conflict
from app.reviews.commands import Reasoned
from tests.awards.books import problems
from tests.claims import claiming
from tests.factories import budget, refused
from tests.variations.changing import act, cut, disbursing, planned, state, versions
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("first", "plan", "size", "case"),
    [
        pytest.param("planned", [(1, 24000, "cancelled"), (2, 36000, "cancelled")], 0, "completed", id="all of it"),
        pytest.param("claimed", [(1, 24000, "claimed"), (2, 36000, "cancelled")], 24000, "disbursing",
                     id="what is claimed stays"),
        pytest.param("released", [(1, 24000, "released"), (2, 36000, "cancelled")], 24000, "disbursing",
                     id="what is with the bank stays"),
        pytest.param("paid", [(1, 24000, "paid"), (2, 36000, "cancelled")], 24000, "completed", id="what is paid stays"),
    ],
)  # fmt: skip
def test_a_cut_gives_back_what_is_undrawn(
    world: World, first: str, plan: list[Any], size: int, case: str
) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, first)
    number = cut(world, reference)
    act(world, reference, number, "approve", "approver")
    assert (state(world, reference, number), planned(world, reference)) == ("in_force", plan)
    assert (versions(world, reference)[-1], sum(budget())) == (size, size * 100)
    assert world.case(reference).state == case
    assert problems() + audit.verify() == []


def test_a_cut_leaves_what_was_kept_back_of_claims(world: World) -> None:
    reference = claiming.disbursing(
        world, 'mode = "reimbursement"\nwindow_months = 12\nretention_pct = "10"'
    )
    claiming.claimed(world, reference, "64,000.00")
    claiming.verify(world, reference)
    claiming.paid(world, reference, 1)
    number = cut(world, reference)
    act(world, reference, number, "approve", "approver")
    assert claiming.places(world, reference) == {
        "undrawn": 3_200,
        "paid": 28_800,
        "released": 48_000,
    }
    claiming.claim(world, reference, number=3)
    claiming.verify(world, reference, number=3)
    claiming.paid(world, reference, 3)
    assert world.case(reference).state == "completed"
    assert problems() + audit.verify() == []


def test_a_cut_says_why(world: World) -> None:
    reference = disbursing(world)
    with refused("note_given"):
        cut(world, reference, note="")
    with refused("duty"):
        cut(world, reference, actor=world.maker)


def test_of_a_cut_no_more_is_given_back_than_was_approved(world: World) -> None:
    reference = disbursing(world)
    world.tranche_to(reference, 1, "claimed")
    number = cut(world, reference)
    said = Reasoned(("OTH",), "Not an invoice.")
    world.do(disbursements.send_back, reference, 1, said, actor=world.desk)
    with pytest.raises(Conflict, match=r"60,000\.00 of this award is undrawn by now"):
        act(world, reference, number, "approve", "approver")


def test_nothing_is_cut_where_nothing_is_undrawn(world: World) -> None:
    reference = disbursing(world)
    act(world, reference, cut(world, reference), "approve", "approver")
    with pytest.raises(Conflict, match="Nothing of this award is undrawn"):
        cut(world, reference)
