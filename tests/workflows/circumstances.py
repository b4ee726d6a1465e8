"""Facts under which an act is possible, and what firing it gives: for the tests of the machine."""

from dataclasses import replace
from datetime import date

from workflows.definition import Workflow
from workflows.facts import Actor, Facts, Vote
from workflows.format.loading import SHIPPED
from workflows.machine import Refused, fire

TODAY = date(2026, 11, 22)
NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
DUTIES = ("applicant", "desk_officer", "assessor", "approver", "payment_officer", "releaser")
# Facts under which every guard holds but "offer_expired" and "budget_out", each the contrary of another.
GOOD = Facts(
    actor=Actor(frozenset(DUTIES), mark="P-1"),
    version=7,
    today=TODAY,
    expected_version=7,
    reasons=("OTH",),
    note="Because it is so.",
    call_open=True,
    problems=(),
    missing_documents=(),
    failed_rules=(),
    unmet_rules=(),
    assessed_by_actor=False,
    assessments=0,
    assessments_required=2,
    recommended_outcome="approve",
    requested=100,
    recommended=100,
    amount=100,
    authority_limit=100,
    budget_left=100,
    offer_expires_on=TODAY,
    open_conditions=("agreement", "account"),
    condition_open=True,
    disbursement_open=True,
    earlier_unpaid=(),
    tranches_unpaid=0,
    award_left=100,
    file_digest="ab",
    seen_digest="ab",
    attached=(("minute", "0" * 64), ("completion_report", "0" * 64), ("signed_offer", "0" * 64)),
    switches=frozenset(),
    votes=(),
    extended=False,
    clock_over=True,
    releases=0,
    releases_needed=1,
    released_by_actor=False,
    account_settled=True,
    tranche_conditions=(),
    award_standing=True,
    approvals=0,
    approvals_needed=1,
    approved_by_actor=False,
    signatory=True,
    more=0,
    own=False,
    offered=101,
    ahead=(),
)


def who(duty: str, part: str | None = None, *, related: bool = False) -> Actor:
    return Actor(frozenset({duty}), part, related, mark="P-1")


def vote(person: str, cast: str, *, amount: int | None = None, duty: str = "approver") -> Vote:
    return Vote(person, cast, frozenset({duty}), amount)


def good(workflow: Workflow) -> Facts:
    """Return the good facts for a case of this definition: in the currency its decisions are about."""
    bands = [band for decision in workflow.decisions.values() for band in decision.bands]
    currency = next((band.currency for band in bands if band.currency), "MYR")
    return replace(GOOD, currency=currency)


def outcome(workflow: Workflow, state: str, act: str, facts: Facts) -> str | set[str]:
    """Return the state an act leads to, or the names of the rules that failed."""
    try:
        return fire(workflow, state, act, facts).target.name
    except Refused as refused:
        return {failure.rule for failure in refused.failures}
