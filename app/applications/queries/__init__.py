"""What can be asked of applications: one case for one person, lists page by page, who stands where in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Enterprise, Person
from app.applications.models import Application
from app.applications.queries.sight import TAKING_PART, VISIBLE, sight, whose
from app.applications.queries.standing import standing, standings
from app.applications.queries.taking import agencies_asked
from app.countries.queries import calendar_of
from app.db import db
from app.errors import Invalid, Missing
from app.schemes import queries as schemes
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Scheme
from workflows.clocks import Calendar
from workflows.definition import Workflow
from workflows.facts import SYSTEM, Actor, Facts
from workflows.money import formatted, to_minor, typed

PAGE = 25


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; ``after`` is the number of the last case of the page before."""

    state: str = ""
    scheme: str = ""
    search: str = ""
    late: bool = False
    after: int = 0


def visible(actor: Person) -> Select[Application]:
    """Return the query of the applications a person may know of.

    An applicant sees those of the own enterprise; an officer those of the own agency, or in which the workflow gives the
    agency a part, that are not drafts any more; an auditor beside them those that a mandate in force opens in the same
    way. Never those of an enterprise, or a case, in which the person has an interest. An adviser sees what the own service
    centre prepared, as long as the enterprise consents.
    """
    return VISIBLE[sight(actor)].params(whose(actor))


def _one(query: Select[Application]) -> tuple[Select[Application], Select[Application]]:
    """Return the query of one case by its reference, to look at and to lock."""
    seen = query.where(Application.reference == bindparam("reference"))
    seen = seen.options(joinedload(Application.scheme).joinedload(Scheme.agency))
    locking = seen.with_for_update(of=Application, key_share=True)
    locking = locking.execution_options(populate_existing=True)
    return seen, locking


_LOOK = {sight: _one(query)[0] for sight, query in VISIBLE.items()}
# Who acts in a case has at least a part in it.
_FIND = {sight: _one(query) for sight, query in TAKING_PART.items()}
_ANY = _one(select(Application))
_DIGESTS = {
    sight: query.join(Application.scheme)
    .where(Application.reference == bindparam("reference"))
    .with_only_columns(Application.workflow_digest, Scheme.tranche_digest)
    for sight, query in TAKING_PART.items()
}


def find(reference: str, *, actor: Person, lock: bool = False, part: bool = False) -> Application:
    """Return a case with its scheme; raises ``Missing`` also when the person may not know of it.

    One of which the person's agency sees its part alone is found to act in it (``lock``), and to show that ``part``.
    """
    asked = {**whose(actor), "reference": reference}
    query = _FIND[sight(actor)][lock] if lock or part else _LOOK[sight(actor)]
    return _found(query, asked)


def workflow_of(reference: str, *, actor: Person, tranche: bool) -> Workflow:
    """Return the workflow of a case, or that of its tranches; raises ``Missing`` also for a case that is not to be known of."""
    row = _digests(reference, actor)
    if row is None:
        raise Missing(f"There is no application {reference}, or not for you.")
    return schemes.workflow(row.tranche_digest if tranche else row.workflow_digest)


def shown(reference: str, *, actor: Person) -> bool:
    """Tell whether a person may know of a case."""
    return _digests(reference, actor) is not None


def _digests(reference: str, actor: Person) -> Any:
    asked = {**whose(actor), "reference": reference}
    return db.session.connection().execute(_DIGESTS[sight(actor)], asked).first()


def locked(reference: str) -> Application:
    """Return a case for the system's own acts, with its lock held until the end of the transaction."""
    return _found(_ANY[True], {"reference": reference})


def by_id(application_id: int) -> Application:
    """Return a case by its number, for the work that an event entails."""
    found = db.session.get(Application, application_id)
    if found is None:
        raise Missing(f"There is no application with the number {application_id}.")
    return found


def _found(query: Select[Application], asked: dict[str, Any]) -> Application:
    found = db.session.scalars(query, asked).first()
    if found is None:
        raise Missing(f"There is no application {asked['reference']}, or not for you.")
    return found


