"""One payment file: its page, the acts on the whole of it, and its download."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts import access as session
from app.accounts import queries as accounts
from app.accounts.access import requires
from app.accounts.models import Person
from app.accounts.schemas import Input, read
from app.db import transaction
from app.disbursements.access import account, reader
from app.disbursements.access.files import FileView, downloadable, inside, stage, view
from app.disbursements.commands import batches
from app.disbursements.models import PaymentBatch
from app.disbursements.queries import batches as queries
from app.disbursements.render import PROFILES
from app.disbursements.routes.blueprints import pages
from app.disbursements.routes.tranches import as_file
from app.disbursements.schemas import DigestInput, TakeBackInput
from app.errors import Conflict, Invalid
from workflows.machine import Refused

LABELS = {"note": "Why it is taken back"}
# What a person hands over with an act, and the command that takes it.
GIVEN = {"check": "sha256", "release": "sha256", "take_out": "note"}
FORMS: dict[str, type[Input]] = {
    "check": DigestInput,
    "release": DigestInput,
    "take_out": TakeBackInput,
}
COMMANDS: dict[str, Callable[..., Any]] = {
    "check": batches.check,
    "release": batches.release,
    "take_out": batches.take_back,
}


@pages.get("/payments/<message_id>")
@requires("officer")
def batch(message_id: str) -> str:
    """Show a payment file: its payments, whose hands it went through, and what the person may do with it."""
    reader()
    carried = session.carried()
    return _page(view(message_id), {}, done=str(carried.get("done", "")))


@pages.get("/payments/<message_id>/file")
@requires("officer")
def batch_file(message_id: str) -> Response:
    """Download a payment file, with its digest beside it."""
    return as_file(downloadable(view(message_id)))


@pages.post("/payments/<message_id>/check")
@requires("officer")
def check(message_id: str) -> Redirect | tuple[str, int]:
    """Check a payment file, having looked at it."""
    return _act(message_id, "check")


@pages.post("/payments/<message_id>/release")
@requires("officer")
def release(message_id: str) -> Redirect | tuple[str, int]:
    """Release a payment file, having looked at it."""
    return _act(message_id, "release")


@pages.post("/payments/<message_id>/take-back")
@requires("officer")
def take_back(message_id: str) -> Redirect | tuple[str, int]:
    """Take a payment file back, or refuse it, with a note."""
    return _act(message_id, "take_out")


def _act(message_id: str, does: str) -> Redirect | tuple[str, int]:
    person = reader()
    values = {name: value for name, value in request.form.items() if name != "csrf_token"}
    try:
        given = read(FORMS[does](), values)
        with transaction():
            taken(message_id, does, given, person)
    except Invalid as error:
        return _again(message_id, values, error.errors), 422
    except Conflict as error:
        return _again(message_id, values, {"": [error.detail]}), 409
    session.carry({"done": does})
    return redirect(url_for("disbursements.batch", message_id=message_id), 303)


def taken(message_id: str, does: str, given: dict[str, Any], person: Person) -> PaymentBatch:
    """Take an act on every payment of a file; raises ``Invalid`` with what speaks against each, also for a single one."""
    found = queries.batch(message_id, person)
    chosen = inside(found, does, given.get("act", ""), person)
    try:
        COMMANDS[does](found, chosen, given[GIVEN[does]], actor=person)
    except Refused as refused:
        name = f"{chosen[0].reference}-T{chosen[0].tranche}"
        raise Invalid({name: [one.sentence for one in refused.failures]}) from refused
    return found


def _again(message_id: str, values: dict[str, str], errors: dict[str, list[str]]) -> str:
    return _page(view(message_id), values, errors)


def _page(
    found: FileView,
    values: dict[str, str],
    errors: dict[str, list[str]] | None = None,
    done: str = "",
) -> str:
    return render_template(
        "payments/batch.html",
        found=found,
        batch=found.batch,
        stage=stage(found.batch),
        form=PROFILES[found.batch.format].name,
        names=found.people,
        account=account,
        sent=values,
        errors=errors or {},
        labels=_labels(found, values),
        done=done,
        zone=accounts.zone_of(found.person),
    )


def _labels(found: FileView, values: dict[str, str]) -> dict[str, str]:
    noted = LABELS if "note" in values else {}
    return noted | {payment.name: payment.name for payment in found.payments}
