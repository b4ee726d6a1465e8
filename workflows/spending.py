"""The rules on money once it is granted, one sentence each: offers and waiting lists, payments, and what is proposed later."""

from workflows.facts import Facts
from workflows.guarding import guard


@guard("Award: conditions of a tranche")
def conditions_of_tranche_met(facts: Facts) -> str | None:
    """A tranche is paid once its own conditions are met, and no condition subsequent is past its day."""
    if facts.tranche_conditions is None:
        return "The conditions of this tranche have not been checked."
    if facts.tranche_conditions:
        return "These must be met or waived first: " + " ".join(facts.tranche_conditions)
    return None


@guard("Payment: several releasers")
def not_yet_released(facts: Facts) -> str | None:
    """Nobody releases the same payment twice where it needs several releasers."""
    return (
        "You have released this payment already." if facts.released_by_actor is not False else None
    )


@guard("Payment: account of the enterprise")
def account_settled(facts: Facts) -> str | None:
    """Nothing is paid while the account is being changed, or for the days after that are laid down."""
    if facts.account_settled:
        return None
    return "The bank account is being changed. Wait until the change is confirmed and its waiting time is over."


@guard("Award: in force")
def award_standing(facts: Facts) -> str | None:
    """Something is proposed about an award that was accepted and has not ended."""
    return None if facts.award_standing else "The award is not accepted yet, or has ended."


@guard("Authority: several approvals")
def not_yet_approved(facts: Facts) -> str | None:
    """Nobody approves the same thing twice where it needs several approvals."""
    return "You have approved this already." if facts.approved_by_actor is not False else None


@guard("Call: waiting list")
def budget_out(facts: Facts) -> str | None:
    """A case waits only when the budget of the call does not have what was recommended."""
    if facts.budget_left is None or facts.recommended is None:
        return "Nothing was recommended, or the budget of the call is not known."
    if facts.recommended > facts.budget_left:
        return None
    return f"The budget of the call has {facts.told('budget_left')} left, enough for this case."


@guard("Call: waiting list")
def first_in_line(facts: Facts) -> str | None:
    """Of the cases that the budget can serve the one that waits longest goes first."""
    if facts.ahead is None or facts.budget_left is None or facts.recommended is None:
        return "The waiting list has not been looked at."
    if facts.recommended > facts.budget_left:
        return f"The budget of the call has {facts.told('budget_left')} left, not enough for this case."
    if facts.ahead:
        return "These wait longer and can be served: " + ", ".join(facts.ahead) + "."
    return None


@guard("Letter of offer: lowered", needs_input=True)
def revised_downwards(facts: Facts) -> str | None:
    """An offer is lowered, to more than nothing; for more the approval is undone and decided again."""
    if not facts.amount or facts.amount <= 0:
        return "Say which amount you offer."
    if facts.offered is None or facts.amount >= facts.offered:
        return "Enter less than what is offered. For more, undo the approval: it is decided again."
    return None


@guard("Proposal: a second person")
def second_person(facts: Facts) -> str | None:
    """What one person entered another one confirms."""
    return (
        "You entered this yourself; another person has to confirm it."
        if facts.own is not False
        else None
    )


@guard("Enterprise: who signs for it")
def signatory(facts: Facts) -> str | None:
    """Whoever binds the enterprise may sign for it."""
    if facts.signatory:
        return None
    return (
        "Only an authorised signatory of the enterprise can do this here. Let one of them do it, "
        "or send a copy that one of them has signed."
    )


@guard("Call: budget for more")
def more_within_budget(facts: Facts) -> str | None:
    """What an award is raised by is there in the budget of the call."""
    if facts.budget_left is None or facts.more is None:
        return "The budget of the call is not known."
    if facts.more > facts.budget_left:
        return "The budget of the call does not have so much left."
    return None
