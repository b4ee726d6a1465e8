"""The life of a proceeding: begun, moved on and ended by its acts alone, each on the trail of its case, each clock heeded."""

from typing import Any

import pytest

from app.audit import queries as audit
from app.errors import Conflict, Missing
from app.proceedings import commands
from app.proceedings.compose import KINDS
from app.proceedings.queries import open_ones, proceeding, proceedings
from app.reviews.commands import Reasoned
from app.trail.queries import events_of
from app.variations.compose import CUT, VARIATION
from tests.factories import Days, last_event, let_clocks_run_out, refused
from tests.variations.changing import NOTE, act, change, cut, enter, propose, state
from tests.world import World
from workflows.machine import Refused

pytestmark = pytest.mark.one_database


def test_each_act_is_on_the_trail_of_its_case(world: World) -> None:
    reference = world.at("disbursing")
    number = propose(world, reference, change("", "80000"))
    act(world, reference, number, "approve", "approver")
    act(world, reference, number, "agree", "applicant")
    other = enter(world, reference)
    act(world, reference, other, "drop", "applicant")
    told = [
        (one.kind, one.record["detail"]["proceeding"], one.record["from"], one.record["to"])
        for one in events_of(reference)
        if "proceeding" in one.record.get("detail", {})
    ]
    assert told == [
        ("propose", 1, "new", "proposed"),
        ("approve", 1, "proposed", "approved"),
        ("agree", 1, "approved", "in_force"),
        ("enter", 2, "new", "entered"),
        ("drop", 2, "entered", "dropped"),
    ]
    lives = [one.record["workflow"]["name"] for one in events_of(reference)[-2:]]
    assert lives == ["account_change", "account_change"]
    assert audit.verify() == []


def test_a_note_is_committed_to_and_not_told(world: World) -> None:
    reference = world.at("disbursing")
    cut(world, reference, note="The line was not built.")
    event = last_event(reference)
    assert event.disclosed["note"] == "The line was not built."
    assert "not built" not in event.entry


@pytest.mark.parametrize("begin", [cut, lambda w, r: propose(w, r, change("", "80000")), enter])
def test_of_its_kind_one_is_open_at_a_time(world: World, begin: Any) -> None:
    reference = world.at("disbursing")
    begin(world, reference)
    with pytest.raises(Conflict):
        begin(world, reference)
    rows = proceedings(world.case(reference))
    assert open_ones(world.case(reference), rows[0].kind) == rows


def test_different_kinds_are_open_beside_each_other(world: World) -> None:
    reference = world.at("disbursing")
    assert (cut(world, reference), enter(world, reference)) == (1, 2)
    assert [row.number for row in proceedings(world.case(reference))] == [2, 1]


@pytest.mark.parametrize("at", ["decision", "offered"])
def test_before_an_award_is_accepted_nothing_is_begun(world: World, at: str) -> None:
    reference = world.at(at)
    with pytest.raises((Missing, Refused), match=r"approved in this case|not accepted yet"):
        enter(world, reference)
    assert proceedings(world.case(reference)) == []


def test_what_is_over_stays_as_it_is(world: World) -> None:
    reference = world.at("disbursing")
    number = cut(world, reference)
    act(world, reference, number, "refuse", "approver")
    row = proceeding(world.case(reference), number)
    assert (row.state, row.ended_at is not None, row.due_on) == ("refused", True, None)
    for name, who in (("approve", "approver"), ("take_back", "desk"), ("propose", "desk")):
        with refused("possible_here"):
            act(world, reference, number, name, who)


def test_nothing_is_done_on_an_older_version_of_the_case(world: World) -> None:
    reference = world.at("disbursing")
    number = cut(world, reference)
    before = world.case(reference).version - 1
    take, by = commands.take, world.approver
    with refused("unchanged"):
        world.do(take, reference, number, Reasoned(), act="approve", version=before, actor=by)
    with refused("unchanged"):
        act(world, reference, number, "take_back", "desk")
        plan, desk = change("", "80000"), world.desk
        world.do(commands.propose, reference, VARIATION, plan, NOTE, version=before, actor=desk)


def test_there_are_only_the_kinds_and_numbers_there_are(world: World) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Missing, match="no proceeding called gift"):
        world.do(commands.propose, reference, "gift", None, "", actor=world.desk)
    with pytest.raises(Missing, match="no proceeding 1"):
        act(world, reference, 1, "approve", "approver")


CLOCKS = [
    pytest.param("propose", "proposed", "2026-12-08", ("proposed", "approver"), id="what is proposed too long goes before the approver"),
    pytest.param("approve", "approved", "2026-12-24", ("lapsed", None), id="what is not agreed to in thirty days lapses"),
]  # fmt: skip


@pytest.mark.parametrize(("done", "before", "day", "after"), CLOCKS)
def test_its_clock_runs_out(
    world: World, monkeypatch: pytest.MonkeyPatch, done: str, before: str, day: str, after: Any
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-23")
    reference = world.at("disbursing")
    number = propose(world, reference, change("", "80000"))
    if done == "approve":
        act(world, reference, number, "approve", "approver")
    row = proceeding(world.case(reference), number)
    assert row.due_on is not None
    days.noon(row.due_on.isoformat())
    let_clocks_run_out()
    assert state(world, reference, number) == before
    days.noon(day)
    let_clocks_run_out()
    let_clocks_run_out()
    row = proceeding(world.case(reference), number)
    assert (row.state, row.escalated_to) == after
    assert last_event(reference).actor == "system:clock"
    assert audit.verify() == []


def test_every_kind_has_a_life_it_can_go_by() -> None:
    assert {VARIATION, CUT} <= KINDS.keys()
    for kind in KINDS.values():
        assert set(kind.effects) <= set(kind.workflow.states)
        assert set(kind.waits) <= set(kind.workflow.states)
