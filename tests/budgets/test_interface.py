"""Budgets at the interface: the same tree, the same two people, each request once."""

import pytest

from app.budgets.models import Budget
from app.db import db
from tests.answers import GRANT
from tests.budgets.transfers import (
    FACILITY,
    OTHER,
    PATH,
    SCHEME,
    TRANSFERS,
    proposed,
    second,
    sent,
    transfers,
)
from tests.factories import budget_of
from tests.interface import Interface, headers, problem
from tests.world import World

pytestmark = pytest.mark.one_database


def test_a_program_reads_the_same(world: World) -> None:
    world.at("accepted")
    found = Interface(world.app, "desk.my").get(PATH).get_json()
    assert (found["agency"], found["transfers"]) == ("MY-SMECORP", [])
    by_code = {row["code"]: row for row in found["budgets"]}
    call, scheme, facility = by_code[GRANT], by_code[SCHEME], by_code[FACILITY]
    assert (call["parent"], scheme["parent"], facility["parent"]) == (
        scheme["id"],
        facility["id"],
        None,
    )
    assert (call["year"], call["fiscal_year"], call["level"]) == (None, None, "call")
    assert (scheme["amount"], scheme["left"], scheme["allotted"]) == (None, None, 450_000_00)
    assert {name: call[name] for name in ("amount", "reserved", "committed", "paid", "left")} == {
        "amount": 450_000_00,
        "reserved": 0,
        "committed": 80_000_00,
        "paid": 0,
        "left": 370_000_00,
    }


def test_a_program_moves_budget_once_for_each_key(movers: World) -> None:
    one, other, key = (
        Interface(movers.app, "desk.my"),
        Interface(movers.app, "desk_two.my"),
        headers(),
    )
    first, again = (one.send("POST", TRANSFERS, json=sent(), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    number = first.get_json()["id"]
    assert [found.id for found in transfers()] == [number]
    path, key = f"{TRANSFERS}/{number}/authorise", headers()
    made, repeated = (other.send("POST", path, json={}, headers=key) for _ in range(2))
    assert made.get_json() == repeated.get_json()
    assert (made.status_code, made.get_json()["outcome"]) == (200, "made")
    assert budget_of(OTHER).amount_minor == 30_00
    problem(other.send("POST", path, json={}, headers=headers()), 409)
    listed = one.get(PATH).get_json()["transfers"]
    assert [(row["id"], row["proposed_by"], row["decided_by"]) for row in listed] == [
        (number, "Desk My", "Desk Two My")
    ]


def test_a_program_refuses_a_transfer_with_a_reason(movers: World) -> None:
    path = f"{TRANSFERS}/{proposed(movers)}/refuse"
    other = Interface(movers.app, "desk_two.my")
    problem(other.send("POST", path, json={}, headers=headers()), 422)
    problem(other.send("POST", path, json={"note": "Wait."}), 400)
    told = other.send("POST", path, json={"note": "Wait."}, headers=headers()).get_json()
    assert (told["outcome"], told["note"], told["amount"]) == ("refused", "Wait.", 30_00)


def test_a_budget_of_another_agency_is_not_there(movers: World) -> None:
    stranger = Interface(movers.app, "desk.vn")
    found = problem(stranger.send("POST", TRANSFERS, json=sent(), headers=headers()), 422)
    nothing = sent(source=10**9, target=10**9)
    unknown = problem(stranger.send("POST", TRANSFERS, json=nothing, headers=headers()), 422)
    assert found["errors"] == unknown["errors"]
    assert set(found["errors"]) == {"source", "target"}
    assert transfers() == []


def test_budget_goes_over_into_another_fiscal_year(movers: World) -> None:
    target = second(movers, "MY-YEARS", year=2027)
    number = proposed(movers, target=target)
    other = Interface(movers.app, "desk_two.my")
    path = f"{TRANSFERS}/{number}/authorise"
    assert other.send("POST", path, json={}, headers=headers()).status_code == 200
    db.session.expire_all()
    # The world was made with more allotted than the call has here: what counts is the difference.
    allotted = {
        (row.level, row.year): row.allocated_minor
        for row in db.session.query(Budget).where(Budget.code.in_((FACILITY, SCHEME)))
    }
    assert allotted == {
        ("facility", 0): 449_970_00,
        ("scheme", 0): 449_970_00,
        ("facility", 2027): 30_00,
        ("scheme", 2027): 30_00,
    }
    assert budget_of("MY-YEARS").amount_minor == 30_00