def page(actor: Person, narrowed: Filter) -> tuple[list[Application], bool]:
    """Return a page of the applications a person may see, oldest first, and whether there is another."""
    query = (
        visible(actor)
        .join(Application.enterprise)
        .join(Application.scheme)
        .options(contains_eager(Application.enterprise), contains_eager(Application.scheme))
        .where(Application.id > narrowed.after)
        .order_by(Application.id)
        .limit(PAGE + 1)
    )
    if narrowed.state:
        query = query.where(Application.state == narrowed.state)
    if narrowed.scheme:
        query = query.where(Scheme.code == narrowed.scheme)
    if narrowed.late and (actor.agency or actor.enterprise):
        query = query.where(Application.due_on < accounts.day_of(actor))
    if narrowed.search:
        query = query.where(_matches(narrowed.search))
    rows = list(db.session.scalars(query))
    return rows[:PAGE], len(rows) > PAGE


def _matches(text: str) -> Any:
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    searched = (Application.reference, Enterprise.name, Enterprise.registry_number)
    return or_(*(column.ilike(pattern, escape="\\") for column in searched))


def terms(application: Application) -> SchemeTerms:
    """Return the terms of the scheme version the application was made under."""
    return schemes.terms(application.scheme)


def workflow(application: Application) -> Workflow:
    """Return the workflow version the application was made under."""
    return schemes.workflow(application.workflow_digest)


def calendar(application: Application, on: date) -> Calendar:
    """Return the working calendar of the scheme around a day: its own where it names one, else that of its country."""
    scheme = terms(application)
    return calendar_of(scheme.calendar or scheme.country, on)


def zone_of(application: Application) -> str:
    """Return the time zone where the scheme of a case is at home, by its IANA name."""
    return schemes.zone_of(application.scheme)


def today(application: Application) -> date:
    """Return the local date where the scheme is at home."""
    return clock.today(zone_of(application))


def facts(application: Application, actor: Person | None, **more: Any) -> Facts:
    """Return the facts every act needs: who acts, where the person stands, version and local day.

    ``actor`` is ``None`` for the system. ``more`` are the facts of one act.
    """
    on = today(application)
    stands = SYSTEM if actor is None else standing(application, actor, on)
    return _facts(application, actor, stands, **more)


def facts_of_each(cases: Sequence[Application], actor: Person) -> dict[int, Facts]:
    """Return the facts every act needs for each of many cases, by the number of the case: see ``standings``."""
    stands = standings(cases, actor)
    return {case.id: _facts(case, actor, stands[case.id]) for case in cases}


def _facts(application: Application, actor: Person | None, stands: Actor, **more: Any) -> Facts:
    on = today(application)
    scheme = terms(application)
    return Facts(
        actor=stands,
        version=application.version,
        today=on,
        scheme=scheme.code,
        currency=application.currency,
        switches=frozenset(scheme.switches),
        strands=tuple(sorted(application.strands.items())),
        asked=agencies_asked(application, workflow(application)),
        signatory=actor is not None and actor.signs,
        extended=application.clock_extended,
        clock_over=application.is_over(on),
        **more,
    )


def amounts(application: Application, **minor: int | None) -> dict[str, str]:
    """Return amounts as people read them, for the sentences of guards."""
    return {k: formatted(v, application.currency) for k, v in minor.items() if v is not None}


def minor(application: Application, name: str, text: str) -> int | None:
    """Return an amount a person typed in minor units, ``None`` for nothing; raises ``Invalid`` for the field."""
    if not text:
        return None
    try:
        return to_minor(typed(text, application.currency), application.currency)
    except ValueError as error:
        raise Invalid({name: [str(error)]}) from error


def heads() -> dict[str, tuple[int, str]]:
    """Return the end of each trail as its case remembers it."""
    found = select(Application.reference, Application.trail_seq, Application.trail_hash)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(found)}


def by_state(actor: Person) -> dict[str, int]:
    """Return how many of the applications a person may see are in each state."""
    seen = (
        visible(actor)
        .with_only_columns(Application.state, func.count())
        .group_by(Application.state)
    )
    return dict(db.session.execute(seen).all())
