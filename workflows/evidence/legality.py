"""Replaying a case against its definition: whether each step was one that the workflow allows, taken by whom it may be."""

from datetime import date
from sys import intern
from typing import Any

from workflows.evidence.cases import Case, Event, Slice, Told
from workflows.evidence.definitions import SYSTEM, Definition, Verb
from workflows.evidence.proceedings import approved, entered, pending
from workflows.evidence.report import (
    AUTHORITY,
    CLOCK,
    DEFINITIONS,
    HANDS,
    MIGRATIONS,
    PEOPLE,
    REASONS,
    STEPS,
)
from workflows.evidence.voting import RECUSED, silence, voted
from workflows.evidence.ways import leads

APPLICANT, OFFICER = "applicant", "officer:"
# Who acts where no person does: a clock that ran out, or what a bank has answered.
CLOCKWORK = ("system:clock", "system:bank")
UNDECLARED = "none declared"
# What a bank has sent back is not paid any more, and a tranche that is cancelled never was.
RETURNED, CANCELLED = "report_returned", "cancel_tranche"


def stepped(case: Case, flow: Definition | None, event: Event, told: Told) -> None:
    """Check an act, and let the case stand where it leads."""
    if flow is None:
        digest = event["workflow"]["sha256"]
        told.wrong(DEFINITIONS, f"the definition {digest} that it names is not in the bundle")
        return
    told.held(STEPS)
    verb = flow.verbs.get(event["type"])
    if verb is None:
        told.wrong(STEPS, f"there is no act “{event['type']}” in {flow.title}")
        return
    _place(case, flow, verb, event, told)
    _people(verb, event, told)
    _hands(case, verb, event, told)
    _said(verb, event, told)
    if verb.automatic or verb.extends:
        _clock(flow, verb, event, told)
    if "invited" in event["detail"]:
        case.asked = _asked(flow, event) or case.asked
    result = None
    if flow.proceeding:
        approved(case, verb, event, told)
    elif verb.does != "move":
        result = _effect(case, flow, verb, event, told)
    elif verb.automatic:
        silence(case, flow, event, told)
    leads(case, flow, verb, event, result, told)
    _arrive(case, flow, verb, event, told)


def _asked(flow: Definition, event: Event) -> tuple[str, ...]:
    """Return the agencies an event invites to vote."""
    voting = {matrix.per for matrix in flow.matrices.values() if matrix.per}
    invited = event["detail"]["invited"]
    return tuple(intern(code) for name in sorted(voting) for code in invited.get(name, ()))


def _place(case: Case, flow: Definition, verb: Verb, event: Event, told: Told) -> None:
    """Check that the step starts where the case, its tranche or its proceeding stands."""
    here = _here(case, flow, event, told)
    source = event["from"]
    if source != here:
        told.wrong(STEPS, f"“{verb.name}” starts in “{source}”, but the case stands in “{here}”")
    elif here not in verb.sources:
        told.wrong(STEPS, f"“{verb.name}” does not start in “{here}”")
    if flow.states[here].end and not verb.automatic:
        told.wrong(STEPS, f"“{verb.name}” was done after the end “{here}”")
    if event["guards"] != verb.guards:
        told.wrong(STEPS, f"the rules it names are not those of “{verb.name}”")


def _here(case: Case, flow: Definition, event: Event, told: Told) -> str:
    if flow.tranche:
        return _tranche(case, flow, event, told)
    if flow.proceeding:
        return pending(case, flow, event, told)
    return _own(case, flow, event, told)


def _own(case: Case, flow: Definition, event: Event, told: Told) -> str:
    if case.flow is None:
        case.flow = flow
        case.state = event["from"] if case.late else flow.initial
        case.strands = flow.begun(case.state) if flow.stranded else {}
    elif case.flow is not flow:
        was = case.flow.title
        told.wrong(MIGRATIONS, f"the case stands under {was}, and the step is of {flow.title}")
        case.flow = flow
    return case.state


