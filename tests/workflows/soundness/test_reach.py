"""What can be reached, taken, waited for and ended: one small definition for each flaw, with the road that shows it."""

from dataclasses import replace

import pytest

from tests.workflows.made import act, clock, made, state, strand, ways
from workflows.definition import Workflow
from workflows.soundness import findings

SUBMIT = act("submit: draft > submitted", "applicant")
FINISH = act("finish: submitted > completed")
BACK = act("back: returned > submitted", "applicant")
REMIND = act("remind: submitted > reminded", "system")
RESET = act("reset: reminded > submitted", "system")
CLOSE = act("close: submitted > completed", "system")
JUDGE = act("judge: submitted > ", "approver", *ways("completed for yes", "submitted for no"))


def told(workflow: Workflow) -> list[tuple[str, str, str]]:
    return [(found.rule, found.place, found.told()) for found in findings(workflow)]


@pytest.mark.parametrize(
    "workflow",
    [
        pytest.param(made(SUBMIT, FINISH), id="a straight road"),
        pytest.param(
            made(SUBMIT, act("ask: submitted > returned"), BACK, FINISH),
            id="a loop with persons in it",
        ),
        pytest.param(
            made(SUBMIT, CLOSE, parts=(state("submitted", clock=clock("close")),)),
            id="a clock leads on",
        ),
        pytest.param(
            made(SUBMIT, act("close: submitted > completed", "system", does="complete")),
            id="the program completes a case when everything is paid",
        ),
        pytest.param(
            made(
                SUBMIT,
                act("extend: submitted > stay", clock="extend"),
                FINISH,
                parts=(state("submitted", clock=clock(extension=5)),),
            ),
            id="a clock that may be extended",
        ),
        pytest.param(made(SUBMIT, JUDGE), id="a person chooses between outcomes"),
    ],
)
def test_nothing_is_wrong_with(workflow: Workflow) -> None:
    assert told(workflow) == []


