"""Publishing schemes from their files. A version that is published is never rewritten."""

from pathlib import Path

from sqlalchemy import bindparam, select

from app.accounts import queries as accounts
from app.db import db
from app.errors import Conflict, Missing
from app.schemes import queries
from app.schemes.compose import CallTerms, SchemeTerms, scheme_terms
from app.schemes.models import Call, Scheme, WorkflowVersion
from workflows.definition import Workflow
from workflows.loading import shipped
from workflows.money import to_minor

CATALOGUE = Path(__file__).parent / "catalogue"

_LOCKED = (
    select(Call)
    .where(Call.id == bindparam("call"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def publish(source: str) -> Scheme:
    """Publish a scheme version with its calls; the same text twice is once.

    Raises ``workflows.definition.Malformed`` for a text with mistakes, ``Conflict`` when the version exists with
    another text, ``Missing`` when the agency is not registered.
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
        workflow_digest=_workflow(shipped(terms.workflow)),
        tranche_digest=_workflow(shipped(terms.tranche_workflow)),
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


def _workflow(found: Workflow) -> str:
    if db.session.get(WorkflowVersion, found.digest) is None:
        db.session.add(
            WorkflowVersion(
                digest=found.digest, name=found.name, version=found.version, source=found.source
            )
        )
        db.session.flush()
    return found.digest


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
