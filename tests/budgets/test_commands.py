"""Budgets: what is spoken for never exceeds them, by call, scheme, facility and fiscal year; transfers take two people."""

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.budgets import commands, queries
from app.budgets.commands import Place, Wish
from app.budgets.models import WHOLE_LIFE, Budget
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.trail.queries import events_of
from tests.answers import GRANT
from tests.factories import Days, budget, budget_of, invalid, refused, set_budget
from tests.world import World

OTHER = "MY-OTHER-2026"


def place(world: World, call: str = OTHER, **changed: str) -> Place:
    """Return where a second call hangs: under the same scheme, unless something else is said."""
    said = {"facility": "SME financing facility of Malaysia", "scheme": "MY-BAP", "currency": "MYR"}
    agency = world.desk.agency
    assert agency is not None
    return Place(call=call, agency=agency, **{**said, **changed})


def above(level: str, code: str, year: int = WHOLE_LIFE) -> Budget:
    """Return the budget of a scheme or a facility."""
    db.session.expire_all()
    found = select(Budget).where(Budget.level == level, Budget.code == code, Budget.year == year)
    return db.session.scalars(found).one()


# What a call has


@pytest.mark.parametrize(
    ("moves", "left"),
    [
        pytest.param([(None, "reserved", 60_00)], (60_00, 0), id="an approval reserves"),
        pytest.param(
            [(None, "reserved", 60_00), ("reserved", None, 60_00)], (0, 0), id="a lapse gives back"
        ),
        pytest.param(
            [
                (None, "reserved", 60_00),
                ("reserved", "committed", 60_00),
                ("committed", "paid", 20_00),
            ],
            (40_00, 20_00),
            id="what is accepted is committed until it is paid",
        ),
        pytest.param(
            [(None, "reserved", 100_00), ("reserved", "reserved", 1)],
            (100_00, 0),
            id="exactly the budget can be given, and staying in a place moves nothing",
        ),
    ],
)
def test_budget_moves(
    world: World, moves: list[tuple[str | None, str | None, int]], left: tuple[int, int]
) -> None:
    set_budget(GRANT, 100_00)
    number = budget_of().id
    with transaction():
        for source, target, amount in moves:
            commands.shift(number, source, target, amount)
    assert budget() == left


