"""What can be asked of applications: one case for one person, lists page by page, who stands where in it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app import clock
from app.accounts.models import Enterprise, Interest, Person
from app.applications.models import Application, Attachment, Part, Submission
from app.countries.queries import country
from app.db import db
from app.documents.models import Document
from app.errors import Invalid, Missing
from app.schemes import queries as schemes
from app.schemes.compose import SchemeTerms
from app.schemes.models import Scheme
from app.schemes.schemas import problems, well_formed
from workflows import eligibility
from workflows.definition import Workflow
from workflows.facts import SYSTEM, Actor, Facts
from workflows.money import formatted, to_minor, typed

PAGE = 25

_PARTS = select(Part.person_id, Part.part).where(Part.application_id == bindparam("application"))


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

    An applicant sees those of the own enterprise; an officer those of the own agency that are not drafts any more,
    except of enterprises the officer has declared an interest in.
    """
    return _VISIBLE[actor.applies].params(_whose(actor))


def _whose(actor: Person) -> dict[str, int | None]:
    return {"actor": actor.id, "agency": actor.agency_id, "enterprise": actor.enterprise_id}


_DECLARED = exists().where(
    and_(
        Interest.person_id == bindparam("actor"),
        Interest.enterprise_id == Application.enterprise_id,
    )
)
# By whether the person applies. Built once, like what is made of them below: only the values travel.
_VISIBLE = {
    True: select(Application).where(Application.enterprise_id == bindparam("enterprise")),
    False: select(Application).where(
        Application.agency_id == bindparam("agency"),
        Application.submitted_at.is_not(None),
        ~_DECLARED,
    ),
}


def _one(query: Select[Application]) -> tuple[Select[Application], Select[Application]]:
    """Return the query of one case by its reference, to look at and to lock."""
    seen = query.where(Application.reference == bindparam("reference"))
    seen = seen.options(joinedload(Application.scheme))
    locking = seen.with_for_update(of=Application).execution_options(populate_existing=True)
    return seen, locking


_FIND = {applies: _one(query) for applies, query in _VISIBLE.items()}
_ANY = _one(select(Application))


def find(reference: str, *, actor: Person, lock: bool = False) -> Application:
    """Return a case with its scheme; raises ``Missing`` also when the person may not know of it."""
    asked = {**_whose(actor), "reference": reference}
    return _found(_FIND[actor.applies][lock], asked)


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
    if narrowed.late:
        home = actor.agency or actor.enterprise
        if home is not None:
            query = query.where(Application.due_on < clock.today(country(home.country).zone))
    if narrowed.search:
        query = query.where(_matches(narrowed.search))
    rows = list(db.session.scalars(query))
    return rows[:PAGE], len(rows) > PAGE


def _matches(text: str) -> Any:
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return (
        Application.reference.ilike(pattern, escape="\\")
        | Enterprise.name.ilike(pattern, escape="\\")
        | Enterprise.registry_number.ilike(pattern, escape="\\")
    )


def terms(application: Application) -> SchemeTerms:
    """Return the terms of the scheme version the application was made under."""
    return schemes.terms(application.scheme)


def workflow(application: Application) -> Workflow:
    """Return the workflow version the application was made under."""
    return schemes.workflow(application.workflow_digest)


def attachments(application: Application) -> list[Attachment]:
    """Return the documents attached now, oldest first."""
    found = select(Attachment).where(
        Attachment.application_id == application.id, Attachment.removed_at.is_(None)
    )
    return list(db.session.scalars(found.order_by(Attachment.id)))


def document(application: Application, document_id: int) -> Document | None:
    """Return a document that is or was attached to a case."""
    found = (
        select(Document)
        .join(Attachment, Attachment.document_id == Document.id)
        .where(Attachment.application_id == application.id, Document.id == document_id)
    )
    return db.session.scalars(found).first()


def submissions(application: Application) -> list[Submission]:
    """Return the frozen copies, oldest first."""
    found = select(Submission).where(Submission.application_id == application.id)
    return list(db.session.scalars(found.order_by(Submission.number)))


def parts(application: Application) -> dict[int, str]:
    """Return where each person stands in a case, by the person's number."""
    return dict(db.session.connection().execute(_PARTS, {"application": application.id}).all())


def today(application: Application) -> date:
    """Return the local date where the scheme is at home."""
    return clock.today(country(terms(application).country).zone)


def facts(application: Application, actor: Person | None, **more: Any) -> Facts:
    """Return the facts every act needs: who acts, where the person stands, version and local day.

    ``actor`` is ``None`` for the system. ``more`` are the facts of one act.
    """
    who = SYSTEM
    if actor is not None:
        who = Actor(
            duties=frozenset(actor.duties),
            part=parts(application).get(actor.id),
            related=actor.enterprise_id == application.enterprise_id,
        )
    return Facts(actor=who, version=application.version, today=today(application), **more)


def submission_facts(application: Application, found: Facts) -> Facts:
    """Add what a submission is checked for: call, answers, documents, eligibility."""
    scheme = terms(application)
    wrong = problems(scheme, application.answers)
    labels = {question.key: question.label for question in scheme.questions}
    return replace(
        found,
        call_open=schemes.is_open(application.call),
        problems=tuple(labels.get(key, key) for key in wrong),
        missing_documents=missing_documents(application),
        failed_rules=failed_rules(scheme, application.answers),
    )


def missing_documents(application: Application) -> tuple[str, ...]:
    """Return the kinds of documents of which too few are attached."""
    held = [attachment.kind for attachment in attachments(application)]
    return tuple(
        f"{kind.label} ({held.count(kind.key)} of {kind.minimum})"
        for kind in terms(application).documents
        if held.count(kind.key) < kind.minimum
    )


def failed_rules(scheme: SchemeTerms, answers: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return name, sentence and clause of each eligibility rule that does not hold on the answers.

    While required answers are missing, a rule that cannot be told yet does not count; once they are there it does.
    """
    open_ = {None} if problems(scheme, answers) else set()
    return tuple(
        (result.rule.name, result.rule.sentence, result.rule.clause)
        for result in eligibility.check(scheme.rules, well_formed(scheme, answers))
        if result.holds not in {True, *open_}
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


def masked(account: str) -> str:
    """Return an account number as it is shown to those who do not pay: its last four digits."""
    return f"•••• {account[-4:]}"


def heads() -> dict[str, tuple[int, str]]:
    """Return the end of each trail as its case remembers it."""
    found = select(Application.reference, Application.trail_seq, Application.trail_hash)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(found)}


def expiring(on: date) -> list[tuple[str, str]]:
    """Return reference and the act to take of each case whose clock ran out before a day and names such an act."""
    acts = schemes.expiries()
    found = (
        select(Application.reference, Application.state)
        .where(Application.due_on < on, Application.state.in_(acts))
        .order_by(Application.id)
    )
    return [(reference, acts[state]) for reference, state in db.session.execute(found)]


def by_state(actor: Person) -> dict[str, int]:
    """Return how many of the applications a person may see are in each state."""
    seen = (
        visible(actor)
        .with_only_columns(Application.state, func.count())
        .group_by(Application.state)
    )
    return dict(db.session.execute(seen).all())
