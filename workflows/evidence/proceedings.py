"""Proceedings replayed: where each stands, whether it is still what was proposed, who approved it, and what it does to the award."""

from typing import Any

from workflows.evidence.cases import Case, Event, Pending, Told
from workflows.evidence.definitions import Definition, Matrix, Tier, Verb
from workflows.evidence.report import AUTHORITY, HANDS, MIGRATIONS, STEPS
from workflows.evidence.voting import AWARD, within

APPROVE, WITHIN_AUTHORITY = "approve", "within_authority"
# Where the terms of a change hold: the award is raised or lowered by what they say.
IN_FORCE = "in_force"
# A demand for money back, and money that came in on one; the states in which either counts.
DEMAND, RECEIPT = "clawback", "clawback_receipt"
DEMANDED, WAIVED, CLOSED, BOOKED = "demanded", "waived", "closed", "booked"
PROPOSED = "proposed"
# How what a proceeding is about is named beside its terms.
KIND, AMOUNT = "its kind", "its amount"


def pending(case: Case, flow: Definition, event: Event, told: Told) -> str:
    """Return where a proceeding stands; the first event of one says what is proposed, and no later one may differ."""
    number = event["detail"]["proceeding"]
    known = case.proceedings or {}
    found = known.get(number)
    if found is None:
        found = Pending(flow, event["from"] if case.late else flow.initial, event["actor"])
        case.proceedings = {**known, number: found}
        if not case.late and number != len(known) + 1:
            told.wrong(STEPS, f"proceeding {number} is begun, and there were {len(known)} before")
    if found.flow is not flow:
        told.wrong(MIGRATIONS, f"proceeding {number} stands under {found.flow.title}")
        found.flow = flow
    _as_proposed(found, event["detail"], told)
    return found.state


def _as_proposed(found: Pending, detail: dict[str, Any], told: Told) -> None:
    """Check that nothing of what was proposed is another now; what comes with a later act, such as a payout, is added."""
    says = {KIND: detail["kind"], AMOUNT: detail.get("amount"), **detail["terms"]}
    changed = [name for name, value in found.said.items() if says.get(name) != value]
    if changed:
        told.wrong(STEPS, f"what was proposed is another now: {', '.join(sorted(changed))}")
    found.said = says | found.said


def approved(case: Case, verb: Verb, event: Event, told: Told) -> None:
    """Check an approval: under which authority, as which of how many, and by somebody who did not propose it."""
    _authorised_act(verb, event, told)
    if verb.does != APPROVE:
        return
    found = (case.proceedings or {})[event["detail"]["proceeding"]]
    _another(found, event, told)
    found.approved = (*found.approved, event["actor"])
    if case.late:
        return
    counted, needed = event["detail"]["approval"], _needed(case, verb, event)
    if counted != len(found.approved):
        told.wrong(AUTHORITY, f"this is the approval {len(found.approved)}, not {counted}")
    if event["detail"]["needed"] != needed:
        said = f"{needed} have to approve this amount, not {event['detail']['needed']}"
        told.wrong(AUTHORITY, said)


def _authorised_act(verb: Verb, event: Event, told: Told) -> None:
    """Check that the amount lies within the authority that is named."""
    detail = event["detail"]
    if WITHIN_AUTHORITY not in verb.guards or "amount" not in detail:
        return
    told.held(AUTHORITY)
    if verb.does == APPROVE or "authority" in detail:
        within(detail.get("authority", {}), detail["amount"], event, told)
    else:
        told.unrecorded(AUTHORITY, "the authority under which it was done")


def _another(found: Pending, event: Event, told: Told) -> None:
    """Check that who approves has neither proposed it nor approved it before."""
    people = {event["actor"], event.get("on_behalf_of", event["actor"])}
    if found.by in people:
        told.wrong(HANDS, f"{found.by} has proposed it, and approves it")
    for person in sorted(people & {*found.approved}):
        told.wrong(HANDS, f"{person} has approved it already")


def _needed(case: Case, verb: Verb, event: Event) -> int:
    """Return how many have to approve an amount by the matrix of the case."""
    amount, matrix = event["detail"].get("amount"), _asked_matrix(case, verb)
    if amount is None or matrix is None:
        return 1
    tier = matrix.tier(amount, event["detail"].get("currency", ""), event["scheme"]["code"])
    return 1 if tier is None else _votes(tier)


def _asked_matrix(case: Case, verb: Verb) -> Matrix | None:
    """Return the matrix an approval falls under: that of the award, for another institution that of its own decision."""
    if case.flow is None:
        return None
    own = (one for one in case.flow.verbs.values() if one.institution == verb.institution)
    decision = next((one.decision for one in own if one.decision), AWARD)
    return case.flow.matrices.get(decision if verb.institution else AWARD)


def _votes(tier: Tier) -> int:
    if isinstance(tier.needed, int):
        return tier.needed
    return tier.members if tier.needed == "all" else tier.members // 2 + 1


def entered(case: Case, target: str, event: Event, told: Told) -> None:
    """Let a proceeding stand where a step leads, and the award be what it makes of it."""
    detail = event["detail"]
    found = (case.proceedings or {})[detail["proceeding"]]
    came, found.state = target != found.state, target
    if not came or case.late:
        return
    if target == IN_FORCE:
        _varied(case, detail["terms"], told)
    elif detail["kind"] == DEMAND:
        _demanded(case, found, event["from"], detail["amount"], told)
    elif detail["kind"] == RECEIPT and target == BOOKED:
        _received(case, detail, told)


def _varied(case: Case, terms: dict[str, Any], told: Told) -> None:
    """Raise or lower what may be paid."""
    if case.approved is None:
        return
    case.approved += terms.get("more", 0) - terms.get("less", 0)
    if case.paid > case.approved:
        told.wrong(AUTHORITY, f"the award is lowered to {case.approved}, and {case.paid} was paid")


def _demanded(case: Case, found: Pending, source: str, amount: int, told: Told) -> None:
    """Count what is demanded back: never more than was paid; a demand is closed with nothing left of it."""
    if found.state == DEMANDED and source == PROPOSED:
        case.demanded += amount
        if case.demanded > case.paid:
            told.wrong(AUTHORITY, f"{case.demanded} is demanded back of {case.paid} that was paid")
    elif found.state == WAIVED:
        case.demanded -= amount - found.received
    elif found.state == CLOSED and found.received != amount:
        told.wrong(STEPS, f"the demand of {amount} is closed, and {found.received} came in")


def _received(case: Case, detail: dict[str, Any], told: Told) -> None:
    """Count what came in on a demand: no more than it asks for."""
    demand = (case.proceedings or {}).get(detail["terms"].get("demand"))
    if demand is None or demand.said[KIND] != DEMAND:
        told.wrong(STEPS, "it is received on no demand of the case")
        return
    demand.received += detail["amount"]
    if demand.received > demand.said[AMOUNT]:
        said = f"{demand.received} was received of {demand.said[AMOUNT]} that is demanded"
        told.wrong(AUTHORITY, said)
