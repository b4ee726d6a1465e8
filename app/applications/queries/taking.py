"""Which agencies take part in a case, and the cases in which an agency has a part alone."""

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.applications.models import Application, Participation
from app.applications.queries.sight import TAKING_PART, sight, whose
from app.db import db
from app.schemes import queries as schemes
from app.schemes.compose.terms import ELSEWHERE, HOME
from app.schemes.schemas import filled
from workflows.definition import Workflow

# The question whose answer names the countries an enterprise operates in, by ISO 3166 code.
OPERATES_IN = "operates_in"
# So many of the cases seen in part are listed.
MOST = 100
_CONFINED = exists().where(
    Participation.application_id == Application.id,
    Participation.agency_id == bindparam("agency"),
    Participation.confined,
)


def agencies_of(application: Application, institution: str) -> tuple[str, ...]:
    """Return the codes of the agencies that play an institution's part in a case; empty where nobody does.

    By country they are never the agency that owns the case, and none of another country is ever that of the enterprise's.
    """
    terms = schemes.terms(application.scheme)
    named = terms.institutions.get(institution, "")
    if named not in {HOME, ELSEWHERE}:
        return (named,) if named else ()
    own = application.enterprise.country
    home = terms.focal_points.get(own, "")
    places = (own,) if named == HOME else elsewhere(application)
    found = dict.fromkeys(terms.focal_points[code] for code in places if code in terms.focal_points)
    taken = {terms.agency} if named == HOME else {terms.agency, home}
    return tuple(code for code in found if code not in taken)


def by_country(application: Application, institution: str) -> bool:
    """Tell whether the countries of a case say which agencies play an institution's part."""
    named = schemes.terms(application.scheme).institutions.get(institution)
    return named in {HOME, ELSEWHERE}


def elsewhere(application: Application) -> tuple[str, ...]:
    """Return the countries beside its own in which an enterprise operates by its answers, in the order of the scheme."""
    terms, own = schemes.terms(application.scheme), application.enterprise.country
    others = set(filled(terms, application.answers, own).values.get(OPERATES_IN, ())) - {own}
    return tuple(code for code in terms.countries if code in others)


def agencies_asked(application: Application, workflow: Workflow) -> tuple[str, ...] | None:
    """Return the codes of the agencies that have a vote each in a case; ``None`` where only persons vote."""
    voting = {decision.per for decision in workflow.decisions.values() if decision.per}
    if not voting:
        return None
    return tuple(code for name in sorted(voting) for code in agencies_of(application, name))


def part_of(application: Application, actor: Person) -> Participation | None:
    """Return the part that the agency of a person has in a case of another, ``None`` where it has none."""
    if actor.applies or actor.agency_id == application.agency_id:
        return None
    return db.session.get(Participation, (application.id, actor.agency_id))


def partly(actor: Person) -> list[Application]:
    """Return the cases of others that the agency of a person sees only in part, the newest first."""
    if actor.applies or actor.agency_id is None:
        return []
    query = TAKING_PART[sight(actor)].where(_CONFINED).order_by(Application.id.desc())
    query = query.options(joinedload(Application.enterprise), joinedload(Application.scheme))
    return list(db.session.scalars(query.limit(MOST), whose(actor) | {"agency": actor.agency_id}))
