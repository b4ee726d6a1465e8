"""What must hold before a definition may go live, each failure with the shortest road that shows it.

A rule is a function of its name. Votes, guards and choices of persons are left open, so that whatever a case may ever do is
looked at; what is said to be impossible is impossible.
"""

import re
from collections.abc import Callable, Iterator

from workflows.definition import Workflow
from workflows.format.lines import Lines, Place
from workflows.soundness import approvals, hands, matrix, reach
from workflows.soundness.roads import Roads
from workflows.soundness.witness import Finding

RULES: tuple[Callable[[Roads], Iterator[Finding]], ...] = (
    reach.undeclared_state,
    reach.unknown_guard,
    reach.unreachable_state,
    reach.no_way_out,
    reach.no_end_reachable,
    reach.act_never_fires,
    reach.branch_never_taken,
    reach.guard_never_holds,
    reach.waits_for_ever,
    reach.expiry_impossible,
    reach.cycle_without_person,
    reach.parallel_work,
    approvals.money_without_decision,
    approvals.decline_without_reason,
    hands.one_person_alone,
    matrix.quorum_unmet,
    matrix.authority_matrix,
)


def findings(workflow: Workflow, *, parent: Workflow | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with a definition, in the order of its file; empty when it is sound.

    ``parent`` is the life of the case, where the definition is that of a tranche.
    """
    if workflow.initial not in workflow.states:
        sentence = f"The first state {workflow.initial!r} is not declared."
        return (Finding("undeclared_state", "initial", sentence),)
    roads = Roads(workflow)
    found = [finding for rule in RULES for finding in rule(roads)]
    if parent is not None:
        found += reach.tranche_without_money(roads, parent)
        found += reach.tranche_without_part(roads, parent)
    return _in_order(workflow, found)


def _in_order(workflow: Workflow, found: list[Finding]) -> tuple[Finding, ...]:
    """Sort findings by where their table stands in the file."""
    if not found:
        return ()
    lines = Lines(workflow.source)
    return tuple(sorted(found, key=lambda finding: lines.of(_keys(finding.place))))


def _keys(place: str) -> Place:
    """Return the keys and numbers that a place is made of: "decisions.award.bands[2]" is the second band."""
    return tuple(int(key) - 1 if key.isdigit() else key for key in re.findall(r"[^.\[\]]+", place))
