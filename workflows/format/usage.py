"""What is declared is used: a thing that nothing names is a forgotten rule or a slip of the pen."""

from collections.abc import Iterable

from workflows.definition import Workflow
from workflows.format.references import Mistakes
from workflows.vocabulary import SWITCH


def unused(workflow: Workflow) -> Mistakes:
    """Yield place and sentence of each declared duty, institution, switch, decision and strand that nothing uses."""
    acts = workflow.acts.values()
    guards = {guard.removeprefix(SWITCH) for act in acts for guard in act.guards}
    guards |= {(way.when or "").removeprefix(SWITCH) for act in acts for way in act.branches}
    yield from _left(
        "duties", workflow.duties, _duties(workflow), "nobody acts, sees or decides by it"
    )
    yield from _left(
        "institutions", workflow.institutions, {a.institution for a in acts}, "it has no act"
    )
    yield from _left(
        "switches", workflow.switches, guards, "no act has it as a guard or asks for it"
    )
    yield from _left(
        "decisions", workflow.decisions, {a.decision for a in acts}, "no act is a vote"
    )
    yield from _left("strands", workflow.strands, {a.strand for a in acts}, "no act moves it")


def _left(table: str, declared: Iterable[str], used: Iterable[str | None], why: str) -> Mistakes:
    known = set(used)
    for name in declared:
        if name not in known:
            yield (table, name), f"declared, but {why}."


def _duties(workflow: Workflow) -> set[str | None]:
    """Return every duty that is named somewhere."""
    found: set[str | None] = set()
    rights = [workflow.see, *(s.see for s in workflow.states.values())]
    rights += [state.edit for state in workflow.states.values()]
    for right in rights:
        found.update(*right.values())
    for state in workflow.states.values():
        found.add(state.clock.escalate if state.clock else None)
    for decision in workflow.decisions.values():
        found.update(decision.veto, {decision.tie}, {band.by for band in decision.bands})
    for act in workflow.acts.values():
        found.update(act.by)
    return found
