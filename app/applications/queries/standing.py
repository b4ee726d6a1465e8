"""Where a person stands in cases: duties, part, institution, and what was handed over to the person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Interest, Person
from app.applications.models import Application, Part
from app.applications.queries.sight import sight
from app.applications.queries.taking import part_of
from app.db import db
from app.delegations import queries as delegations
from app.delegations.models import Delegation
from app.schemes import queries as schemes
from workflows.facts import Actor, Delegated

# A delegation that ended lately is still told of, so that a refusal can say why.
RECENT = timedelta(days=90)

_PARTS = select(Part.person_id, Part.part).where(Part.application_id == bindparam("application"))
# What was handed over to a person, with the name of who did.
Handed = Sequence[tuple[Delegation, str]]


def parts(application: Application) -> dict[int, str]:
    """Return where each person stands in a case, by the person's number."""
    return dict(db.session.connection().execute(_PARTS, {"application": application.id}).all())


def standing(application: Application, actor: Person, on: date) -> Actor:
    """Return where a person stands in a case: duties, part, institution, and what was delegated to the person."""
    handed: Handed = []
    if sight(actor) == "officer":
        code = schemes.terms(application.scheme).code
        handed = delegations.delegated(actor, schemes=(code,), since=on - RECENT)
    conflicted = [
        found.giver_id
        for found, _ in handed
        if db.session.scalar(
            select(
                accounts.interested(
                    found.giver_id, application.enterprise_id, application.reference
                )
            )
        )
    ]
    return _standing(application, actor, parts(application), handed, conflicted)


def standings(cases: Sequence[Application], actor: Person) -> dict[int, Actor]:
    """Return where a person stands today in each of many cases, by the number of the case.

    What is kept of it is asked for once for all of them; of cases of other agencies the institution once for each.
    """
    held, handed = _parts(cases), _handed(cases, actor)
    conflicted = _conflicted({found.giver_id for found, _ in handed}, cases)
    return {
        case.id: _standing(case, actor, held[case.id], _for(case, handed), conflicted[case.id])
        for case in cases
    }


def _standing(
    application: Application,
    actor: Person,
    held: Mapping[int, str],
    handed: Handed,
    conflicted: Sequence[int],
) -> Actor:
    """Return where a person stands; ``held`` are the parts in the case, ``conflicted`` who of the givers has an interest."""
    return Actor(
        duties=accounts.acting(actor),
        part=held.get(actor.id),
        related=actor.enterprise_id == application.enterprise_id,
        institution=_institution(application, actor),
        delegated=tuple(
            _delegated(found, name, held, related=found.giver_id in conflicted)
            for found, name in handed
        ),
        mark=actor.mark,
        agency=actor.agency.code if actor.agency else "",
    )


def _institution(application: Application, actor: Person) -> str:
    if actor.applies or actor.agency_id == application.agency_id:
        return ""
    found = part_of(application, actor)
    return found.institution if found else "none"


def _delegated(
    found: Delegation, name: str, held: Mapping[int, str], *, related: bool
) -> Delegated:
    return replace(
        delegations.as_fact(found, name),
        giver_part=held.get(found.giver_id),
        giver_related=related,
    )


def _parts(cases: Sequence[Application]) -> dict[int, dict[int, str]]:
    query = select(Part.application_id, Part.person_id, Part.part)
    query = query.where(Part.application_id.in_([case.id for case in cases]))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row.application_id][row.person_id] = row.part
    return found


def _day(case: Application) -> date:
    return clock.today(schemes.zone_of(case.scheme))


def _handed(cases: Sequence[Application], actor: Person) -> Handed:
    if sight(actor) != "officer" or not cases:
        return []
    codes = {schemes.terms(case.scheme).code for case in cases}
    since = min(_day(case) for case in cases) - RECENT
    return delegations.delegated(actor, schemes=sorted(codes), since=since)


def _for(case: Application, handed: Handed) -> Handed:
    """Return what of that which was handed over is for the scheme of a case, and had not ended long before."""
    codes, since = {"", schemes.terms(case.scheme).code}, _day(case) - RECENT
    return [
        (found, name)
        for found, name in handed
        if found.scheme_code in codes and found.valid_to >= since
    ]


def _conflicted(givers: set[int], cases: Sequence[Application]) -> dict[int, list[int]]:
    """Return who of some people has an interest in the enterprise of a case, or in the case, by the number of the case."""
    query = select(Interest.person_id, Interest.enterprise_id, Interest.case).where(
        Interest.person_id.in_(givers),
        Interest.enterprise_id.in_({case.enterprise_id for case in cases}),
    )
    rows = db.session.execute(query).all() if givers else []
    return {
        case.id: [
            row.person_id
            for row in rows
            if row.enterprise_id == case.enterprise_id and row.case in ("", case.reference)
        ]
        for case in cases
    }
