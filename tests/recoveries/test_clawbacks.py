"""Clawbacks: demanded under authority, paid back in instalments, closed by the last of it, or waived by another approver."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.audit.queries import verify
from app.db import db
from app.errors import Conflict
from app.letters.models import IssuedLetter
from app.recoveries.models import ClawbackInstalment, Incoming
from app.trail.queries import events_of
from tests.factories import Days, budget_of, do_the_work, invalid, last_event, refused
from tests.recoveries.clawing import (
    act,
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
from workflows.machine import Refused

pytestmark = pytest.mark.one_database


# Demanding


def test_a_demand_keeps_its_instalments_and_is_told_in_one_letter(world: World) -> None:
    reference = paid(world)
    number = demanded(world, reference, "10000.00", parts=3)
    rows = db.session.scalars(select(ClawbackInstalment).order_by(ClawbackInstalment.number))
    assert [row.amount_minor for row in rows] == [333_333, 333_333, 333_334]
    assert state(world, reference, number) == "demanded"
    do_the_work()
    kinds = [row.kind for row in db.session.scalars(select(IssuedLetter).order_by(IssuedLetter.id))]
    assert kinds.count("clawback") == 1
    assert kinds[-1] == "clawback"
    assert verify() == []


def test_the_reason_is_committed_to_and_not_told_by_the_event(world: World) -> None:
    reference = paid(world)
    demand(world, reference)
    event = last_event(reference)
    assert event.disclosed["reason"] == "The line was sold."
    assert "sold" not in str(event.record["detail"])


# What is entered, and the fields that are wrong.
WRONG: list[Any] = [
    pytest.param({"amount": "32000.01"}, {"amount"}, id="more than was paid"),
    pytest.param({"amount": "0"}, {"amount"}, id="nothing"),
    pytest.param({"amount": "many"}, {"amount"}, id="no amount"),
    pytest.param({"amount": "0.05", "parts": 12}, {"amount"}, id="too little for twelve instalments"),
    pytest.param({"first_due": date(2020, 1, 1)}, {"first_due"}, id="a day that is over"),
    pytest.param({"amount": "99000", "first_due": date(2020, 1, 1)}, {"amount", "first_due"}, id="all that is wrong at once"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "fields"), WRONG)
def test_a_demand_is_refused_with_everything_that_is_wrong(
    world: World, given: dict[str, Any], fields: set[str]
) -> None:
    reference = paid(world)
    with invalid(*fields):
        demand(world, reference, **given)


def test_what_is_demanded_already_is_not_demanded_again(world: World) -> None:
    reference = paid(world)
    demand(world, reference, "30000.00")
    with invalid("amount") as errors:
        demand(world, reference, "2000.01")
    assert "2,000.00 was paid and not demanded back before" in errors["amount"][0]
    demand(world, reference, "2000.00")
    with pytest.raises(Conflict):
        demand(world, reference, "0.01")


def test_what_was_refused_may_be_demanded_again(world: World) -> None:
    reference = paid(world)
    number = demand(world, reference, "32000.00")
    act(world, reference, number, "refuse", world.approver, "Not proportionate.")
    assert state(world, reference, demand(world, reference, "32000.00")) == "proposed"


def test_nothing_is_demanded_where_nothing_was_paid(world: World) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Conflict):
        demand(world, reference)


@pytest.mark.parametrize("name", ["applicant", "approver", "maker"])
def test_a_demand_is_proposed_by_desk_officers_alone(world: World, name: str) -> None:
    reference = paid(world)
    with pytest.raises(Refused):
        demand(world, reference, actor=getattr(world, name))


def test_who_may_not_decide_so_much_does_not_demand_it(world: World) -> None:
    reference = paid(world)
    number = demand(world, reference, "10000.01")
    with refused("within_authority"):
        act(world, reference, number, "approve", world.small_approver)


def test_a_demand_whose_first_day_passed_before_it_was_approved_is_not_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    reference = paid(world)
    number = demand(world, reference, first_due=date(2026, 11, 25))
    days.noon("2026-11-25")
    with pytest.raises(Conflict, match="25 November 2026"):
        act(world, reference, number, "approve", world.approver)


# Coming in


def test_money_that_came_in_pays_the_oldest_instalment_and_the_last_of_it_closes(
    world: World,
) -> None:
    reference = paid(world)
    number = demanded(world, reference, "10000.00", parts=2)
    received(world, reference, "6000.00", "BANK-1")
    assert money(world, reference) == (26_000, 6_000)
    said = told(world, reference, number)
    assert (said["Came in"], said["Outstanding"]) == ("MYR 6,000.00", "MYR 4,000.00")
    parts = [text for label, text in said.items() if label.startswith("Instalment")]
    assert parts == ["MYR 5,000.00: paid", "MYR 5,000.00: MYR 1,000.00 came in"]
    received(world, reference, "4000.00", "BANK-2")
    assert (state(world, reference, number), money(world, reference)) == (
        "closed",
        (22_000, 10_000),
    )
    assert [event.kind for event in events_of(reference)][-2:] == ["confirm", "close"]
    assert verify() == []


def test_what_came_back_is_not_given_away_again(world: World) -> None:
    reference = paid(world)
    before = budget_of().paid_minor
    demanded(world, reference, "10000.00")
    received(world, reference, "10000.00")
    assert budget_of().paid_minor == before


# What is recorded after MYR 4,000.00 of 10,000.00 wait to be confirmed, and the fields that are wrong.
WRONGLY_RECORDED: list[Any] = [
    pytest.param({"amount": "6000.01"}, {"amount"}, id="more than is outstanding beside what waits"),
    pytest.param({"amount": "0"}, {"amount"}, id="nothing"),
    pytest.param({"bank": "BANK-1"}, {"bank_reference"}, id="a payment twice"),
    pytest.param({"received_on": date(2099, 1, 1)}, {"received_on"}, id="a day to come"),
    pytest.param({"on": 77}, {"demand"}, id="a demand that is not there"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "fields"), WRONGLY_RECORDED)
def test_a_receipt_is_refused_with_what_is_wrong(
    world: World, given: dict[str, Any], fields: set[str]
) -> None:
    reference = paid(world)
    demanded(world, reference, "10000.00")
    record(world, reference, "4000.00", "BANK-1")
    with invalid(*fields):
        record(world, reference, given.pop("amount", "1.00"), given.pop("bank", "BANK-2"), **given)


def test_a_receipt_says_which_demand_where_there_are_two(world: World) -> None:
    reference = paid(world)
    first, second = demanded(world, reference, "10.00"), demanded(world, reference, "20.00")
    with invalid("demand"):
        record(world, reference, "5.00")
    record(world, reference, "20.00", on=second)
    act(world, reference, 3, "confirm", world.checker)
    assert (state(world, reference, first), state(world, reference, second)) == (
        "demanded",
        "closed",
    )


def test_what_was_struck_out_never_came_in_and_may_be_recorded_again(world: World) -> None:
    reference = paid(world)
    demanded(world, reference)
    number = record(world, reference, "10000.00")
    act(world, reference, number, "strike", world.checker, "Not on the statement.")
    assert (money(world, reference), db.session.scalars(select(Incoming)).all()) == (
        (32_000, 0),
        [],
    )
    received(world, reference, "10000.00")
    assert money(world, reference) == (22_000, 10_000)


def test_nobody_confirms_what_the_same_person_recorded(world: World) -> None:
    reference = paid(world)
    demanded(world, reference)
    number = record(world, reference, "1.00")
    with refused("separate_hands"):
        act(world, reference, number, "confirm", world.maker)