def _tranche(case: Case, flow: Definition, event: Event, told: Told) -> str:
    number = event["detail"]["tranche"]
    if case.tranches is None:
        case.tranches = {}
    found = case.tranches.get(number)
    if found is None:
        found = Slice(flow, event["from"] if case.late else flow.initial)
        case.tranches[number] = found
    if found.flow is not flow:
        told.wrong(MIGRATIONS, f"tranche {number} stands under {found.flow.title}")
        found.flow = flow
    if case.over and not case.moves_money:
        told.wrong(STEPS, f"money was moved after the end “{case.state}”")
    elif case.flow and "disbursement_open" in event["guards"] and not case.moves_money:
        told.wrong(STEPS, f"money was asked for or moved in “{case.state}”")
    return found.state


def _people(verb: Verb, event: Event, told: Told) -> None:
    """Check under which duty, and for which institution, the step was taken."""
    duty, actor = event["duty"], event["actor"]
    if duty not in verb.by and not all(one in verb.by for one in duty.split(" or ")):
        told.wrong(PEOPLE, f"“{verb.name}” was taken as {duty}, and is for {' or '.join(verb.by)}")
    if (actor in CLOCKWORK) is not (duty == SYSTEM) or actor.startswith(APPLICANT) is not (
        duty == APPLICANT
    ):
        told.wrong(PEOPLE, f"{actor} has acted as {duty}")
    if event.get("institution", "") != verb.institution:
        institution = event.get("institution", "the agency")
        told.wrong(PEOPLE, f"“{verb.name}” was taken for {institution}")


def _hands(case: Case, verb: Verb, event: Event, told: Told) -> None:
    """Check that whoever acts, and in whose name, stands on one side of the case only."""
    actor = event["actor"]
    if actor in CLOCKWORK:
        return
    told.held(HANDS)
    _stands(case, verb, actor, told)
    giver = event.get("on_behalf_of")
    if giver is not None:
        _stands(case, verb, giver, told)
        if giver == actor or "delegation" not in event:
            told.wrong(HANDS, "no delegation from somebody else is named")
    if event.get("part") != verb.part:
        told.wrong(HANDS, f"it was done standing as {event.get('part')}, not as {verb.part}")
    if event.get("conflict") != UNDECLARED and actor.startswith(OFFICER):
        if event["v"] > 1:
            told.wrong(HANDS, f"{actor} did not declare that there is no conflict")
        else:
            told.unrecorded(HANDS, "what the officer declared of conflicts of interest")


def _stands(case: Case, verb: Verb, mark: str, told: Told) -> None:
    person = mark[mark.find(":") + 1 :]
    if case.aside and person in case.aside:
        told.wrong(HANDS, f"{mark} had stood aside in event {case.aside[person]}")
    if verb.part:
        part = case.stands(person, verb.part)
        if part != verb.part:
            told.wrong(HANDS, f"{mark} stands in this case as {part}, and acts as {verb.part}")


def _said(verb: Verb, event: Event, told: Told) -> None:
    """Check that reasons, a note and an outcome are there where the act asks for them."""
    if not (verb.reasons or verb.note or verb.outcomes):
        return
    told.held(REASONS)
    if verb.reasons and not event["reasons"]:
        told.wrong(REASONS, f"“{verb.name}” was done without a coded reason")
    if verb.note and "note" not in event["committed"]:
        told.wrong(REASONS, f"“{verb.name}” was done without a note")
    if verb.outcomes and event.get("outcome") not in verb.outcomes:
        told.wrong(REASONS, f"“{verb.name}” has no outcome {event.get('outcome')}")


