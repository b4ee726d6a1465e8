"""Workflows agencies write: proposed by one person, published by a second. A version that is published is never rewritten."""

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts.commands import locked_agency
from app.accounts.models import Agency, Person
from app.db import db
from app.errors import Invalid
from app.schemes import queries
from app.schemes.models import WorkflowProposal, WorkflowVersion
from app.trail.commands import Entry, Recorded, record
from workflows.definition import Workflow
from workflows.entries import finding_line
from workflows.facts import Failure
from workflows.format.loading import load
from workflows.format.reading import Malformed
from workflows.machine import Refused
from workflows.soundness import findings
from workflows.soundness.witness import Finding

DUTY = "scheme_designer"
PUBLICATION = "Workflow: publication by two people"


def propose_workflow(source: str, *, actor: Person) -> WorkflowProposal:
    """Propose a workflow text to a second person; a text that is open already stays the one proposal.

    Raises ``Refused`` without the duty or with a name or number that cannot be, ``Invalid`` with every mistake of the
    text and everything that makes it unsound.
    """
    agency = designing(actor, "propose_workflow")
    workflow = _read(source)
    failures = (*_whose_name(workflow), *_above(workflow, agency))
    if failures:
        raise Refused("propose_workflow", "", failures)
    for known in queries.proposals(agency, "open"):
        if known.digest == workflow.digest:
            return known
    proposal = WorkflowProposal(
        agency_id=agency.id,
        name=workflow.name,
        version=workflow.version,
        digest=workflow.digest,
        source=source,
        author_id=actor.id,
        proposed_at=clock.now(),
        outcome="open",
        note="",
    )
    db.session.add(proposal)
    db.session.flush()
    _note(agency, "propose_workflow", proposal, actor)
    return proposal


def publish_workflow(number: int, *, actor: Person) -> Recorded:
    """Publish a proposal as the second person: from now on the version never changes.

    Raises ``Refused`` for its author, for one that is decided already, or whose text would not be accepted any more.
    """
    agency = designing(actor, "publish_workflow")
    proposal = queries.proposal(number, agency)
    workflow = _parsed(proposal.source)
    failures = [*four_eyes(proposal.author_id, actor, PUBLICATION), *_waiting(proposal)]
    failures += _above(workflow, agency)
    failures += [Failure(f.rule, f.sentence, f.place) for f in findings(workflow) if blocks(f)]
    if failures:
        raise Refused("publish_workflow", proposal.outcome, tuple(failures))
    _keep(proposal, actor)
    _decide(proposal, "published", actor)
    return _note(agency, "publish_workflow", proposal, actor)


def reject_workflow(number: int, note: str, *, actor: Person) -> Recorded:
    """Reject a proposal with a reason; its author may take it back in this way."""
    agency = designing(actor, "reject_workflow")
    proposal = queries.proposal(number, agency)
    failures = tuple(_waiting(proposal))
    if failures:
        raise Refused("reject_workflow", proposal.outcome, failures)
    proposal.note = note
    _decide(proposal, "rejected", actor)
    return _note(agency, "reject_workflow", proposal, actor, note=note)


def blocks(finding: Finding) -> bool:
    """Tell whether a finding stands in the way of publication; a warning does not."""
    return finding.severity == "error"


def designing(actor: Person, act: str) -> Agency:
    """Return the person's agency with its lock; raises ``Refused`` without the duty."""
    return locked_agency(entitled(actor, act).id)


def entitled(actor: Person, act: str) -> Agency:
    """Return the agency a person designs for, without a lock; raises ``Refused`` without the duty."""
    if actor.agency is None or DUTY not in actor.duties:
        sentence = "This is for a person with the duty scheme designer."
        raise Refused(act, "", (Failure("duty", sentence, "Agency: duties"),))
    return actor.agency


def _parsed(source: str) -> Workflow:
    try:
        return load(source)
    except Malformed as error:
        raise Invalid({"source": list(error.mistakes)}) from error


def _read(source: str) -> Workflow:
    workflow = _parsed(source)
    unsound = [finding_line(found) for found in findings(workflow) if blocks(found)]
    if unsound:
        raise Invalid({"source": unsound})
    return workflow


def _whose_name(workflow: Workflow) -> Iterator[Failure]:
    if workflow.name in queries.shipped_names():
        sentence = f"The name {workflow.name} belongs to a workflow of the program; take another."
        yield Failure("name_of_the_program", sentence, PUBLICATION)
    elif workflow.name in queries.completed_names():
        sentence = f"The name {workflow.name} belongs to the workflow of a scheme; take another."
        yield Failure("name_of_a_scheme", sentence, PUBLICATION)


def _above(workflow: Workflow, agency: Agency) -> Iterator[Failure]:
    newest = queries.newest(workflow.name, agency)
    if newest is not None and workflow.version <= newest.version:
        sentence = (
            f"Version {newest.version} of {workflow.name} is published; take a higher number."
        )
        yield Failure("higher_version", sentence, PUBLICATION)


def four_eyes(author_id: int, actor: Person, clause: str) -> Iterator[Failure]:
    if author_id == actor.id:
        sentence = "You wrote this; another scheme designer must check it."
        yield Failure("four_eyes", sentence, clause)


def _waiting(proposal: WorkflowProposal) -> Iterator[Failure]:
    if proposal.outcome != "open":
        sentence = f"The proposal is {proposal.outcome} already."
        yield Failure("still_open", sentence, PUBLICATION)


def _keep(proposal: WorkflowProposal, checker: Person) -> None:
    """Store the version; two agencies may publish the same text, also at the same moment."""
    if db.session.get(WorkflowVersion, proposal.digest) is None:
        kept = ("digest", "name", "version", "source", "agency_id", "author_id")
        same = {name: getattr(proposal, name) for name in kept}
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(WorkflowVersion(**same, checker_id=checker.id, published_at=clock.now()))


def _decide(proposal: WorkflowProposal, outcome: str, actor: Person) -> None:
    proposal.outcome, proposal.decided_by, proposal.decided_at = outcome, actor.id, clock.now()
    db.session.flush()


def _note(
    agency: Agency, kind: str, proposal: WorkflowProposal, actor: Person, *, note: str = ""
) -> Recorded:
    """Record what became of a proposal on the trail of the agency."""
    body = {
        "duty": DUTY,
        "workflow": {
            "name": proposal.name,
            "version": proposal.version,
            "sha256": proposal.digest,
        },
        "detail": {"proposal": proposal.id, "author": f"officer:{proposal.author_id}"},
    }
    return record(agency, Entry(kind, actor.mark, body, private={"note": note}))
