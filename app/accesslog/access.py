"""The one place where looks are noted: after each page, document, export or answer that showed a case to an officer."""

from http import HTTPStatus

from flask import Flask, Response, request

from app import clock
from app.accesslog import commands, queries
from app.accesslog.queries import Look
from app.accounts import access
from app.db import apart, db, transaction

# Lists that show cases: an auditor's way through them is told of, with what the list was narrowed to.
LISTS = frozenset({"dashboards", "audit", "exports", "analysis"})
# Lists about people's data as such: told of whoever reads them.
RECORDS = frozenset({"accesslog", "retention"})
_LONGEST_CASE = 40
_LONGEST_ASKED = 500
_LONGEST_WHAT = 80


def watch(app: Flask) -> None:
    """Have every look noted before its answer is sent: what cannot be noted is not shown."""
    app.after_request(_noted)


def _noted(response: Response) -> Response:
    look = _look(response)
    person = access.asking()
    if look is None or person is None or person.applies:
        return response
    if queries.told(db.session(), person.id, look, clock.now()):
        return response
    if response.is_streamed:
        # The reading for the answer has begun and goes on.
        with apart() as session:
            commands.note(session, look, actor=person)
        return response
    db.session.rollback()
    with transaction():
        commands.note(db.session(), look, actor=person)
    return response


def _look(response: Response) -> Look | None:
    """Return what an answer showed, ``None`` for nothing of anybody."""
    if request.method != "GET" or response.status_code != HTTPStatus.OK or not request.endpoint:
        return None
    person = access.asking()
    area = (request.blueprint or "").removesuffix("_api")
    case = str((request.view_args or {}).get("reference", ""))
    if not case and area in LISTS:
        case = request.args.get("case", "")
    audits = person is not None and "auditor" in person.duties
    if not case and not (area in RECORDS or (audits and area in LISTS)):
        return None
    asked = request.query_string.decode(errors="replace")
    return Look(request.endpoint[:_LONGEST_WHAT], case[:_LONGEST_CASE], asked[:_LONGEST_ASKED])
