"""Workflows of other systems in our format: nothing is lost, and who may do what where stays the same."""

import json
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.foreign.converter import Converted, convert
from workflows.facts import Actor, Facts
from workflows.machine import Refused, fire
from workflows.vocabulary import DUTIES

FOLDER = Path(__file__).parent / "definitions"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
OFFICE = ["ADMIN", "LEAD", "STAFF"]
HYPHA = ["ADMIN", "APPLICANT", "LEAD", "STAFF"]

# State, event, role, state: one thing somebody may do.
Right = tuple[str, str, str, str]


@cache
def raw(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


@cache
def converted(name: str) -> Converted:
    return convert(raw(name))


def names(states: list[Any]) -> list[str]:
    return [state["name"] if isinstance(state, dict) else state for state in states]


@pytest.mark.parametrize(
    ("name", "states", "events", "roles"),
    [
        pytest.param(
            "bcgov_unity_application", 14, 14, ["somebody"],
            id="a hierarchy that says nothing of persons",
        ),
        pytest.param(
            "hhs_award_recommendation_review", 13, 12,
            ["FINAL_AWARD_REC_APPROVER", "FMO_REVIEWER", "GMO_REVIEWER", "GMS_REVIEWER",
             "PQC_REVIEWER"],
            id="a privilege for each approval",
        ),
        pytest.param(
            "hhs_initial_prototype", 5, 5, ["BUDGET_OFFICER_APPROVAL", "PROGRAM_OFFICER_APPROVAL"],
            id="approvals that are counted",
        ),
        pytest.param("hhs_opportunity_publish", 7, 6, [], id="a program that works alone"),
        pytest.param("hypha_double_stage", 22, 18, [*HYPHA, "reviewer"], id="two stages"),
        pytest.param("hypha_single_stage", 10, 11, HYPHA, id="one stage"),
        pytest.param(
            "hypha_single_stage_community", 15, 15, [*HYPHA, "community", "reviewer"],
            id="one stage read by a community",
        ),
        pytest.param(
            "hypha_single_stage_external", 13, 13, [*HYPHA, "reviewer"],
            id="one stage read from outside",
        ),
        pytest.param(
            "hypha_single_stage_same", 10, 11, [*HYPHA, "reviewer"], id="one stage read together"
        ),
        pytest.param(
            "innovateuk_grant_offer_letter", 4, 8, ["somebody"], id="a letter sent and signed"
        ),
        pytest.param("innovateuk_panel_review", 6, 6, ["somebody"], id="a review with a conflict"),
        pytest.param(
            "rems_master_workflow", 7, 30,
            ["applicant", "decider", "everyone-else", "expirer", "handler", "member",
             "past-decider", "past-reviewer", "reporter", "reviewer"],
            id="commands by state and role",
        ),
    ],
)  # fmt: skip
def test_no_state_event_or_role_is_lost(
    name: str, states: int, events: int, roles: list[str]
) -> None:
    found = converted(name)
    assert list(found.states) == names(raw(name)["states"])
    assert len(found.states) == len(set(found.workflow.states)) == states
    assert len(found.acts) == events
    assert {act for acts in found.acts.values() for act in acts} == set(found.workflow.acts)
    assert sorted(found.duties) == roles
    assert set(found.duties.values()) == {*found.workflow.duties} | (
        {*DUTIES} & {*found.duties.values()}
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_way_back_from_our_names_is_clear(name: str) -> None:
    found = converted(name)
    for words in (found.states, found.duties, found.switches):
        assert len(set(words.values())) == len(words)
    labels = {act.label for act in found.workflow.acts.values()}
    assert labels == set(found.acts)


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        pytest.param("bcgov_unity_application", {"RESOLVED": "completed"}, id="unity"),
        pytest.param("hhs_award_recommendation_review", {"end": "completed"}, id="award review"),
        pytest.param(
            "hhs_initial_prototype", {"declined": "declined", "end": "completed"}, id="prototype"
        ),
        pytest.param("hhs_opportunity_publish", {"end": "completed"}, id="publication"),
        pytest.param(
            "hypha_double_stage",
            {"concept_rejected": "declined", "proposal_accepted": "completed",
             "proposal_rejected": "declined"},
            id="two stages",
        ),
        pytest.param(
            "hypha_single_stage", {"accepted": "completed", "rejected": "declined"}, id="one stage"
        ),
        pytest.param("innovateuk_grant_offer_letter", {"APPROVED": "completed"}, id="the letter"),
        pytest.param("innovateuk_panel_review", {"WITHDRAWN": "withdrawn"}, id="the panel"),
        pytest.param(
            "rems_master_workflow",
            {"closed": "completed", "rejected": "declined", "revoked": "cancelled"}, id="access",
        ),
    ],
)  # fmt: skip
def test_a_state_without_a_way_out_is_an_end(name: str, ends: dict[str, str]) -> None:
    found = converted(name)
    ours = {their: found.workflow.states[our] for their, our in found.states.items()}
    assert {their: state.outcome for their, state in ours.items() if state.end} == ends
    assert set(raw(name).get("final", ends)) == set(ends)


