"""The compiled table, and which acts a list offers on each of its rows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.workflows.circumstances import TODAY, who
from tests.workflows.test_rules import LOAN, SMALL, handed, holding
from workflows.facts import Actor
from workflows.format.loading import load
from workflows.table import Place, allowed_acts, compiled

COMMITTEE = ["vote_for", "vote_against", "stand_aside"]


@pytest.mark.parametrize(
    ("state", "act", "changed", "target"),
    [
        pytest.param("draft", "submit", {}, "study", id="one destination"),
        pytest.param("study", "submit", {}, None, id="an act that does not start here"),
        pytest.param("draft", "nonsense", {}, None, id="no such act"),
        pytest.param("committee", "extend", {}, "committee", id="an act that stays"),
        pytest.param("committee", "vote_for", {}, "committee", id="nothing is decided"),
        pytest.param("committee", "vote_for", {"result": "for"}, "guarantee", id="decided for"),
        pytest.param("committee", "vote_for", {"result": "against"}, "declined", id="and against"),
        pytest.param("study", "drop", {"outcome": "unfinished"}, "draft", id="an outcome"),
        pytest.param("study", "drop", {}, None, id="no outcome chosen"),
        pytest.param(
            "study", "visit", {"strands": (("legal", "signed"), ("site", "visited"))}, "committee",
            id="all parallel work is done",
        ),
        pytest.param(
            "study", "visit", {"strands": (("legal", "drafted"), ("site", "visited"))}, "study",
            id="some parallel work is not done",
        ),
    ],
)  # fmt: skip
def test_where_an_act_leads(
    state: str, act: str, changed: dict[str, Any], target: str | None
) -> None:
    assert compiled(LOAN).target(state, act, replace(SMALL, **changed)) == target


def test_a_table_knows_every_state_an_act_may_lead_to() -> None:
    table = compiled(LOAN)
    assert table.reaches("committee", "vote_for") == {"guarantee", "declined", "committee"}
    assert table.reaches("draft", "vote_for") == frozenset()


def test_a_definition_is_compiled_once() -> None:
    assert compiled(LOAN) is compiled(load(LOAN.source))
    assert compiled(load(LOAN.source.replace("version = 1", "version = 9"))) is not compiled(LOAN)


@pytest.mark.parametrize(
    ("place", "actor", "acts"),
    [
        pytest.param(Place("committee"), who("approver"), COMMITTEE, id="by duty"),
        pytest.param(
            Place("committee", part="approver"), who("approver"), COMMITTEE, id="in one's part"
        ),
        pytest.param(
            Place("committee", part="assessor"), who("approver"), [], id="on another side"
        ),
        pytest.param(Place("committee", related=True), who("approver"), [], id="with an interest"),
        pytest.param(
            Place("committee", institution="guarantor"), who("approver"), [],
            id="of another institution",
        ),
        pytest.param(
            Place("guarantee", institution="guarantor"), who("guarantee_officer"),
            ["guarantee", "refuse"], id="of the institution that is asked",
        ),
        pytest.param(
            Place("draft", related=True), who("applicant"), ["submit"], id="one's own enterprise"
        ),
        pytest.param(Place("agreed"), who("approver"), [], id="at the end"),
        pytest.param(Place("committee"), who("system"), [], id="nothing is offered to the system"),
        pytest.param(
            Place("committee"), holding("assessor", handed()), COMMITTEE, id="under a delegation"
        ),
        pytest.param(
            Place("committee"), holding("assessor", handed(ended=TODAY)), [],
            id="under one that is over",
        ),
    ],
)  # fmt: skip
def test_the_acts_a_row_offers(place: Place, actor: Actor, acts: list[str]) -> None:
    ((found),) = allowed_acts(LOAN, [place], actor, TODAY)
    assert [act.name for act in found] == acts


def test_rows_are_answered_in_their_order_whatever_part_the_person_has_elsewhere() -> None:
    rows = [Place("committee"), Place("draft"), Place("committee", "assessor"), Place("committee")]
    person = replace(who("approver"), part="assessor", related=True, institution="guarantor")
    found = allowed_acts(LOAN, rows, person, TODAY)
    assert [len(acts) for acts in found] == [3, 0, 0, 3]


def test_a_delegation_is_asked_on_the_day_of_the_list() -> None:
    person = holding("assessor", handed(valid_to=date(2026, 11, 23)))
    days = [date(2026, 11, n) for n in (20, 21, 22, 23, 24)]
    found = [allowed_acts(LOAN, [Place("committee")], person, day)[0] for day in days]
    assert [bool(acts) for acts in found] == [False, True, True, True, False]
