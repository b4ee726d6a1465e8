"""A workflow as people read it: a diagram, the states with their three names, the acts, and the acts of each duty.

The text is Markdown; the diagram is Mermaid (https://mermaid.js.org/syntax/stateDiagram.html).
"""

import re
from collections.abc import Iterator, Sequence

from workflows import wording
from workflows.definition import State, Strand, Workflow
from workflows.pictures import tables
from workflows.wording import clean

HEAD = (
    "# States and acts\n\n"
    "This page is made from `workflows/definitions/*.toml` by `flask --app wsgi workflow draw docs`; a test holds it\n"
    "to the definitions, so do not write in it. A state has three names: for officers, for the applicant, and for the\n"
    "applicant before it is reached (the road ahead); a state without the third is not announced. The same workflows as\n"
    "pictures are in [workflows](workflows/README.md)."
)
INDEX = (
    "# The workflows in pictures\n\n"
    "Each workflow that is shipped with the program, as a picture and as Mermaid text. The pictures are made from\n"
    "`workflows/definitions/*.toml` by `flask --app wsgi workflow draw docs`; a test holds them to the definitions.\n"
    "Every state and act with all its rules is in [states.md](../states.md)."
)
_MARKED = re.compile(r"(<!-- acts of (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
# What may stand in a name as it is; the rest is written by its number, as Mermaid has it.
_PLAIN = re.compile(r"[^\w .,()'/?!·→“”\-]")
# Fill, edge and text by how an end ended: the same as in the pictures.
_CLASSES = {
    "completed": "fill:#e3f3eb,stroke:#0f6b4a,color:#1b2430",
    "declined": "fill:#fbe9e7,stroke:#a1221b,color:#1b2430",
    "withdrawn": "fill:#eef0f3,stroke:#4d5762,color:#1b2430",
    "lapsed": "fill:#fbf0e2,stroke:#8a4b08,color:#1b2430",
    "cancelled": "fill:#f7e9f1,stroke:#8c2357,color:#1b2430",
    "refused": "fill:#fbe9e7,stroke:#a1221b,color:#1b2430",
    "written_off": "fill:#fbf0e2,stroke:#8a4b08,color:#1b2430",
}


def page(workflows: Sequence[Workflow]) -> str:
    """Return the whole page: every workflow with its diagram, its states, its acts and all it declares."""
    return "\n\n".join([HEAD, *(_chapter(workflow) for workflow in workflows)]) + "\n"


def index(workflows: Sequence[Workflow]) -> str:
    """Return the page that shows the picture of every workflow."""
    shown = [
        f"## {clean(w.title)}\n\n{described(w)}\n\n"
        f"![{clean(w.title)}, as a picture]({w.name}.svg)\n\nThe same as [Mermaid text]({w.name}.mmd)."
        for w in workflows
    ]
    return "\n\n".join([INDEX, *shown]) + "\n"


def described(workflow: Workflow) -> str:
    """Return one sentence that says where a workflow begins, what it passes, and how it may end."""
    first = clean(workflow.states[workflow.initial].officer)
    ends = ", ".join(clean(state.officer) for state in workflow.states.values() if state.end)
    stages = " → ".join(map(clean, workflow.stages))
    passes = f", passes {stages}," if stages else ""
    return f"It begins at “{first}”{passes} and may end as: {ends}."


def renewed(text: str, workflows: Sequence[Workflow]) -> str:
    """Return a page with each table between ``<!-- acts of DUTY -->`` and ``<!-- end -->`` made anew."""
    return _MARKED.sub(
        lambda found: f"{found[1]}\n{tables.acts_of(found[2], workflows)}\n\n{found[3]}", text
    )


def diagram(workflow: Workflow) -> str:
    """Return the Mermaid text of a workflow: one arrow for each act, source and way, with who takes it.

    Clocks are notes; parallel work stands side by side within its state; ends are coloured and named by their outcome.
    """
    lines = ["stateDiagram-v2"]
    for state in workflow.states.values():
        lines += _state(workflow, state)
    lines.append(f"    [*] --> {workflow.initial}")
    lines += [
        f"    {arrow.source} --> {arrow.target}: {_mermaid(arrow.words)}"
        for arrow in wording.arrows(workflow)
        # A step of parallel work is an arrow within its state already.
        if not (arrow.act.strand and arrow.source == arrow.target)
    ]
    lines += [f"    {name} --> [*]" for name, state in workflow.states.items() if state.end]
    for state in workflow.states.values():
        lines += _note(workflow, state)
    lines += _classes(workflow)
    return "\n".join(lines) + "\n"


def _chapter(workflow: Workflow) -> str:
    heading = f"## {clean(workflow.title)}"
    named = f"Workflow `{workflow.name}`, version {workflow.version}."
    drawn = f"```mermaid\n{diagram(workflow)}```"
    parts = [heading, named, drawn, tables.states(workflow), tables.acts(workflow)]
    return "\n\n".join([*parts, *tables.declared(workflow)])


def _state(workflow: Workflow, state: State) -> Iterator[str]:
    name = _mermaid(state.officer)
    if state.end and state.outcome and state.outcome != state.name:
        name += f" (end, {state.outcome})"
    strands = workflow.strands_in(state.name)
    if not strands:
        yield f'    state "{name}" as {state.name}'
        return
    yield f'    state "{name}" as {state.name} {{'
    for number, strand in enumerate(strands):
        if number:
            yield "        --"
        yield from _strand(workflow, strand)
    yield "    }"


def _strand(workflow: Workflow, strand: Strand) -> Iterator[str]:
    key = f"{strand.state}__{strand.name}__"
    for step in strand.steps:
        yield f'        state "{_mermaid(f"{strand.label}: {wording.step(step)}")}" as {key}{step}'
    yield f"        [*] --> {key}{strand.steps[0]}"
    for act in workflow.acts.values():
        if act.strand == strand.name:
            said = _mermaid(f"{clean(act.label)} ({wording.who(workflow, act)})")
            for step in act.step_from:
                yield f"        {key}{step} --> {key}{act.step_to}: {said}"
    yield f"        {key}{strand.steps[-1]} --> [*]"


def _note(workflow: Workflow, state: State) -> Iterator[str]:
    if state.clock is not None:
        yield f"    note right of {state.name}"
        yield f"        {_mermaid(wording.clock_words(workflow, state.clock))}"
        yield "    end note"


def _classes(workflow: Workflow) -> Iterator[str]:
    by: dict[str, list[str]] = {}
    for name, state in workflow.states.items():
        if state.outcome:
            by.setdefault(state.outcome, []).append(name)
    for outcome, names in by.items():
        yield f"    classDef {outcome}End {_CLASSES[outcome]}"
        yield f"    class {','.join(names)} {outcome}End"


def _mermaid(text: str) -> str:
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", clean(text))
