"""Whether the people an agency has are enough, and who is missing in words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.workflows.generated import definition
from tests.workflows.made import act, band, decision, made, voting, ways
from workflows.definition import Act, Workflow
from workflows.format.loading import load, shipped
from workflows.soundness.staffing import Officer, lacks

SUBMIT = act("submit: draft > assessment", "applicant")
ASSESS = act("assess: assessment > ", "assessor", *ways("decision when last_assessment", "stay"))
VOTES = ("offered when decided_for", "declined when decided_against", "decision")
APPROVE = voting("approve", "decision", *VOTES, guards=("within_authority",))
DECLINE = voting("decline", "decision", *VOTES, vote="against", reasons="required")
FINISH = act("finish: offered > completed", "system", does="complete")
SMALL, LARGE = band(up_to=100_000_00), band(above=100_000_00)
MATRIX = decision(SMALL, LARGE)
TRANCHE = made(
    act("claim: planned > claimed", "applicant"),
    act("prepare: claimed > prepared", "payment_officer", part="maker"),
    act("check: prepared > checked", "payment_officer", part="checker"),
    act("release: checked > completed", "releaser"),
    kind="tranche",
)


def officer(name: str, *duties: str, limit: int = 0, body: str = "", at: str = "") -> Officer:
    duty = "chair" if "chair" in duties and "approver" not in duties else "approver"
    held = ((duty, "GROW", "MYR", limit, body),) if limit else ()
    return Officer(name, frozenset(duties), held, at)


def case(*acts: Act, parts: tuple[Any, ...] = (MATRIX,), **more: Any) -> Workflow:
    return made(SUBMIT, ASSESS, *(acts or (APPROVE, DECLINE)), FINISH, parts=parts, **more)


AMINAH, BAYU = officer("Aminah", "assessor"), officer("Bayu", "assessor")
LOW = officer("Low", "approver", limit=100_000_00)
HIGH = officer("High", "approver", limit=900_000_00)
BOTH = officer("Both", "assessor", "approver", limit=900_000_00)
PLAIN = officer("Plain", "assessor", "approver", limit=100_000_00)
MAKER, CHECKER = officer("Maker", "payment_officer"), officer("Checker", "payment_officer")
RELEASER = officer("Releaser", "releaser")
SPAN = "scheme GROW, more than MYR 100,000.00"


def told(workflow: Workflow, *people: Officer, **more: Any) -> list[str]:
    found = lacks(workflow, people, schemes=[("GROW", "MYR")], **more)
    return [finding.sentence for finding in found]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param((AMINAH, BAYU, HIGH), [], id="there is one for each part"),
        pytest.param((AMINAH, BAYU, BOTH), [], id="who could assess is left to approve"),
        pytest.param(
            (AMINAH, BAYU, LOW),
            [
                "Lacking for “award”: one more approver with authority above MYR 100,000.00 "
                f"({SPAN})."
            ],
            id="nobody has the authority for large amounts",
        ),
        pytest.param(
            (AMINAH, BOTH, LOW),
            [
                "Lacking for “award”: one more approver with authority above MYR 100,000.00 "
                f"who is not the assessor ({SPAN})."
            ],
            id="the one with the authority is needed to assess",
        ),
        pytest.param(
            (AMINAH, PLAIN, BOTH),
            [],
            id="who has the least authority assesses, whatever the amount",
        ),
        pytest.param(
            (AMINAH, HIGH),
            ["Lacking for “assess”: one more assessor (scheme GROW, any amount in MYR)."],
            id="one assessor where two are asked for",
        ),
        pytest.param(
            (HIGH,),
            ["Lacking for “assess”: two more people as assessor (scheme GROW, any amount in MYR)."],
            id="no assessor",
        ),
        pytest.param(
            (AMINAH, BAYU, officer("Absent", "approver", limit=900_000_00, at="guarantor")),
            [
                "Lacking for “award”: one more approver with authority up to MYR 100,000.00 "
                "(scheme GROW, MYR 0.01 to MYR 100,000.00).",
                "Lacking for “award”: one more approver with authority above MYR 100,000.00 "
                f"({SPAN}).",
            ],
            id="the approver is of another institution",
        ),
    ],
)
def test_a_case_with_two_assessments_and_an_approver(
    people: tuple[Officer, ...], expected: list[str]
) -> None:
    assert told(case(), *people) == expected


COMMITTEE = decision(
    SMALL, band(above=100_000_00, body="Board", of=3, needed=2, present=2), tie="chair"
)
SEATED = [officer(f"Member {n}", "approver", limit=900_000_00, body="Board") for n in range(3)]
CHAIR = officer("Chair", "approver", "chair", limit=900_000_00, body="Board")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param([*SEATED[:2], CHAIR], [], id="three, one of them the chair"),
        pytest.param(
            SEATED,
            [
                f"Scheme GROW, {SPAN[13:]}: none of those who vote is chair, so nobody has the casting vote."
            ],
            id="three without a chair",
        ),
        pytest.param(
            [SEATED[0], CHAIR],
            [
                "Lacking for “award”: one more approver of the Board with authority above "
                f"MYR 100,000.00 ({SPAN})."
            ],
            id="two of three: the body would not be whole",
        ),
        pytest.param(
            [HIGH, officer("Other", "approver", limit=900_000_00), CHAIR],
            [
                "Lacking for “award”: two more people as approver of the Board with authority above "
                f"MYR 100,000.00 ({SPAN})."
            ],
            id="two have the authority but no seat",
        ),
    ],
)
def test_a_board_of_three(members: list[Officer], expected: list[str]) -> None:
    assert told(case(parts=(COMMITTEE,)), AMINAH, BAYU, LOW, *members) == expected


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        pytest.param((MAKER, CHECKER, RELEASER), [], id="three different people"),
        pytest.param(
            (MAKER, RELEASER),
            [
                "Lacking for “check”: one more payment officer who is not the maker "
                "(scheme GROW, any amount in MYR)."
            ],
            id="nobody to check what the one payment officer made",
        ),
        pytest.param(
            (MAKER, officer("Alone", "payment_officer", "releaser")),
            [
                "Lacking for “release”: one more releaser who is not the maker or the checker "
                "(scheme GROW, any amount in MYR)."
            ],
            id="the releaser is needed to check",
        ),
        pytest.param(
            (MAKER, CHECKER, RELEASER, replace(HIGH, name="Other")), [], id="more than are needed"
        ),
    ],
)
def test_the_payment_of_a_tranche(people: tuple[Officer, ...], expected: list[str]) -> None:
    assert told(case(), AMINAH, BAYU, HIGH, *people, tranche=TRANCHE) == expected


def test_the_whole_life_is_staffed_at_once() -> None:
    found = told(
        case(),
        AMINAH,
        BAYU,
        replace(HIGH, duties=HIGH.duties | {"releaser"}),
        MAKER,
        CHECKER,
        tranche=TRANCHE,
    )
    assert found == [
        "Lacking for “release”: one more releaser who is not the approver "
        "(scheme GROW, any amount in MYR)."
    ]


def test_a_scheme_nobody_decides_on() -> None:
    found = lacks(case(), [AMINAH, BAYU, HIGH], schemes=[("GROW", "VND")])
    assert [(finding.rule, finding.place) for finding in found] == [
        ("authority_gap", "decisions.award")
    ]


def test_a_lack_names_the_place_in_the_file_and_the_road() -> None:
    (found,) = lacks(case(), [AMINAH, BAYU, LOW], schemes=[("GROW", "MYR")])
    assert (found.rule, found.place, found.told()) == (
        "staffing",
        "decisions.award.bands[2]",
        "draft -submit-> assessment -assess-> decision -approve-> offered -finish-> completed",
    )


@pytest.mark.parametrize(
    ("name", "tranche", "currency"),
    [
        pytest.param("grant", "claim", "MYR", id="a grant"),
        pytest.param("loan", "drawdown", "VND", id="a loan"),
    ],
)
def test_an_agency_without_people_lacks_somebody_for_every_duty_of(
    name: str, tranche: str, currency: str
) -> None:
    found = lacks(shipped(name), [], schemes=[("GROW", currency)], tranche=shipped(tranche))
    words = " ".join(finding.sentence for finding in found)
    for duty in ("assessor", "desk officer", "approver", "payment officer", "releaser"):
        assert f" more {duty}" in words or f"people as {duty}" in words


def test_a_large_definition_is_staffed() -> None:
    large = load(definition(200, 1000, seed=7))
    people = [officer(f"{duty} {n}", duty) for duty in ("assessor", "chair") for n in range(20)]
    assert lacks(large, people, schemes=[("GROW", "MYR")])
