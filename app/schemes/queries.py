"""Which schemes and calls there are, and their terms as they were published."""

import re
from functools import cache

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from app import clock
from app.accounts.models import Agency
from app.db import db
from app.errors import Missing
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import ELSEWHERE, HOME, SchemeTerms
from app.schemes.models import Call, Scheme, WorkflowProposal, WorkflowVersion
from workflows.authority import bands_of
from workflows.definition import Workflow
from workflows.format.loading import SHIPPED, published, shipped

_read: dict[str, Workflow] = {}
_terms: dict[str, SchemeTerms] = {}


def terms(scheme: Scheme) -> SchemeTerms:
    """Return the terms of a scheme version; they are read once per process."""
    if scheme.digest not in _terms:
        _terms[scheme.digest] = scheme_terms(scheme.source)
    return _terms[scheme.digest]


def workflow(digest: str) -> Workflow:
    """Return a published workflow version by its digest; it never changes, so it is read once per process."""
    if digest not in _read:
        row = db.session.get_one(WorkflowVersion, digest)
        _read[digest] = published(row.source)
    return _read[digest]


def workflows_of(agency_id: int | None) -> Select[WorkflowVersion]:
    """Return the query of the workflow versions an agency may use: those shipped and those it published.

    Two agencies may publish the same text: it is one version, and each has a proposal of its own.
    """
    own = select(WorkflowProposal.digest).where(
        WorkflowProposal.agency_id == agency_id, WorkflowProposal.outcome == "published"
    )
    # One completed by a scheme has an agency and no author: it is that of the scheme, and of no other.
    return select(WorkflowVersion).where(
        or_(WorkflowVersion.agency_id.is_(None), WorkflowVersion.digest.in_(own))
    )


@cache
def shipped_names() -> frozenset[str]:
    """Return the names of the workflows shipped with the program: no agency gives one of its own such a name."""
    return frozenset(file.stem for file in SHIPPED.glob("*.toml"))


def workflow_called(called: str, agency_id: int | None) -> WorkflowVersion | None:
    """Return the workflow version called "name@3" that an agency may use, ``None`` when there is none."""
    name, _, number = called.partition("@")
    if not re.fullmatch(r"[0-9]{1,9}", number):
        return None
    found = workflows_of(agency_id).where(
        WorkflowVersion.name == name, WorkflowVersion.version == int(number)
    )
    rows = list(db.session.scalars(found.order_by(WorkflowVersion.digest)))
    # An earlier program may have shipped another text under the same number: the present one counts.
    now = shipped(name).digest if name in shipped_names() else ""
    return next((row for row in rows if row.digest == now), rows[0] if rows else None)


def published_as(digest: str, agency: Agency) -> WorkflowProposal | None:
    """Return the proposal by which an agency published a version, ``None`` for one shipped."""
    found = select(WorkflowProposal).where(
        WorkflowProposal.agency_id == agency.id,
        WorkflowProposal.digest == digest,
        WorkflowProposal.outcome == "published",
    )
    return db.session.scalars(found).first()


def proposals(agency: Agency, outcome: str) -> list[WorkflowProposal]:
    """Return the proposals of an agency that are open, published or rejected, the newest first."""
    found = select(WorkflowProposal).where(
        WorkflowProposal.agency_id == agency.id, WorkflowProposal.outcome == outcome
    )
    return list(db.session.scalars(found.order_by(WorkflowProposal.id.desc())))


def proposal(number: int, agency: Agency) -> WorkflowProposal:
    """Return a proposal of an agency; raises ``Missing`` for that of another."""
    found = db.session.get(WorkflowProposal, number, populate_existing=True)
    if found is None or found.agency_id != agency.id:
        raise Missing("There is no such proposal, or not for you.")
    return found


def newest(name: str, agency: Agency) -> Workflow | None:
    """Return the newest version of a name that an agency published."""
    found = (
        select(WorkflowProposal.digest)
        .where(WorkflowProposal.agency_id == agency.id, WorkflowProposal.name == name)
        .where(WorkflowProposal.outcome == "published")
        .order_by(WorkflowProposal.version.desc())
    )
    digest = db.session.scalars(found.limit(1)).first()
    return workflow(digest) if digest else None


def declared_duties() -> set[str]:
    """Return the duties that published workflows declare beside the usual."""
    digests = db.session.scalars(select(WorkflowVersion.digest))
    return {duty for digest in digests for duty in workflow(digest).duties}


def misfits(found: SchemeTerms, workflow: Workflow) -> list[str]:
    """Return what of a workflow a scheme cannot serve, a sentence each: no agency, nobody to decide, no reason to choose."""
    wrong = [
        f"institutions: no agency is named for {name}."
        for name in workflow.institutions
        if name not in found.institutions
    ]
    wrong += [
        f"institutions: the workflow {workflow.name} has no {name!r}."
        for name in found.institutions
        if workflow.kind == "application" and name not in workflow.institutions
    ]
    wrong += [
        f"switches: the workflow {workflow.name} has no {name!r}."
        for name in found.switches
        if workflow.kind == "application" and name not in workflow.switches
    ]
    wrong += [
        f"workflow: {decision.title}: no band of the authority matrix is in {found.currency}."
        for decision in workflow.decisions.values()
        if not bands_of(decision, found.currency, found.code)
    ]
    wrong += [
        f"reasons: none serves the act {act.name}, which requires one."
        for act in workflow.acts.values()
        if act.reasons == "required" and not found.reasons_for(act.name)
    ]
    return wrong


def calls() -> list[Call]:
    """Return every call with its scheme and agency: one query."""
    found = (
        select(Call)
        .join(Call.scheme)
        .options(contains_eager(Call.scheme).joinedload(Scheme.agency))
    )
    return list(db.session.scalars(found.order_by(Scheme.name, Call.code)))


def call(code: str) -> Call | None:
    """Return a call by its code."""
    return db.session.scalars(select(Call).where(Call.code == code)).first()


def scheme(code: str, version: int) -> Scheme | None:
    """Return a version of a scheme."""
    found = select(Scheme).where(Scheme.code == code, Scheme.version == version)
    return db.session.scalars(found).first()


def newest_scheme(code: str) -> Scheme | None:
    """Return the newest version of a scheme."""
    found = select(Scheme).where(Scheme.code == code).order_by(Scheme.version.desc())
    return db.session.scalars(found.limit(1)).first()


def agencies_of(found: SchemeTerms) -> list[str]:
    """Return the codes of the agencies a scheme names: its own, and those that play the other parts, each once."""
    others = [code for code in found.institutions.values() if code not in {HOME, ELSEWHERE}]
    return list(dict.fromkeys((found.agency, *others, *found.focal_points.values())))


def is_open(found: Call) -> bool:
    """Tell whether a call takes applications at this moment."""
    at = clock.now()
    closed = found.closes_at is not None and at >= found.closes_at
    return found.scheme.status == "open" and found.opens_at <= at and not closed
