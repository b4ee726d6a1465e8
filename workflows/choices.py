"""Choices between the destinations of one act: what must hold for a branch to be taken."""

from collections.abc import Callable, Sequence

from workflows.definition import Branch, Strand
from workflows.facts import Facts
from workflows.vocabulary import SWITCH

Choice = Callable[[Facts], bool]


def last_assessment(facts: Facts) -> bool:
    """Tell whether this assessment is the last one the scheme asks for."""
    return facts.assessments is not None and facts.assessments + 1 >= (
        facts.assessments_required or 2
    )


def last_condition(facts: Facts) -> bool:
    """Tell whether this condition precedent is the last open one."""
    return facts.open_conditions is not None and len(facts.open_conditions) == 1


def decided_for(facts: Facts) -> bool:
    """Tell whether the votes, with the one being cast, decide for."""
    return facts.result == "for"


def decided_against(facts: Facts) -> bool:
    """Tell whether the votes, with the one being cast, decide against."""
    return facts.result == "against"


def strands_done(facts: Facts) -> bool:
    """Tell whether every strand of the parallel work is at its last step; which step that is, `conditions` knows."""
    return not facts.strands


def others_asked(facts: Facts) -> bool:
    """Tell whether there are agencies to be asked."""
    return bool(facts.asked)


def through_facility(facts: Facts) -> bool:
    """Tell whether the money goes through the facility of the enterprise's country."""
    return bool(facts.through_facility)


def last_release(facts: Facts) -> bool:
    """Tell whether this release of a payment is the last one that it needs."""
    return facts.releases is not None and facts.releases + 1 >= (facts.releases_needed or 1)


def found_unpaid(facts: Facts) -> bool:
    """Tell whether a person found that the bank has not paid."""
    return facts.found_paid is False


def last_approval(facts: Facts) -> bool:
    """Tell whether this approval is the last one that the amount needs."""
    return facts.approvals is not None and facts.approvals + 1 >= (facts.approvals_needed or 1)


CHOICES: dict[str, Choice] = {
    choice.__name__: choice
    for choice in (
        last_assessment,
        last_condition,
        decided_for,
        decided_against,
        strands_done,
        others_asked,
        through_facility,
        last_release,
        found_unpaid,
        last_approval,
    )
}


def conditions(branch: Branch, strands: Sequence[Strand]) -> list[Choice]:
    """Return what must hold for a branch out of a state with these strands; an empty list always holds."""
    found: list[Choice] = []
    if branch.when == strands_done.__name__:
        last = {strand.name: strand.steps[-1] for strand in strands}
        found.append(lambda facts: dict(facts.strands) == last)
    elif branch.when is not None and branch.when.startswith(SWITCH):
        name = branch.when.removeprefix(SWITCH)
        found.append(lambda facts: name in (facts.switches or ()))
    elif branch.when is not None:
        found.append(CHOICES[branch.when])
    if branch.outcome is not None:
        outcome = branch.outcome
        found.append(lambda facts: facts.outcome == outcome)
    return found
