"""What a letter says, drawn from the event that causes it and from the frozen submission; then no database any more."""

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts import queries as accounts
from app.applications import queries as applications
from app.applications.models import Application
from app.applications.queries.dollars import beside
from app.awards import queries as awards
from app.checkpoints import queries as checkpoints
from app.countries.queries import country
from app.disbursements import queries as disbursements
from app.intake.queries import filing
from app.letters import queries as proposals
from app.letters.render import (
    Acknowledgement,
    Addressee,
    Body,
    Decline,
    DisbursementAdvice,
    InformationRequest,
    Lapse,
    Letter,
    Letterhead,
    Offer,
    Place,
    Reason,
)
from app.submissions import queries as submissions
from app.trail.queries import Fact
from workflows.evidence.note import read_note
from workflows.money import from_minor, paid

SUBJECTS = {
    "acknowledgement": "We have received your application",
    "information_request": "We need more information",
    "offer": "Letter of offer",
    "decline": "Decision on your application",
    "lapse": "Your offer has lapsed",
    "disbursement_advice": "Advice of disbursement",
    "arrears_notice": "Your repayments are overdue",
    "clawback": "Money to be paid back",
    "change_offer": "We offer you a change of your award",
    "waiting_list": "Your application is on the waiting list",
}


def compose(kind: str, application: Application, fact: Fact) -> Letter:
    """Return the letter of a kind for an event of a case that is under a checkpoint.

    Raises ``KeyError`` for an unknown kind, ``LookupError`` for an event that is under no checkpoint yet.
    """
    terms = applications.terms(application)
    zone = ZoneInfo(country(terms.country).zone)
    agency = application.scheme.agency
    frozen = submissions.submissions(application)[-1].frozen
    enterprise = frozen["enterprise"]
    return Letter(
        kind=kind,
        reference=application.reference,
        event_digest=fact.hash,
        place=_place(fact),
        issued_on=fact.at.astimezone(zone).date(),
        language="en",
        letterhead=Letterhead(
            agency=agency.name,
            facility=terms.facility,
            address_lines=tuple(agency.address.split("\n")),
            contact=agency.contact,
            country=country(terms.country).name,
        ),
        addressee=Addressee(
            enterprise=enterprise["name"],
            registry_number=enterprise["registry_number"],
            contact_name=application.applicant.name,
            address_lines=tuple(enterprise["address"].split("\n")),
        ),
        scheme=terms.name,
        subject=SUBJECTS[kind],
        added=terms.letters.get(kind, ""),
        body=_BODIES[kind](application, fact, zone),
    )


def _place(fact: Fact) -> Place:
    """Return where an event stands, by the first checkpoint over it: a letter made again says the same."""
    leaf = checkpoints.leaf_index(fact.id)
    found = None if leaf is None else checkpoints.covering(leaf)
    if leaf is None or found is None:
        raise LookupError(f"Event {fact.seq} of {fact.stream} is under no checkpoint yet.")
    log, _, root = read_note(found.note).text.split("\n")[:3]
    return Place(leaf, found.size, root, log)


def _acknowledgement(application: Application, fact: Fact, zone: ZoneInfo) -> Body:
    frozen = submissions.submissions(application)[0].frozen
    return Acknowledgement(
        submitted_on=fact.at.astimezone(zone).date(),
        target_days=applications.terms(application).target_days,
        documents=tuple((found["name"], found["sha256"]) for found in frozen["documents"]),
        prepared_by=_prepared(fact),
        **_on_paper(application, zone),
    )


def _on_paper(application: Application, zone: ZoneInfo) -> dict[str, Any]:
    """Return what an acknowledgement says of an application that came on paper."""
    found = filing(application)
    if found is None:
        return {}
    terms = applications.terms(application)
    labels = {one.key: one.label for one in terms.questions}
    labels |= {one.key: one.label for one in terms.documents}
    return {
        "filed": (found.paper_reference, found.received_at.astimezone(zone).date()),
        "papers": tuple((labels.get(kind, kind), n) for kind, n in found.documents.items()),
    }


def _prepared(fact: Fact) -> str:
    """Return who prepared what was submitted, "NAME of CENTRE", "" for the enterprise itself."""
    detail = fact.record["detail"]
    centre = accounts.agency_by_code(detail.get("centre", ""))
    if centre is None:
        return ""
    numbers = [int(mark.partition(":")[2]) for mark in detail["prepared_by"]]
    names = accounts.names(set(numbers))
    return f"{', '.join(names[number] for number in numbers)} of {centre.name}"


