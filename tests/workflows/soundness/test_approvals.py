"""Money only after a decision, no decline without reason."""

from dataclasses import replace

import pytest

from tests.workflows.made import act, band, decision, made, state, voting
from workflows.definition import Workflow
from workflows.soundness import findings

SUBMIT = act("submit: draft > decision", "applicant")
FINISH = act("finish: money > completed")
VOTES = ("money when decided_for", "declined when decided_against", "decision")
APPROVE = voting("approve", "decision", *VOTES)
DECLINE = voting("decline", "decision", *VOTES, vote="against", reasons="required")
PLAIN = act(
    "approve: decision > money", "approver", does="decide", vote="for", guards=["within_authority"]
)
COMMITTEE = decision(band(of=3, needed=2, present=2))
MONEY, REASON = "money_without_decision", "decline_without_reason"


def told(workflow: Workflow, rule: str) -> list[tuple[str, str]]:
    return [(found.place, found.told()) for found in findings(workflow) if found.rule == rule]


def case(*acts: object, parts: tuple[object, ...] = (COMMITTEE,)) -> Workflow:
    return made(SUBMIT, *acts, FINISH, parts=parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("workflow", "paths"),
    [
        pytest.param(case(APPROVE, DECLINE), [], id="a committee decides for"),
        pytest.param(case(PLAIN, parts=()), [], id="an approver decides within authority"),
        pytest.param(
            case(replace(PLAIN, guards=()), parts=()),
            ["draft -submit-> decision -approve-> money"],
            id="an approver decides without authority",
        ),
        pytest.param(
            case(APPROVE, DECLINE, act("hurry: draft > money", "desk_officer")),
            ["draft -hurry-> money"],
            id="a road past the decision",
        ),
        pytest.param(
            case(
                APPROVE, voting("abstain", "decision", "money", vote="abstain", reasons="required")
            ),
            ["draft -submit-> decision -abstain-> money"],
            id="a vote that does not decide",
        ),
        pytest.param(
            case(
                APPROVE,
                DECLINE,
                act("reopen: money > decision"),
                act("skip: declined > money"),
            ),
            ["draft -submit-> decision -approve-> declined -skip-> money"],
            id="a road from what was declined",
        ),
        pytest.param(
            case(voting("approve", "decision", "money"), parts=(decision(),)),
            [],
            id="one vote that always decides",
        ),
        pytest.param(
            case(voting("approve", "decision", "money")),
            ["draft -submit-> decision -approve-> money"],
            id="one vote of three that leads on at once",
        ),
        pytest.param(
            case(
                voting("approve", "decision", "guarantee when decided_for", "stay"),
                act("refuse: guarantee > refused", institution="guarantor", voids="award"),
                act("agree: guarantee > money", institution="guarantor"),
                act("pay: refused > money"),
            ),
            ["draft -submit-> decision -approve-> guarantee -refuse-> refused -pay-> money"],
            id="a guarantor's refusal that voids the decision",
        ),
        pytest.param(
            case(
                voting("approve", "decision", "money when decided_for", "stay"),
                voting(
                    "agree",
                    "decision",
                    "money when decided_for",
                    "stay",
                    decision="guarantee",
                    institution="guarantor",
                ),
                parts=(COMMITTEE, decision(name="guarantee")),
            ),
            ["draft -submit-> decision -agree-> money"],
            id="the guarantor's decision is not the agency's own",
        ),
        pytest.param(
            case(
                voting("agree", "decision", "money when decided_for", "stay", institution="fund"),
            ),
            [],
            id="another institution decides where the agency does not",
        ),
        pytest.param(
            made(
                SUBMIT,
                act("look: decision > money"),
                act("pay: money > paid"),
                parts=(state("paid", end=True),),
            ),
            ["draft -submit-> decision -look-> money"],
            id="one finding for all the money behind one flaw",
        ),
    ],
)
def test_money_can_move_without_a_decision(workflow: Workflow, paths: list[str]) -> None:
    assert told(workflow, MONEY) == [("states.money", path) for path in paths]


@pytest.mark.parametrize(
    ("guards", "paths"),
    [
        pytest.param(("disbursement_open",), [], id="the award is in disbursement"),
        pytest.param((), ["planned -claim-> paid"], id="nobody asks whether it is"),
    ],
)
def test_money_of_a_tranche_moves_when(guards: tuple[str, ...], paths: list[str]) -> None:
    claim = act("claim: planned > paid", "applicant", guards=guards)
    tranche = made(claim, parts=(state("paid", end=True),), kind="tranche")
    assert [path for _, path in told(tranche, MONEY)] == paths


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param(case(APPROVE, DECLINE), [], id="votes against ask for reasons"),
        pytest.param(
            case(APPROVE, replace(DECLINE, reasons="optional")),
            [("acts.decline", "draft -submit-> decision -decline-> declined")],
            id="a vote against without",
        ),
        pytest.param(
            case(APPROVE, DECLINE, voting("abstain", "decision", *VOTES, vote="abstain")),
            [("acts.abstain", "draft -submit-> decision -abstain-> declined")],
            id="an abstention without",
        ),
        pytest.param(
            case(APPROVE, DECLINE, voting("stand_aside", "decision", *VOTES, vote="recuse")),
            [],
            id="who stands aside has declined nothing",
        ),
        pytest.param(
            case(APPROVE, act("screen_out: draft > declined")),
            [("acts.screen_out", "draft -screen_out-> declined")],
            id="a decline at screening without",
        ),
        pytest.param(
            case(APPROVE, act("drop: draft > declined", "system")),
            [],
            id="the system gives no reasons",
        ),
        pytest.param(
            case(APPROVE, DECLINE, act("no: draft > refusing"), act("write: refusing > declined")),
            [("acts.no", "draft -no-> refusing")],
            id="the act that settles it must say why, not the one that writes the letter",
        ),
        pytest.param(
            made(SUBMIT, act("decline: decision > declined")),
            [("acts.decline", "draft -submit-> decision -decline-> declined")],
            id="a case that can only be declined",
        ),
        pytest.param(
            made(
                SUBMIT,
                act("decline: decision > over"),
                act("refuse: decision > over", letter="decline"),
                act("accept: decision > over"),
                parts=(state("over", end=True),),
            ),
            [
                ("acts.decline", "draft -submit-> decision -decline-> over"),
                ("acts.refuse", "draft -submit-> decision -refuse-> over"),
            ],
            id="where ends say no outcome, by name or letter",
        ),
    ],
)
def test_a_case_can_be_declined_without_reason(
    workflow: Workflow, expected: list[tuple[str, str]]
) -> None:
    assert told(workflow, REASON) == expected