@pytest.mark.parametrize(
    ("source", "target", "amount"),
    [
        pytest.param(None, "reserved", 100_01, id="a sen more than is left"),
        pytest.param("reserved", "committed", 1, id="what was never reserved"),
        pytest.param("paid", None, 1, id="what was never paid"),
    ],
)
def test_budget_that_is_not_there_does_not_move(
    world: World, source: str | None, target: str | None, amount: int
) -> None:
    set_budget(GRANT, 100_00)
    with pytest.raises(Conflict, match="of the budget of the call MY-BAP-2026 is"):
        commands.shift(budget_of().id, source, target, amount)
    assert budget() == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"reserved_minor": 60_01, "paid_minor": 40_00}, id="a sen over the budget"),
        pytest.param({"reserved_minor": -1}, id="less than nothing reserved"),
        pytest.param({"paid_minor": -1}, id="less than nothing paid"),
        pytest.param({"amount_minor": None}, id="a call without a limit"),
        pytest.param({"allocated_minor": 1}, id="a call with something below it"),
    ],
)
def test_the_database_holds_the_budget(world: World, wrong: dict[str, Any]) -> None:
    set_budget(GRANT, 100_00)
    found = budget_of()
    for name, value in wrong.items():
        setattr(found, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()


# By fiscal year


@pytest.mark.parametrize(
    ("day", "charged"),
    [
        pytest.param("2026-12-31", 2026, id="the last day of a year"),
        pytest.param("2027-01-01", 2027, id="the first day of the next"),
    ],
)
def test_an_approval_is_charged_to_the_fiscal_year_it_falls_in(
    world: World, monkeypatch: pytest.MonkeyPatch, day: str, charged: int
) -> None:
    reference = world.at("decision")
    by_year(world, {2026: 100_000_00, 2027: 90_000_00})
    Days(monkeypatch).noon(day)
    world.approve(reference)
    spent = {row.year: row.reserved_minor for row in queries.of_calls([GRANT])[GRANT]}
    assert spent == {WHOLE_LIFE: 0} | dict.fromkeys((2026, 2027), 0) | {charged: 80_000_00}


def test_a_year_without_a_budget_gives_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = world.at("decision")
    by_year(world, {2026: 100_000_00})
    Days(monkeypatch).noon("2027-01-01")
    with refused("within_budget"):
        world.approve(reference)


def by_year(world: World, amounts: dict[int, int]) -> None:
    """Split the budget of the call by fiscal year."""
    with transaction():
        commands.allot(place(world, GRANT), amounts)
    remaining = [row for row in queries.of_calls([GRANT])[GRANT] if row.year == WHOLE_LIFE]
    assert [row.amount_minor for row in remaining] == [0]


# What lies above


def test_a_scheme_and_a_facility_know_what_lies_below_them(world: World) -> None:
    before = above("facility", place(world).facility).allocated_minor
    with transaction():
        commands.allot(place(world), {WHOLE_LIFE: 50_000_00})
    assert above("scheme", "MY-BAP").allocated_minor == before + 50_000_00
    assert above("facility", place(world).facility).allocated_minor == before + 50_000_00


@pytest.mark.parametrize("level", ["scheme", "facility"])
def test_nothing_is_allotted_beyond_a_limit(world: World, level: str) -> None:
    code = "MY-BAP" if level == "scheme" else place(world).facility
    given = above(level, code).allocated_minor
    with transaction():
        commands.limit(level, code, "MYR", WHOLE_LIFE, given + 10_00)
    with pytest.raises(Conflict, match=re.escape("has MYR\u00a010.00 left to allot")):
        commands.allot(place(world), {WHOLE_LIFE: 10_01})
    db.session.rollback()
    with transaction():
        commands.allot(place(world), {WHOLE_LIFE: 10_00})
    with pytest.raises(Conflict, match="are allotted to calls already"):
        commands.limit(level, code, "MYR", WHOLE_LIFE, given)
    told = events_of("agency:MY-SMECORP")[-1]
    assert (told.kind, told.record["detail"]["limit"]) == ("limit_budget", given + 10_00)


def test_a_limit_needs_something_below_it(world: World) -> None:
    with pytest.raises(Missing, match="Nothing is allotted to a scheme MY-NONE in MYR"):
        commands.limit("scheme", "MY-NONE", "MYR", WHOLE_LIFE, 1)


# Transfers


@pytest.fixture
def two(world: World) -> tuple[Person, Person]:
    """Give two budget officers, and a second call to which budget can go."""
    set_budget(GRANT, 100_00)
    with transaction():
        commands.allot(place(world), {WHOLE_LIFE: 0})
        for person in (world.desk, world.desk_two):
            person.duties = ["budget_officer"]
    return world.desk, world.desk_two


def wish(amount: int = 30_00, **changed: Any) -> Wish:
    said = {"reason": "The second call is out.", "instrument": "Order 9/2026"}
    budgets = {"source": budget_of().id, "target": budget_of(OTHER).id}
    return Wish(amount=amount, **{**budgets, **said, **changed})


def test_a_transfer_moves_budget_once_two_people_want_it(
    two: tuple[Person, Person], world: World
) -> None:
    one, other = two
    with transaction():
        made = commands.propose_transfer(wish(), actor=one)
    assert budget_of(OTHER).amount_minor == 0
    with pytest.raises(Conflict, match="another budget officer decides"):
        commands.authorise_transfer(made.id, actor=one)
    with transaction():
        commands.authorise_transfer(made.id, actor=other)
    assert [budget_of(code).amount_minor for code in (GRANT, OTHER)] == [70_00, 30_00]
    with pytest.raises(Conflict, match="decided already"):
        commands.authorise_transfer(made.id, actor=other)
    kinds = [fact.kind for fact in events_of("agency:MY-SMECORP")]
    assert kinds[-2:] == ["propose_transfer", "authorise_transfer"]


def test_what_is_gone_meanwhile_is_not_moved(two: tuple[Person, Person], world: World) -> None:
    one, other = two
    with transaction():
        made = commands.propose_transfer(wish(), actor=one)
        commands.shift(budget_of().id, None, "reserved", 80_00)
    with pytest.raises(Conflict, match=re.escape("MYR\u00a020.00 of MY-BAP-2026 is left by now")):
        commands.authorise_transfer(made.id, actor=other)


def test_a_refusal_says_why_and_moves_nothing(two: tuple[Person, Person], world: World) -> None:
    one, other = two
    with transaction():
        made = commands.propose_transfer(wish(), actor=one)
        commands.refuse_transfer(made.id, "Wait for the new year.", actor=other)
    assert (made.outcome, made.note) == ("refused", "Wait for the new year.")
    assert budget_of().amount_minor == 100_00


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"amount": 100_01}, "amount", id="more than is left"),
        pytest.param({"amount": 0}, "amount", id="nothing"),
        pytest.param({"amount": -1}, "amount", id="less than nothing"),
    ],
)
def test_a_transfer_is_refused(
    two: tuple[Person, Person], changed: dict[str, Any], field: str
) -> None:
    with invalid(field):
        commands.propose_transfer(wish(**changed), actor=two[0])


def test_budget_stays_in_its_currency(two: tuple[Person, Person], world: World) -> None:
    with transaction():
        commands.allot(place(world, "MY-DOLLARS", currency="USD"), {WHOLE_LIFE: 0})
    with pytest.raises(Invalid) as caught:
        commands.propose_transfer(wish(target=budget_of("MY-DOLLARS").id), actor=two[0])
    assert "budget is not exchanged" in str(caught.value.errors)


def test_only_budget_officers_of_the_agency_move_budget(
    two: tuple[Person, Person], world: World
) -> None:
    with pytest.raises(Forbidden):
        commands.propose_transfer(wish(), actor=world.approver)
    with transaction():
        world.person("desk.vn").duties = ["budget_officer"]
    with pytest.raises(Missing):
        commands.propose_transfer(wish(), actor=world.person("desk.vn"))


def test_a_transfer_to_another_scheme_moves_what_that_was_allotted(
    two: tuple[Person, Person], world: World
) -> None:
    with transaction():
        commands.allot(place(world, "MY-THIRD-2026", scheme="MY-THIRD"), {WHOLE_LIFE: 0})
    given = above("scheme", "MY-BAP").allocated_minor
    with transaction():
        made = commands.propose_transfer(wish(target=budget_of("MY-THIRD-2026").id), actor=two[0])
        commands.authorise_transfer(made.id, actor=two[1])
    assert above("scheme", "MY-BAP").allocated_minor == given - 30_00
    assert above("scheme", "MY-THIRD").allocated_minor == 30_00