def _clock(flow: Definition, verb: Verb, event: Event, told: Told) -> None:
    """Check what a clock has done: by the system, after its last day; an extension gives days to a running clock."""
    told.held(CLOCK)
    if verb.automatic and event["actor"] not in CLOCKWORK:
        told.wrong(CLOCK, f"“{verb.name}” is done by the system alone, not by {event['actor']}")
    if verb.extends and "extended" not in event.get("clock", {}):
        told.wrong(CLOCK, f"“{verb.name}” extended no clock")
    source = flow.states.get(event["from"])
    if source is None or source.expires != verb.name or not verb.automatic:
        return
    # The last day is one of the scheme's country, whose date is never behind that of UTC: it was over there before here.
    last = event["detail"].get("expired_on")
    if last is None or event["at"][:10] < date.fromisoformat(last).isoformat():
        told.wrong(CLOCK, f"“{verb.name}” was done before the last day {last} was over")


def _arrive(case: Case, flow: Definition, verb: Verb, event: Event, told: Told) -> None:
    target = event["to"]
    if target not in flow.states:
        target = event["from"] if event["from"] in flow.states else flow.initial
    letter = verb.letter_to(target) if verb.letter or len(verb.ways) > 1 else None
    if letter:
        case.letters = {**(case.letters or {}), event["seq"]: letter}
    if flow.tranche:
        _slice(case, target, verb, event, told)
        return
    if flow.proceeding:
        entered(case, target, event, told)
        return
    case.state = intern(target)
    if target in flow.final:
        case.forget()


def _slice(case: Case, target: str, verb: Verb, event: Event, told: Told) -> None:
    """Let a tranche stand where the step leads; what is paid never exceeds the award, and the file stays the one checked."""
    found = (case.tranches or {})[event["detail"]["tranche"]]
    was, found.state = found.state, target
    file = event["detail"].get("file_sha256", "")
    if "file_unchanged" in event["guards"] and file != found.file and not case.late:
        told.wrong(HANDS, "the payment file is not the one that was prepared")
    found.file = file
    if verb.does == RETURNED and found.flow.states[was].end:
        case.paid -= event["detail"]["amount"]
    if not found.flow.states[target].end or verb.does == CANCELLED:
        return
    case.paid += event["detail"]["amount"]
    if case.approved is not None and case.paid > case.approved:
        told.wrong(AUTHORITY, f"{case.paid} was paid of the approved {case.approved}")


def _effect(case: Case, flow: Definition, verb: Verb, event: Event, told: Told) -> str | None:
    """Keep what later steps are measured against; returns what was decided, if anything was."""
    detail = event["detail"]
    if verb.does == "decide":
        result = voted(case, flow, verb, event, told)
        if verb.vote == RECUSED:
            _aside(case, event)
        return result
    if verb.does in ("submit", "resubmit"):
        case.requested = detail.get("requested")
    elif verb.does == "recommend":
        _recommended(case, verb, event, told)
    elif verb.does == "accept" and case.approved is not None:
        _accepted(case.approved, detail, told)
    return None


def _recommended(case: Case, verb: Verb, event: Event, told: Told) -> None:
    detail = event["detail"]
    outcome, amount = detail["outcome"], detail.get("amount")
    case.advice = (intern(outcome), amount, intern(event["actor"]))
    if outcome != "approve" or "recommended_within_requested" not in verb.guards:
        return
    told.held(AUTHORITY)
    if amount is None or amount <= 0:
        told.wrong(AUTHORITY, "no amount is recommended")
    elif case.requested is not None and amount > case.requested:
        told.wrong(AUTHORITY, f"the amount {amount} is above the requested {case.requested}")


def _accepted(approved: int, detail: dict[str, Any], told: Told) -> None:
    told.held(AUTHORITY)
    amount = detail.get("amount")
    if amount is None or amount > approved:
        told.wrong(AUTHORITY, f"{amount} was accepted of the approved {approved}")


def _aside(case: Case, event: Event) -> None:
    person = event["actor"].partition(":")[2]
    case.aside = {**(case.aside or {}), person: event["seq"]}
