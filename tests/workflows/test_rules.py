"""Who may act: duty, part, interest, institution, delegation, clock, strand, vote, and what was entered."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.circumstances import TODAY, good, outcome, who
from workflows.facts import SYSTEM, Actor, Delegated
from workflows.format.loading import load
from workflows.machine import Refused, fire
from workflows.rules import duty_label

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
            {"delegation_in_force"},
            id="taken back today: it is over today",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(ended=TOMORROW))}, "guarantee",
            id="taken back from tomorrow on",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=YESTERDAY))},
            {"delegation_in_force"}, id="expired",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_from=TOMORROW))},
            {"delegation_in_force"}, id="not begun",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=TODAY))}, "guarantee", id="the last day"
        ),
        pytest.param(
            {"actor": holding("assessor", handed(valid_to=YESTERDAY), handed(number=5))},
            "guarantee", id="one is over, another holds",
        ),
        pytest.param(
            {"actor": holding("assessor", handed(duty="assessor"))}, {"duty"},
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
             "attached": (("file", "0" * 64),)},
            {"attachments_given"}, id="one of two attached",
        ),
        pytest.param(
            "committee", "second_opinion",
            {"actor": who("desk_officer"), "switches": frozenset({"second_opinion"}),
             "attached": (("file", "0" * 64), ("question", "1" * 64))},
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


def test_a_refusal_says_who_should_act_and_where_the_rule_comes_from() -> None:
    wrong = replace(SMALL, actor=holding("guarantee_officer", part="assessor", related=True))
    with pytest.raises(Refused) as refused:
        fire(LOAN, "committee", "vote_against", replace(wrong, reasons=(), votes=None))
    told = {failure.rule: failure.sentence for failure in refused.value.failures}
    assert told["duty"] == "This is for a person with the duty approver or chair."
    assert "as assessor" in told["separate_hands"]
    assert set(told) == {
        "duty", "no_interest", "separate_hands", "votes_counted", "reasons_given",
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
