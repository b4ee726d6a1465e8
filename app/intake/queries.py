"""What is asked of imports: the files of an agency, and what is known already of what stands in one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from app.accounts import queries as accounts
from app.accounts.models import Enterprise, Person
from app.applications import queries as applications
from app.applications.models import Application
from app.db import db
from app.errors import Missing
from app.intake.models import Batch, PaperFiling
from app.schemes.models import Call, Scheme
from app.submissions.models import Submission
from app.trail import queries as trail

SHOWN = 25
DUTY = "import"
DESK = "desk_officer"
_ENDED = ("imported", "refused", "failed")


@dataclass(frozen=True)
class Filed:
    """The case a paper became, and the digest of what its row said; "" once that was erased."""

    reference: str
    sha256: str


def for_desk(actor: Person) -> int:
    """Return the number of the agency a person keys in papers for; raises ``Missing`` for anybody but a desk officer."""
    if actor.agency_id is None or DESK not in accounts.acting(actor):
        raise Missing("There is nothing here for you.")
    return actor.agency_id


def calls(actor: Person) -> list[Call]:
    """Return the calls of the agency of a desk officer, by their codes."""
    found = select(Call).join(Call.scheme).where(Scheme.agency_id == for_desk(actor))
    return list(db.session.scalars(found.order_by(Call.code)))


def call(code: str, *, actor: Person) -> Call:
    """Return a call of the agency of a desk officer; raises ``Missing`` for any other."""
    found = select(Call).join(Call.scheme).where(Call.code == code)
    known = db.session.scalars(found.where(Scheme.agency_id == for_desk(actor))).first()
    if known is None:
        raise Missing(f"Your agency has no call {code[:40]}.")
    return known


def batches(actor: Person) -> list[tuple[Batch, Call]]:
    """Return the files of the agency of a desk officer with their calls, the newest first, no more than a page of them."""
    found = (
        select(Batch, Call)
        .join(Call, Call.id == Batch.call_id)
        .where(Batch.agency_id == for_desk(actor))
        .options(defer(Batch.report))
    )
    rows = db.session.execute(found.order_by(Batch.id.desc()).limit(SHOWN))
    return [(row[0], row[1]) for row in rows]


def batch(number: int, *, actor: Person) -> Batch:
    """Return a file of the agency of a desk officer; raises ``Missing`` for that of another."""
    own = for_desk(actor)
    found = db.session.get(Batch, number)
    if found is None or found.agency_id != own:
        raise Missing("There is no such import, or not for you.")
    return found


def seen(found: Batch, *, actor: Person) -> set[str]:
    """Return those of the cases a report names that a person may know of."""
    named = {line["reference"] for line in found.report if "reference" in line}
    shown = applications.visible(actor).with_only_columns(Application.reference)
    return (
        set(db.session.scalars(shown.where(Application.reference.in_(named)))) if named else set()
    )


def call_of(found: Batch) -> Call:
    """Return the call a file is for."""
    return db.session.get_one(Call, found.call_id)


def batch_of(event_id: int) -> Batch:
    """Return the file that an event asked to import."""
    found = select(Batch).where(Batch.event_id == event_id)
    return db.session.scalars(found, execution_options={"populate_existing": True}).one()


def waiting(agency_id: int) -> int:
    """Return how many files of an agency are still to be imported."""
    found = select(func.count(Batch.id)).where(
        Batch.agency_id == agency_id, Batch.state.not_in(_ENDED)
    )
    return db.session.scalar(found) or 0


def given_up() -> list[int]:
    """Return the numbers of the files that no worker will try again."""
    found = select(Batch.id, Batch.event_id).where(Batch.state.not_in(_ENDED))
    open_ = {row.event_id: row.id for row in db.session.execute(found)}
    return [open_[event] for event in trail.dead(open_.keys())]


def filing(application: Application) -> PaperFiling | None:
    """Return how a case was filed on paper, ``None`` for one that was not."""
    return db.session.get(PaperFiling, application.id)


def filed(call_id: int, references: Collection[str]) -> dict[str, Filed]:
    """Return by the office's number the papers of a call that became cases."""
    found = (
        select(PaperFiling.paper_reference, Application.reference, Submission.frozen)
        .join(Application, Application.id == PaperFiling.application_id)
        .join(Submission, Submission.application_id == Application.id)
        .where(PaperFiling.call_id == call_id, Submission.number == 1)
        .where(PaperFiling.paper_reference.in_(references))
    )
    return {
        paper: Filed(reference, frozen.get("paper", {}).get("row_sha256", ""))
        for paper, reference, frozen in db.session.execute(found)
    }


def enterprises(country: str, numbers: Collection[str]) -> dict[str, Enterprise]:
    """Return the enterprises of a country that are known, by their registry numbers."""
    found = select(Enterprise).where(
        Enterprise.country == country, Enterprise.registry_number.in_(numbers)
    )
    return {one.registry_number: one for one in db.session.scalars(found)}


def people(emails: Collection[str]) -> dict[str, Person]:
    """Return who signs in, or has signed in, with e-mail addresses."""
    found = select(Person).where(Person.email.in_(emails)).options(joinedload(Person.enterprise))
    return {one.email: one for one in db.session.scalars(found)}


def interests(person: Person, enterprises_: Collection[int]) -> set[int]:
    """Return those of some enterprises, by number, in which a person has an interest."""
    hidden: Any = accounts.interested(person.id, Enterprise.id, "")
    found = select(Enterprise.id).where(Enterprise.id.in_(enterprises_), hidden)
    return set(db.session.scalars(found))


def taken(names: Collection[str]) -> dict[str, str]:
    """Return the cases that hold what an enterprise may have one application of only, by its name."""
    found = select(Application.exclusive, Application.reference).where(
        Application.exclusive.in_(names)
    )
    return {str(name): reference for name, reference in db.session.execute(found)}
