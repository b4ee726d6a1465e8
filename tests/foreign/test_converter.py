"""Descriptions in other shapes and with awkward names: each is taken in by its shape."""

from dataclasses import replace
from typing import Any

import pytest

from tests.foreign.converter import convert
from tests.foreign.test_foreign import known, led, reached
from workflows.machine import options

NESTED = {
    "name": "Nested",
    "initial": "Open",
    "states": {
        "Review": {
            "on": {"STOP": "Stopped"},
            "states": {
                "Open": {"on": {"READ": {"target": "Read", "cond": "hasTime"}}},
                "Read": {"on": {"STOP": [{"target": "Done", "role": "clerk"}]}},
            },
        },
        "Done": {},
        "Stopped": {"type": "final"},
    },
}
LISTED: dict[str, Any] = {
    "transitions": [
        {"trigger": "go on", "source": ["a", "b"], "dest": "c", "conditions": ["x", "y"]},
        {"trigger": "go-on", "source": "c", "dest": "d", "unless": "z"},
        {"trigger": "stop", "source": "*", "dest": "d"},
    ]
}
AWKWARD = {
    "states": ["END", "end", "stay", "2nd (look)"],
    "transitions": [
        {"event": "Move", "from": "2nd (look)", "to": "stay", "role": "System"},
        {"event": "move", "from": "stay", "to": "END", "roles": ["system", "Applicant"]},
        {"event": "MOVE", "from": "END", "to": "end", "role": "officers"},
    ],
    "initial": "2nd (look)",
}
# One event, two ways, nothing that tells them apart; and a way that is open only when the other is not.
FORKED = {
    "states": ["x", "y", "z"],
    "transitions": [
        {"event": "leap", "source": "x", "target": "y", "role": "hand"},
        {"event": "leap", "source": "x", "target": "z", "role": "hand"},
        {"event": "turn", "source": "y", "target": "z", "role": "hand", "guard": "ripe"},
        {"event": "turn", "source": "y", "target": "x", "role": "hand"},
        {"event": "tick", "source": "z", "target": "x", "guard": "late"},
        {"event": "tick", "source": "z", "target": "y", "guard": "early"},
    ],
}


@pytest.mark.parametrize(
    ("given", "state", "event", "role", "expected"),
    [
        pytest.param(NESTED, "Open", "READ", "clerk", set(), id="another role may not read"),
        pytest.param(NESTED, "Read", "STOP", "clerk", {"Done"}, id="a child's way goes first"),
        pytest.param(LISTED, "a", "go on", "somebody", {"c"}, id="a list of sources, the first"),
        pytest.param(LISTED, "b", "go on", "somebody", {"c"}, id="a list of sources, the last"),
        pytest.param(LISTED, "c", "go-on", "somebody", {"d"}, id="an event of a similar name"),
        pytest.param(LISTED, "c", "go on", "somebody", set(), id="the similar event not here"),
        pytest.param(LISTED, "b", "stop", "somebody", {"d"}, id="from every state"),
        pytest.param(AWKWARD, "2nd (look)", "Move", "System", {"stay"}, id="a state named stay"),
        pytest.param(AWKWARD, "stay", "move", "system", {"END"}, id="a role named system"),
        pytest.param(AWKWARD, "stay", "move", "Applicant", {"END"}, id="an applicant beside it"),
        pytest.param(AWKWARD, "stay", "move", "System", set(), id="roles that differ in case"),
        pytest.param(AWKWARD, "END", "MOVE", "officers", {"end"}, id="states that differ in case"),
        pytest.param(FORKED, "x", "leap", "hand", {"y", "z"}, id="two ways without a guard"),
        pytest.param(FORKED, "y", "turn", "hand", {"x", "z"}, id="a guarded way and another"),
    ],
)  # fmt: skip
def test_a_description_is_understood_by_its_shape(
    given: dict[str, Any], state: str, event: str, role: str, expected: set[str]
) -> None:
    found = convert(given)
    assert reached(found, state, event, found.duties[role]) == expected


@pytest.mark.parametrize(
    ("given", "state", "act", "rules"),
    [
        pytest.param(LISTED, "a", "go_on", {"switch:x", "switch:y"}, id="every guard of a list"),
        pytest.param(LISTED, "c", "go_on_to_d", {"switch:not_z"}, id="a guard turned round"),
        pytest.param(FORKED, "x", "leap", {"outcome_chosen"}, id="a person chooses between ways"),
        pytest.param(FORKED, "z", "tick", {"switch:late"}, id="nobody chooses for the system"),
        pytest.param(FORKED, "z", "tick_to_y", {"switch:early"}, id="its other way"),
    ],
)
def test_guards_and_alternatives(
    given: dict[str, Any], state: str, act: str, rules: set[str]
) -> None:
    found = convert(given)
    facts = known(found, found.workflow.acts[act].by[0])
    assert led(found, state, act, replace(facts, switches=frozenset())) == rules


def test_roles_that_share_an_act_are_one_part_and_applicants_are_their_own() -> None:
    shared = {
        "transitions": [
            {"event": "sign", "source": "a", "target": "b", "roles": ["clerk", "head", "applicant"]},
            {"event": "seal", "source": "b", "target": "c", "roles": ["head", "warden"]},
            {"event": "burn", "source": "c", "target": "d", "roles": ["smith"]},
        ]
    }  # fmt: skip
    found = convert(shared)
    assert len(found.acts["sign"]) == 2
    ways = {act.by: act.part for act in found.workflow.acts.values()}
    assert ways == {
        ("applicant",): "applicant",
        ("clerk", "head"): "clerk",
        ("head", "warden"): "clerk",
        ("smith",): "smith",
    }


def test_the_words_of_a_permission_say_who_sees_and_edits() -> None:
    given = {
        "states": [
            {"name": "a", "permissions": "applicant_edit_permissions"},
            {"name": "b", "permissions": "hidden_from_applicant_permissions"},
            {"name": "c", "permissions": "reviewer_review_permissions"},
        ],
        "transitions": [
            {"label": "Send", "source": "a", "target": "b", "roles": ["APPLICANT"]},
            {"label": "Read", "source": "b", "target": "c", "roles": ["STAFF"]},
        ],
    }
    workflow = convert(given).workflow
    assert workflow.edits("a", "answers", ["applicant"])
    assert not workflow.edits("a", "answers", ["staff"])
    assert not workflow.sees("b", "answers", ["applicant"])
    assert workflow.sees("b", "answers", ["staff"])
    assert workflow.sees("c", "assessments", ["reviewer"])
    assert workflow.states["a"].holder == "applicant"


def test_a_state_that_only_the_program_leaves_offers_nobody_an_act() -> None:
    found = convert(FORKED)
    assert options(found.workflow, "z", known(found, "hand")) == ()
