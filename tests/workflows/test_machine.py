"""Firing an act: where it leads, or every rule that speaks against it."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.workflows.circumstances import GOOD, NAMES, good, outcome, who
from workflows.facts import SYSTEM
from workflows.format.loading import shipped
from workflows.machine import Refused, fire, options


@pytest.mark.parametrize(
    ("name", "state", "act", "facts", "expected"),
    [
        pytest.param("grant", "draft", "submit", {}, "submitted", id="a good draft is submitted"),
        pytest.param(
            "grant", "draft", "submit",
            {"call_open": False, "problems": ("Sector",), "missing_documents": ("Plan",),
             "failed_rules": (("a", "b", "c"),)},
            {"call_open", "answers_complete", "documents_present", "eligible"},
            id="a bad draft is told everything at once",
        ),
        pytest.param(
            "grant", "draft", "submit", {"actor": who("desk_officer")}, {"duty"},
            id="an officer does not submit",
        ),
        pytest.param(
            "grant", "submitted", "submit", {}, {"possible_here"},
            id="what was submitted is not submitted again",
        ),
        pytest.param(
            "grant", "submitted", "submit", {"expected_version": 6}, {"possible_here", "unchanged"},
            id="whoever looked at an old version is told so as well",
        ),
        pytest.param("grant", "submitted", "nonsense", {}, {"possible_here"}, id="no such act"),
        pytest.param(
            "grant", "submitted", "take_up", {"expected_version": 6}, {"unchanged"},
            id="an old version is refused",
        ),
        pytest.param(
            "grant", "submitted", "take_up", {"expected_version": None}, "screening",
            id="who names no version acts on the one that stands",
        ),
        pytest.param(
            "grant", "screening", "return", {"reasons": ()}, {"reasons_given"},
            id="reasons are required",
        ),
        pytest.param(
            "grant", "screening", "return", {"unknown_reasons": ("X",)}, {"reasons_known"},
            id="an unknown reason is refused",
        ),
        pytest.param(
            "grant", "screening", "screen_out",
            {"actor": who("approver", "assessor", related=True), "reasons": (),
             "unknown_reasons": ("X",), "expected_version": 1},
            {"unchanged", "duty", "no_interest", "separate_hands", "reasons_known",
             "reasons_given"},
            id="standing rules and entered rules are told together",
        ),
        pytest.param(
            "grant", "assessment", "assess", {}, "assessment", id="the first assessment stays"
        ),
        pytest.param(
            "grant", "assessment", "assess", {"assessments": 1}, "recommendation",
            id="the last assessment goes on",
        ),
        pytest.param(
            "grant", "assessment", "assess",
            {"actor": who("assessor", "assessor"), "assessed_by_actor": True},
            {"not_yet_assessed"}, id="one assessment for each assessor",
        ),
        pytest.param(
            "grant", "assessment", "assess", {"actor": who("assessor", "desk_officer")},
            {"separate_hands"}, id="whoever screened does not assess",
        ),
        pytest.param(
            "grant", "decision", "approve", {"actor": who("approver", "assessor")},
            {"separate_hands"}, id="whoever assessed does not approve",
        ),
        pytest.param(
            "grant", "decision", "approve", {"actor": who("approver", "approver")}, "offered",
            id="a person may act again in the same part",
        ),
        pytest.param(
            "grant", "decision", "approve", {"actor": who("approver", related=True)},
            {"no_interest"}, id="nobody decides on an enterprise of their own",
        ),
        pytest.param(
            "grant", "decision", "approve",
            {"amount": 101, "recommended": 100, "authority_limit": 50, "budget_left": 1},
            {"approved_within_recommended", "within_authority", "within_budget"},
            id="an amount over everything",
        ),
        pytest.param(
            "grant", "decision", "approve", {"authority_limit": None}, {"within_authority"},
            id="without authority",
        ),
        pytest.param(
            "grant", "offered", "accept", {"actor": who("applicant", related=True)}, "accepted",
            id="an applicant belongs to the enterprise",
        ),
        pytest.param("grant", "offered", "lapse", {}, {"duty", "offer_expired"}, id="by a person"),
        pytest.param(
            "grant", "offered", "lapse",
            {"actor": SYSTEM, "offer_expires_on": date(2026, 11, 21), "expected_version": None},
            "lapsed", id="the system lets an offer lapse",
        ),
        pytest.param(
            "grant", "accepted", "meet_condition", {}, "accepted", id="one condition of two"
        ),
        pytest.param(
            "loan", "accepted", "meet_condition", {"open_conditions": ("agreement",)},
            "disbursing", id="the last condition",
        ),
        pytest.param(
            "loan", "disbursing", "withdraw", {}, {"possible_here"},
            id="nobody withdraws once money moves",
        ),
        pytest.param(
            "claim", "prepared", "check", {"actor": who("payment_officer", "payment_maker")},
            {"separate_hands"}, id="whoever made a payment does not check it",
        ),
        pytest.param(
            "claim", "checked", "release", {"seen_digest": "cd", "award_left": 99},
            {"within_award", "file_unchanged"}, id="another file, and too much",
        ),
        pytest.param(
            "drawdown", "unknown", "prepare", {}, {"possible_here"},
            id="a payment whose answer is not known is not made again",
        ),
        pytest.param("drawdown", "rejected", "prepare", {}, "prepared", id="a rejected one is"),
        pytest.param("drawdown", "paid", "confirm", {}, {"possible_here"}, id="paid is paid"),
    ],
)  # fmt: skip
def test_firing_leads_on_or_names_every_failed_rule(
    name: str, state: str, act: str, facts: dict[str, Any], expected: str | set[str]
) -> None:
    workflow = shipped(name)
    assert outcome(workflow, state, act, replace(good(workflow), **facts)) == expected


def test_a_step_says_what_it_entails() -> None:
    step = fire(shipped("grant"), "draft", "submit", GOOD)
    assert (step.act.name, step.source.name, step.target.name) == ("submit", "draft", "submitted")
    assert step.act.letter == "acknowledgement"


def test_an_old_version_can_be_told_from_other_refusals() -> None:
    with pytest.raises(Refused) as stale:
        fire(shipped("grant"), "submitted", "take_up", replace(GOOD, expected_version=1))
    with pytest.raises(Refused) as other:
        fire(shipped("grant"), "submitted", "submit", GOOD)
    assert (stale.value.stale, other.value.stale) == (True, False)


@pytest.mark.parametrize("name", NAMES)
def test_no_act_jumps_to_a_state_by_its_name(name: str) -> None:
    workflow = shipped(name)
    for state, target in product(workflow.states, workflow.states):
        assert outcome(workflow, state, f"to_{target}", GOOD) == {"possible_here"}


def test_each_failure_has_its_sentence_and_its_clause() -> None:
    wrong = replace(GOOD, call_open=None, problems=None, missing_documents=None, failed_rules=None)
    wrong = replace(wrong, actor=who("approver", "assessor", related=True), expected_version=1)
    with pytest.raises(Refused) as refused:
        fire(shipped("grant"), "draft", "submit", wrong)
    assert (refused.value.act, refused.value.state) == ("submit", "draft")
    assert len(refused.value.failures) == 7
    assert all(failure.sentence and failure.clause for failure in refused.value.failures)
    assert len({failure.rule for failure in refused.value.failures}) == 7


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="when everything holds"),
        pytest.param({"expected_version": 1}, id="on an old version"),
        pytest.param({"actor": who("desk_officer", "assessor")}, id="in another part"),
        pytest.param({"call_open": False, "award_left": 1}, id="when guards fail"),
    ],
)
def test_options_agree_with_firing(name: str, given: dict[str, Any]) -> None:
    workflow = shipped(name)
    facts = replace(good(workflow), **given)
    for state in workflow.states:
        offered = options(workflow, state, facts)
        assert {option.act.name for option in offered} == {
            act.name for act in workflow.acts_from(state) if not act.automatic
        }
        for option in offered:
            found = outcome(workflow, state, option.act.name, facts)
            assert option.allowed == isinstance(found, str)
            # Which band an amount falls in, and so which body decides, is known only when the amount is entered.
            unknown = {"authority_matrix", "authority_body"}
            failed = set() if isinstance(found, str) else found - unknown
            assert {failure.rule for failure in option.failures} == failed


def test_options_do_not_ask_what_is_not_entered_yet() -> None:
    empty = replace(GOOD, amount=None, reasons=(), seen_digest=None, condition_open=None)
    found = {option.act.name: option for option in options(shipped("grant"), "decision", empty)}
    assert found["approve"].allowed
    assert found["decline"].allowed
