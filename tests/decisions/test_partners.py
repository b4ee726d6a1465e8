"""Lender, guarantor and co-financier: each under its own authority, and what ends an award is on every one's trail."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import Authority
from app.awards import commands as awards
from app.awards.queries import awarded
from app.db import db, transaction
from app.decisions import commands
from app.decisions.commands import Cast
from app.decisions.models import Decision, Voiding
from app.decisions.queries import standing
from app.reviews.commands import Reasoned
from app.trail.queries import Fact, events_of
from tests.decisions.guaranteed import (
    CALL,
    PLEDGED,
    WITHIN,
    accepted,
    approved,
    offered,
    settle_guarantor,
)
from tests.factories import Days, budget, last_event, refused, rows
from tests.world import World

SAID = Reasoned(PLEDGED.reasons, PLEDGED.note)


@pytest.fixture
def partners(world: World) -> World:
    """Give a world with a scheme whose loans one agency guarantees and another co-finances."""
    settle_guarantor(world, workflow="cofinanced_loan")
    return world


def concur(world: World, reference: str, who: str, act: str, cast: Cast = WITHIN) -> None:
    world.do(commands.vote, reference, cast, act=act, actor=world.person(who))


def agreed(world: World) -> str:
    """Return a case that all three said yes to."""
    reference = approved(world)
    concur(world, reference, "guarantor", "guarantee")
    concur(world, reference, "cofinancier", "cofinance")
    return reference


def taken_up(world: World) -> str:
    """Return a case whose applicant accepted the offer of all three."""
    reference = agreed(world)
    world.do(awards.accept, reference, actor=world.applicant)
    return reference


def told(code: str) -> list[Fact]:
    return [event for event in events_of(f"agency:{code}") if event.kind == "award_ended"]


def test_the_offer_goes_out_with_the_last_yes(partners: World) -> None:
    reference = approved(partners)
    concur(partners, reference, "guarantor", "guarantee")
    assert partners.case(reference).state == "cofinancing"
    assert last_event(reference).record.get("letter") is None
    concur(partners, reference, "cofinancier", "cofinance")
    case = partners.case(reference)
    detail = last_event(reference).record["detail"]
    assert case.state == "offered"
    assert {found.name for found in standing(case)} == {"award", "guarantee", "cofinancing"}
    assert detail["amount"] == awarded(case).amount_minor
    assert detail["authority"]["instrument"]
    assert detail["expires_on"] == awarded(case).expires_on.isoformat()


def test_without_an_authority_in_force_nobody_guarantees(partners: World) -> None:
    reference = approved(partners)
    guarantor = partners.person("guarantor_two")
    held = db.session.scalars(select(Authority).where(Authority.person_id == guarantor.id)).one()
    held.valid_to = date(2026, 1, 2)
    with refused("within_authority"):
        concur(partners, reference, "guarantor_two", "guarantee")


BROKEN: list[object] = [
    pytest.param(
        lambda w: (approved(w), "guarantor", "refuse_guarantee", commands.vote), {"award"},
        id="the guarantor refuses",
    ),
    pytest.param(
        lambda w: (_guaranteed(w), "cofinancier", "refuse_cofinancing", commands.vote),
        {"award", "guarantee"}, id="the co-financier refuses",
    ),
    pytest.param(
        lambda w: (taken_up(w), "cofinancier", "refuse_drawdown", commands.void),
        {"award", "guarantee", "cofinancing"}, id="the co-financier refuses the drawdown",
    ),
    pytest.param(
        lambda w: (taken_up(w), "guarantor", "revoke_guarantee", commands.void),
        {"award", "guarantee", "cofinancing"}, id="the guarantor revokes",
    ),
]  # fmt: skip


def _guaranteed(world: World) -> str:
    reference = approved(world)
    concur(world, reference, "guarantor", "guarantee")
    return reference


@pytest.mark.parametrize(("broken", "void"), BROKEN)
def test_a_later_no_makes_void_what_rested_on_it_with_the_reason_on_every_trail(
    partners: World,
    broken: Callable[[World], tuple[str, str, str, Callable[..., object]]],
    void: set[str],
) -> None:
    reference, who, act, command = broken(partners)
    said = PLEDGED if command is commands.vote else SAID
    partners.do(command, reference, said, act=act, actor=partners.person(who))
    case, event = partners.case(reference), last_event(reference)
    assert (case.state, budget(CALL), standing(case)) == ("decision", (0, 0), [])
    assert event.record["reasons"] == ["COL-INS"]
    assert set(event.record["detail"]["void"]) == void
    voided = {
        found.name
        for found in rows(Decision, case)
        if (row := db.session.get(Voiding, found.id)) and row.event_id == event.id
    }
    assert voided == void
    partner = "VN-COFIN" if "guarantee" in void else "VN-GUARANTOR"
    for code in {"VN-GUARANTOR", partner}:
        detail = told(code)[-1].record["detail"]
        assert (detail["case"], detail["act"], detail["event"]) == (reference, act, event.hash)
        assert detail["reasons"] == ["COL-INS"]


def test_after_a_refused_drawdown_all_three_decide_again(partners: World) -> None:
    reference = taken_up(partners)
    actor = partners.person("cofinancier")
    partners.do(commands.void, reference, SAID, act="refuse_drawdown", actor=actor)
    partners.vote(reference, "approve", Cast("900000000"))
    concur(partners, reference, "guarantor", "guarantee")
    concur(partners, reference, "cofinancier", "cofinance")
    case = partners.case(reference)
    assert (case.state, budget(CALL)) == ("offered", (900_000_000, 0))
    assert {found.amount_minor for found in standing(case)} == {900_000_000}
    assert {found.round for found in standing(case)} == {2}


def test_a_lapse_is_told_to_every_institution(
    partners: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = agreed(partners)
    Days(monkeypatch).moment("2027-06-01T12:00:00")
    with transaction():
        awards.lapse(reference)
    assert partners.case(reference).state == "lapsed"
    for code in ("VN-GUARANTOR", "VN-COFIN"):
        assert [event.record["detail"]["act"] for event in told(code)] == ["lapse"]


def test_a_withdrawal_is_told_once_and_a_case_without_an_award_not_at_all(world: World) -> None:
    settle_guarantor(world)
    reference = offered(world)
    world.do(awards.end, reference, Reasoned(), act="withdraw", actor=world.applicant)
    assert [event.record["detail"]["act"] for event in told("VN-GUARANTOR")] == ["withdraw"]
    other = accepted(world)
    assert len(told("VN-GUARANTOR")) == 1
    assert world.case(other).state == "accepted"
