"""The decisions of one officer or one agency on like cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.analysis.compose.sides import Outcome
from app.analysis.queries.days import Days
from app.analysis.queries.findings import FINDINGS
from app.analysis.queries.wanted import within
from app.applications.models import Application
from app.applications.queries import visible
from app.db import db
from app.decisions.models import Decision
from app.schemes.models import Scheme, WorkflowVersion
from workflows.vocabulary import AWARD

MOST_DECISIONS = 10_000
COUNTED = ("departs", "late", "delegated")


@dataclass(frozen=True)
class Like:
    """Which cases are alike: of a scheme in any version, or of any version of a workflow; what was asked for; when decided.

    ``least`` and ``most`` bound what was requested, in minor units of ``currency``; days are local to the auditor.
    """

    scheme: str = ""
    workflow: str = ""
    currency: str = ""
    least: int | None = None
    most: int | None = None
    first: date | None = None
    last: date | None = None


def of_officer(actor: Person, like: Like, officer: int) -> tuple[list[Outcome], bool]:
    """Return the decisions in which an officer cast the deciding vote, the newest so many, and whether there are more."""
    return _outcomes(actor, like, Decision.officer_id == officer)


def of_agency(actor: Person, like: Like, code: str) -> tuple[list[Outcome], bool]:
    """Return the decisions on the cases of an agency, the newest so many, and whether there are more."""
    found = accounts.agency_by_code(code)
    return _outcomes(actor, like, Application.agency_id == (found.id if found else -1))


def _outcomes(actor: Person, like: Like, whose: Any) -> tuple[list[Outcome], bool]:
    conditions = {found.name: found.condition for found in FINDINGS if found.name in COUNTED}
    query = (
        visible(actor)
        .join(Decision, Decision.application_id == Application.id)
        .join(Application.scheme)
        .where(whose, Decision.name == AWARD, *_like(actor, like))
        .order_by(Decision.id.desc())
        .limit(MOST_DECISIONS + 1)
        .with_only_columns(
            Decision.outcome,
            Decision.at,
            Decision.amount_minor,
            Decision.reasons,
            Application.submitted_at,
            Application.requested_minor,
            Application.scheme_id,
            *(condition.label(name) for name, condition in conditions.items()),
        )
    )
    rows = db.session.execute(query).all()
    return list(_told(rows[:MOST_DECISIONS])), len(rows) > MOST_DECISIONS


def _told(rows: Any) -> Iterator[Outcome]:
    numbers = {row.scheme_id for row in rows}
    found = db.session.scalars(select(Scheme).where(Scheme.id.in_(numbers)))
    days = Days({scheme.id: scheme for scheme in found})
    for row in rows:
        yield Outcome(
            outcome=row.outcome,
            days=days.between(row.scheme_id, row.submitted_at, row.at),
            requested=row.requested_minor,
            approved=row.amount_minor,
            reasons=tuple(row.reasons),
            findings=tuple(name for name in COUNTED if row._mapping[name]),
        )


def _like(actor: Person, like: Like) -> list[Any]:
    asked = within(Decision.at, like.first, like.last, accounts.zone_of(actor))
    if like.scheme:
        asked.append(Scheme.code == like.scheme)
    if like.workflow:
        family = select(WorkflowVersion.digest).where(WorkflowVersion.name == like.workflow)
        asked.append(Application.workflow_digest.in_(family))
    if like.currency:
        asked.append(Application.currency == like.currency)
    if like.least is not None:
        asked.append(Application.requested_minor >= like.least)
    if like.most is not None:
        asked.append(Application.requested_minor <= like.most)
    return asked
