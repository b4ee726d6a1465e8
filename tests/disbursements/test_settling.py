"""What became of a payment: confirmed, rejected or unknown, each once, and nothing sent again before that is known."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from app.awards.queries import awarded, tranches
from app.db import db
from app.disbursements import commands
from app.disbursements.commands import BankAnswer
from app.disbursements.models import Disbursement
from app.disbursements.queries import disbursements
from app.schemes.queries import terms
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.disbursements import banks
from tests.disbursements.acting import acts, at, attempts, paper
from tests.factories import Days, budget, invalid, last_event, refused
from tests.world import World


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def test_a_confirmed_payment_turns_reserved_into_paid(world: World, days: Days) -> None:
    reference = at(world, "released")
    assert budget() == (80_000_00, 0)
    days.noon("2026-11-24")
    world.confirm(reference, 1, date(2026, 11, 23))
    award = awarded(world.case(reference))
    (paid,) = disbursements(award).values()
    assert (paid.amount_minor, paid.paid_on) == (32_000_00, date(2026, 11, 23))
    assert (award.disbursed_minor, budget()) == (32_000_00, (48_000_00, 32_000_00))
    assert last_event(reference).record["detail"]["bank_reference"] == "BANK-1"
    assert world.case(reference).state == "disbursing"


@pytest.mark.parametrize("call", [GRANT, LOAN])
def test_with_the_last_tranche_the_case_completes(world: World, call: str) -> None:
    reference = at(world, "paid", call)
    world.tranche_to(reference, 2, "paid")
    award = awarded(world.case(reference))
    assert world.case(reference).state == "completed"
    assert award.disbursed_minor == award.amount_minor
    assert budget(call) == (0, award.amount_minor)
    kinds = [(fact.kind, fact.actor) for fact in events_of(reference)[-2:]]
    assert kinds == [("confirm", world.maker.mark), ("complete", "system:clock")]


@pytest.mark.parametrize(
    "paid_on",
    [
        pytest.param(date(2026, 11, 22), id="the day before it was released"),
        pytest.param(date(2026, 11, 25), id="tomorrow"),
    ],
)
def test_the_bank_pays_neither_before_the_release_nor_tomorrow(
    world: World, days: Days, paid_on: date
) -> None:
    reference = at(world, "released")
    days.noon("2026-11-24")
    with invalid("paid_on"):
        world.confirm(reference, 1, paid_on)
    assert world.tranche_state(reference, 1) == "released"
    assert budget() == (80_000_00, 0)


def test_a_tranche_is_paid_once(world: World) -> None:
    reference = at(world, "paid")
    award = awarded(world.case(reference))
    (paid,) = disbursements(award).values()
    with refused("possible_here"):
        world.confirm(reference, 1)
    again = {c.key: getattr(paid, c.key) for c in Disbursement.__table__.columns if c.key != "id"}
    other = events_of(reference)[0].id
    db.session.add(Disbursement(**{**again, "event_id": other}))
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_an_answer_that_is_missing_is_not_sent_again(world: World) -> None:
    reference = at(world, "released")
    before = paper(world, reference)
    acts(world, reference)["report_unknown"]()
    for name in ("claim", "prepare", "check", "release", "report_unknown"):
        with refused("possible_here"):
            acts(world, reference)[name]()
    assert [row.id for row in attempts(world, reference)] == [before.id]
    with refused("possible_here"):
        world.confirm(reference, 1)
    acts(world, reference)["find"]()
    assert awarded(world.case(reference)).paid_minor == 0
    acts(world, reference)["agree"]()
    assert world.tranche_state(reference, 1) == "paid"
    assert last_event(reference).record["detail"]["end_to_end_id"] == before.end_to_end_id


def test_a_new_attempt_begins_only_after_a_rejection(world: World) -> None:
    reference = at(world, "released")
    with refused("possible_here"):
        acts(world, reference)["prepare"]()
    acts(world, reference)["report_unknown"]()
    acts(world, reference)["find unpaid"]()
    acts(world, reference)["agree"]()
    assert budget() == (80_000_00, 0)
    world.do(commands.prepare, reference, 1, actor=world.maker)
    first, second = attempts(world, reference)
    assert first.rejected_at is not None
    assert [row.attempt for row in (first, second)] == [1, 2]
    assert second.end_to_end_id == f"{reference}-T1-2"
    assert (second.batch.checked_by, second.batch.released_by) == (None, [])
    acts(world, reference)["check"]()
    acts(world, reference)["release"]()
    world.confirm(reference, 1)
    (paid,) = disbursements(awarded(world.case(reference))).values()
    assert paid.instruction_id == second.id


def test_more_than_the_award_is_never_paid(world: World) -> None:
    reference = at(world, "checked")
    award = awarded(world.case(reference))
    award.undrawn_minor = award.verified_minor = 0
    award.paid_minor = award.amount_minor
    db.session.flush()
    with refused("within_award"):
        acts(world, reference)["release"]()


def test_a_bank_answer_for_nothing_is_refused(world: World) -> None:
    reference = world.at("disbursing")
    answer = BankAnswer("BANK-1", date(2026, 11, 23))
    with refused("possible_here"):
        world.do(commands.confirm, reference, 1, answer, actor=world.maker)
    assert [row.state for row in tranches(awarded(world.case(reference)))] == ["planned", "planned"]


def test_what_came_back_while_a_report_is_awaited_is_paid_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = at(world, "paid")
    scheme = world.case(reference).scheme
    asks = replace(terms(scheme), switches=("completion_report",))
    monkeypatch.setattr("app.schemes.queries._terms", {scheme.digest: asks})
    world.tranche_to(reference, 2, "paid")
    assert world.case(reference).state == "reporting"
    row = f"{reference}-T2-1,returned,,48000.00,MYR,{banks.day()},BANK-7"
    (line,) = banks.answered(world, row)
    assert (line.state, world.tranche_state(reference, 2)) == ("applied", "returned")
    for name in ("prepare", "check", "release", "confirm"):
        acts(world, reference, 2)[name]()
    assert (world.tranche_state(reference, 2), world.case(reference).state) == ("paid", "reporting")
    assert awarded(world.case(reference)).paid_minor == 80_000_00
