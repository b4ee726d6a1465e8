"""What may not go live: one small definition for each flaw, with the road that shows it."""

from dataclasses import replace

import pytest

from tests.workflows.generated import definition
from tests.workflows.made import act, decision, made, voting
from workflows.definition import Workflow
from workflows.format.loading import SHIPPED, load, shipped
from workflows.soundness import findings
from workflows.soundness.witness import Finding
from workflows.table import compiled

SUBMIT = act("submit: draft > submitted", "applicant")
FINISH = act("finish: submitted > completed")
NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_definition_shipped_with_the_program_is_sound(name: str) -> None:
    assert findings(shipped(name)) == ()


def test_findings_stand_in_the_order_of_the_file() -> None:
    text = (SHIPPED / "grant.toml").read_text(encoding="utf-8")
    broken = (
        text.replace('reasons = "required"\n', "")
        .replace('up_to = "150000.00"', 'up_to = "100000.00"')
        .replace('from = ["draft"]\nto = "submitted"', 'from = ["draft"]\nto = "screening"')
    )
    rules = [(found.rule, found.place) for found in findings(load(broken))]
    assert rules == [
        ("unreachable_state", "states.submitted"),
        ("authority_gap", "decisions.award.bands[2]"),
        ("act_never_fires", "acts.take_up"),
        ("decline_without_reason", "acts.screen_out"),
        ("decline_without_reason", "acts.decline"),
    ]


@pytest.mark.parametrize(
    ("parent", "rules"),
    [
        pytest.param(made(SUBMIT, FINISH), ["guard_never_holds"], id="no state lets money move"),
        pytest.param(
            made(
                SUBMIT,
                voting("approve", "submitted", "money when decided_for", "submitted"),
                act("finish: money > completed"),
                parts=(decision(),),
            ),
            [],
            id="a state lets money move",
        ),
    ],
)
def test_a_tranche_within_a_case_in_which(parent: Workflow, rules: list[str]) -> None:
    tranche = made(act("claim: planned > completed", "applicant", guards=["disbursement_open"]))
    found = findings(replace(tranche, kind="tranche"), parent=parent)
    assert [finding.rule for finding in found] == rules


@pytest.mark.parametrize(
    ("named", "rules"),
    [
        pytest.param("regional_fund", [], id="the institution has a part in the case"),
        pytest.param("grant", ["act_never_fires"], id="the case knows no such institution"),
    ],
)
def test_an_institution_acts_on_a_tranche_where(named: str, rules: list[str]) -> None:
    found = findings(shipped("regional_tranche"), parent=shipped(named))
    assert [finding.rule for finding in found] == rules


def test_a_path_is_told_on_one_line() -> None:
    path = ("draft", "submit", "submitted", "approve", "paid")
    assert Finding("", "", "", path).told() == "draft -submit-> submitted -approve-> paid"
    assert Finding("", "", "").told() == ""


def test_a_large_definition_is_checked() -> None:
    found = findings(load(definition(200, 1000, seed=7)))
    assert [finding for finding in found if finding.severity == "error"] == []


@pytest.mark.parametrize("seed", range(40))
def test_what_is_sound_by_how_it_is_built_is_found_sound(seed: int) -> None:
    found = findings(load(definition(8, 30, seed)))
    assert [finding for finding in found if finding.severity == "error"] == []


@pytest.mark.parametrize("seed", range(60))
def test_the_road_of_a_finding_can_be_walked_from_the_first_state(seed: int) -> None:
    workflow = load(definition(6, 24, seed, sound=False))
    roads = compiled(workflow)
    for finding in findings(workflow):
        states = [name.partition(" (")[0] for name in finding.path[::2]]
        assert states[:1] in ([], [workflow.initial])
        for source, verb, target in zip(states, finding.path[1::2], states[1:], strict=False):
            assert target in roads.reaches(source, verb)


def test_the_road_of_a_finding_is_the_shortest() -> None:
    longer = [act(f"go_{n}: s{n} > s{n + 1}") for n in range(5)]
    workflow = made(*longer, act("jump: s0 > s4"), act("park: s5 > parked"))
    (found,) = [finding for finding in findings(workflow) if finding.rule == "no_way_out"]
    assert found.told() == "s0 -jump-> s4 -go_4-> s5 -park-> parked"
