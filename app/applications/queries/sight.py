"""Which applications a person may know of: the one place that says so."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.applications.models import Application, Participation
from app.consents import queries as consents


def sight(actor: Person) -> str:
    """Return by which of the four ways a person looks: applicant, adviser, auditor or officer."""
    if actor.applies:
        return "applicant"
    if actor.advises:
        return "adviser"
    return "auditor" if "auditor" in actor.duties else "officer"


def whose(actor: Person) -> dict[str, int | date | None]:
    """Return the values of the queries: who looks, the homes of the person, and the local day where it counts."""
    dated = sight(actor) in {"auditor", "adviser"}
    return {
        "actor": actor.id,
        "agency": actor.agency_id,
        "enterprise": actor.enterprise_id,
        "day": accounts.day_of(actor) if dated else None,
    }


def _open_to(agency: Any, *, confined: bool = False) -> Any:
    """Return the condition that a case belongs to an agency that fits, or gives one a part; ``agency`` tests a column.

    A part to which an agency is confined opens the case only where ``confined`` parts are asked for.
    """
    part = exists().where(
        Participation.application_id == Application.id, agency(Participation.agency_id)
    )
    if not confined:
        part = part.where(~Participation.confined)
    return or_(agency(Application.agency_id), part)


def _own(column: Any) -> Any:
    return column == bindparam("agency")


_OWN = _open_to(_own)
_SUBMITTED = select(Application).where(
    Application.submitted_at.is_not(None),
    ~accounts.interested(bindparam("actor"), Application.enterprise_id, Application.reference),
)
# By who looks. Built once, like what is made of them: only the values travel.
VISIBLE = {
    "applicant": select(Application).where(Application.enterprise_id == bindparam("enterprise")),
    "adviser": select(Application).where(
        consents.given_to(bindparam("agency"), Application.consent_id),
        consents.covers("file", Application.enterprise_id),
    ),
    "officer": _SUBMITTED.where(_OWN),
    "auditor": _SUBMITTED.where(or_(_OWN, _open_to(accounts.mandated))),
}
# The same, and beside it the cases of which the person's agency has a part alone: to act in them, and to look at that part.
TAKING_PART = VISIBLE | {
    "officer": _SUBMITTED.where(_open_to(_own, confined=True)),
    "auditor": _SUBMITTED.where(or_(_open_to(_own, confined=True), _open_to(accounts.mandated))),
}
