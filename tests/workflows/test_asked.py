"""Votes of agencies: who is asked, one vote each, what they come to; and ways that a rule of the scheme opens."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.circumstances import outcome
from workflows.definition import Workflow
from workflows.facts import SYSTEM, Actor, Facts, Vote
from workflows.format.loading import shipped
from workflows.machine import fire
from workflows.rules import band

FUND, TRANCHE = shipped("regional_fund"), shipped("regional_tranche")
THREE = ("SG-1", "TH-1", "VN-1")
ANSWER = {"no_objection": "for", "object": "against"}


def of(agency: str, mark: str = "") -> Actor:
    """Return an endorser of an agency that is asked."""
    duties = frozenset({"endorser"})
    return Actor(
        duties, institution="member_state", mark=mark or f"officer:{agency}", agency=agency
    )


def cast(agency: str, answer: str) -> Vote:
    amount = 5_000_000 if answer == "for" else None
    return Vote(f"officer:{agency}", answer, frozenset({"endorser"}), amount, "", agency)


def facts(asked: tuple[str, ...], **more: object) -> Facts:
    """Return the facts of an answer on what was recommended."""
    found = Facts(
        actor=of("SG-1"),
        version=1,
        today=date(2026, 11, 22),
        asked=asked,
        votes=(),
        recommended=5_000_000,
        amount=5_000_000,
        currency="USD",
        scheme="FUND",
    )
    return replace(found, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "before", "act", "leads"),
    [
        pytest.param(THREE[:1], (), "no_objection", "committee", id="the only one has none"),
        pytest.param(THREE, (), "no_objection", "consultation", id="the first of three has none"),
        pytest.param(THREE, ("for", "for"), "no_objection", "committee", id="the last of three has none"),
        pytest.param(THREE, (), "object", "objection", id="the first of three objects"),
        pytest.param(THREE, ("for", "for"), "object", "objection", id="the last of three objects"),
    ],
)  # fmt: skip
def test_one_objection_is_enough_and_every_consent_is_needed(
    asked: tuple[str, ...], before: tuple[str, ...], act: str, leads: str
) -> None:
    votes = tuple(cast(code, one) for code, one in zip(asked[1:], before, strict=False))
    given = (
        {} if act == "no_objection" else {"reasons": ("AMS-OBJ",), "note": "Why.", "amount": None}
    )
    assert outcome(FUND, "consultation", act, facts(asked, votes=votes, **given)) == leads


@pytest.mark.parametrize(
    ("actor", "asked", "rules"),
    [
        pytest.param(of("TH-1"), THREE, set(), id="an agency that has not answered"),
        pytest.param(of("SG-1", "officer:9"), THREE, {"one_vote"}, id="a colleague of who answered"),
        pytest.param(of("SG-1"), THREE, {"one_vote"}, id="who answered"),
        pytest.param(of("PH-1"), THREE, {"asked"}, id="an agency that was not asked"),
        pytest.param(of("TH-1"), None, {"asked"}, id="nobody knows who was asked"),
        pytest.param(replace(of("TH-1"), institution=""), THREE, {"institution"}, id="the fund itself"),
        pytest.param(replace(of("TH-1"), institution="home"), THREE, {"institution"}, id="the focal point at home"),
        pytest.param(replace(of("TH-1"), part="endorser"), THREE, {"separate_hands"}, id="who stands elsewhere in it"),
    ],
)  # fmt: skip
def test_each_agency_answers_once(
    actor: Actor, asked: tuple[str, ...] | None, rules: set[str]
) -> None:
    found = replace(facts(THREE, actor=actor, votes=(cast("SG-1", "for"),)), asked=asked)
    expected = rules or "consultation"
    assert outcome(FUND, "consultation", "no_objection", found) == expected


def test_as_many_seats_as_agencies_were_asked() -> None:
    found = band(FUND.decisions["no_objection"], FUND.acts["object"], facts(THREE))
    assert found is not None
    assert found.of == len(THREE)


def led(workflow: Workflow, state: str, act: str, **more: object) -> str:
    """Return where an act of the system, or one that asks for nothing, leads."""
    found = Facts(SYSTEM, 1, date(2026, 11, 22), clock_over=True)
    return fire(workflow, state, act, replace(found, **more)).target.name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "leads"),
    [
        pytest.param(frozenset({"silence_is_consent"}), "committee", id="silence is consent"),
        pytest.param(frozenset(), "objection", id="silence is none"),
        pytest.param(None, "objection", id="nobody said"),
    ],
)
def test_silence_goes_by_the_rule_of_the_scheme(on: frozenset[str] | None, leads: str) -> None:
    assert led(FUND, "consultation", "hear_nothing", switches=on) == leads


@pytest.mark.parametrize(
    ("objections", "expected"),
    [
        pytest.param(0, "consultation", id="after silence"),
        pytest.param(1, "consultation", id="after the first objection"),
        pytest.param(2, {"objected_once"}, id="after the second"),
        pytest.param(None, {"objected_once"}, id="nobody counted"),
    ],
)
def test_an_objection_is_taken_up_once(objections: int | None, expected: str | set[str]) -> None:
    actor = Actor(frozenset({"appraiser"}), mark="officer:1")
    found = facts(THREE, actor=actor, objections=objections, note="Cleared.")
    assert outcome(FUND, "objection", "ask_again", found) == expected


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        pytest.param(THREE, "consultation", id="others are asked"),
        pytest.param((), "committee", id="it operates nowhere else"),
    ],
)
def test_nobody_is_asked_where_an_enterprise_operates_nowhere_else(
    asked: tuple[str, ...], leads: str
) -> None:
    actor = Actor(frozenset({"appraiser"}), mark="officer:1")
    found = facts(asked, actor=actor, recommended_outcome="approve", requested=6_000_000)
    assert outcome(FUND, "recommendation", "recommend", found) == leads


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        pytest.param(False, "board", id="in time"),
        pytest.param(True, {"within_clock"}, id="too late"),
        pytest.param(None, {"within_clock"}, id="nobody looked at the clock"),
    ],
)
def test_votes_by_circulation_have_their_time(over: bool | None, expected: str | set[str]) -> None:
    actor = Actor(frozenset({"board_member"}), mark="officer:1")
    found = facts((), actor=actor, clock_over=over, authority_body="Board")
    assert outcome(FUND, "board", "concur", found) == expected


@pytest.mark.parametrize(
    ("through", "leads"),
    [
        pytest.param(True, "with_facility", id="through the facility"),
        pytest.param(False, "paid", id="directly"),
        pytest.param(None, "paid", id="nobody said"),
    ],
)
def test_the_money_goes_the_way_that_was_asked_for(through: bool | None, leads: str) -> None:
    actor = Actor(frozenset({"payment_officer"}), mark="officer:1")
    found = facts((), actor=actor, through_facility=through, award_left=5_000_000)
    assert outcome(TRANCHE, "released", "confirm", found) == leads
