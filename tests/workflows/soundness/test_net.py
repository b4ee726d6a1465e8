"""Parallel work as a workflow net: answers known by hand."""

from dataclasses import replace

import pytest

from tests.workflows.made import act, made, state, strand, ways
from workflows.definition import Act, Strand, Workflow
from workflows.soundness import findings
from workflows.soundness.net import inside

SITE = strand("site", "review", "open", "done")
LEGAL = strand("legal", "review", "open", "done")
ENTER = act("enter: draft > review", "applicant")
BOTH = ("completed when strands_done", "stay")


def step(name: str, of: str, road: str, *to: str) -> Act:
    sources, _, target = road.partition(" > ")
    found = act(f"{name}: review > ", "desk_officer", *ways(*to or BOTH), strand=of, step_to=target)
    return replace(found, step_from=tuple(sources.split(", ")))


VISIT = step("visit", "site", "open > done")
READ = step("read", "legal", "open > done")
WITHDRAW = act("withdraw: review > withdrawn", "applicant")


def review(*acts: Act, strands: tuple[Strand, ...] = (SITE, LEGAL)) -> Workflow:
    return made(ENTER, *acts, parts=strands)


@pytest.mark.parametrize(
    "workflow",
    [
        pytest.param(review(VISIT, READ), id="two strands, joined by whichever is last"),
        pytest.param(
            review(
                step("visit", "site", "open > done", "stay"),
                step("read", "legal", "open > done", "stay"),
                act("join: review > ", "desk_officer", *ways(*BOTH)),
            ),
            id="two strands, joined by an act of its own",
        ),
        pytest.param(
            review(VISIT, READ, replace(WITHDRAW, cancels=True)),
            id="a way out that ends all strands",
        ),
        pytest.param(
            review(
                step("visit", "site", "open > seen"),
                step("again", "site", "seen > open"),
                step("report", "site", "seen > done"),
                READ,
                strands=(strand("site", "review", "open", "seen", "done"), LEGAL),
            ),
            id="a strand that may go back",
        ),
        pytest.param(
            review(VISIT, READ, act("peek: review > stay"), act("into: review > review")),
            id="acts that stay in the state",
        ),
    ],
)
def test_sound_parallel_work(workflow: Workflow) -> None:
    assert findings(workflow) == ()


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param(
            review(VISIT, READ, WITHDRAW),
            [
                (
                    "tokens_left",
                    "acts.withdraw",
                    "draft -enter-> review (site: open, legal: open) -withdraw-> withdrawn",
                )
            ],
            id="a way out that leaves both strands behind",
        ),
        pytest.param(
            review(step("visit", "site", "open > done", "completed"), READ),
            [
                ("join_never_reached", "states.review", "draft -enter-> review"),
                (
                    "tokens_left",
                    "acts.visit",
                    "draft -enter-> review (site: open, legal: open) -visit-> completed",
                ),
            ],
            id="one strand goes on without the other",
        ),
        pytest.param(
            review(
                step("visit", "site", "open > done", "completed when strands_done", "lapsed"), READ
            ),
            [
                (
                    "tokens_left",
                    "acts.visit",
                    "draft -enter-> review (site: open, legal: open) -visit-> lapsed",
                )
            ],
            id="another way out while the other strand is open",
        ),
        pytest.param(
            review(VISIT),
            [
                (
                    "never_completes",
                    "states.review",
                    "draft -enter-> review (site: open, legal: open)",
                ),
                ("step_never_reached", "strands.legal", "draft -enter-> review"),
                ("join_never_reached", "states.review", "draft -enter-> review"),
                ("no_way_out", "states.review", "draft -enter-> review"),
                ("no_end_reachable", "states.draft", "draft"),
                ("unreachable_state", "states.completed", ""),
            ],
            id="the join needs a step that no act reaches",
        ),
        pytest.param(
            review(
                step("visit", "site", "open > done"),
                step("fail", "site", "open > failed"),
                READ,
                strands=(strand("site", "review", "open", "failed", "done"), LEGAL),
            ),
            [
                (
                    "never_completes",
                    "states.review",
                    "draft -enter-> review (site: open, legal: open)"
                    " -fail-> review (site: failed, legal: open)",
                )
            ],
            id="a strand gets stuck in a step",
        ),
        pytest.param(
            review(
                VISIT,
                READ,
                step("appeal", "site", "heard > done"),
                strands=(strand("site", "review", "open", "heard", "done"), LEGAL),
            ),
            [
                ("step_never_reached", "strands.site", "draft -enter-> review"),
                ("act_never_fires", "acts.appeal", "draft -enter-> review"),
            ],
            id="an act waits for a step that is never reached",
        ),
    ],
)
def test_parallel_work_with_a_flaw(
    workflow: Workflow, expected: list[tuple[str, str, str]]
) -> None:
    found = [(finding.rule, finding.place, finding.told()) for finding in findings(workflow)]
    assert sorted(found) == sorted(expected)


def test_more_markings_than_can_be_gone_through() -> None:
    found = inside(review(VISIT, READ), "review", most=2)
    assert [finding.rule for finding in found.findings] == ["too_many_markings"]


def test_twelve_strands_are_gone_through_but_twenty_are_too_many() -> None:
    def many(number: int) -> Workflow:
        strands = tuple(strand(f"s{n}", "review", "open", "done") for n in range(number))
        acts = (step(f"do{n}", f"s{n}", "open > done") for n in range(number))
        return review(*acts, strands=strands)

    assert findings(many(12)) == ()
    assert [finding.rule for finding in findings(many(20))] == ["too_many_markings"]


def test_a_state_with_parallel_work_may_be_entered_again() -> None:
    again = act("reopen: shelf > review", "desk_officer")
    shelve = act("shelve: review > shelf", "desk_officer", cancels=True)
    assert (
        findings(made(ENTER, VISIT, READ, shelve, again, parts=(SITE, LEGAL, state("shelf")))) == ()
    )
