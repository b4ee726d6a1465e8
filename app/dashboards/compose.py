"""How an event of the trail reads to one person: what is told to applicants, and what stays between officers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.schemes import queries as schemes
from app.submissions import queries as submissions
from app.trail.queries import Fact
from workflows.definition import Act
from workflows.vocabulary import AWARD


@dataclass(frozen=True)
class Seen:
    """An event of the trail as a page shows it; ``amount`` in minor units of the case's currency."""

    act: str
    title: str
    when: datetime
    who: str
    text: str
    reasons: tuple[str, ...]
    digest: str
    tranche: int | None
    amount: int | None


# What an applicant does not read of at all.
_HIDDEN = frozenset(
    {
        "place_hold",
        "lift_hold",
        "declare_interest",
        "clock_warned",
        "clock_escalated",
        "clock_recomputed",
    }
)
_DECIDED = {"approve": "Approved", "decline": "Declined"}
# What a decision beside the award comes to.
_AGREED = {"approve": "agreed", "decline": "not agreed"}
# Events that are no act of a workflow.
_TITLES = {
    "declare_interest": "Interest declared",
    "clock_warned": "Warned that the time is nearly over",
    "clock_escalated": "Late: put on a further list",
    "clock_recomputed": "Last day computed anew",
    "issue_letter": "Letter issued",
    "place_hold": "Legal hold placed",
    "lift_hold": "Legal hold lifted",
    "erase": "Personal data erased",
    "migrate": "Moved to another version of the workflow",
}


def told(
    application: Application,
    events: list[Fact],
    people: dict[int, str],
    *,
    blind: bool,
    actor: Person,
) -> list[Seen]:
    """Return the events a person may read of, oldest first; ``blind`` leaves out what other assessors wrote."""
    return [
        _seen(event, application, people, blind=blind, actor=actor)
        for event in events
        if not (actor.beside and _withheld(event))
    ]


def disclosed(
    frozen: dict[str, Any], actor: Person, institution: str, revealed: str
) -> dict[str, Any]:
    """Return the answers an officer may see: what was submitted, never a draft.

    The account is masked but for those of the agency who prepare, check and release payments.
    """
    found: dict[str, Any] = dict(frozen.get("answers", {}))
    masks = institution or not {"payment_officer", "releaser"} & set(actor.duties)
    if masks and "bank_account" in found and revealed != "bank_account":
        found["bank_account"] = submissions.masked(found["bank_account"])
    return found


def named(event: Fact) -> set[int]:
    """Return the numbers of the people an event names: who acted, and for whom."""
    marks = (event.actor, event.record.get("on_behalf_of", ""))
    numbers = (mark.partition(":")[2] for mark in marks)
    return {int(number) for number in numbers if number.isdecimal()}


def _seen(
    event: Fact, application: Application, people: dict[int, str], *, blind: bool, actor: Person
) -> Seen:
    terms = applications.terms(application)
    kind, _, number = event.actor.partition(":")
    internal = actor.beside and kind == "officer"
    who = "the system" if kind == "system" else people.get(int(number), event.actor)
    giver = event.record.get("on_behalf_of")
    if giver:
        who += f" on behalf of {people.get(int(giver.partition(':')[2]), giver)}"
    text = next(
        (
            event.disclosed[name]
            for name in ("note", "comment", "evidence", "reason")
            if name in event.disclosed
        ),
        "",
    )
    known = {reason.code: reason for reason in terms.reasons}
    given = [known[code] for code in event.record.get("reasons", []) if code in known]
    detail = event.record.get("detail", {})
    act = _act(event)
    others = act is not None and act.blind and event.actor != actor.mark
    hushed = not _written_to_applicants(event, act) or any(reason.silent for reason in given)
    hidden = (internal and hushed) or (blind and others)
    return Seen(
        act=event.kind,
        title=_title(event, act, told=internal),
        when=event.at,
        who=_agency(event, application, act) if internal else who,
        text="" if hidden else text,
        reasons=tuple(dict.fromkeys(reason.sentence for reason in given)),
        digest=event.hash,
        tranche=detail.get("tranche"),
        amount=None if hidden else detail.get("amount"),
    )


def _act(event: Fact) -> Act | None:
    """Return the act an event was, in the version of the workflow that it was taken under."""
    known = event.record.get("workflow", {}).get("sha256")
    return schemes.workflow(known).acts.get(event.kind) if known else None


def _agency(event: Fact, application: Application, act: Act | None) -> str:
    """Return on whose behalf an officer acted, as an applicant reads it: the agency, or the institution that has the part."""
    if act is None or not act.institution:
        return application.scheme.agency.name
    workflow = schemes.workflow(event.record["workflow"]["sha256"])
    label = workflow.institutions[act.institution]
    return label[:1].upper() + label[1:]


def _withheld(event: Fact) -> bool:
    """Tell whether an applicant does not read of an event at all: how members voted before they had decided, clocks.

    Nor which agency had an objection where agencies are asked: what comes of it the applicant is told by who owns the case.
    """
    detail = event.record.get("detail", {})
    votes = "vote" in detail and ("decided" not in detail or "agency" in detail)
    return event.kind in _HIDDEN or votes


def _written_to_applicants(event: Fact, act: Act | None) -> bool:
    """Tell whether the note of an event is written to the applicant: where reasons are given, as the form says."""
    if act is None or act.reasons == "none":
        return False
    return bool(event.record.get("detail", {}).get("decided") != "approve")


def _title(event: Fact, act: Act | None, *, told: bool) -> str:
    """Return what an event is called; to an applicant a vote is what was decided by it."""
    decided = event.record.get("detail", {}).get("decided")
    if told and decided and (act is None or (act.decision or AWARD) == AWARD):
        return _DECIDED[decided]
    if told and decided and act is not None:
        workflow = schemes.workflow(event.record["workflow"]["sha256"])
        return f"{workflow.decisions[act.decision or AWARD].title}: {_AGREED[decided]}"
    return act.event if act else _TITLES.get(event.kind, event.kind)
