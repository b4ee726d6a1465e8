"""A workflow as tables in Markdown: states, acts, decisions with their authority matrix, and whatever else it declares."""

from collections.abc import Iterable, Iterator, Sequence

from workflows import wording
from workflows.definition import Act, Band, Decision, State, Workflow
from workflows.money import formatted
from workflows.rules import duty_label
from workflows.wording import clean

_EFFECTS = {
    "keep": "the clock runs on",
    "restart": "the clock starts again",
    "extend": "the clock is extended",
}

_VOTES = {
    "for": "a vote for",
    "against": "a vote against",
    "abstain": "abstains from",
    "recuse": "stands aside from",
}


def states(workflow: Workflow) -> str:
    """Return the table of states: names, stage, who has the ball, the service clock, and what is special about it."""
    rows = [
        (
            _code(name),
            clean(state.officer),
            clean(state.applicant),
            clean(state.before),
            clean(state.stage),
            state.holder,
            wording.clock_words(workflow, state.clock),
            _special(state),
        )
        for name, state in workflow.states.items()
    ]
    columns = ("state", "for officers", "for the applicant", "before it is reached")
    return table((*columns, "stage", "has the ball", "clock", "also"), rows)


def acts(workflow: Workflow) -> str:
    """Return the table of acts: by whom, from where to where, under which guards, what is asked for, what it causes."""
    rows = [
        (
            _code(act.name),
            clean(act.label),
            _duty(workflow, act),
            *_road(act),
            *_rules(workflow, act),
        )
        for act in workflow.acts.values()
    ]
    return table(("act", "label", "by", "from", "to", "guards", "asks for", "letter", "also"), rows)


