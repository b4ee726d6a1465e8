"""A workflow as people read it: a diagram, the states with their three names, the acts, and the acts of each duty.

The text is Markdown; the diagram is Mermaid (https://mermaid.js.org/syntax/stateDiagram.html).
"""

import re
from collections.abc import Iterable, Sequence

from workflows.definition import Act, Clock, Workflow

HEAD = (
    "# States and acts\n\n"
    "This page is made from `workflows/definitions/*.toml` by `flask --app wsgi workflow draw docs`; a test holds it\n"
    "to the definitions, so do not write in it. A state has three names: for officers, for the applicant, and for the\n"
    "applicant before it is reached (the road ahead); a state without the third is not announced."
)
_MARKED = re.compile(r"(<!-- acts of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def page(workflows: Sequence[Workflow]) -> str:
    """Return the whole page: every workflow with its diagram, its states and its acts."""
    return "\n\n".join([HEAD, *(_chapter(workflow) for workflow in workflows)]) + "\n"


def renewed(text: str, workflows: Sequence[Workflow]) -> str:
    """Return a page with each table between ``<!-- acts of DUTY -->`` and ``<!-- end -->`` made anew."""
    return _MARKED.sub(
        lambda found: f"{found[1]}\n{acts_of(found[2], workflows)}\n\n{found[3]}", text
    )


def diagram(workflow: Workflow) -> str:
    """Return the Mermaid text of a workflow: one arrow for each act, source and destination."""
    lines = ["stateDiagram-v2"]
    for name, state in workflow.states.items():
        # Mermaid has no other way to write a quotation mark inside a name.
        officer = state.officer.replace('"', "#quot;")
        lines.append(f'    state "{officer}" as {name}')
    lines.append(f"    [*] --> {workflow.initial}")
    lines += [arrow for act in workflow.acts.values() for arrow in _arrows(act)]
    lines += [f"    {name} --> [*]" for name, state in workflow.states.items() if state.end]
    return "\n".join(lines)


def states(workflow: Workflow) -> str:
    """Return the table of states: names, who has the ball, and the service clock."""
    rows = [
        (_code(name), s.officer, s.applicant, s.before, s.stage, s.holder, _clock(s.clock))
        for name, s in workflow.states.items()
    ]
    columns = ("state", "for officers", "for the applicant", "before it is reached")
    return _table((*columns, "stage", "has the ball", "clock"), rows)


def acts(workflow: Workflow) -> str:
    """Return the table of acts: by whom, from where to where, under which guards, with which letter."""
    rows = [
        (_code(act.name), act.label, _duty(act), *_road(act), *_rules(act))
        for act in workflow.acts.values()
    ]
    return _table(("act", "label", "by", "from", "to", "guards", "reasons", "letter"), rows)


def acts_of(duty: str, workflows: Sequence[Workflow]) -> str:
    """Return the table of what a duty may do in all workflows; the same act in two of them is one row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for workflow in workflows:
        for act in workflow.acts.values():
            if duty in act.by:
                row = (_code(act.name), act.label, *_road(act), *_rules(act))
                rows.setdefault(row, []).append(workflow.name)
    return _table(
        ("act", "label", "from", "to", "guards", "reasons", "letter", "workflow"),
        [(*row, ", ".join(names)) for row, names in rows.items()],
    )


def _chapter(workflow: Workflow) -> str:
    heading = f"## {workflow.title}"
    named = f"Workflow `{workflow.name}`, version {workflow.version}."
    drawn = f"```mermaid\n{diagram(workflow)}\n```"
    return "\n\n".join([heading, named, drawn, states(workflow), acts(workflow)])


def _arrows(act: Act) -> Iterable[str]:
    for source in act.sources:
        for branch in act.branches:
            when = f" when {branch.when}" if branch.when else ""
            yield f"    {source} --> {branch.state}: {act.name}{when}"


def _road(act: Act) -> tuple[str, str]:
    reached = [
        _code(branch.state) + (f" when {_code(branch.when)}" if branch.when else "")
        for branch in act.branches
    ]
    return ", ".join(map(_code, act.sources)), ", else ".join(reached)


def _rules(act: Act) -> tuple[str, str, str]:
    reasons = "" if act.reasons == "none" else act.reasons
    return ", ".join(map(_code, act.guards)), reasons, _code(act.letter) if act.letter else ""


def _duty(act: Act) -> str:
    standing = act.part and act.by != (act.part,)
    duties = " or ".join(act.by)
    return f"{duties} as {act.part}" if standing else duties


def _clock(clock: Clock | None) -> str:
    if clock is None:
        return "none"
    expires = f", then {_code(clock.expires)}" if clock.expires else ""
    return f"{clock.days} {clock.unit} days{expires}"


def _code(name: str) -> str:
    return f"`{name}`"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)
