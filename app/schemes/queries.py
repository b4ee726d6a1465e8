"""Which schemes and calls there are, and their terms as they were published."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app import clock
from app.db import db
from app.schemes.compose import SchemeTerms, scheme_terms
from app.schemes.models import Call, Scheme, WorkflowVersion
from workflows.definition import Workflow
from workflows.loading import published

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


def expiries() -> dict[str, str]:
    """Return which act the system takes when the clock of a state has run out, by state, over all published workflows."""
    return {
        state.name: state.clock.expires
        for digest in db.session.scalars(select(WorkflowVersion.digest))
        for state in workflow(digest).states.values()
        if state.clock and state.clock.expires
    }


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


def is_open(found: Call) -> bool:
    """Tell whether a call takes applications at this moment."""
    at = clock.now()
    closed = found.closes_at is not None and at >= found.closes_at
    return found.scheme.status == "open" and found.opens_at <= at and not closed
