"""Events that are no acts of a workflow: a closed list, who may cause each, and what each is measured against."""

from workflows.evidence.cases import Case, Event, Told
from workflows.evidence.definitions import Definition
from workflows.evidence.report import DEFINITIONS, KINDS, LETTERS, MIGRATIONS

LOG_STREAM = "log"
AGENCY = "agency:"
# On the stream of a case: kind, and how the mark of whoever causes it begins.
OF_A_CASE = {
    "clock_warned": "system:clock",
    "clock_escalated": "system:clock",
    "clock_recomputed": "system:clock",
    "issue_letter": "system:letters",
    "declare_interest": "officer:",
    "place_hold": "officer:",
    "lift_hold": "officer:",
    "erase": "officer:",
}
# On the stream of an agency or of the log itself.
OF_AN_AGENCY = frozenset(
    {
        "delegate",
        "end_delegation",
        "give_consent",
        "withdraw_consent",
        "refer",
        "accept_referral",
        "decline_referral",
        "close_referral",
        "check_registry",
        "record_certificate",
        "revoke_certificate",
        "propose_workflow",
        "publish_workflow",
        "reject_workflow",
        "award_ended",
        "publish_scheme",
        "suspend_scheme",
        "close_scheme",
        "reopen_scheme",
        "plan_migration",
        "carry_out_migration",
        "export",
        "export_ready",
        "draw_sample",
        "grant_mandate",
        "end_mandate",
        "trim_access_log",
        "import_applications",
        "import_ended",
        "seal",
        "record_rate",
        "take_bank_report",
        "settle_bank_line",
        "limit_budget",
        "propose_transfer",
        "authorise_transfer",
        "refuse_transfer",
    }
)
DESIGNER = "scheme_designer"


def noticed(case: Case, event: Event, told: Told) -> None:
    """Check an event that moves nothing."""
    kind = event["type"]
    told.held(KINDS)
    if case.name == LOG_STREAM or case.name.startswith(AGENCY):
        if kind not in OF_AN_AGENCY:
            told.wrong(KINDS, f"“{kind}” is no kind of event of an agency or of the log")
        return
    cause = OF_A_CASE.get(kind)
    if cause is None:
        told.wrong(KINDS, f"“{kind}” is no kind of event of a case")
        return
    if not event["actor"].startswith(cause):
        told.wrong(KINDS, f"“{kind}” is not caused by {event['actor']}")
    if kind == "declare_interest":
        person = event["actor"].partition(":")[2]
        case.aside = {**(case.aside or {}), person: event["seq"]}
    elif kind == "issue_letter":
        _issued(case, event, told)
    elif kind == "erase":
        _erased(case, event, told)


def _erased(case: Case, event: Event, told: Told) -> None:
    case.erased = str(event["detail"].get("law", "no law named"))
    if event["detail"].get("proposed_by") == event["actor"]:
        told.wrong(KINDS, "it was erased by one person alone")


def _issued(case: Case, event: Event, told: Told) -> None:
    """Check that a letter is for an event that causes it, and was not issued before."""
    detail = event["detail"]
    waiting = case.letters or {}
    caused = waiting.pop(detail["for"], None)
    case.letters = waiting or None
    if caused is None and detail["for"] >= case.first:
        told.wrong(LETTERS, f"event {detail['for']} causes no letter, or had its letter already")
    elif caused is not None and caused != detail["letter"]:
        said = f"event {detail['for']} causes the letter “{caused}”, not “{detail['letter']}”"
        told.wrong(LETTERS, said)


def migrated(case: Case, flow: Definition | None, event: Event, told: Told) -> None:
    """Check the move of a case to another version of its workflow, and let it stand there."""
    told.held(MIGRATIONS)
    if flow is None:
        digest = event["workflow"]["sha256"]
        told.wrong(DEFINITIONS, f"the definition {digest} that it names is not in the bundle")
        return
    if event["duty"] != DESIGNER or event["detail"].get("author") == event["actor"]:
        told.wrong(MIGRATIONS, "it was not carried out by a second scheme designer")
    if event["migration"]["to"] != flow.digest:
        told.wrong(MIGRATIONS, "the version it names is not the one it moves to")
    target = event["to"]
    if target not in flow.states:
        told.wrong(MIGRATIONS, f"{flow.title} has no state “{target}”")
        target = flow.initial
    elif not case.late or case.flow is not None:
        _continued(case, flow, event, told)
    case.flow, case.state = flow, target


def _continued(case: Case, flow: Definition, event: Event, told: Told) -> None:
    if case.flow is None:
        # A draft has no event before it is handed in.
        if event["to"] != flow.initial:
            told.wrong(MIGRATIONS, f"a case that has not begun was moved to “{event['to']}”")
    elif event["migration"]["from"] != case.flow.digest or event["from"] != case.state:
        told.wrong(MIGRATIONS, f"the case stands in “{case.state}” of {case.flow.title}")
    elif _unlike(case, flow, event["to"]):
        told.wrong(MIGRATIONS, f"“{event['from']}” and “{event['to']}” are not alike")


def _unlike(case: Case, flow: Definition, to: str) -> bool:
    """Tell whether a move would begin or end the case, let money move in it or stop it, or change its parallel work."""
    if case.flow is None:
        return False
    before, after = case.flow.states[case.state], flow.states[to]
    same = (before.end, before.money, before.strands) == (after.end, after.money, after.strands)
    return not same or (case.state == case.flow.initial) is not (to == flow.initial)
