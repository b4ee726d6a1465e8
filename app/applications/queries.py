"""What can be asked of applications: one case for one person, lists page by page, who stands where in it."""

import json
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
    query = select(Application)
    if actor.applies:
        return query.where(Application.enterprise_id == actor.enterprise_id)
    declared = exists().where(
        and_(
            Interest.person_id == actor.id,
            Interest.enterprise_id == Application.enterprise_id,
        )
    )
    return query.where(
        Application.agency_id == actor.agency_id, Application.submitted_at.is_not(None), ~declared
    )


def find(reference: str, *, actor: Person, lock: bool = False) -> Application:
    """Return a case with its scheme, call and enterprise; raises ``Missing`` also when it is not visible."""
    return _one(visible(actor).where(Application.reference == reference), reference, lock=lock)


def locked(reference: str) -> Application:
    """Return a case for the system's own acts, with its lock held until the end of the transaction."""
    return _one(select(Application).where(Application.reference == reference), reference, lock=True)


def by_id(application_id: int) -> Application:
    """Return a case by its number, for the work that an event entails."""
    found = select(Application).where(Application.id == application_id)
    return _one(found, str(application_id), lock=False)


def _one(query: Select[Application], reference: str, *, lock: bool) -> Application:
    query = query.options(
        joinedload(Application.scheme),
        joinedload(Application.call),
        joinedload(Application.enterprise),
    )
    if lock:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    found = db.session.scalars(query).first()
    if found is None:
        raise Missing(f"There is no application {reference}, or not for you.")
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
    """Return name, sentence and clause of each eligibility rule that does not hold on the answers."""
    return tuple(
        (result.rule.name, result.rule.sentence, result.rule.clause)
        for result in eligibility.check(scheme.rules, well_formed(scheme, answers))
        if result.holds is False
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


def expiring(on: date) -> list[str]:
    """Return the references of cases whose clock has run out before a day: candidates for the system's acts."""
    found = (
        select(Application.reference)
        .where(Application.due_on < on, Application.state.in_(("offered",)))
        .order_by(Application.id)
    )
    return list(db.session.scalars(found))


def by_state(actor: Person) -> dict[str, int]:
    """Return how many of the applications a person may see are in each state."""
    seen = (
        visible(actor)
        .with_only_columns(Application.state, func.count())
        .group_by(Application.state)
    )
    return dict(db.session.execute(seen).all())


def frozen(application: Application) -> dict[str, Any]:
    """Return the copy that a submission freezes: answers as typed values, documents, scheme and workflow by digest."""
    scheme = terms(application)
    return {
        "answers": {k: str(v) for k, v in well_formed(scheme, application.answers).items()},
        "documents": [
            {
                "id": a.document.id,
                "kind": a.kind,
                "name": a.document.filename,
                "sha256": a.document.sha256,
            }
            for a in attachments(application)
        ],
        "enterprise": {
            "country": application.enterprise.country,
            "registry_number": application.enterprise.registry_number,
            "name": application.enterprise.name,
            "address": application.enterprise.address,
        },
        "scheme": {"code": scheme.code, "version": scheme.version, "sha256": scheme.digest},
        "workflow": application.workflow_digest,
        "eligibility": [
            {"rule": r.rule.name, "holds": json.dumps(r.holds), "clause": r.rule.clause}
            for r in eligibility.check(scheme.rules, well_formed(scheme, application.answers))
        ],
    }
