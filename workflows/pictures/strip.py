"""The stages of a case as a strip: what lies behind, where it is, what comes next and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflows import wording
from workflows.definition import Act, State, Workflow
from workflows.vocabulary import STAY

_BALL = {
    "applicant": "With you",
    "agency": "With the agency",
    "institution": "With the agency",
    "bank": "With the bank",
    "nobody": "",
}


@dataclass(frozen=True)
class Stop:
    """One stage of the road; ``mark`` is "done", "current", "ahead", or "ended" where the case ended before its time.

    The other words are of the stage the case is at: the state's name, who has the ball, where each strand of parallel work
    is, and the state that comes next with who leads there; "" or empty elsewhere and where nothing is announced.
    """

    stage: str
    mark: str
    state: str = ""
    who: str = ""
    strands: tuple[str, ...] = ()
    following: str = ""
    by: str = ""


def strip(
    workflow: Workflow,
    state: str,
    past: Sequence[str],
    strands: Mapping[str, str],
    *,
    applicant: bool = False,
) -> tuple[Stop, ...]:
    """Return the stages of a case in order, in the words of officers, or of the applicant.

    ``past`` are the states the case was in before, oldest first; ``strands`` says at which step each strand is. A state
    without a stage belongs to the stage the case came from. A workflow without stages is one stage, by its title. The
    applicant reads the applicant's names alone: no duty, no parallel work, and no state that is not announced.
    """
    stages = workflow.stages or (workflow.title,)
    here = workflow.states[state]
    at = stages.index(_stage(workflow, here, past) or stages[0])
    arrived = here.end and (bool(here.stage) or here.outcome == "completed" or not workflow.stages)
    told = _told_applicant(workflow, here) if applicant else _told(workflow, here, strands)
    mark = "current" if not here.end else "done" if arrived else "ended"
    return tuple(
        replace(told, stage=wording.clean(stage), mark=mark)
        if number == at
        else Stop(wording.clean(stage), "done" if number < at else "ahead")
        for number, stage in enumerate(stages)
    )


def ahead(workflow: Workflow, state: str) -> tuple[Act, str] | None:
    """Return the act and the state that come next on the main road from a state, ``None`` where nothing does.

    Of the acts that start in the state, in the order of the file, it is the first that leads to a later stage; else the
    first that leads to a later state of the same stage; else the first that leads back. An end that is neither on a stage
    nor where the road leads (declined, withdrawn, lapsed) is never what comes next.
    """
    order = _order(workflow)
    here = order.get(state, (0, 0))
    ways = [(act, name) for act, name in _ways(workflow, state) if name in order]
    later_stage = ((act, name) for act, name in ways if order[name][0] > here[0])
    later = ((act, name) for act, name in ways if order[name] > here)
    return next(later_stage, None) or next(later, None) or next(iter(ways), None)


def _ways(workflow: Workflow, state: str) -> Iterator[tuple[Act, str]]:
    for act in workflow.acts_from(state):
        for branch in act.branches:
            if branch.state not in {STAY, state}:
                yield act, branch.state


def _order(workflow: Workflow) -> dict[str, tuple[int, int]]:
    """Return stage and place in the file of each state on the road; one without a stage goes with those before it."""
    found: dict[str, tuple[int, int]] = {}
    stage = 0
    for number, state in enumerate(workflow.states.values()):
        stage = workflow.stages.index(state.stage) if state.stage else stage
        if not off_road(workflow, state):
            found[state.name] = (stage, number)
    return found


def off_road(workflow: Workflow, state: State) -> bool:
    """Tell whether an end is beside the road: no act leads out, it is on no stage, and not where the road leads."""
    beside = state.end and not state.stage and state.outcome != "completed"
    return beside and not any(_ways(workflow, state.name))


def _stage(workflow: Workflow, here: State, past: Sequence[str]) -> str:
    """Return the stage of a state, or of the last one before it that has one; what an older version knew is passed over."""
    names = (here.name, *reversed(past))
    known = (workflow.states[name].stage for name in names if name in workflow.states)
    return next((stage for stage in known if stage), "")


def _told(workflow: Workflow, here: State, strands: Mapping[str, str]) -> Stop:
    found = None if here.end else ahead(workflow, here.name)
    return Stop(
        stage="",
        mark="",
        state=wording.clean(here.officer),
        who="" if here.end else wording.holder(here.holder),
        strands=tuple(
            f"{wording.clean(strand.label)}: {wording.step(strands[strand.name])}"
            for strand in workflow.strands_in(here.name)
            if strand.name in strands
        ),
        following=wording.clean(workflow.states[found[1]].officer) if found else "",
        by=wording.who(workflow, found[0]) if found else "",
    )


def _told_applicant(workflow: Workflow, here: State) -> Stop:
    found = None if here.end else ahead(workflow, here.name)
    before = wording.clean(workflow.states[found[1]].before) if found else ""
    by = "you" if found and "applicant" in found[0].by else "the agency"
    return Stop(
        stage="",
        mark="",
        state=wording.clean(here.applicant),
        who="" if here.end else _BALL.get(here.holder, ""),
        following=before,
        by=by if before else "",
    )
