"""Money out: in order, never more than the award, each tranche once, and nothing sent again blindly."""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.awards.queries import awarded, tranche, tranches
from app.db import db
from app.disbursements import commands
from app.disbursements.commands import BankAnswer, Finding
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.queries import disbursements, instruction
from app.disbursements.render import check
from app.errors import Missing
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.factories import Days, budget, invalid, last_event, refused
from tests.world import World

REJECTED = Reasoned(("BANK-REJ",), "Account closed.")


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def at(world: World, state: str, call: str = GRANT) -> str:
    """Return a case whose first tranche is in a state."""
    reference = world.at("disbursing", call)
    world.tranche_to(reference, 1, state)
    return reference


def paper(world: World, reference: str, number: int = 1) -> PaymentInstruction:
    found = instruction(tranche(awarded(world.case(reference)), number))
    assert found is not None
    return found


def attempts(world: World, reference: str) -> list[PaymentInstruction]:
    found = tranche(awarded(world.case(reference)), 1)
    query = select(PaymentInstruction).where(PaymentInstruction.tranche_id == found.id)
    return list(db.session.scalars(query.order_by(PaymentInstruction.attempt)))


def acts(world: World, reference: str, number: int = 1) -> dict[str, Callable[[], Any]]:
    """Return every act on a tranche, ready to be taken by whom it is for."""
    do = partial(world.do)
    digest = instruction(tranche(awarded(world.case(reference)), number))
    seen = digest.batch.sha256 if digest else "0" * 64
    desk, maker = world.desk, world.maker
    ask = "claim" if world.country == "MY" else "draw_down"
    unclear = Reasoned(("INC-VER",), "")
    return {
        ask: lambda: do(commands.ask, reference, number, "", act=ask, actor=world.applicant),
        "verify": lambda: do(commands.verify, reference, number, "", actor=desk),
        "send_back": lambda: do(commands.send_back, reference, number, unclear, actor=desk),
        "prepare": lambda: do(commands.prepare, reference, number, actor=maker),
        "check": lambda: do(commands.check, reference, number, seen, actor=world.checker),
        "release": lambda: do(commands.release, reference, number, seen, actor=world.releaser),
        "confirm": lambda: world.confirm(reference, number),
        "report_unknown": lambda: do(commands.report_unknown, reference, number, "", actor=maker),
        "report_rejected": lambda: do(
            commands.report_rejected, reference, number, REJECTED, actor=maker
        ),
        **_others(world, reference, number),
    }


def _others(world: World, reference: str, number: int) -> dict[str, Callable[[], Any]]:
    """Return the acts that take a payment back, and those of two people on one whose answer is missing."""
    why = Reasoned(note="Statement 7 of the bank.")
    paid = Finding(BankAnswer("BANK-1", date(2026, 11, 23)), "Statement 7 of the bank.")
    unpaid = Finding(None, "Statement 7 of the bank.")
    do = partial(world.do)

    def by(name: str, command: Any, given: Any, act: str) -> Callable[[], Any]:
        actor = getattr(world, name)
        return lambda: do(command, reference, number, given, act=act, actor=actor)

    return {
        "take_out": by("maker", commands.take_out, why, "take_out"),
        "refuse_file": by("checker", commands.take_out, why, "refuse_file"),
        "refuse_release": by("releaser", commands.take_out, why, "refuse_release"),
        "find": by("maker", commands.find_out, paid, "find"),
        "find unpaid": by("maker", commands.find_out, unpaid, "find"),
        "agree": by("releaser", commands.agree, "", "agree"),
        "disagree": by("releaser", commands.move, why, "disagree"),
    }


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        pytest.param("planned", {"claim"}, id="a planned tranche is asked for"),
        pytest.param("claimed", {"verify", "send_back"}, id="a claim is verified or sent back"),
        pytest.param("verified", {"prepare"}, id="a verified claim is prepared"),
        pytest.param(
            "prepared", {"check", "take_out", "refuse_file"},
            id="a prepared payment is checked, sent back or taken back",
        ),
        pytest.param(
            "checked", {"release", "take_out", "refuse_release"},
            id="a checked payment is released or refused, or taken back",
        ),
        pytest.param(
            "released", {"confirm", "report_unknown", "report_rejected"},
            id="a released payment waits for the bank and is not sent again",
        ),
        pytest.param("paid", set(), id="paid is paid"),
    ],
)  # fmt: skip
def test_in_each_state_only_its_acts_are_possible(
    world: World, state: str, possible: set[str]
) -> None:
    reference = at(world, state)
    before = len(events_of(reference))
    for name, take in acts(world, reference).items():
        if name not in possible:
            with refused("possible_here"):
                take()
    assert len(events_of(reference)) == before
    assert world.tranche_state(reference, 1) == state


