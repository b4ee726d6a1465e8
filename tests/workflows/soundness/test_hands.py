"""Approvals that one person could give alone."""

from dataclasses import replace

import pytest

from tests.workflows.made import act, decision, made, voting, ways
from workflows.definition import Workflow
from workflows.soundness import findings


def two(first: str, second: str, between: str = "", **more: object) -> Workflow:
    """Two approvals in a row: "name by duty", with an act of another person between them where it is named."""
    one, _, by_one = first.partition(" by ")
    other, _, by_other = second.partition(" by ")
    middle = act(f"{between}: middle > second", "payment_officer") if between else None
    return made(
        act("submit: draft > first", "applicant"),
        act(f"{one}: first > {'middle' if between else 'second'}", by_one),
        *((middle,) if middle else ()),
        replace(act(f"{other}: second > completed", by_other), **more),  # type: ignore[arg-type]
        act("drop: first, second > withdrawn", "applicant"),
    )


ROAD = "draft -submit-> first -approve_low-> second -approve_high-> completed"


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param(
            two("approve_low by approver", "approve_high by approver"),
            [("acts.approve_low", ROAD)],
            id="two approvals in a row by the same duty",
        ),
        pytest.param(
            two("approve_low by approver", "approve_high by approver", part="higher"),
            [],
            id="the second in a part of its own",
        ),
        pytest.param(
            two("approve_low by approver", "approve_high by chair"), [], id="by different duties"
        ),
        pytest.param(
            two("approve_low by approver", "approve_high by approver", between="look"),
            [],
            id="somebody else acts between them",
        ),
        pytest.param(
            two("check_low by approver", "check_high by approver"),
            [],
            id="acts that approve nothing",
        ),
        pytest.param(
            two("disapprove by approver", "approve_high by approver"),
            [],
            id="the first disapproves",
        ),
        pytest.param(
            two("approve_low by approver", "approve_high by approver", institution="guarantor"),
            [],
            id="the second at another institution",
        ),
        pytest.param(
            two("approve_low by applicant", "approve_high by applicant"),
            [],
            id="applicants approve",
        ),
        pytest.param(
            made(
                act("submit: draft > first", "applicant"),
                voting("vote", "first", "middle when decided_for", "first"),
                act("look: middle > second", "payment_officer"),
                voting("confirm", "second", "completed when decided_for", "stay", decision="board"),
                parts=(decision(), decision(name="board")),
            ),
            [
                (
                    "acts.vote",
                    "draft -submit-> first -vote-> middle -look-> second -confirm-> completed",
                )
            ],
            id="two decisions on one road, whoever acts between them",
        ),
        pytest.param(
            made(
                act("submit: draft > first", "applicant"),
                voting("vote", "first", "second when decided_for", "first"),
                voting("again", "second", "completed when decided_for", "stay"),
                parts=(decision(),),
            ),
            [],
            id="two votes of one decision, for nobody votes twice",
        ),
        pytest.param(
            made(
                act("submit: draft > first", "applicant"),
                act("review: first > ", "approver", *ways("second for approved", "draft for no")),
                act("level: second > ", "approver", *ways("third for approved", "draft for no")),
                act("last: third > ", "approver", *ways("completed for approved", "draft for no")),
            ),
            [
                (
                    "acts.review",
                    "draft -submit-> first -review-> second -level-> third -last-> completed",
                )
            ],
            id="three in a row whose outcome is the approval",
        ),
    ],
)
def test_one_person_could_give_both_approvals(
    workflow: Workflow, expected: list[tuple[str, str]]
) -> None:
    found = [finding for finding in findings(workflow) if finding.rule == "one_person_alone"]
    assert [(finding.place, finding.told()) for finding in found] == expected
    assert {finding.severity for finding in found} <= {"warning"}