def acts_of(duty: str, workflows: Sequence[Workflow]) -> str:
    """Return the table of what a duty may do in all workflows; the same act in two of them is one row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for workflow in workflows:
        for act in workflow.acts.values():
            if duty in act.by:
                row = (_code(act.name), clean(act.label), *_road(act), *_rules(workflow, act))
                rows.setdefault(row, []).append(workflow.name)
    return table(
        ("act", "label", "from", "to", "guards", "asks for", "letter", "also", "workflow"),
        [(*row, ", ".join(names)) for row, names in rows.items()],
    )


def declared(workflow: Workflow) -> Iterator[str]:
    """Go through the other parts of a workflow that it has: each a heading or a sentence, and a table."""
    for decision in workflow.decisions.values():
        yield f"### Decision: {clean(decision.title)}"
        yield _counting(workflow, decision)
        yield matrix(workflow, decision)
    if workflow.strands:
        yield "### Parallel work"
        strands = workflow.strands.values()
        rows = [(_code(s.name), clean(s.label), _code(s.state), _steps(s.steps)) for s in strands]
        yield table(("strand", "label", "in state", "steps"), rows)
    if workflow.institutions:
        yield "### Other institutions"
        yield table(("part", "institution", "of a case it sees"), _institutions(workflow))
    if workflow.duties:
        yield "### Duties of its own"
        yield table(("duty", "label"), _named(workflow.duties))
    if workflow.switches:
        yield "### Switches of a scheme"
        switches = workflow.switches.values()
        rules = [(_code(s.name), clean(s.sentence), clean(s.clause)) for s in switches]
        yield table(("switch", "rule", "clause"), rules)
    rights = list(_rights(workflow))
    if rights:
        yield "### Who sees and changes what"
        yield table(("in state", "thing", "seen by", "changed by"), rights)


def matrix(workflow: Workflow, decision: Decision) -> str:
    """Return the authority matrix of a decision: amounts, scheme, who decides, and how many of how many."""
    rows = [
        (
            _amounts(band),
            clean(band.scheme) or "any",
            clean(duty_label(workflow, band.by)) + (f" of {clean(band.body)}" if band.body else ""),
            f"{band.needed} of {'those asked' if decision.per else band.of}",
            str(band.present),
        )
        for band in decision.bands
    ]
    return table(("amount", "scheme", "decided by", "votes for", "at least present"), rows)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [columns, ["---"] * len(columns), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def _special(state: State) -> str:
    said = []
    if state.end:
        said.append(f"end: {state.outcome}" if state.outcome else "end")
    if state.money:
        said.append("money may move")
    return ", ".join(said)


def _road(act: Act) -> tuple[str, str]:
    reached = [(wording.way_of(act, n), branch) for n, branch in enumerate(act.branches)]
    said = [_code(branch.state) + (f" {way}" if way else "") for way, branch in reached]
    return ", ".join(map(_code, act.sources)), "; ".join(said)


def _rules(workflow: Workflow, act: Act) -> tuple[str, str, str, str]:
    asked = [
        name for name, how in (("reasons", act.reasons), ("note", act.note)) if how == "required"
    ]
    asked += ["reasons, if any"] if act.reasons == "optional" else []
    asked += [clean(label) for label in act.attachments.values()]
    guards = ", ".join(map(_code, act.guards))
    return guards, ", ".join(asked), ", ".join(_letters(act)), "; ".join(_also(workflow, act))


def _letters(act: Act) -> Iterator[str]:
    if act.letter:
        yield _code(act.letter)
    for number, branch in enumerate(act.branches):
        if branch.letter:
            yield f"{_code(branch.letter)} {wording.way_of(act, number)}".strip()


def _also(workflow: Workflow, act: Act) -> Iterator[str]:
    if act.decision:
        yield f"{_VOTES[act.vote or 'for']}: {clean(workflow.decisions[act.decision].title)}"
    if act.voids:
        yield f"makes void: {clean(workflow.decisions[act.voids].title)}"
    if act.strand:
        label = clean(workflow.strands[act.strand].label)
        yield f"{label}: {' or '.join(map(wording.step, act.step_from))} → {wording.step(act.step_to or '')}"
    if act.cancels:
        yield "ends the parallel work"
    if act.clock in _EFFECTS:
        yield _EFFECTS[act.clock]
    if act.blind:
        yield "what others gave is hidden until one has acted"
    if act.confirms:
        yield "asks to confirm"


def _duty(workflow: Workflow, act: Act) -> str:
    said = wording.who(workflow, act)
    if act.part and act.by != (act.part,):
        return f"{said}, as {clean(duty_label(workflow, act.part))}"
    return said


def _counting(workflow: Workflow, decision: Decision) -> str:
    tie = "is against"
    if decision.tie != "against":
        tie = f"is decided by the vote of the {clean(duty_label(workflow, decision.tie))}"
    said = f"An equal vote {tie}."
    if decision.veto:
        said += f" A vote against ends it when it comes from: {wording.duties_of(workflow, decision.veto)}."
    if decision.per:
        label = clean(workflow.institutions.get(decision.per, decision.per))
        said += f" Each agency that is {label} has one vote."
    return said


def _amounts(band: Band) -> str:
    if not band.currency:
        return "without an amount"
    if band.up_to is None:
        return (
            f"above {formatted(band.above, band.currency)}"
            if band.above
            else f"any in {band.currency}"
        )
    top = f"up to {formatted(band.up_to, band.currency)}"
    return f"above {formatted(band.above, band.currency)} {top}" if band.above else top


def _rights(workflow: Workflow) -> Iterator[tuple[str, str, str, str]]:
    for thing, seen in workflow.see.items():
        yield "any", thing, wording.duties_of(workflow, seen), ""
    for state in workflow.states.values():
        for thing in dict.fromkeys((*state.see, *state.edit)):
            seeing = wording.duties_of(workflow, state.see.get(thing, ()))
            changed = wording.duties_of(workflow, state.edit.get(thing, ()))
            yield _code(state.name), thing, seeing, changed


def _steps(steps: tuple[str, ...]) -> str:
    return " → ".join(map(wording.step, steps))


def _institutions(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    for name, label in workflow.institutions.items():
        things = workflow.confined.get(name)
        more = ", ".join(things or ()) or "nothing else"
        seen = "what its duties see" if things is None else f"its own part; beside it {more}"
        yield _code(name), clean(label), seen


def _named(labels: dict[str, str]) -> list[tuple[str, str]]:
    return [(_code(name), clean(label)) for name, label in labels.items()]


def _code(name: str) -> str:
    return f"`{name}`"