def test_tranches_are_asked_for_in_their_order(world: World) -> None:
    reference = at(world, "released")
    with refused("earlier_tranches_paid"):
        acts(world, reference, 2)["claim"]()
    world.confirm(reference, 1)
    acts(world, reference, 2)["claim"]()
    assert world.tranche_state(reference, 2) == "claimed"


def test_nothing_is_asked_for_before_the_conditions_are_met(world: World) -> None:
    reference = world.at("accepted")
    with refused("disbursement_open"):
        acts(world, reference)["claim"]()


def test_an_award_has_only_its_tranches(world: World) -> None:
    reference = world.at("disbursing")
    for number in (0, 3):
        with pytest.raises(Missing):
            world.do(commands.verify, reference, number, "", actor=world.desk)


def test_a_claim_sent_back_may_be_made_again(world: World) -> None:
    reference = at(world, "claimed")
    acts(world, reference)["send_back"]()
    assert last_event(reference).record["reasons"] == ["INC-VER"]
    world.tranche_to(reference, 1, "verified")
    assert world.tranche_state(reference, 1) == "verified"


# The payment file


def test_a_payment_rests_on_what_was_submitted(world: World) -> None:
    reference = at(world, "verified")
    case = world.case(reference)
    case.answers = {**case.answers, "bank_account": "66666666666666"}
    db.session.flush()
    acts(world, reference)["prepare"]()
    found = paper(world, reference)
    assert b"98765432109876" in found.batch.file
    assert b"66666666666666" not in found.batch.file
    assert found.batch.sha256 == hashlib.sha256(found.batch.file).hexdigest()
    assert check(found.batch.file) == []
    assert found.end_to_end_id == f"{reference}-T1-1"
    detail = last_event(reference).record["detail"]
    assert (detail["file_sha256"], detail["amount"]) == (found.batch.sha256, 32_000_00)


@pytest.mark.parametrize(
    ("state", "act"), [("prepared", commands.check), ("checked", commands.release)]
)
@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_whoever_did_not_look_at_the_very_file_passes_nothing(
    world: World, state: str, act: Callable[..., Any], digest: str
) -> None:
    reference = at(world, state)
    actor = world.checker if act is commands.check else world.releaser
    with refused("file_unchanged"):
        world.do(act, reference, 1, digest, actor=actor)
    assert world.tranche_state(reference, 1) == state


def test_a_payment_has_three_pairs_of_hands(world: World) -> None:
    found = paper(world, at(world, "released"))
    hands = [found.batch.prepared_by, found.batch.checked_by, *found.batch.released_by]
    assert hands == [world.maker.id, world.checker.id, world.releaser.id]


@pytest.mark.parametrize(
    "hands",
    [
        pytest.param({"checked_by": "maker"}, id="who prepared it checks it"),
        pytest.param({"person_id": "maker"}, id="who prepared it releases it"),
        pytest.param({"person_id": "checker"}, id="who checked it releases it"),
        pytest.param({"checked_by": None}, id="it is released unchecked"),
    ],
)
def test_the_database_holds_the_hands_apart(world: World, hands: dict[str, str | None]) -> None:
    batch = paper(world, at(world, "released")).batch
    (release,) = batch.releases
    for column, name in hands.items():
        row = release if column == "person_id" else batch
        setattr(row, column, getattr(world, name).id if name else None)
    with pytest.raises(IntegrityError):
        db.session.flush()


# What the bank answers


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
