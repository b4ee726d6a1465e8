"""The tranches of an award as a page shows them to one person."""

from dataclasses import dataclass

from app.accounts.models import Person
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award, Tranche
from app.disbursements import queries as disbursements
from app.disbursements.models import Disbursement, PaymentInstruction
from app.disbursements.queries import disbursement_facts, eligible_still, tranche_facts
from app.schemes import queries as schemes
from workflows.definition import State
from workflows.machine import Option, options


@dataclass(frozen=True)
class TrancheView:
    """A tranche with its payment and the acts that start from where it stands."""

    tranche: Tranche
    state: State
    instruction: PaymentInstruction | None
    disbursement: Disbursement | None
    options: tuple[Option, ...]


def tranches_of(application: Application, award: Award, actor: Person) -> list[TrancheView]:
    workflow = schemes.workflow(application.scheme.tranche_digest)
    instructions = disbursements.instructions(award)
    paid = disbursements.disbursements(award)
    shared = disbursement_facts(application, award, actor, eligible_still(application, award))
    offered = (lambda *_: ()) if actor.advises else options
    return [
        TrancheView(
            tranche=tranche,
            state=workflow.states[tranche.state],
            instruction=instructions.get(tranche.id),
            disbursement=paid.get(tranche.id),
            options=offered(
                workflow,
                tranche.state,
                tranche_facts(shared, award, tranche, instructions.get(tranche.id)),
            ),
        )
        for tranche in awards.tranches(award)
    ]
