"""What can happen to evidence bundles: asked for, on their way, ready or failed."""

from dataclasses import dataclass, replace

from sqlalchemy import select, update

from app import clock
from app.accounts import queries as accounts
from app.accounts.commands import locked_agency
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.audit import queries
from app.audit.compose import Made, Scope, place
from app.audit.models import Bundle
from app.checkpoints import compose as keys
from app.checkpoints import queries as checkpoints
from app.countries.queries import country
from app.db import db
from app.errors import Conflict, Forbidden, Invalid
from app.trail.commands import Entry, record
from workflows.evidence.note import Garbled, read_checkpoint, read_note

_SHOWN = 5
DUTY = "bundle"
# Each may take a worker for minutes.
MOST_WAITING = 5


@dataclass(frozen=True)
class Placed:
    """A bundle that lies in the store: what it holds, and the file by digest and size in bytes."""

    made: Made
    sha256: str
    bytes: int


def ask(scope: Scope, *, actor: Person) -> Bundle:
    """Have an evidence bundle made.

    Raises ``Invalid`` naming what is not there or not for this auditor, ``Conflict`` while too many are to be made.
    It is recorded on the trail of the auditor's agency, and so is in the bundle itself.
    """
    if queries.waiting(actor) >= MOST_WAITING:
        raise Conflict(f"{MOST_WAITING} bundles you asked for are still to be made. Wait for one.")
    scope = bounded(scope, actor)
    if actor.agency is None:
        raise Forbidden("Auditors belong to an agency.")
    entry = Entry("export", actor.mark, {"detail": told(scope)}, duties=((DUTY, {}),))
    recorded = record(locked_agency(actor.agency.id), entry)
    codes = accounts.audited(actor, queries.today(actor))
    bundle = Bundle(
        person_id=actor.id,
        scope={"asked": scope.stored(), "codes": None if codes is None else sorted(codes)},
        event_id=recorded.id,
        asked_at=clock.now(),
    )
    db.session.add(bundle)
    db.session.flush()
    return bundle


def bounded(scope: Scope, actor: Person | None) -> Scope:
    """Return what is asked for with the days of its agency, after checking that it is there and for the person."""
    wrong: dict[str, list[str]] = {}
    unknown = _unknown(scope, actor)
    if unknown:
        shown = ", ".join(unknown[:_SHOWN]) + (" and others" if len(unknown) > _SHOWN else "")
        wrong["cases"] = [f"There is no such case, or not for you: {shown}."]
    zone = "UTC"
    if scope.agency:
        found = accounts.agency_by_code(scope.agency)
        if found is None or not _may(actor, scope.agency):
            wrong["agency"] = [f"There is no agency {scope.agency[:20]}, or not for you."]
        else:
            zone = country(found.country).zone
    elif actor is not None and actor.agency is not None:
        zone = country(actor.agency.country).zone
    if fault := older(scope.checkpoint):
        wrong["checkpoint"] = [fault]
    if wrong:
        raise Invalid(wrong)
    return replace(scope, zone=zone)


def _unknown(scope: Scope, actor: Person | None) -> list[str]:
    """Return the references that are not there, or not for the person; a draft has no trail."""
    if not scope.cases:
        return []
    found = select(Application.reference) if actor is None else applications.visible(actor)
    seen = found.with_only_columns(Application.reference).where(
        Application.reference.in_(scope.cases), Application.trail_seq > 0
    )
    known = set(db.session.scalars(seen))
    return [name for name in scope.cases if name not in known]


def _may(actor: Person | None, code: str) -> bool:
    if actor is None:
        return True
    codes = accounts.audited(actor, queries.today(actor))
    return codes is None or code in codes


def older(text: str) -> str:
    """Return what is wrong with an older checkpoint, "" when it may be one of this log or none is given.

    Whether the trail grew out of it is proved in the bundle, not here.
    """
    if not text:
        return ""
    try:
        said = read_checkpoint(read_note(text).text)
        if verifier := queries.verifier():
            keys.opened(text, verifier)
    except Garbled as error:
        return f"This is not a checkpoint of this log: {error}."
    newest = checkpoints.newest()
    if newest is None or said.size > newest.size:
        return (
            f"This checkpoint is on {said.size} entries, and the trail has only {newest.size if newest else 0} that are "
            "signed. If it is genuine, entries were cut off: keep it and report that."
        )
    own = read_checkpoint(read_note(newest.note).text).origin
    if said.origin != own:
        return f"This checkpoint is of the log {said.origin[:80]}, not of {own}."
    return "A checkpoint on no entries proves nothing." if said.size == 0 else ""


def take_away(number: int) -> None:
    """Take a bundle out of the store, because of its age, or because data in it were erased since."""
    bundle = db.session.get_one(Bundle, number, populate_existing=True)
    if bundle.sha256:
        place(bundle.sha256).unlink(missing_ok=True)
    bundle.removed_at = bundle.removed_at or clock.now()


def progress(number: int, done: int, total: int) -> None:
    """Note how far a bundle is."""
    moved = update(Bundle).where(Bundle.id == number, Bundle.state == "waiting")
    db.session.execute(moved.values(done=done, total=total))


def finish(number: int, placed: Placed) -> None:
    """Note that a bundle lies ready, and record it on the trail of the auditor's agency."""
    bundle = db.session.get_one(Bundle, number, populate_existing=True)
    bundle.state, bundle.ready_at = "ready", clock.now()
    bundle.sha256, bundle.bytes, bundle.size = placed.sha256, placed.bytes, placed.made.size
    bundle.done = bundle.total = placed.made.events + placed.made.withheld
    bundle.error = None
    actor = db.session.get_one(Person, bundle.person_id)
    if actor.agency is not None:
        detail = {"format": DUTY, "bundle": number, **placed_detail(placed)}
        record(
            locked_agency(actor.agency.id), Entry("export_ready", actor.mark, {"detail": detail})
        )


def placed_detail(placed: Placed) -> dict[str, int | str]:
    """Return what the trail says of a bundle that was made."""
    return {
        "sha256": placed.sha256,
        "bytes": placed.bytes,
        "size": placed.made.size,
        "events": placed.made.events,
        "withheld": placed.made.withheld,
    }


def fail(number: int, why: str) -> None:
    """Note that a bundle could not be made, and why."""
    bundle = db.session.get_one(Bundle, number, populate_existing=True)
    bundle.state, bundle.error, bundle.ready_at = "failed", why[:500], clock.now()


def told(scope: Scope) -> dict[str, object]:
    """Return what the trail says of a bundle that is asked for."""
    newest = checkpoints.newest()
    detail: dict[str, object] = {"format": DUTY, "scope": scope.told()}
    if scope.checkpoint:
        detail["old"] = read_checkpoint(read_note(scope.checkpoint).text).size
    return detail | {"size": newest.size if newest else 0}
