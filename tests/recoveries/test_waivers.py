"""What becomes of demands later: the rest is waived, the case has ended, instalments are overdue."""

import pytest

from app.audit.queries import verify
from app.errors import Missing
from app.recoveries.queries.demands import owing
from tests.factories import Days, refused
from tests.recoveries.clawing import (
    RECEIPT,
    act,
    day,
    demand,
    demanded,
    money,
    paid,
    received,
    record,
    state,
    told,
)
from tests.world import World

pytestmark = pytest.mark.one_database


# Waiving


def proposed_waiver(world: World, reference: str) -> int:
    number = demanded(world, reference, "10000.00", parts=2)
    received(world, reference, "4000.00", "BANK-1")
    act(world, reference, number, "propose_waiver", world.desk, "The enterprise is being wound up.")
    return number


def test_the_rest_is_waived_by_an_approver_and_may_be_demanded_anew(world: World) -> None:
    reference = paid(world)
    number = proposed_waiver(world, reference)
    act(world, reference, number, "waive", world.member, "Nothing is left.")
    said = told(world, reference, number)
    assert (said["Waived"], said["Outstanding"]) == ("MYR 6,000.00", "MYR 0.00")
    assert money(world, reference) == (28_000, 4_000)
    assert state(world, reference, demand(world, reference, "28000.00")) == "proposed"


def test_a_demand_whose_waiver_is_refused_stands_as_it_did(world: World) -> None:
    reference = paid(world)
    number = proposed_waiver(world, reference)
    act(world, reference, number, "keep", world.member, "There is something left.")
    assert (state(world, reference, number), told(world, reference, number)["Outstanding"]) == (
        "demanded",
        "MYR 6,000.00",
    )


def test_what_comes_in_while_a_waiver_is_proposed_still_closes(world: World) -> None:
    reference = paid(world)
    number = proposed_waiver(world, reference)
    received(world, reference, "6000.00", "BANK-2")
    assert state(world, reference, number) == "closed"


def test_a_waiver_is_not_granted_by_who_proposed_it(world: World) -> None:
    reference = paid(world)
    number = proposed_waiver(world, reference)
    with refused("duty", "separate_hands", "within_authority"):
        act(world, reference, number, "waive", world.desk, "Nothing is left.")


# After the end, and overdue


def test_money_is_demanded_back_after_the_end_of_a_case(world: World) -> None:
    reference = paid(world)
    world.tranche_to(reference, 2, "paid")
    ended = world.case(reference).state
    number = demanded(world, reference, "80000.00")
    received(world, reference, "80000.00")
    assert (state(world, reference, number), world.case(reference).state) == ("closed", ended)
    assert verify() == []


def test_overdue_instalments_are_told_and_listed_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    later, sooner = paid(world), paid(world)
    number = demanded(world, sooner, "10000.00", parts=2)
    demanded(world, later, "100.00")
    days.noon("2026-12-28")
    said = told(world, sooner, number)
    assert said["Overdue"] == "MYR 5,000.00"
    assert said["Instalment 1, by 23 December 2026"] == "MYR 5,000.00, overdue"
    listed = owing(world.desk)
    assert {one.row.application.reference for one in listed} == {later, sooner}
    assert {one.standing.overdue for one in listed} == {500_000, 10_000}
    assert owing(world.person("desk.vn")) == []


def test_who_may_not_see_the_case_finds_no_demand(world: World) -> None:
    reference = paid(world)
    number = demanded(world, reference)
    with pytest.raises(Missing):
        act(world, reference, number, "approve", world.person("approver.vn"))


def test_every_kind_says_what_it_is(world: World) -> None:
    reference = paid(world)
    demanded(world, reference)
    number = record(world, reference, "1.00")
    said = told(world, reference, number, RECEIPT)
    assert (said["Amount"], said["On proceeding"]) == ("MYR 1.00", "1")
    assert day(world, reference, 0).strftime("%Y") in said["Came in on"]