def said(given: dict[str, Any]) -> set[Right]:
    """Return what a description says, read by hand for the test: without the reader and the converter."""
    by_event = given.get("required_privilege_by_event", {})
    persons = "required_privilege_by_event" in given
    rights: set[Right] = set()
    for one in given["transitions"]:
        event = one.get("event") or one["label"]
        nobody = "system" if persons or event == "(initial)" else "somebody"
        roles = one.get("roles") or [one.get("role") or by_event.get(event, nobody)]
        rights |= {(one["source"], event, role, one["target"]) for role in roles}
    for child, parent in given.get("parents", {}).items():
        own = {event for source, event, _, _ in rights if source == child} | {"(initial)"}
        above = {(e, r, t) for s, e, r, t in rights if s == parent and e not in own}
        rights |= {(child, event, role, target) for event, role, target in above}
    leads = given.get("state_changing_commands", {})
    for state, roles in given.get("permissions", {}).items():
        for role, commands in roles.items():
            acts = [command for command in commands if command != "see-everything"]
            rights |= {(state, command, role, leads.get(command, state)) for command in acts}
    return rights


def reached(found: Converted, state: str, event: str, duty: str) -> set[str]:
    """Return the states to which somebody with one duty can take a case by an event, whatever is chosen."""
    back = {ours: theirs for theirs, ours in found.states.items()}
    targets = set()
    for name in found.acts[event]:
        for outcome in found.workflow.acts[name].outcomes or (None,):
            facts = replace(known(found, duty), outcome=outcome)
            result = led(found, found.states[state], name, facts)
            if isinstance(result, str):
                targets.add(back[result])
            else:
                assert result & {"duty", "possible_here"}
    return targets


def led(found: Converted, state: str, act: str, facts: Facts) -> str | set[str]:
    """Return the state of ours an act leads to, or the names of the rules that failed."""
    try:
        return fire(found.workflow, state, act, facts).target.name
    except Refused as refused:
        return {failure.rule for failure in refused.failures}


def known(found: Converted, duty: str) -> Facts:
    return Facts(
        actor=Actor(frozenset({duty}), mark="somebody"),
        version=1,
        today=date(2026, 11, 22),
        clock_over=True,
        switches=frozenset(found.switches.values()),
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_right_role_may_walk_and_every_other_is_refused(name: str) -> None:
    found, walked = converted(name), set()
    people = {
        **found.duties,
        **{duty: duty for duty in DUTIES if duty not in found.duties.values()},
    }
    for state, event, (role, duty) in product(found.states, found.acts, people.items()):
        targets = reached(found, state, event, duty)
        walked |= {(state, event, role, target) for target in targets}
    assert walked == said(raw(name))


@pytest.mark.parametrize(
    ("name", "state", "event", "guard"),
    [
        pytest.param(
            "bcgov_unity_application", "SUBMITTED", "Approve", "form.IsDirectApproval",
            id="a child is bound by the guard it inherits",
        ),
        pytest.param(
            "bcgov_unity_application", "ASSESSMENT_COMPLETED", "Approve", None,
            id="a child's own way goes before the guarded one of its parent",
        ),
        pytest.param(
            "bcgov_unity_application", "GRANT_APPROVED", "Defer", "DeferAfterApproval permission",
            id="a guard with a name of two words",
        ),
        pytest.param(
            "hypha_double_stage", "invited_to_proposal", "Progress", "not_progressed",
            id="a condition",
        ),
        pytest.param(
            "hhs_initial_prototype", "pending_budget_officer_approval",
            "check_budget_officer_approval", "HAS_ENOUGH_APPROVALS",
            id="approvals the program counts",
        ),
        pytest.param(
            "innovateuk_panel_review", "PENDING", "REJECT", None, id="what nothing guards"
        ),
    ],
)  # fmt: skip
def test_a_guard_is_a_rule_that_is_switched_on(
    name: str, state: str, event: str, guard: str | None
) -> None:
    found = converted(name)
    ours = found.states[state]
    act = next(a for a in found.acts[event] if ours in found.workflow.acts[a].sources)
    off = replace(known(found, found.workflow.acts[act].by[0]), switches=frozenset())
    result = led(found, ours, act, off)
    assert (
        isinstance(result, str) if guard is None else result == {f"switch:{found.switches[guard]}"}
    )


@pytest.mark.parametrize(
    ("state", "event", "chosen", "expected"),
    [
        pytest.param(
            "pending_gms_review", "receive_gms_approval", "is_approval_event_approved",
            "pending_fmo_review", id="approved",
        ),
        pytest.param(
            "pending_gms_review", "receive_gms_approval",
            "is_approval_event_requires_modification", "pending_revision_start", id="sent back",
        ),
        pytest.param(
            "pending_gms_review", "receive_gms_approval", None, {"outcome_chosen"},
            id="nothing chosen",
        ),
        pytest.param(
            "pending_pqc_review", "receive_pqc_approval",
            "is_approval_event_requires_modification", {"outcome_chosen"},
            id="the first review knows no way back",
        ),
    ],
)  # fmt: skip
def test_alternatives_are_outcomes_a_person_chooses(
    state: str, event: str, chosen: str | None, expected: str | set[str]
) -> None:
    found = converted("hhs_award_recommendation_review")
    (act,) = found.acts[event]
    facts = replace(known(found, found.workflow.acts[act].by[0]), outcome=chosen)
    assert led(found, state, act, facts) == expected
