"""Which schemes and calls there are, and their terms as they were published."""

import re
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.accounts.models import Agency
from app.countries.queries import country
from app.db import db
from app.errors import Missing
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Call, Scheme, WorkflowProposal, WorkflowVersion
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
    """Return the query of the workflow versions an agency may use: shipped, published by it, completed by its schemes.

    Two agencies may publish the same text: it is one version, and each has a proposal of its own.
    """
    own = select(WorkflowProposal.digest).where(
        WorkflowProposal.agency_id == agency_id, WorkflowProposal.outcome == "published"
    )
    completed = and_(WorkflowVersion.agency_id == agency_id, WorkflowVersion.author_id.is_(None))
    return select(WorkflowVersion).where(
        or_(WorkflowVersion.agency_id.is_(None), WorkflowVersion.digest.in_(own), completed)
    )


def scheme_completed(version: WorkflowVersion) -> str:
    """Return the code of the scheme that completed a workflow version, "" for one shipped or published by two people."""
    if version.agency_id is None or version.author_id is not None:
        return ""
    found = select(Scheme.code).where(Scheme.workflow_digest == version.digest)
    return db.session.scalars(found.limit(1)).first() or ""


def completed_names() -> set[str]:
    """Return the names of the workflows that schemes completed: no agency gives one of its own such a name."""
    found = select(WorkflowVersion.name).where(
        WorkflowVersion.agency_id.is_not(None), WorkflowVersion.author_id.is_(None)
    )
    return set(db.session.scalars(found))


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
    """Return the duties that workflows declare beside the usual, those published and those shipped with the program."""
    published_ones = map(workflow, db.session.scalars(select(WorkflowVersion.digest)))
    return {
        duty for found in (*published_ones, *map(shipped, shipped_names())) for duty in found.duties
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


def newest_scheme(code: str) -> Scheme | None:
    """Return the newest version of a scheme."""
    found = select(Scheme).where(Scheme.code == code).order_by(Scheme.version.desc())
    return db.session.scalars(found.limit(1)).first()


def is_open(found: Call) -> bool:
    """Tell whether a call takes applications at this moment."""
    return not closure(found)


def closure(found: Call) -> str:
    """Return why a call takes no applications at this moment, "" while it takes them.

    A call is over at the very second it closes, in the time zone of its scheme, by the clock of this service.
    """
    if found.scheme.status != "open":
        return standing(found.scheme)
    at, zone = clock.now(), zone_of(found.scheme)
    if at < found.opens_at:
        return f"{found.title} opens at {clock.in_words(found.opens_at, zone)}."
    if found.closes_at is not None and at >= found.closes_at:
        closed = clock.in_words(found.closes_at, zone)
        return f"{found.title} closed at {closed}. It is now {clock.in_words(at, zone)}."
    return ""


def standing(found: Scheme) -> str:
    """Return in a sentence that a scheme is suspended or closed, since when, and why; "" for one that is open."""
    if found.status == "open":
        return ""
    since = ""
    if found.status_since is not None:
        day = found.status_since.astimezone(ZoneInfo(zone_of(found)))
        since = f" since {day.day} {day:%B %Y}"
    why = f": {found.status_note.rstrip('.')}." if found.status_note else "."
    return f"The scheme is {found.status}{since}{why}"


def zone_of(found: Scheme) -> str:
    """Return the time zone in which a scheme is at home, by its IANA name."""
    return country(terms(found).country).zone


def newest_schemes() -> list[Scheme]:
    """Return every scheme in its newest version, by code."""
    found = select(Scheme).options(joinedload(Scheme.agency)).order_by(Scheme.code, Scheme.version)
    return list({scheme.code: scheme for scheme in db.session.scalars(found)}.values())


def newest_call(code: str) -> Call | None:
    """Return the call of a scheme that opened last."""
    found = select(Call).join(Call.scheme).where(Scheme.code == code).order_by(Call.opens_at.desc())
    return db.session.scalars(found.limit(1)).first()
