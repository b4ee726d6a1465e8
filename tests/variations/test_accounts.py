"""Another bank account: entered by the enterprise, confirmed by a second person, used after some days, and not paid to before."""

from typing import Any

import pytest

from app.accounts.schemas import read
from app.audit import queries as audit
from app.awards.queries import awarded, tranche
from app.disbursements import commands
from app.disbursements.models import PayeeAccount
from app.disbursements.queries import instruction, payee_accounts
from app.errors import Conflict, Missing
from app.proceedings.commands import take
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from app.variations.schemas import AccountInput
from tests.factories import Days, invalid, last_event, let_clocks_run_out, refused
from tests.variations.changing import HELD, act, colleague, enter, state
from tests.world import World
from workflows.machine import Refused

pytestmark = pytest.mark.one_database
OLD, NEW = "98765432109876", HELD["number"]


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    """Let it be a Monday."""
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def confirmed(world: World, reference: str) -> int:
    """Return a change of account that a second person of the enterprise has confirmed."""
    number = enter(world, reference)
    by = colleague(world)
    world.do(take, reference, number, Reasoned(), act="confirm", actor=by)
    return number


def paid_to(world: World, reference: str) -> str:
    """Return the number of the account that the first payment of a case goes to."""
    found = instruction(tranche(awarded(world.case(reference)), 1))
    assert found is not None
    return found.payee["number"]


def accounts(world: World, reference: str) -> list[PayeeAccount]:
    return payee_accounts(world.case(reference))


def test_an_account_is_used_after_its_waiting_time(world: World, days: Days) -> None:
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "verified")
    number = confirmed(world, reference)
    assert (state(world, reference, number), accounts(world, reference)[0].usable_on) == (
        "waiting",
        None,
    )
    days.noon("2026-11-30")
    let_clocks_run_out()
    assert state(world, reference, number) == "waiting"
    days.noon("2026-12-01")
    let_clocks_run_out()
    (used,) = accounts(world, reference)
    assert (state(world, reference, number), str(used.usable_on)) == ("in_use", "2026-12-01")
    world.do(commands.prepare, reference, 1, actor=world.maker)
    assert paid_to(world, reference) == NEW
    assert audit.verify() == []


@pytest.mark.parametrize(
    ("acts", "end"),
    [
        pytest.param([("drop", "applicant")], "dropped", id="the enterprise drops it"),
        pytest.param([("stop", "desk")], "dropped", id="the agency stops it"),
        pytest.param([("call_back", "desk"), ("stop", "desk")], "dropped", id="the agency stops it while it waits"),
        pytest.param([], "dropped", id="nobody confirms it for thirty days"),
    ],
)  # fmt: skip
def test_the_account_before_stays_when(
    world: World, days: Days, acts: list[tuple[str, str]], end: str
) -> None:
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "verified")
    number = enter(world, reference)
    for name, who in acts:
        act(world, reference, number, name, who)
    if not acts:
        days.noon("2026-12-24")
        let_clocks_run_out()
    assert (state(world, reference, number), accounts(world, reference)) == (end, [])
    world.do(commands.prepare, reference, 1, actor=world.maker)
    assert paid_to(world, reference) == OLD


def test_what_one_person_entered_another_confirms(world: World) -> None:
    reference = world.at("disbursing")
    number = enter(world, reference)
    with refused("second_person"):
        act(world, reference, number, "confirm", "applicant")
    with refused("note_given"):
        act(world, reference, number, "call_back", "desk", note="")
    act(world, reference, number, "call_back", "desk", note="Called the number in the register.")
    assert state(world, reference, number) == "waiting"


@pytest.mark.parametrize("name", ["desk", "maker", "approver"])
def test_nobody_of_the_agency_enters_an_account(world: World, name: str) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Refused) as caught:
        enter(world, reference, getattr(world, name))
    assert "duty" in {failure.rule for failure in caught.value.failures}
    assert accounts(world, reference) == []


def test_nobody_else_enters_an_account(world: World) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Missing):
        enter(world, reference, world.rival)


def test_one_account_is_changed_at_a_time(world: World) -> None:
    reference = world.at("disbursing")
    number = enter(world, reference)
    with pytest.raises(Conflict, match="confirm or drop it first"):
        enter(world, reference, number="5555666677778888")
    act(world, reference, number, "drop", "applicant")
    enter(world, reference, number="5555666677778888")


def test_no_event_tells_more_of_an_account_than_its_end(world: World) -> None:
    reference = world.at("disbursing")
    enter(world, reference)
    event = last_event(reference)
    assert event.record["detail"]["terms"] == {"ending": "4444"}
    assert event.disclosed["number"] == NEW
    assert not any(NEW in found.entry for found in events_of(reference))


# Payments that were prepared meanwhile


@pytest.mark.parametrize("first", ["verified", "checked"])
def test_nothing_is_paid_while_an_account_is_changed(world: World, first: str) -> None:
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, first)
    enter(world, reference)
    with refused("account_settled"):
        if first == "verified":
            world.do(commands.prepare, reference, 1, actor=world.maker)
        else:
            release(world, reference)


def release(world: World, reference: str) -> Any:
    digest = world.digest(reference, 1)
    return world.do(commands.release, reference, 1, digest, actor=world.releaser)


def test_what_was_prepared_before_does_not_go_to_the_old_account(world: World, days: Days) -> None:
    reference = world.at("disbursing")
    world.tranche_to(reference, 1, "checked")
    confirmed(world, reference)
    days.noon("2026-12-01")
    let_clocks_run_out()
    with pytest.raises(Conflict, match="T1 was changed since this file was prepared"):
        release(world, reference)
    assert world.tranche_state(reference, 1) == "checked"
    said = Reasoned(note="Another account.")
    world.do(commands.take_out, reference, 1, said, act="take_out", actor=world.maker)
    world.do(commands.prepare, reference, 1, actor=world.maker)
    assert paid_to(world, reference) == NEW
    digest = world.digest(reference, 1)
    world.do(commands.check, reference, 1, digest, actor=world.checker)
    release(world, reference)
    assert world.tranche_state(reference, 1) == "released"


# What is typed

TYPED = {"holder": "Kopi Contoh Sdn Bhd", "number": "1111 2222-33334444", "bic": "contmykl xxx"}


def test_an_account_is_read_as_banks_write_it() -> None:
    assert read(AccountInput(), TYPED)["given"] == HELD


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        pytest.param({"bic": "CONTMY"}, {"bic"}, id="a BIC that is too short"),
        pytest.param({"number": "12"}, {"number"}, id="a number that is too short"),
        pytest.param({"holder": ""}, {"holder"}, id="nobody's account"),
        pytest.param({"holder": "", "number": ""}, {"holder", "number"}, id="all that is wrong at once"),
    ],
)  # fmt: skip
def test_an_account_is_not(changed: dict[str, str], fields: set[str]) -> None:
    with invalid(*fields):
        read(AccountInput(), {**TYPED, **changed})
