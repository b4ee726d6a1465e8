"""Small definitions made in one line each, without the loader: also such as it would refuse."""

from typing import Any

from workflows.definition import Act, Band, Branch, Clock, Decision, State, Strand, Workflow

OUTCOMES = ("completed", "declined", "withdrawn", "lapsed")


def state(name: str, **more: Any) -> State:
    """Return a state; one called by an outcome is the end with it, "money" lets money move."""
    end = name in OUTCOMES or more.pop("end", False)
    return State(
        name=name,
        officer=name,
        applicant=name,
        before=name,
        stage="",
        holder="nobody" if end else "agency",
        clock=more.pop("clock", None),
        end=end,
        outcome=name if name in OUTCOMES else None,
        money=name in {"money", "paid"},
    )


def act(told: str, by: str = "desk_officer", *branches: Branch, **more: Any) -> Act:
    """Return an act told as "name: source, source > target"; ``branches`` stand in place of the target."""
    name, _, road = told.partition(": ")
    sources, _, target = road.partition(" > ")
    duties = tuple(by.split(" or "))
    return Act(
        name=name,
        label=name,
        event=name,
        sources=tuple(sources.split(", ")),
        branches=branches or (Branch(target, None),),
        by=duties,
        part=more.pop("part", None if by == "system" else duties[0]),
        guards=tuple(more.pop("guards", ())),
        reasons=more.pop("reasons", "none"),
        letter=more.pop("letter", None),
        confirms=False,
        **more,
    )


def ways(*told: str) -> tuple[Branch, ...]:
    """Return destinations told as "state", "state when choice" or "state for outcome"."""
    found = []
    for text in told:
        target, _, choice = text.partition(" when ")
        target, _, outcome = target.partition(" for ")
        found.append(Branch(target, choice or None, outcome or None))
    return tuple(found)


def voting(name: str, source: str, *told: str, vote: str = "for", **more: Any) -> Act:
    """Return a vote of the decision "award", or another one, by approvers."""
    found = {"decision": "award", "does": "decide", "by": "approver", **more}
    return act(f"{name}: {source} > ", found.pop("by"), *ways(*told), vote=vote, **found)


def band(**more: Any) -> Band:
    """Return a band of everything in MYR that one approver decides, unless told otherwise."""
    plain = {"currency": "MYR", "scheme": "", "above": 0, "up_to": None, "by": "approver"}
    return Band(**{**plain, "body": "", "of": 1, "needed": 1, **more})


def decision(*bands: Band, name: str = "award", **more: Any) -> Decision:
    """Return a decision."""
    return Decision(
        name, name, bands or (band(),), more.get("veto", ()), more.get("tie", "against")
    )


def strand(name: str, at: str, *steps: str) -> Strand:
    """Return a strand."""
    return Strand(name, name, at, steps)


def made(*acts: Act, parts: tuple[Any, ...] = (), **more: Any) -> Workflow:
    """Return a definition of acts; states not among ``parts`` are made up in the order they are named."""
    named = [name for verb in acts for name in (*verb.sources, *(b.state for b in verb.branches))]
    given = {part.name: part for part in parts if isinstance(part, State)}
    plain = {name: state(name) for name in dict.fromkeys(named) if name != "stay"}
    return Workflow(
        name="made",
        version=1,
        title="Made",
        initial=acts[0].sources[0],
        states={**plain, **given},
        acts={verb.name: verb for verb in acts},
        digest=more.pop("digest", "made"),
        source="",
        decisions={p.name: p for p in parts if isinstance(p, Decision)},
        strands={p.name: p for p in parts if isinstance(p, Strand)},
        **more,
    )


def clock(expires: str | None = None, extension: int = 0) -> Clock:
    """Return a clock of ten working days."""
    return Clock(10, "working", expires=expires, extension=extension)