def _information_request(application: Application, fact: Fact, _zone: ZoneInfo) -> Body:
    return InformationRequest(
        reasons=tuple(replace(reason, note="") for reason in _reasons(application, fact)),
        note=_note(application, fact),
        reply_by=date.fromisoformat(fact.record["detail"]["reply_by"]),
    )


def _offer(application: Application, fact: Fact, _zone: ZoneInfo) -> Body:
    award = awards.awarded(application)
    terms = applications.terms(application)
    frozen = submissions.submissions(application)[-1].frozen["answers"]
    detail = fact.record["detail"]
    loan, schedule = proposals.loan(application, detail)
    return Offer(
        amount=from_minor(detail["amount"], award.currency),
        currency=award.currency,
        decimals=paid(award.currency),
        share_pct=None if loan else terms.share_max_pct,
        purpose=frozen["project_title"],
        conditions=tuple(f"Condition precedent: {c.sentence}" for c in awards.conditions(award)),
        tranches=tuple(
            (tranche.number, tranche.purpose, from_minor(tranche.amount_minor, award.currency))
            for tranche in awards.tranches(award)
        ),
        accept_by=date.fromisoformat(detail["expires_on"]),
        loan=loan,
        schedule=schedule,
        beside=beside(application, detail["amount"]),
        guarantee=proposals.guarantee(application, detail),
    )


def _decline(application: Application, fact: Fact, _zone: ZoneInfo) -> Body:
    return Decline(
        reasons=_reasons(application, fact),
        how_to_ask_again=(
            "You may apply again under any open call once the reasons above no longer hold. If you think that we "
            "have overlooked something, write to us with the reference of this letter."
        ),
    )


def _lapse(application: Application, fact: Fact, _zone: ZoneInfo) -> Body:
    award = awards.awarded(application)
    return Lapse(award.offered_on, date.fromisoformat(fact.record["detail"]["expired_on"]))


def _advice(application: Application, fact: Fact, _zone: ZoneInfo) -> Body:
    award, detail = awards.awarded(application), fact.record["detail"]
    tranche = awards.tranche(award, detail["tranche"])
    # As it stood at the event: the bank may have sent it back before this letter is written.
    disbursement = disbursements.paid_by(tranche, fact.id)
    others = disbursements.disbursements(award).values()
    before = sum(row.amount_minor for row in others if row.id < disbursement.id)
    so_far = before + disbursement.amount_minor
    account = submissions.submissions(application)[-1].frozen["answers"]["bank_account"]
    return DisbursementAdvice(
        tranche=tranche.number,
        amount=from_minor(disbursement.amount_minor, disbursement.currency),
        currency=disbursement.currency,
        decimals=paid(disbursement.currency),
        end_to_end_id=detail["end_to_end_id"],
        bank_reference=detail["bank_reference"],
        paid_on=date.fromisoformat(detail["paid_on"]),
        account_masked=submissions.masked(account),
        remaining=from_minor(award.amount_minor - so_far, award.currency),
        beside=beside(application, disbursement.amount_minor),
    )


def _note(application: Application, fact: Fact) -> str:
    """Return what the officer wrote, "" beside a reason of which the applicant reads the sentence alone."""
    terms = applications.terms(application)
    silent = any(terms.reason(code).silent for code in fact.record["reasons"])
    return "" if silent else fact.disclosed.get("note", "")


def _reasons(application: Application, fact: Fact) -> tuple[Reason, ...]:
    terms = applications.terms(application)
    detail = fact.record["detail"]
    # Several decided: the reasons of all, and the words of the last one only when it was a vote against.
    codes = detail.get("reasons_given") or fact.record["reasons"]
    given = [terms.reason(code) for code in codes]
    spoken = detail.get("vote", "against") == "against" and not any(one.silent for one in given)
    note = fact.disclosed.get("note", "") if spoken else ""
    told = [
        Reason(
            "" if one.silent else one.code,
            one.sentence,
            one.clause,
            note if one is given[-1] else "",
        )
        for one in given
    ]
    return tuple(dict.fromkeys(told))


_BODIES = {
    "acknowledgement": _acknowledgement,
    "information_request": _information_request,
    "offer": _offer,
    "decline": _decline,
    "lapse": _lapse,
    "disbursement_advice": _advice,
    "arrears_notice": proposals.arrears_notice,
    "clawback": proposals.demand,
    "change_offer": proposals.change_offer,
    "waiting_list": proposals.waiting_list,
}
