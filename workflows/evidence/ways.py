"""Whether a step leads where it may: as votes, parallel work, the chosen outcome and what its event says have it."""

from typing import Any

from workflows.evidence.cases import Case, Event, Told
from workflows.evidence.definitions import HERE, Definition, Stand, Verb, Way
from workflows.evidence.report import STEPS

SWITCH = "switch:"
# What the event of a step tells of when a way by this choice is open.
NAMING = {"others_asked": "invited", "through_facility": "through"}

# Under which word it counts how often that was done which several have to do.
LAST = {"last_release": "release", "last_approval": "approval"}


def leads(
    case: Case, flow: Definition, verb: Verb, event: Event, result: str | None, told: Told
) -> None:
    """Check that the step leads where it may, as votes, parallel work and the chosen outcome have it."""
    source, target = event["from"], event["to"]
    beside = flow.tranche or flow.proceeding
    strands = None if beside else _strands(case, flow, verb, event, told)
    stand = flow.states.get(source)
    if target in flow.states and stand is not None:
        for way in verb.ways:
            holds = _holds(way, event, result, strands, stand)
            if holds is not False and (source if way.state == HERE else way.state) == target:
                return
            if holds:
                break
    told.wrong(STEPS, f"“{verb.name}” does not lead from “{source}” to “{target}” here")


def _holds(
    way: Way, event: Event, result: str | None, strands: dict[str, str] | None, stand: Stand
) -> bool | None:
    """Tell whether a way is open; ``None`` where the event alone does not say it."""
    if way.outcome and way.outcome != event.get("outcome"):
        return False
    if way.when is None:
        return True
    if way.when in ("decided_for", "decided_against"):
        return result == way.when.removeprefix("decided_")
    if way.when == "strands_done" and strands is not None:
        return strands == {name: steps[-1] for name, steps in stand.strands.items()}
    return _told_of(way.when, event["detail"])


def _told_of(when: str, detail: dict[str, Any]) -> bool | None:
    """Tell whether an event says that a way is open; ``None`` where it does not say."""
    if when in LAST and LAST[when] in detail:
        return bool(detail[LAST[when]] >= detail["needed"])
    if when == "found_unpaid":
        return "bank_reference" not in detail
    if when in NAMING:
        return NAMING[when] in detail
    if when.startswith(SWITCH) and "switches" in detail:
        return when.removeprefix(SWITCH) in detail["switches"]
    return None


def _strands(
    case: Case, flow: Definition, verb: Verb, event: Event, told: Told
) -> dict[str, str] | None:
    """Move the strand that the act moves, and compare with what is recorded; returns where they are before arriving."""
    if not flow.stranded:
        return {}
    moved = dict(case.strands)
    if verb.strand is not None and verb.step_to is not None:
        if moved.get(verb.strand) not in verb.step_from and not case.late:
            at = moved.get(verb.strand)
            told.wrong(STEPS, f"“{verb.name}” is not the next step of “{verb.strand}” at “{at}”")
        moved[verb.strand] = verb.step_to
    after = moved
    if event["to"] != event["from"] and event["to"] in flow.states:
        after = flow.begun(event["to"])
    said = event.get("strands", {})
    if said != after and not case.late:
        told.wrong(STEPS, "the parallel work it names is not where the events have it")
    case.strands = said if case.late else after
    return None if case.late else moved
