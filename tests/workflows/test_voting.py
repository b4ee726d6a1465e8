"""Voting and parallel work: the amount a vote is about, one vote a person, and strands that are joined."""

from dataclasses import replace
from typing import Any

import pytest

from tests.workflows.circumstances import outcome, vote, who
from tests.workflows.test_rules import LARGE, LOAN, OPEN, SMALL, handed, holding
from workflows.facts import Actor, Facts
from workflows.machine import fire, why_not
from workflows.rules import band, motion


@pytest.mark.parametrize(
    ("votes", "changed", "act", "expected"),
    [
        pytest.param((), {}, "vote_for", "committee", id="the first of two"),
        pytest.param(("for",), {}, "vote_for", "guarantee", id="the second of two"),
        pytest.param(("against",), {}, "vote_against", "declined", id="it cannot be carried"),
        pytest.param(("for",), {}, "stand_aside", "committee", id="one stands aside, one is left"),
        pytest.param((), {"amount": None}, "vote_for", "committee", id="no amount: what was recommended"),
        pytest.param(
            ("for",), {"amount": 150_000}, "vote_for", {"same_motion"}, id="another amount"
        ),
        pytest.param(
            ("for",), {"amount": 1000, "authority_body": None}, "vote_for", {"same_motion"},
            id="an amount that another band would decide",
        ),
        pytest.param(
            (), {"authority_body": "Another committee"}, "vote_for", {"authority_body"},
            id="a member of another body",
        ),
        pytest.param(
            (), {"authority_body": None}, "vote_against", {"authority_body"},
            id="a member of no body votes against what was recommended",
        ),
        pytest.param((), {"amount": -1}, "vote_for", {"authority_matrix"}, id="less than nothing"),
        pytest.param(
            (), {"currency": "VND"}, "vote_for", {"authority_matrix"}, id="another currency"
        ),
    ],
)  # fmt: skip
def test_votes_on_an_amount_the_committee_decides(
    votes: tuple[str, ...], changed: dict[str, Any], act: str, expected: str | set[str]
) -> None:
    cast = tuple(
        vote(f"P-{n}", one, amount=200_000 if one == "for" else None)
        for n, one in enumerate(votes, 5)
    )
    facts = replace(LARGE, votes=cast, actor=who("approver"), **changed)
    assert outcome(LOAN, "committee", act, facts) == expected


@pytest.mark.parametrize(
    ("actor", "voted", "behalf", "rules"),
    [
        pytest.param(who("approver"), "P-1", None, {"one_vote"}, id="twice in the own right"),
        pytest.param(who("approver"), "P-2", None, set(), id="another voted"),
        pytest.param(
            holding("approver", handed()), "P-1", 4, {"one_vote"},
            id="in the own right, then for another",
        ),
        pytest.param(
            holding("approver", handed()), "P-9", 4, {"one_vote"}, id="for one who voted already"
        ),
        pytest.param(
            holding("assessor", handed()), "P-9", None, {"one_vote"},
            id="for one who voted already, without saying for whom",
        ),
        pytest.param(holding("approver", handed()), "P-9", None, set(), id="beside the giver"),
    ],
)  # fmt: skip
def test_a_person_votes_once(actor: Actor, voted: str, behalf: int | None, rules: set[str]) -> None:
    facts = replace(
        LARGE, actor=actor, behalf_of=behalf, votes=(vote(voted, "for", amount=200_000),)
    )
    assert {f.rule for f in why_not(LOAN, "committee", "vote_for", facts)} == rules


def test_votes_that_were_not_gathered_are_not_none_cast() -> None:
    facts = replace(LARGE, votes=None, actor=who("approver"))
    assert outcome(LOAN, "committee", "vote_for", facts) == {"votes_counted"}


def test_a_step_says_how_the_vote_stands() -> None:
    facts = replace(LARGE, votes=(vote("P-5", "for", amount=200_000),), actor=who("approver"))
    step = fire(LOAN, "committee", "vote_for", facts)
    assert (step.result, step.target.name) == ("for", "guarantee")
    assert step.tally is not None
    assert (step.tally.votes_for, step.tally.needed, step.tally.rule) == (2, 2, "needed")


def study(**strands: str) -> Facts:
    return replace(SMALL, strands=tuple(strands.items()))


@pytest.mark.parametrize(
    ("strands", "act", "duty", "expected", "after"),
    [
        pytest.param(
            {"legal": "open", "site": "open"}, "draft_opinion", "assessor", "study",
            {"legal": "drafted", "site": "open"}, id="one strand moves, the other does not",
        ),
        pytest.param(
            {"legal": "drafted", "site": "open"}, "sign_opinion", "chair", "study",
            {"legal": "signed", "site": "open"}, id="one strand is done",
        ),
        pytest.param(
            {"legal": "drafted", "site": "visited"}, "sign_opinion", "chair", "committee", {},
            id="the last strand is done",
        ),
        pytest.param(
            {"legal": "signed", "site": "open"}, "visit", "assessor", "committee", {},
            id="the last strand, the other way round",
        ),
        pytest.param(
            {"legal": "open", "site": "visited"}, "sign_opinion", "chair", {"strand_step"}, {},
            id="what was not drafted is not signed",
        ),
        pytest.param(
            {"legal": "open", "site": "visited"}, "visit", "assessor", {"strand_step"}, {},
            id="a visit is made once",
        ),
        pytest.param({}, "visit", "assessor", {"strand_step"}, {}, id="nobody knows the strands"),
    ],
)  # fmt: skip
def test_parallel_work_is_joined_when_all_of_it_is_done(
    strands: dict[str, str],
    act: str,
    duty: str,
    expected: str | set[str],
    after: dict[str, str],
) -> None:
    facts = replace(study(**strands), actor=who(duty))
    assert outcome(LOAN, "study", act, facts) == expected
    if isinstance(expected, str):
        assert dict(fire(LOAN, "study", act, facts).strands) == after


def test_entering_a_state_begins_its_parallel_work() -> None:
    assert fire(LOAN, "draft", "submit", replace(SMALL, actor=who("applicant"))).strands == OPEN


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        pytest.param({"votes": (vote("P-2", "for", amount=7),)}, 7, id="the first vote for"),
        pytest.param({"votes": (vote("P-2", "against"),)}, 5, id="else what was recommended"),
        pytest.param({"votes": (), "recommended": None}, 3, id="else what was requested"),
        pytest.param({"recommended": None, "requested": None}, None, id="else nothing"),
    ],
)
def test_what_a_decision_is_about(changed: dict[str, Any], amount: int | None) -> None:
    asked = {"recommended": 5, "requested": 3, "votes": (), **changed}
    assert motion(replace(SMALL, **asked)) == amount


def test_the_band_of_a_vote_for_is_that_of_its_own_amount() -> None:
    decision, facts = LOAN.decisions["loan"], replace(LARGE, amount=1000)
    assert band(decision, LOAN.acts["vote_for"], facts) == decision.bands[0]
    assert band(decision, LOAN.acts["vote_against"], facts) == decision.bands[1]
