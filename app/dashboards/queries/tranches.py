"""The tranches of an award as a page shows them to one person."""

from dataclasses import dataclass

from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.awards.models import Award, Tranche
from app.claims import queries as claims
from app.disbursements import queries as disbursements
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.queries.gathering import disbursement_facts, gathered, tranche_facts
from workflows.definition import State
from workflows.machine import Option, options


@dataclass(frozen=True)
class TrancheView:
    """A tranche with its payment and the acts that start from where it stands.

    ``claim`` is how it is claimed: by "costs", in "advance", as "retention", or "" by a plain request.
    """

    tranche: Tranche
    state: State
    claim: str
    instruction: PaymentInstruction | None
    disbursement: Disbursement | None
    options: tuple[Option, ...]


def tranches_of(application: Application, award: Award, actor: Person) -> list[TrancheView]:
    (kept,) = gathered([(application, award)])
    workflow = kept.workflow
    kinds = claims.kinds_of(application, kept.tranches)
    paid = disbursements.disbursements(award)
    shared = disbursement_facts(kept, applications.facts(application, actor))
    offered = (lambda *_: ()) if actor.advises else options
    return [
        TrancheView(
            tranche=tranche,
            state=workflow.states[tranche.state],
            claim=kinds[tranche.id],
            instruction=kept.instructions.get(tranche.id),
            disbursement=paid.get(tranche.id),
            options=offered(
                workflow,
                tranche.state,
                tranche_facts(shared, kept, tranche),
            ),
        )
        for tranche in kept.tranches
    ]
