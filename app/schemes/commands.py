"""Publishing schemes and the workflows agencies write. A version that is published is never rewritten."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.models import Agency, Person
from app.db import db
from app.errors import Conflict, Invalid, Missing
from app.schemes import queries
from app.schemes.compose import CallTerms, SchemeTerms, scheme_terms
from app.schemes.models import Call, Scheme, WorkflowProposal, WorkflowVersion
from app.trail.commands import Entry, Recorded, record
from workflows.definition import Workflow
from workflows.entries import finding_line
from workflows.facts import Failure
from workflows.format.loading import load, shipped
from workflows.format.reading import Malformed
from workflows.machine import Refused
from workflows.money import to_minor
from workflows.soundness import findings
from workflows.soundness.witness import Finding

DUTY = "scheme_designer"
PUBLICATION = "Workflow: publication by two people"

CATALOGUE = Path(__file__).parent / "catalogue"

_LOCKED = (
    select(Call)
    .where(Call.id == bindparam("call"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def publish(source: str) -> Scheme:
    """Publish a scheme version with its calls; the same text twice is once.

    Raises ``workflows.definition.Malformed`` for a text with mistakes, ``Conflict`` when the version exists with
    another text or a workflow does not fit, ``Missing`` when the agency is not registered or a workflow not published.
    """
    terms = scheme_terms(source)
    known = queries.scheme(terms.code, terms.version)
    if known is not None:
        if known.digest != terms.digest:
            raise Conflict(f"{terms.code} version {terms.version} is published with another text.")
        return known
    agency = accounts.agency_by_code(terms.agency)
    if agency is None:
        raise Missing(f"The agency {terms.agency} is not registered.")
    scheme = Scheme(
        code=terms.code,
        version=terms.version,
        digest=terms.digest,
        name=terms.name,
        instrument=terms.instrument,
        currency=terms.currency,
        status=terms.status,
        source=source,
        agency=agency,
        workflow_digest=_workflow(terms, terms.workflow, agency, "application"),
        tranche_digest=_workflow(terms, terms.tranche_workflow, agency, "tranche"),
    )
    db.session.add(scheme)
    db.session.flush()
    for call in terms.calls:
        _open(scheme, terms, call)
    return scheme


def publish_catalogue() -> list[Scheme]:
    """Publish every scheme shipped with the program."""
    files = sorted(CATALOGUE.glob("*.toml"))
    return [publish(file.read_text(encoding="utf-8")) for file in files]


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


def reserve(call: Call, amount: int) -> None:
    """Reserve budget, in minor units; the caller holds the lock on the call, the database holds the limit."""
    call.reserved_minor += amount


def release(call: Call, amount: int) -> None:
    """Give reserved budget back, in minor units."""
    call.reserved_minor -= amount


def spend(call: Call, amount: int) -> None:
    """Turn reserved budget into paid, in minor units."""
    call.reserved_minor -= amount
    call.paid_minor += amount


def locked(call_id: int) -> Call:
    """Return a call with its lock held until the end of the transaction."""
    return db.session.scalars(_LOCKED, {"call": call_id}).one()


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


def _workflow(terms: SchemeTerms, called: str, agency: Agency, kind: str) -> str:
    """Return the digest of a workflow: one shipped, by its name, or one in a version the agency published, "name@3"."""
    found = _published(called, agency) if "@" in called else _shipped(called)
    if found.kind != kind:
        raise Conflict(f"The workflow {called} is not the life of a {kind}.")
    wrong = queries.misfits(terms, found)
    if wrong:
        raise Malformed(terms.code, wrong)
    return found.digest


def _shipped(called: str) -> Workflow:
    if called not in queries.shipped_names():
        raise Missing(f"No workflow called {called} is shipped with the program.")
    found = shipped(called)
    if db.session.get(WorkflowVersion, found.digest) is None:
        db.session.add(
            WorkflowVersion(
                digest=found.digest, name=found.name, version=found.version, source=found.source
            )
        )
        db.session.flush()
    return found


def _published(called: str, agency: Agency) -> Workflow:
    found = queries.workflow_called(called, agency.id)
    if found is None:
        raise Missing(f"The agency {agency.code} has not published a workflow {called}.")
    return queries.workflow(found.digest)


def _open(scheme: Scheme, terms: SchemeTerms, call: CallTerms) -> None:
    db.session.add(
        Call(
            code=call.code,
            title=call.title,
            scheme=scheme,
            opens_at=call.opens_at,
            closes_at=call.closes_at,
            budget_minor=to_minor(call.budget, terms.currency),
        )
    )
