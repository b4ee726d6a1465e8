"""The rules, one sentence each: the closed vocabulary a definition may name.

A guard returns ``None`` when it holds and otherwise the sentence a person reads. ``needs_input`` marks a guard that
looks at what the person is about to enter: it is not asked when a page only wants to know which acts are open.
"""

from workflows import spending as _spending  # noqa: F401 - its rules are of the same vocabulary
from workflows.facts import Facts
from workflows.guarding import GUARDS, Guard, guard

__all__ = ["GUARDS", "Guard"]


@guard("Call: opening and closing time")
def call_open(facts: Facts) -> str | None:
    """Applications are taken only while the call is open and the scheme is not suspended."""
    if facts.call_open:
        return None
    return facts.call_closed or "The call is not open for applications."


@guard("Scheme: application form")
def answers_complete(facts: Facts) -> str | None:
    """Every question that must be answered is answered, each in its form."""
    if facts.problems is None:
        return "The answers have not been checked."
    if facts.problems:
        named = "; ".join(label.rstrip(".") for label in facts.problems)
        return f"These answers need attention: {named}."
    return None


@guard("Scheme: documents to attach")
def documents_present(facts: Facts) -> str | None:
    """Every document the scheme asks for is attached."""
    if facts.missing_documents is None:
        return "The documents have not been checked."
    if facts.missing_documents:
        return "Still to be attached: " + "; ".join(facts.missing_documents) + "."
    return None


@guard("Scheme: eligibility rules")
def eligible(facts: Facts) -> str | None:
    """No eligibility rule of the scheme speaks against the application."""
    if facts.failed_rules is None:
        return "Eligibility has not been checked."
    if facts.failed_rules:
        return " ".join(sentence for _, sentence, _ in facts.failed_rules)
    return None


@guard("Scheme: eligibility rules, before the first disbursement")
def still_eligible(facts: Facts) -> str | None:
    """Before the first money every eligibility rule still holds, and what was a condition is done."""
    if facts.unmet_rules is None:
        return "Eligibility has not been checked again."
    if facts.unmet_rules:
        return " ".join(sentence for _, sentence, _ in facts.unmet_rules)
    return None


@guard("Amounts in US dollars: rate of exchange")
def rate_known(facts: Facts) -> str | None:
    """What is asked for in US dollars can be told in the currency of the enterprise's country."""
    if facts.rate_known:
        return None
    return (
        "No rate of exchange is known yet for the currency of your country, so that the amount cannot be told in it. "
        "The fund records one; hand the application in after that."
    )


@guard("Decision: by circulation")
def within_clock(facts: Facts) -> str | None:
    """Votes by circulation are cast while the time for them runs; afterwards they are cast at a sitting."""
    if facts.clock_over is False:
        return None
    return "The time for votes by circulation is over. Vote at a sitting."


@guard("Objection: taken up once")
def objected_once(facts: Facts) -> str | None:
    """An objection is taken up once with those who are asked; the second one stands."""
    if facts.objections is None:
        return "The objections have not been counted."
    return None if facts.objections <= 1 else "There was an objection again; it stands."


@guard("Assessment: one per assessor")
def not_yet_assessed(facts: Facts) -> str | None:
    """An assessor assesses a case once."""
    return "You have already assessed this case." if facts.assessed_by_actor is not False else None


@guard("Recommendation: amount", needs_input=True)
def recommended_within_requested(facts: Facts) -> str | None:
    """A recommended amount is positive and not above the amount requested."""
    if facts.recommended_outcome == "decline":
        return None
    if not facts.amount or facts.amount <= 0 or facts.requested is None:
        return "Say which amount you recommend."
    if facts.amount > facts.requested:
        return f"{facts.told('amount')} is more than the {facts.told('requested')} requested."
    return None


@guard("Decision: amount", needs_input=True)
def approved_within_recommended(facts: Facts) -> str | None:
    """An approved amount is positive and not above the amount recommended."""
    if not facts.amount or facts.amount <= 0:
        return "Say which amount you approve."
    if facts.recommended is None or facts.recommended_outcome != "approve":
        return "Nothing was recommended for approval."
    if facts.amount > facts.recommended:
        return f"{facts.told('amount')} is more than the {facts.told('recommended')} recommended."
    return None


@guard("Decision: authority matrix", needs_input=True)
def within_authority(facts: Facts) -> str | None:
    """The approver holds an authority in force for this scheme and currency that reaches the amount."""
    if facts.authority_limit is None:
        return "You hold no authority in force for this scheme and currency."
    if facts.amount is None or facts.amount > facts.authority_limit:
        return f"{facts.told('amount')} is above your authority of {facts.told('authority_limit')}."
    return None


@guard("Call: budget", needs_input=True)
def within_budget(facts: Facts) -> str | None:
    """What is reserved and paid under the call never exceeds its budget."""
    if facts.budget_left is None or facts.amount is None:
        return "The budget of the call is not known."
    if facts.amount > facts.budget_left:
        return f"{facts.told('amount')} is more than the {facts.told('budget_left')} left in the budget of the call."
    return None


@guard("Letter of offer: acceptance period")
def offer_open(facts: Facts) -> str | None:
    """An offer can be accepted up to and including its last day."""
    if facts.offer_expires_on is None or facts.today > facts.offer_expires_on:
        return "The acceptance period of the offer is over."
    return None


@guard("Letter of offer: acceptance period")
def offer_expired(facts: Facts) -> str | None:
    """An offer lapses only after its last day."""
    if facts.offer_expires_on is None or facts.today <= facts.offer_expires_on:
        return "The acceptance period of the offer is not over."
    return None


@guard("Award: conditions precedent", needs_input=True)
def condition_open(facts: Facts) -> str | None:
    """The condition belongs to this award and is not met yet."""
    return None if facts.condition_open else "This condition is not open."


@guard("Award: conditions precedent")
def disbursement_open(facts: Facts) -> str | None:
    """Money is asked for and moves only while the award is in disbursement."""
    return (
        None
        if facts.disbursement_open
        else "Conditions precedent are still open, or the award is closed."
    )


@guard("Award: order of tranches")
def earlier_tranches_paid(facts: Facts) -> str | None:
    """Tranches are asked for in their order."""
    if facts.earlier_unpaid is None:
        return "The earlier tranches have not been checked."
    if facts.earlier_unpaid:
        return "Tranche " + ", ".join(map(str, facts.earlier_unpaid)) + " is not paid yet."
    return None


@guard("Award: amount")
def within_award(facts: Facts) -> str | None:
    """What is disbursed never exceeds the award."""
    if facts.award_left is None or facts.amount is None or facts.amount > facts.award_left:
        return "This would disburse more than the award."
    return None


@guard("Payment: four eyes on the file", needs_input=True)
def file_unchanged(facts: Facts) -> str | None:
    """Whoever checks or releases a payment file names the digest of the very file that will be sent."""
    if not facts.file_digest or facts.file_digest != facts.seen_digest:
        return "The payment file is not the one you looked at. Open the case again and compare."
    return None


@guard("Award: tranches")
def all_tranches_paid(facts: Facts) -> str | None:
    """A case completes when its last tranche is paid."""
    return None if facts.tranches_unpaid == 0 else "Tranches are still to be paid."
