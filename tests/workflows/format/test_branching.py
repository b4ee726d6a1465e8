"""Where acts lead: one way is always open, and every vote, clock and voided decision fits the rest of the file."""

import pytest

from tests.workflows.mistakes import WHOLE, changed, refusal
from workflows.format.loading import load

ASIDE = """
[acts.stand_aside]
label = "Stand aside"
event = "Stood aside"
from = ["council"]
to = "stay"
by = "approver"
does = "decide"
decision = "award"
vote = "recuse"
"""


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        pytest.param(
            ', {state = "stay"}]', "]",
            "acts.finish: to: the last way must have no 'when': otherwise a case may have nowhere to go.",
            id="a choice that leaves a case nowhere to go",
        ),
        pytest.param(
            'outcome = "pass"', 'outcome = "pass"\nwhen = "last_condition"',
            "acts.sort_out: to: the last way of the outcome 'pass' must have no 'when'.",
            id="an outcome that leaves a case nowhere to go",
        ),
        pytest.param(
            'to = "refused"\nby = "system"', 'to = [{state = "refused", outcome = "no"}]\nby = "system"',
            "acts.give_up: to: the system chooses no outcome.", id="a system that chooses",
        ),
        pytest.param(
            'by = "approver"\ndecision = "award"', 'by = "approver"',
            "acts.approve: to[1].when: 'decided_for' needs the decision in which the act is a vote.",
            id="a choice about votes where nobody votes",
        ),
        pytest.param(
            'state = "paying", when = "decided_for"', 'state = "paying", when = "strands_done"',
            "acts.approve: to[1].when: 'council' has no parallel work.",
            id="a choice about parallel work where there is none",
        ),
        pytest.param(
            '    {state = "refused", when = "decided_against"},\n', "",
            "acts.approve: to: no way for 'decided_against', which this vote can bring about.",
            id="a vote of a body with no way for one result",
        ),
        pytest.param(
            'decision = "guarantee"\nvote = "for"', 'decision = "guarantee"',
            "acts.guarantee: vote: missing; expected for, against, abstain or recuse.",
            id="a vote that does not say which",
        ),
        pytest.param(
            'decision = "guarantee"', 'does = "move"\ndecision = "guarantee"',
            'acts.guarantee: does: expected "decide", as the act is a vote, found "move".',
            id="a vote that would not be recorded as one",
        ),
        pytest.param(
            'does = "void"', 'does = "decide"',
            "acts.refuse: vote: missing; expected for, against, abstain or recuse.",
            id="an act that decides nobody knows what",
        ),
        pytest.param(
            'does = "void"', 'does = "end"',
            'acts.refuse: does: expected "void", as a decision is made void, found "end".',
            id="a decision said to be void that would not be",
        ),
        pytest.param(
            'voids = "award"', 'voids = "guarantee"',
            "acts.refuse: voids: 'guarantee' is not decided by another institution.",
            id="an institution that voids its own decision",
        ),
        pytest.param(
            ", extension = 5", "", "acts.wait: clock: the clock of 'checks' has no extension.",
            id="more time where none can be given",
        ),
        pytest.param(
            '[acts.approve]', ASIDE + "[acts.approve]",
            "acts.stand_aside: to: no way for 'decided_for', which this vote can bring about.",
            id="a recusal that may complete a decision without a way for it",
        ),
    ],
)  # fmt: skip
def test_a_way_that_does_not_fit_is_named(old: str, new: str, mistake: str) -> None:
    told = refusal(changed(WHOLE, old, new)).mistakes
    assert [found for found in told if found.partition(": ")[2] == mistake], told


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            'outcome = "pass"\n',
            'outcome = "pass"\nwhen = "last_condition"\n[[acts.sort_out.to]]\nstate = "stay"\n',
            id="a last way for whatever was chosen",
        ),
        pytest.param(
            "[acts.approve]",
            ASIDE.replace('"council"', '"paying"').replace('"award"', '"guarantee"').replace(
                'by = "approver"', 'by = "approver"\ninstitution = "guarantor"'
            )
            + "[acts.approve]",
            id="a recusal where one person decides, which completes nothing",
        ),
        pytest.param(
            'voids = "award"\n', "", id="a refusal that leaves the other institution's decision alone"
        ),
        pytest.param(
            "[acts.approve]",
            '[acts.take_back]\nlabel = "Take back"\nevent = "Taken back"\nfrom = ["paying"]\nto = "refused"\n'
            'by = "minister"\ndoes = "void"\nvoids = "guarantee"\n[acts.approve]',
            id="the owner of the case voids what the other institution decided",
        ),
    ],
)  # fmt: skip
def test_a_way_that_fits_is_taken(old: str, new: str) -> None:
    assert load(changed(WHOLE, old, new)).name == "whole"
