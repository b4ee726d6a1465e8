"""Publishing schemes with their calls. A version that is published is never rewritten."""

import tomllib
from pathlib import Path

from sqlalchemy import bindparam, or_, select, update

from app.accounts import queries as accounts
from app.accounts.commands import OPERATOR, locked_agency
from app.accounts.models import Agency
from app.budgets.commands import Place, allot
from app.budgets.models import WHOLE_LIFE
from app.db import db
from app.errors import Conflict, Missing, Problem
from app.schemes import queries
from app.schemes.compose.checking import (
    Window,
    inconsistent,
    overlaps,
    unpublishable,
)
from app.schemes.compose.completing import fitted
from app.schemes.compose.funding import CallTerms
from app.schemes.compose.reading import as_written, publishable_terms, scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.compose.whole import agencies_in, whole
from app.schemes.models import Call, Scheme, WorkflowVersion
from app.trail.commands import Entry, record
from workflows.definition import Workflow
from workflows.format.loading import shipped
from workflows.format.reading import Malformed
from workflows.money import to_minor

CATALOGUE = Path(__file__).parent.parent / "catalogue"
_LIVES = {"application": "a case", "tranche": "a tranche"}

_LOCKED = (
    select(Call)
    .where(Call.id == bindparam("call"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def publish(source: str) -> Scheme:
    """Publish a scheme version with its calls; the same text twice is once.

    A call of an earlier version that the text names goes over to this one, with its budget and what is reserved of it;
    cases handed in before stay under the version they were handed in under. What an operator said of the scheme, such as
    that it is suspended, stays said. Raises ``Malformed`` for a text with mistakes or a workflow that would not be sound,
    ``Conflict`` when the version exists with another text or is not the newest, ``Missing`` when an agency is not
    registered or a workflow not published.
    """
    source = whole(source)
    terms = scheme_terms(source)
    known = queries.scheme(terms.code, terms.version)
    if known is not None:
        if not _same(known.source, source):
            raise Conflict(f"{terms.code} version {terms.version} is published with another text.")
        return known
    publishable_terms(source)
    # Calls before the agency: nobody waits for another in a circle.
    calls = locked_calls(terms.code, [call.code for call in terms.calls])
    agency, before = _owner(terms, source)
    application, tranche = workflows(terms, agency)
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
        workflow_digest=keep(application, agency),
        tranche_digest=keep(tranche, agency),
    )
    _stand(scheme, before)
    db.session.add(scheme)
    db.session.flush()
    _open(scheme, terms, calls)
    detail = {
        "scheme": told(scheme),
        "status": scheme.status,
        "calls": [call.code for call in terms.calls],
    }
    record(agency, Entry("publish_scheme", OPERATOR, {"detail": detail}))
    return scheme


def check(source: str) -> None:
    """Read a scheme's text as publication would; raises ``Malformed`` with all that is wrong with it and its workflows."""
    terms = as_written(whole(source))
    wrong = [*inconsistent(terms), *unpublishable(terms)]
    named = (terms.workflow, terms.tranche_workflow)
    own = any("@" in called for called in named)
    try:
        workflows(terms, accounts.agency_by_code(terms.agency) if own else None)
    except Malformed as error:
        wrong += error.mistakes
    except Problem as error:
        wrong.append(f"workflow: {error.detail}")
    if wrong:
        raise Malformed(terms.code, wrong)


def publish_catalogue() -> list[Scheme]:
    """Publish every scheme shipped with the program whose agencies are registered: an installation may serve one country."""
    return [publish(source) for source in catalogue() if not unregistered(source)]


def catalogue() -> list[str]:
    """Return the texts of the schemes shipped with the program."""
    return [file.read_text(encoding="utf-8") for file in sorted(CATALOGUE.glob("*.toml"))]


def unregistered(source: str) -> list[str]:
    """Return the codes of the agencies a scheme's text names that are not registered here; what else it says is not read."""
    return [code for code in agencies_in(source) if accounts.agency_by_code(code) is None]


def locked(call_id: int) -> Call:
    """Return a call with its lock held until the end of the transaction."""
    return db.session.scalars(_LOCKED, {"call": call_id}).one()


def workflows(terms: SchemeTerms, agency: Agency | None) -> tuple[Workflow, Workflow]:
    """Return the life of the cases of a scheme, completed by it, and that of their tranches.

    Raises ``Malformed`` with everything that does not fit, of both; ``Missing`` for a workflow that is not there.
    """
    templates = (
        _template(terms.workflow, agency, "application"),
        _template(terms.tranche_workflow, agency, "tranche"),
    )
    wrong: list[str] = []
    fitting = []
    for template in templates:
        try:
            fitting.append(fitted(template, terms))
        except Malformed as error:
            wrong += error.mistakes
    if wrong:
        raise Malformed(terms.code, list(dict.fromkeys(wrong)))
    return fitting[0], fitting[1]


def _same(known: str, source: str) -> bool:
    """Tell whether two texts say the same: how a text is laid out that was put together here is not what it says."""
    return known == source or tomllib.loads(known) == tomllib.loads(source)


def told(scheme: Scheme) -> dict[str, str | int]:
    """Return how an event names a scheme version."""
    return {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest}


def locked_calls(scheme: str, codes: list[str]) -> dict[str, Call]:
    """Return the calls of a scheme and those of some codes, by code, locked in one order."""
    found = (
        select(Call)
        .join(Call.scheme)
        .where(or_(Scheme.code == scheme, Call.code.in_(codes)))
        .order_by(Call.id)
        .with_for_update(of=Call, key_share=True)
        .execution_options(populate_existing=True)
    )
    return {call.code: call for call in db.session.scalars(found)}


def _owner(terms: SchemeTerms, source: str) -> tuple[Agency, Scheme | None]:
    """Return the agency of a scheme with the lock of its trail, and the version before; all its agencies must be there."""
    missing = unregistered(source)
    if missing:
        plural, verb = ("agencies", "are") if len(missing) > 1 else ("agency", "is")
        raise Missing(f"The {plural} {', '.join(missing)} {verb} not registered.")
    owner = accounts.agency_by_code(terms.agency)
    if owner is None:
        raise Missing(f"The agency {terms.agency} is not registered.")
    agency = locked_agency(owner.id)
    newest = queries.newest_scheme(terms.code)
    if newest is not None and newest.agency_id != agency.id:
        raise Conflict(f"The scheme {terms.code} belongs to another agency.")
    if newest is not None and newest.currency != terms.currency:
        # Drafts go over to the new version, and budgets and authorities are in the old currency.
        raise Conflict(f"{terms.code} is in {newest.currency}; another currency is another scheme.")
    if newest is not None and newest.version > terms.version:
        raise Conflict(f"Version {newest.version} of {terms.code} is published; take a higher one.")
    return agency, newest


def _stand(scheme: Scheme, before: Scheme | None) -> None:
    """Let what was said of the version before by an operator stay said; else all versions stand as the new one says."""
    if before is None:
        return
    if before.status_since is not None and before.status != "open":
        scheme.status, scheme.status_note = before.status, before.status_note
        scheme.status_since = before.status_since
        return
    said = {"status": scheme.status, "status_note": scheme.status_note, "status_since": None}
    db.session.execute(update(Scheme).where(Scheme.code == scheme.code).values(said))


def _template(called: str, agency: Agency | None, kind: str) -> Workflow:
    """Return a workflow to be completed: one shipped, by its name, or one the agency published, "name@3"."""
    if "@" not in called and called not in queries.shipped_names():
        raise Missing(f"No workflow called {called} is shipped with the program.")
    found = _published(called, agency) if "@" in called else shipped(called)
    if found.kind != kind:
        raise Conflict(f"The workflow {called} is not the life of {_LIVES[kind]}.")
    return found


def _published(called: str, agency: Agency | None) -> Workflow:
    found = queries.workflow_called(called, agency.id) if agency else None
    if found is None:
        named = f"The agency {agency.code}" if agency else "The agency of the scheme"
        raise Missing(f"{named} has not published a workflow {called}.")
    if queries.scheme_completed(found):
        raise Conflict(f"The workflow {called} is that of a scheme; name the one it was made from.")
    return queries.workflow(found.digest)


def keep(found: Workflow, agency: Agency | None = None) -> str:
    """Store a version that is not there yet, and return its digest; what no program ships is the agency's own."""
    if db.session.get(WorkflowVersion, found.digest) is None:
        own = found.name not in queries.shipped_names()
        row = WorkflowVersion(
            digest=found.digest,
            name=found.name,
            version=found.version,
            source=found.source,
            agency_id=agency.id if own and agency else None,
        )
        db.session.add(row)
        db.session.flush()
    return found.digest


def _open(scheme: Scheme, terms: SchemeTerms, known: dict[str, Call]) -> None:
    """Open the calls of a scheme version; those of an earlier version that it names go over to it."""
    for call in known.values():
        if call.scheme.code != scheme.code:
            raise Conflict(f"The call {call.code} is one of {call.scheme.code}.")
    named = {call.code for call in terms.calls}
    windows = [Window(call.code, call.opens_at, call.closes_at) for call in terms.calls]
    windows += [
        Window(c.code, c.opens_at, c.closes_at) for c in known.values() if c.code not in named
    ]
    wrong = [] if terms.calls_may_overlap else list(overlaps(windows))
    if wrong:
        raise Malformed(terms.code, wrong)
    for said in terms.calls:
        call = known.get(said.code) or Call(code=said.code)
        call.title, call.scheme = said.title, scheme
        call.opens_at, call.closes_at = said.opens_at, said.closes_at
        db.session.add(call)
        place = Place(terms.facility, terms.code, said.code, terms.currency, scheme.agency)
        allot(place, amounts(said, terms.currency))


def amounts(said: CallTerms, currency: str) -> dict[int, int]:
    """Return the budgets of a call in minor units, by the year in which the fiscal year begins; one for its whole life."""
    if not said.years:
        return {WHOLE_LIFE: to_minor(said.budget, currency)}
    return {int(year): to_minor(amount, currency) for year, amount in said.years.items()}
