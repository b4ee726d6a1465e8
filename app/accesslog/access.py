"""The one place where looks are noted: after each page, document, export or answer that showed a case to an officer."""

from collections.abc import Iterable
from http import HTTPStatus

from flask import Flask, Response, g, request
from sqlalchemy.orm import Session

from app import clock
from app.accesslog import commands, queries
from app.accesslog.queries import Look
from app.accounts import access
from app.accounts.models import Person
from app.db import apart, db, transaction

# Lists that show cases: an auditor's way through them is told of, with what the list was narrowed to.
LISTS = frozenset({"dashboards", "audit", "exports", "analysis"})
# Lists about people's data as such: told of whoever reads them.
RECORDS = frozenset({"accesslog", "retention"})
# An answer that shows more cases than this is told of once; what it held is in the event of the export.
MOST_CASES = 100
_LONGEST_CASE = 40
_LONGEST_ASKED = 500
_LONGEST_WHAT = 80


def watch(app: Flask) -> None:
    """Have every look noted before its answer is sent: what cannot be noted is not shown."""
    app.after_request(_noted)


def saw(references: Iterable[str]) -> None:
    """Say which cases an answer shows whose address names none, such as a bundle of several."""
    g.saw = tuple(references)


def _noted(response: Response) -> Response:
    person = access.asking()
    if person is None:
        return response
    if response.is_streamed:
        # The reading for the answer has begun and goes on.
        number = person.id
        _let_go()
        with apart() as beside:
            _note(beside, response, beside.get_one(Person, number))
        return response
    looks = _fresh(db.session(), response, person)
    if looks:
        db.session.rollback()
        with transaction():
            commands.note(db.session(), looks, actor=person)
    return response


def _let_go() -> None:
    """End what the request may still hold of a transaction that writes: SQLite has one writer at a time, also of ours."""
    session = db.session()
    if session.in_transaction() and not session.connection().get_execution_options().get(
        "read_only"
    ):
        session.rollback()


def _note(session: Session, response: Response, person: Person) -> None:
    if looks := _fresh(session, response, person):
        commands.note(session, looks, actor=person)


def _fresh(session: Session, response: Response, person: Person) -> list[Look]:
    """Return the looks of an answer that the log does not have yet."""
    looks = [] if person.applies else _looks(response, person)
    return queries.fresh(session, person.id, looks, clock.now()) if looks else []


def _looks(response: Response, person: Person) -> list[Look]:
    """Return what an answer showed, nothing when it was of nobody."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or not request.endpoint:
        return []
    area = (request.blueprint or "").removesuffix("_api")
    case = str((request.view_args or {}).get("reference", ""))
    if not case and area in LISTS:
        case = request.args.get("case", "")
    audits, seen = "auditor" in person.duties, g.get("saw", ())
    if not case and not seen and not (area in RECORDS or (audits and area in LISTS)):
        return []
    asked = request.query_string.decode(errors="replace")[:_LONGEST_ASKED]
    what = request.endpoint[:_LONGEST_WHAT]
    if len(seen) > MOST_CASES:
        return [Look(what, asked=f"{len(seen)} cases")]
    return [Look(what, name[:_LONGEST_CASE], asked) for name in seen or (case,)]
