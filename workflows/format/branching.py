"""Where acts lead: every act has a way whatever happens, and asks only what its states and decisions can answer."""

from workflows.definition import Act, Branch, Decision, Workflow
from workflows.format.references import Mistakes

# A way that holds when nothing else does.
_FALLBACK = "the last way must have no 'when': otherwise a case may have nowhere to go."


def branching(workflow: Workflow) -> Mistakes:
    """Yield place and sentence of each act whose ways, votes or clock do not fit the rest of the file."""
    for act in workflow.acts.values():
        if act.branches:
            yield from _covered(act)
            yield from _answered(act, workflow)
        yield from _voted(act, workflow)
        yield from _void(act, workflow)
        yield from _extended(act, workflow)


def _covered(act: Act) -> Mistakes:
    """Leave one way open whatever is chosen; the system chooses nothing."""
    place = ("acts", act.name, "to")
    if not act.outcomes:
        if act.branches[-1].when is not None:
            yield place, _FALLBACK
        return
    if act.automatic:
        yield place, "the system chooses no outcome."
    open_to = {branch.outcome for branch in act.branches if branch.when is None}
    for outcome in act.outcomes:
        if not open_to & {outcome, None}:
            yield place, f"the last way of the outcome {outcome!r} must have no 'when'."


def _answered(act: Act, workflow: Workflow) -> Mistakes:
    """Ask choices about votes only in votes, those about parallel work or agencies that are asked only where there are some."""
    for number, branch in enumerate(act.branches):
        place = ("acts", act.name, "to", number, "when")
        if _of_votes(branch) and act.decision is None:
            yield place, f"{branch.when!r} needs the decision in which the act is a vote."
        if branch.when == "others_asked" and not any(d.per for d in workflow.decisions.values()):
            yield place, "no decision asks agencies: none says 'per'."
        if branch.when == "through_facility" and workflow.kind != "tranche":
            yield place, "money moves in the life of a tranche."
        if branch.when == "strands_done":
            for state in act.sources:
                if state in workflow.states and not workflow.strands_in(state):
                    yield place, f"{state!r} has no parallel work."


def _of_votes(branch: Branch) -> bool:
    return branch.when in {"decided_for", "decided_against"}


def _voted(act: Act, workflow: Workflow) -> Mistakes:
    """Have every vote say which it is, and lead somewhere for each result that it can bring about."""
    place = ("acts", act.name)
    votes = act.decision is not None or act.vote is not None
    if votes and act.does != "decide":
        yield (*place, "does"), f'expected "decide", as the act is a vote, found "{act.does}".'
    if act.vote is None and (votes or act.does == "decide"):
        yield (*place, "vote"), "missing; expected for, against, abstain or recuse."
    if act.vote is None or act.decision is None:
        return
    decision = workflow.decisions.get(act.decision)
    if decision is None or not act.branches or not _may_close(act.vote, decision):
        return
    asked = {branch.when for branch in act.branches}
    for result in ("decided_for", "decided_against"):
        if result not in asked:
            yield (*place, "to"), f"no way for {result!r}, which this vote can bring about."


def _may_close(vote: str, decision: Decision) -> bool:
    """Tell whether a vote can end the voting with either result.

    Where one person decides, a vote for is for and any other against. In a body, the last vote may complete either
    side whichever it is itself; a recusal closes it where it makes the body smaller, so that fewer votes are enough or
    too few are left.
    """
    if vote == "recuse":
        return any(band.of > band.present for band in decision.bands)
    return bool(decision.per) or any(band.of > 1 for band in decision.bands)


def _void(act: Act, workflow: Workflow) -> Mistakes:
    """Let an act make void what another institution decided; one's own decision is taken again, not made void.

    A vote with ``voids`` makes it void where the votes decide against.
    """
    if act.voids is None:
        return
    place = ("acts", act.name)
    if act.does not in {"void", "undo"} and act.decision is None:
        yield (*place, "does"), f'expected "void", as a decision is made void, found "{act.does}".'
    if act.does == "undo":
        return
    voters = {a.institution for a in workflow.acts.values() if a.decision == act.voids}
    if voters and voters <= {act.institution}:
        yield (*place, "voids"), f"{act.voids!r} is not decided by another institution."


def _extended(act: Act, workflow: Workflow) -> Mistakes:
    if act.clock != "extend":
        return
    for name in act.sources:
        state = workflow.states.get(name)
        if state is not None and (state.clock is None or not state.clock.extension):
            yield ("acts", act.name, "clock"), f"the clock of {name!r} has no extension."
