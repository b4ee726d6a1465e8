"""Quorums that can be met, and an authority matrix without gap or overlap."""

from typing import Any

import pytest

from tests.workflows.made import act, band, decision, made, voting
from workflows.definition import Band, Workflow
from workflows.soundness import findings

VOTES = ("completed when decided_for", "declined when decided_against", "decision")
SUBMIT = act("submit: draft > decision", "applicant")


def committee(
    *bands: Band, votes: str = "for against", by: str = "approver", **more: Any
) -> Workflow:
    acts = [
        voting(f"vote_{vote}", "decision", *VOTES, vote=vote, by=by, reasons="required")
        for vote in votes.split()
    ]
    return made(SUBMIT, *acts, parts=(decision(*bands, **more),))


def told(workflow: Workflow) -> list[tuple[str, str, str]]:
    found = [
        f
        for f in findings(workflow)
        if f.rule in {"quorum_unmet", "authority_gap", "authority_overlap"}
    ]
    return [
        (f"{f.severity} {f.rule}", f.place.removeprefix("decisions."), f.sentence) for f in found
    ]


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param(committee(), [], id="one approver"),
        pytest.param(
            committee(band(of=3, needed=2, present=2), votes="for against recuse"),
            [],
            id="two of three, and one may stand aside",
        ),
        pytest.param(committee(band(of=5, needed="all")), [], id="all of five"),
        pytest.param(
            committee(band(of=3, needed=4)),
            ["error: 4 votes for are needed, but the body has 3 members."],
            id="more votes than members",
        ),
        pytest.param(
            committee(band(of=1, needed=1, present=2)),
            ["error: 2 members must be present, but the body has 1 member."],
            id="more present than members",
        ),
        pytest.param(
            committee(band(of=2, needed="all", present=2), votes="for against recuse"),
            [
                "warning: When one of the 2 members stands aside, 2 votes are still asked for: only a "
                "substitute could give the last. Ask for fewer present, or have a larger body."
            ],
            id="all of two, and one stands aside",
        ),
        pytest.param(
            committee(band(of=3, needed=2), votes="for against recuse"),
            [
                "warning: When so many stand aside that only 1 member may vote, the 2 votes needed "
                "cannot be reached. Say present = 2."
            ],
            id="two votes of a body that may shrink to one",
        ),
        pytest.param(
            committee(votes="against"),
            ["error: No act votes for, so it can never be decided for."],
            id="nobody votes for",
        ),
        pytest.param(
            committee(veto=("chair",), votes="for"),
            ["error: A veto is a vote against, and no act votes against."],
            id="a veto where nobody votes against",
        ),
        pytest.param(
            committee(veto=("applicant",)),
            ["error: The veto is given to applicant, but no voter can have that duty."],
            id="a veto of the applicant",
        ),
        pytest.param(
            committee(tie="system"),
            ["error: The casting vote is given to the system, but no voter can have that duty."],
            id="a casting vote of the system",
        ),
        pytest.param(
            committee(tie="chair"), [], id="a casting vote of an approver who is chair too"
        ),
        pytest.param(
            committee(by="applicant"),
            ["error: No approver can vote for: the acts that do are for others."],
            id="applicants vote in a band of approvers",
        ),
        pytest.param(
            committee(by="desk_officer"),
            ["warning: Only somebody who is approver and desk officer at once can vote here."],
            id="desk officers vote in a band of approvers",
        ),
    ],
)
def test_the_quorum_of(workflow: Workflow, expected: list[str]) -> None:
    assert [f"{rule.split()[0]}: {sentence}" for rule, _, sentence in told(workflow)] == expected


GAP, OVERLAP = "error authority_gap", "error authority_overlap"
FIRST, SECOND = "award.bands[1]", "award.bands[2]"


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        pytest.param((band(up_to=100_00), band(above=100_00)), [], id="two bands that meet"),
        pytest.param((band(above=100_00), band(up_to=100_00)), [], id="in any order"),
        pytest.param(
            (band(up_to=100_000_00), band(above=150_000_00)),
            [(GAP, SECOND, "MYR 100,000.01 to MYR 150,000.00 is decided by nobody.")],
            id="a gap between two bands",
        ),
        pytest.param(
            (band(above=5_00),),
            [(GAP, FIRST, "MYR 0.01 to MYR 5.00 is decided by nobody.")],
            id="a gap below the lowest band",
        ),
        pytest.param(
            (band(up_to=100_00),),
            [
                (
                    GAP,
                    FIRST,
                    "More than MYR 100.00 is decided by nobody. "
                    "Leave up_to out of the highest band.",
                )
            ],
            id="a gap above the highest band",
        ),
        pytest.param(
            (band(up_to=200_00), band(above=100_00)),
            [(OVERLAP, SECOND, "MYR 100.01 to MYR 200.00 is decided by band 1 as well.")],
            id="two bands that overlap",
        ),
        pytest.param(
            (band(), band(above=100_00, up_to=200_00)),
            [(OVERLAP, SECOND, "MYR 100.01 to MYR 200.00 is decided by band 1 as well.")],
            id="one band within another",
        ),
        pytest.param(
            (band(), band()),
            [(OVERLAP, SECOND, "Any amount in MYR is decided by band 1 as well.")],
            id="the same band twice",
        ),
        pytest.param(
            (band(up_to=50_00), band(above=50_00, up_to=50_00), band(above=50_00)),
            [(GAP, SECOND, "No amount falls in this band: up_to is not more than above.")],
            id="a band for no amount",
        ),
        pytest.param(
            (band(currency="VND", up_to=100), band(currency="VND", above=200)),
            [(GAP, SECOND, "VND 101 to VND 200 is decided by nobody.")],
            id="a currency without decimals",
        ),
        pytest.param(
            (band(), band(currency="VND"), band(scheme="HARVEST", up_to=10_00)),
            [
                (
                    GAP,
                    "award.bands[3]",
                    "More than MYR 10.00 of the scheme HARVEST is decided by nobody. "
                    "Leave up_to out of the highest band.",
                )
            ],
            id="each currency and scheme for itself",
        ),
        pytest.param(
            (band(currency=""), band(currency="", by="chair")),
            [(OVERLAP, SECOND, "What has no amount is decided by band 1 as well.")],
            id="two bands without an amount",
        ),
    ],
)
def test_the_matrix_of(bands: tuple[Band, ...], expected: list[tuple[str, str, str]]) -> None:
    found = [row for row in told(committee(*bands)) if "authority" in row[0]]
    assert found == expected
