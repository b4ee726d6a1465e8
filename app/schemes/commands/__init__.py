"""Publishing, suspending and closing schemes, and the budget of their calls. A version that is published is never rewritten."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select

from app.accounts import queries as accounts
from app.accounts.commands import OPERATOR, locked_agency
from app.accounts.models import Agency
from app.db import db
from app.errors import Conflict, Missing
from app.schemes import queries
from app.schemes.compose.checking import STATUSES, unpublishable
from app.schemes.compose.completing import completed
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import CallTerms, SchemeTerms
from app.schemes.compose.whole import whole
from app.schemes.models import Call, Scheme, WorkflowVersion
from app.trail.commands import Entry, Recorded, record
from workflows.definition import Workflow
from workflows.entries import finding_line
from workflows.format.loading import load, shipped
from workflows.format.reading import Malformed
from workflows.money import to_minor
from workflows.soundness import findings

CATALOGUE = Path(__file__).parent.parent / "catalogue"
# What a change of status is called on the trail of the agency.
_CHANGES = {"open": "reopen_scheme", "suspended": "suspend_scheme", "closed": "close_scheme"}

_LOCKED = (
    select(Call)
    .where(Call.id == bindparam("call"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def publish(source: str) -> Scheme:
    """Publish a scheme version with its calls; the same text twice is once.

    A call of an earlier version that the text names goes over to this one, with its budget and what is reserved of it;
    cases handed in before stay under the version they were handed in under. Raises ``Malformed`` for a text with mistakes
    or a workflow that would not be sound, ``Conflict`` when the version exists with another text or is not the newest,
    ``Missing`` when an agency is not registered or a workflow not published.
    """
    source = whole(source)
    terms = scheme_terms(source)
    known = queries.scheme(terms.code, terms.version)
    if known is not None:
        if known.digest != terms.digest:
            raise Conflict(f"{terms.code} version {terms.version} is published with another text.")
        return known
    wrong = unpublishable(terms)
    if wrong:
        raise Malformed(terms.code, wrong)
    agency = _owner(terms)
    scheme = Scheme(
        code=terms.code,
        version=terms.version,
        digest=terms.digest,
        name=terms.name,
        instrument=terms.instrument,
        currency=terms.currency,
        status=terms.status,
        status_note=terms.status_note,
        source=source,
        agency=agency,
        workflow_digest=_workflow(terms, terms.workflow, agency, "application"),
        tranche_digest=_workflow(terms, terms.tranche_workflow, agency, "tranche"),
    )
    db.session.add(scheme)
    db.session.flush()
    for call in terms.calls:
        _open(scheme, terms, call)
    detail = {"scheme": _told(scheme), "status": scheme.status}
    record(agency, Entry("publish_scheme", OPERATOR, {"detail": detail}))
    return scheme


def publish_catalogue() -> list[Scheme]:
    """Publish every scheme shipped with the program whose agencies are registered: an installation may serve one country."""
    found = []
    for file in sorted(CATALOGUE.glob("*.toml")):
        source = file.read_text(encoding="utf-8")
        terms = scheme_terms(whole(source))
        if all(accounts.agency_by_code(code) for code in queries.agencies_of(terms)):
            found.append(publish(source))
    return found


@dataclass(frozen=True)
class Change:
    """A new status of a scheme, and why; ``actor`` is who changes it, as events name people."""

    status: str
    note: str
    actor: str = OPERATOR


def change_status(code: str, change: Change) -> Recorded:
    """Suspend, close or reopen a scheme in its newest version; cases in the pipeline go on untouched.

    It stands on the trail of the agency. Raises ``Missing`` for an unknown scheme, ``Conflict`` without a reason and for one
    that has the status already.
    """
    scheme = queries.newest_scheme(code)
    if scheme is None:
        raise Missing(f"There is no scheme {code}.")
    agency = locked_agency(scheme.agency_id)
    db.session.refresh(scheme)
    if change.status not in STATUSES:
        raise Conflict(f"A scheme is {', '.join(sorted(STATUSES))}, not {change.status}.")
    if scheme.status == change.status:
        raise Conflict(f"{code} is {scheme.status} already.")
    if not change.note.strip():
        raise Conflict("Say why, for those who wanted to apply.")
    scheme.status, scheme.status_note = change.status, change.note.strip()
    body = {"detail": {"scheme": _told(scheme), "note": scheme.status_note}}
    return record(agency, Entry(_CHANGES[change.status], change.actor, body))


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


def _told(scheme: Scheme) -> dict[str, str | int]:
    return {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest}


def _owner(terms: SchemeTerms) -> Agency:
    """Return the agency of a scheme with the lock of its trail; every other agency the scheme names must be there too."""
    found = {code: accounts.agency_by_code(code) for code in queries.agencies_of(terms)}
    missing = [code for code, agency in found.items() if agency is None]
    if missing:
        plural = "agencies" if len(missing) > 1 else "agency"
        verb = "are" if len(missing) > 1 else "is"
        raise Missing(f"The {plural} {', '.join(missing)} {verb} not registered.")
    owner = found[terms.agency]
    if owner is None:
        raise Missing(f"The agency {terms.agency} is not registered.")
    agency = locked_agency(owner.id)
    newest = queries.newest_scheme(terms.code)
    if newest is not None and newest.agency_id != agency.id:
        raise Conflict(f"The scheme {terms.code} belongs to another agency.")
    if newest is not None and newest.version > terms.version:
        raise Conflict(f"Version {newest.version} of {terms.code} is published; take a higher one.")
    return agency


def _workflow(terms: SchemeTerms, called: str, agency: Agency, kind: str) -> str:
    """Return the digest of a workflow, completed by the scheme: one shipped, by its name, or one the agency published, "name@3"."""
    template = _published(called, agency) if "@" in called else _shipped(called)
    if template.kind != kind:
        raise Conflict(f"The workflow {called} is not the life of a {kind}.")
    text = completed(template.source, terms) if kind == "application" else template.source
    found = load(text, name=terms.code)
    wrong = queries.misfits(terms, found)
    if text != template.source:
        wrong += [finding_line(one) for one in findings(found) if one.severity == "error"]
    if wrong:
        raise Malformed(terms.code, wrong)
    _keep(found, None if text == template.source else agency)
    return found.digest


def _shipped(called: str) -> Workflow:
    if called not in queries.shipped_names():
        raise Missing(f"No workflow called {called} is shipped with the program.")
    return shipped(called)


def _published(called: str, agency: Agency) -> Workflow:
    found = queries.workflow_called(called, agency.id)
    if found is None:
        raise Missing(f"The agency {agency.code} has not published a workflow {called}.")
    return queries.workflow(found.digest)


def _keep(found: Workflow, agency: Agency | None) -> None:
    if db.session.get(WorkflowVersion, found.digest) is not None:
        return
    db.session.add(
        WorkflowVersion(
            digest=found.digest,
            name=found.name,
            version=found.version,
            source=found.source,
            agency_id=agency.id if agency else None,
        )
    )
    db.session.flush()


def _open(scheme: Scheme, terms: SchemeTerms, said: CallTerms) -> None:
    """Open a call under a scheme version, or let one of an earlier version go over to it."""
    known = queries.call(said.code)
    if known is not None and known.scheme.code != scheme.code:
        raise Conflict(f"The call {said.code} is one of {known.scheme.code}.")
    call = locked(known.id) if known else Call(code=said.code)
    budget = to_minor(said.budget, terms.currency)
    if known is not None and budget < call.reserved_minor + call.paid_minor:
        raise Conflict(f"The call {said.code} has reserved and paid more than its new budget.")
    call.title, call.scheme = said.title, scheme
    call.opens_at, call.closes_at, call.budget_minor = said.opens_at, said.closes_at, budget
    db.session.add(call)
