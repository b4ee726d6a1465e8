"""Who may act: duty, part, interest, institution, delegation, clock, strand, vote, and what was entered."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.circumstances import TODAY, good, outcome, vote, who
from workflows.facts import SYSTEM, Actor, Delegated, Facts
from workflows.loading import load
from workflows.machine import Refused, fire, why_not
from workflows.rules import band, duty_label, motion

LOAN = load((Path(__file__).parent / "data" / "shared_loan.toml").read_text("utf-8"))
YESTERDAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 23)
# Good facts, of which the amount falls in the lowest band: one approver decides.
SMALL = replace(good(LOAN), amount=1000, recommended=1000, requested=1000)
LARGE = replace(
    SMALL, amount=200_000, recommended=200_000, requested=200_000, authority_body="Credit committee"
)
OPEN = (("legal", "open"), ("site", "open"))


def handed(**changed: Any) -> Delegated:
    return replace(Delegated(4, "approver", "P-9", "Aminah", YESTERDAY, TOMORROW), **changed)


def holding(duty: str, *delegated: Delegated, **more: Any) -> Actor:
    return Actor(frozenset({duty}), delegated=delegated, mark="P-1", **more)


# Where, which act, what is changed of the facts, and where it leads or the rules that fail.
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"actor": who("approver")}, "guarantee", id="in the own right"),
        pytest.param({"actor": who("chair", "approver")}, {"authority_matrix"}, id="not this duty"),
        pytest.param({"actor": holding("assessor", handed())}, "guarantee", id="for another"),
        pytest.param(
            {"actor": holding("approver", handed()), "behalf_of": 4}, "guarantee",
            id="for another, though one could oneself",
        ),
        pytest.param(
            {"actor": holding("approver", handed()), "behalf_of": 5}, {"duty"},
            id="for nobody one has a delegation from",
        ),
        pytest.param(
            {"actor": holding("approver", handed(ended=TODAY)), "behalf_of": 4},
            {"delegation_in_force", "authority_matrix"} - {"authority_matrix"},
            id="taken back today: it is over today",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(ended=TOMORROW))}, "guarantee",
            id="taken back from tomorrow on",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=YESTERDAY))},
            {"delegation_in_force", "authority_matrix"}, id="expired",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_from=TOMORROW))},
            {"delegation_in_force", "authority_matrix"}, id="not begun",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=TODAY))}, "guarantee", id="the last day"
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=YESTERDAY), handed(number=5))},
            "guarantee", id="one is over, another holds",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(duty="assessor"))}, {"duty", "authority_matrix"},
            id="another duty was handed over",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(giver_related=True))}, {"no_interest"},
            id="the giver has an interest",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(giver_part="assessor"))}, {"separate_hands"},
            id="the giver stands on another side",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(giver_part="approver"))}, "guarantee",
            id="the giver stands on this side",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(), part="assessor", related=True)},
            {"separate_hands", "no_interest"}, id="what binds oneself binds for another as well",
        ),
        pytest.param(
            {"actor": holding("approver", institution="guarantor")}, {"institution"},
            id="an officer of the guarantor",
        ),
    ],
)  # fmt: skip
def test_who_may_vote_in_the_committee(changed: dict[str, Any], expected: str | set[str]) -> None:
    assert outcome(LOAN, "committee", "vote_for", replace(SMALL, **changed)) == expected


def test_a_step_says_for_whom_it_was_taken() -> None:
    delegation = handed()
    own = fire(LOAN, "committee", "vote_for", replace(SMALL, actor=holding("approver", delegation)))
    other = fire(
        LOAN, "committee", "vote_for", replace(SMALL, actor=holding("assessor", delegation))
    )
    assert (own.behalf, other.behalf) == (None, delegation)


@pytest.mark.parametrize(
    ("state", "act", "changed", "expected"),
    [
        pytest.param(
            "guarantee", "guarantee",
            {"actor": holding("guarantee_officer", institution="guarantor")}, "agreed",
            id="the guarantor's officer decides there",
        ),
        pytest.param(
            "guarantee", "guarantee", {"actor": holding("guarantee_officer")}, {"institution"},
            id="the same duty in the agency that owns the case does not",
        ),
        pytest.param(
            "draft", "submit", {"actor": holding("applicant", institution="guarantor")}, "study",
            id="an applicant is of no institution",
        ),
        pytest.param(
            "draft", "submit", {"actor": holding("applicant", related=True)}, "study",
            id="an applicant belongs to the enterprise",
        ),
        pytest.param(
            "committee", "second_opinion", {"actor": who("desk_officer")},
            {"switch:second_opinion", "attachments_given"}, id="not switched on, nothing attached",
        ),
        pytest.param(
            "committee", "second_opinion",
            {"actor": who("desk_officer"), "switches": frozenset({"second_opinion"}),
             "attached": ("file",)},
            {"attachments_given"}, id="one of two attached",
        ),
        pytest.param(
            "committee", "second_opinion",
            {"actor": who("desk_officer"), "switches": frozenset({"second_opinion"}),
             "attached": ("file", "question")},
            "study", id="switched on and attached",
        ),
        pytest.param(
            "committee", "second_opinion",
            {"actor": who("desk_officer"), "switches": None, "attached": None},
            {"switch:second_opinion", "attachments_given"}, id="neither is known",
        ),
        pytest.param(
            "committee", "give_up", {"actor": SYSTEM}, "lapsed", id="the time is over"
        ),
        pytest.param(
            "committee", "give_up", {"actor": SYSTEM, "clock_over": False}, {"clock_over"},
            id="the time is not over",
        ),
        pytest.param(
            "committee", "give_up", {"actor": SYSTEM, "clock_over": None}, {"clock_over"},
            id="nobody looked at the clock",
        ),
        pytest.param(
            "committee", "give_up", {"actor": who("chair")}, {"duty"}, id="a person cannot"
        ),
        pytest.param("study", "extend", {"actor": who("desk_officer")}, "study", id="more time"),
        pytest.param(
            "study", "extend", {"actor": who("desk_officer"), "extended": True, "note": "  "},
            {"extension_open", "note_given"}, id="a second time, and without a word",
        ),
        pytest.param(
            "study", "extend", {"actor": who("desk_officer"), "extended": None},
            {"extension_open"}, id="nobody knows whether it was extended",
        ),
        pytest.param(
            "study", "drop", {"actor": who("desk_officer"), "outcome": "unsound"}, "declined",
            id="the first outcome",
        ),
        pytest.param(
            "study", "drop", {"actor": who("desk_officer"), "outcome": "unfinished"}, "draft",
            id="the other outcome",
        ),
        pytest.param(
            "study", "drop", {"actor": who("desk_officer"), "outcome": "else", "reasons": ()},
            {"outcome_chosen", "reasons_given"}, id="no such outcome, and no reason",
        ),
        pytest.param(
            "study", "drop", {"actor": who("desk_officer")}, {"outcome_chosen"}, id="no outcome"
        ),
    ],
)  # fmt: skip
def test_an_act_is_taken_or_every_failed_rule_is_named(
    state: str, act: str, changed: dict[str, Any], expected: str | set[str]
) -> None:
    facts = replace(SMALL, **{"strands": OPEN, **changed})
    assert outcome(LOAN, state, act, facts) == expected


@pytest.mark.parametrize(
    ("votes", "changed", "act", "expected"),
    [
        pytest.param((), {}, "vote_for", "committee", id="the first of two"),
        pytest.param(("for",), {}, "vote_for", "guarantee", id="the second of two"),
        pytest.param(("against",), {}, "vote_against", "declined", id="it cannot be carried"),
        pytest.param(("for",), {}, "stand_aside", "committee", id="one stands aside, one is left"),
        pytest.param((), {"amount": None}, "vote_for", "committee", id="the least band for no amount"),
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
        pytest.param((), {"amount": 0}, "vote_for", {"authority_matrix"}, id="no amount at all"),
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


def test_a_refusal_says_who_should_act_and_where_the_rule_comes_from() -> None:
    wrong = replace(SMALL, actor=holding("guarantee_officer", part="assessor", related=True))
    with pytest.raises(Refused) as refused:
        fire(LOAN, "committee", "vote_against", replace(wrong, reasons=(), votes=None))
    told = {failure.rule: failure.sentence for failure in refused.value.failures}
    assert told["duty"] == "This is for a person with the duty approver or chair."
    assert "as assessor" in told["separate_hands"]
    assert set(told) == {
        "duty", "no_interest", "separate_hands", "votes_counted", "reasons_given",
        "authority_matrix",
    }  # fmt: skip
    assert all(failure.clause for failure in refused.value.failures)


@pytest.mark.parametrize(
    ("duty", "label"),
    [
        pytest.param("guarantee_officer", "guarantee officer", id="declared in the file"),
        pytest.param("payment_officer", "payment officer", id="one that every agency has"),
        pytest.param("visitor", "visitor", id="a part that is no duty"),
    ],
)
def test_how_people_read_a_duty(duty: str, label: str) -> None:
    assert duty_label(LOAN, duty) == label


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
    assert motion(replace(SMALL, recommended=5, requested=3, **{"votes": (), **changed})) == amount


def test_the_band_of_a_vote_for_is_that_of_its_own_amount() -> None:
    decision, facts = LOAN.decisions["loan"], replace(LARGE, amount=1000)
    assert band(decision, LOAN.acts["vote_for"], facts) == decision.bands[0]
    assert band(decision, LOAN.acts["vote_against"], facts) == decision.bands[1]