@pytest.mark.parametrize(
    ("workflow", "expected"),
    [
        pytest.param(
            replace(made(SUBMIT, FINISH), initial="nowhere"),
            [("undeclared_state", "initial", "")],
            id="the first state is not declared",
        ),
        pytest.param(
            made(SUBMIT, FINISH, act("revive: gone > submitted")),
            [
                ("unreachable_state", "states.gone", ""),
                ("act_never_fires", "acts.revive", ""),
            ],
            id="nothing leads into a state",
        ),
        pytest.param(
            made(SUBMIT, FINISH, act("out: gone > lost"), act("in: lost > gone")),
            [
                ("unreachable_state", "states.gone", ""),
                ("unreachable_state", "states.lost", ""),
                ("no_end_reachable", "states.gone", ""),
                ("no_end_reachable", "states.lost", ""),
                ("act_never_fires", "acts.out", ""),
                ("act_never_fires", "acts.in", ""),
            ],
            id="two states that lead only to each other",
        ),
        pytest.param(
            made(SUBMIT, FINISH, act("park: submitted > parked")),
            [("no_way_out", "states.parked", "draft -submit-> submitted -park-> parked")],
            id="a state without a way out",
        ),
        pytest.param(
            made(
                SUBMIT,
                FINISH,
                act("park: submitted > parked"),
                act("keep: parked > stay"),
                act("move: parked > yard"),
                act("bring: yard > parked"),
            ),
            [
                (
                    "no_end_reachable",
                    "states.parked",
                    "draft -submit-> submitted -park-> parked",
                ),
                (
                    "no_end_reachable",
                    "states.yard",
                    "draft -submit-> submitted -park-> parked -move-> yard",
                ),
            ],
            id="two states from which no end is ever reached",
        ),
        pytest.param(
            made(SUBMIT, act("take: submitted > taken"), act("take_on: taken > stay")),
            [
                ("no_end_reachable", "states.draft", "draft"),
                ("no_end_reachable", "states.submitted", "draft -submit-> submitted"),
                ("no_way_out", "states.taken", "draft -submit-> submitted -take-> taken"),
            ],
            id="a definition without an end",
        ),
        pytest.param(
            made(
                SUBMIT,
                FINISH,
                act("both: submitted > lost", guards=["offer_open", "offer_expired"]),
            ),
            [
                ("unreachable_state", "states.lost", ""),
                ("no_way_out", "states.lost", ""),
                ("act_never_fires", "acts.both", "draft -submit-> submitted"),
                ("guard_never_holds", "acts.both", "draft -submit-> submitted"),
                ("guard_never_holds", "acts.both", "draft -submit-> submitted"),
            ],
            id="guards that contradict each other",
        ),
        pytest.param(
            made(SUBMIT, FINISH, act("extend: submitted > stay", clock="extend")),
            [("act_never_fires", "acts.extend", "draft -submit-> submitted")],
            id="an extension where the clock has none",
        ),
        pytest.param(
            made(SUBMIT, FINISH, REMIND, act("go: reminded > completed")),
            [("act_never_fires", "acts.remind", "draft -submit-> submitted")],
            id="an act of the system that nothing causes",
        ),
        pytest.param(
            made(SUBMIT, CLOSE),
            [
                ("act_never_fires", "acts.close", "draft -submit-> submitted"),
                ("waits_for_ever", "states.submitted", "draft -submit-> submitted"),
            ],
            id="a state that waits for the system for ever",
        ),
        pytest.param(
            made(SUBMIT, act("go: submitted > ", "approver", *ways("completed", "lapsed"))),
            [
                ("unreachable_state", "states.lapsed", ""),
                ("branch_never_taken", "acts.go", "draft -submit-> submitted"),
            ],
            id="a destination after one that always holds",
        ),
        pytest.param(
            made(
                SUBMIT,
                act(
                    "go: submitted > ",
                    "approver",
                    *ways("completed for yes", "lapsed for no", "withdrawn"),
                ),
            ),
            [
                ("unreachable_state", "states.withdrawn", ""),
                ("branch_never_taken", "acts.go", "draft -submit-> submitted"),
            ],
            id="a destination when every outcome has its own",
        ),
        pytest.param(
            made(
                SUBMIT,
                act("go: submitted > ", "approver", *ways("lapsed when decided_for", "completed")),
            ),
            [
                ("unreachable_state", "states.lapsed", ""),
                ("branch_never_taken", "acts.go", "draft -submit-> submitted"),
            ],
            id="a destination that waits for a decision the act is not part of",
        ),
        pytest.param(
            made(
                SUBMIT,
                act("approve: submitted > completed", guards=["approved_within_recommended"]),
            ),
            [("guard_never_holds", "acts.approve", "draft -submit-> submitted")],
            id="an approval of what nobody recommends",
        ),
        pytest.param(
            made(SUBMIT, FINISH, parts=(state("submitted", clock=clock("finish")),)),
            [("expiry_impossible", "states.submitted", "draft -submit-> submitted")],
            id="a clock that expires into an act of persons",
        ),
        pytest.param(
            made(SUBMIT, CLOSE, parts=(state("draft", clock=clock("close")),)),
            [
                ("act_never_fires", "acts.close", "draft -submit-> submitted"),
                ("waits_for_ever", "states.submitted", "draft -submit-> submitted"),
                ("expiry_impossible", "states.draft", "draft"),
            ],
            id="a clock that expires into an act of another state",
        ),
        pytest.param(
            made(
                SUBMIT,
                FINISH,
                REMIND,
                RESET,
                parts=(
                    state("submitted", clock=clock("remind")),
                    state("reminded", clock=clock("reset")),
                ),
            ),
            [
                (
                    "cycle_without_person",
                    "states.submitted",
                    "draft -submit-> submitted -remind-> reminded -reset-> submitted",
                )
            ],
            id="a cycle with no person in it",
        ),
        pytest.param(
            made(
                SUBMIT,
                FINISH,
                act("remind: submitted > stay", "system"),
                parts=(state("submitted", clock=clock("remind")),),
            ),
            [
                (
                    "cycle_without_person",
                    "states.submitted",
                    "draft -submit-> submitted -remind-> submitted",
                )
            ],
            id="an act of the system that stays where it is",
        ),
        pytest.param(
            made(SUBMIT, FINISH, act("jump: submitted > completed", guards=["full_moon"])),
            [("unknown_guard", "acts.jump", "draft -submit-> submitted")],
            id="a guard that there is not",
        ),
        pytest.param(
            made(
                act("start: review > stay", strand="site", step_from=("open",), step_to="done"),
                act(
                    "join: review > ", "desk_officer", *ways("completed when strands_done", "stay")
                ),
                parts=(strand("site", "review", "open", "seen", "done"),),
            ),
            [("step_never_reached", "strands.site", "review")],
            id="a step of parallel work that is never reached",
        ),
    ],
)
def test_it_is_wrong_that(workflow: Workflow, expected: list[tuple[str, str, str]]) -> None:
    assert sorted(told(workflow)) == sorted(expected)


def test_an_act_into_a_state_that_is_not_declared() -> None:
    workflow = made(SUBMIT, FINISH)
    states = {name: found for name, found in workflow.states.items() if name != "completed"}
    assert told(replace(workflow, states=states)) == [
        ("undeclared_state", "acts.finish", ""),
        ("no_way_out", "states.submitted", "draft -submit-> submitted"),
        ("no_end_reachable", "states.draft", "draft"),
    ]
