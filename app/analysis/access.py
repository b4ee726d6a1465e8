"""From an address to a filter, and what the pages of the analysis offer to choose from."""

from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from app import clock
from app.accounts import queries as accounts
from app.accounts.access import actor
from app.accounts.models import Person
from app.accounts.schemas import read
from app.analysis.commands import Draw
from app.analysis.queries import process, wanted
from app.analysis.queries.compare import Like
from app.analysis.queries.process import LONGEST, Span
from app.analysis.queries.wanted import Wanted
from app.analysis.schemas import LISTS, CompareInput, FindInput, ProcessInput, SampleInput
from app.errors import Invalid, Missing
from workflows.definition import Workflow

# What an address may say beside the filter.
BESIDE = ("after", "csrf_token", "compare", "find", "show")


def given(source: MultiDict[str, str] | None = None) -> dict[str, Any]:
    """Return what an address or a form says, as a filter reads it."""
    found = request.args if source is None else source
    return {
        name: found.getlist(name) if name in LISTS else found[name]
        for name in found
        if name not in BESIDE
    }


def filter_of(data: dict[str, Any]) -> Wanted:
    """Return the filter that is asked for; raises ``Invalid`` with every error by field."""
    return _wanted(read(FindInput(), data))


def draw_of(data: dict[str, Any]) -> Draw:
    """Return the sample that is asked for; raises ``Invalid`` with every error by field."""
    found = read(SampleInput(), data)
    method, size, seed = (found.pop(name) for name in ("method", "size", "seed"))
    return Draw(_wanted(found), method, size, seed)


def span_of(data: dict[str, Any]) -> Span:
    """Return the cases whose process is asked for: by default of the version most cases run under, of the last year.

    Raises ``Missing`` for a version that no case runs under which the auditor may see.
    """
    found = read(ProcessInput(), data)
    last = found["last"] or accounts.day_of(actor())
    first = found["first"] or last - LONGEST + timedelta(days=1)
    if last - first >= LONGEST:
        raise Invalid({"first": ["The period is a year at most."]})
    known = process.versions(actor())
    digests = {workflow.digest: count for workflow, count in known}
    digest = found["workflow"] or max(digests, key=digests.__getitem__, default="")
    if digest not in digests:
        raise Missing("No case that you may see runs under this workflow version.")
    return Span(digest, found["agency"], first, last)


def like_of(data: dict[str, Any]) -> tuple[dict[str, str], Like]:
    """Return the two sides by name, and which cases are alike; raises ``Invalid`` with every error by field."""
    found = read(CompareInput(), data)
    kind, one, other = (found.pop(name) for name in ("kind", "one", "other"))
    return {"kind": kind, "one": one, "other": other}, Like(**found)


def officer(text: str, name: str = "officer") -> Person:
    """Return the officer who is meant: by the number on the trail, or by e-mail address.

    Only officers of the agencies that are audited are told from nobody.
    """
    number = text.removeprefix("officer:")
    found = (
        accounts.person_by_id(int(number))
        if number.isascii() and number.isdigit() and len(number) <= 9  # noqa: PLR2004 - fits a key
        else accounts.person_by_email(text)
    )
    codes = accounts.audited(actor(), accounts.day_of(actor()))
    home = found.agency if found else None
    if found is None or home is None or (codes is not None and home.code not in codes):
        raise Invalid({name: ["There is no such officer in the agencies you audit."]})
    return found


def agency(code: str, name: str) -> str:
    """Return the code of an agency the auditor may read; raises ``Invalid`` for any other."""
    if code not in dict(wanted.agencies(actor())):
        raise Invalid({name: ["There is no such agency among those you audit."]})
    return code


def _wanted(found: dict[str, Any]) -> Wanted:
    named = found.pop("officer")
    return Wanted(**found, officer=officer(named).id if named else None)


def choices() -> dict[str, Any]:
    """Return what the filters offer: agencies, schemes, workflow versions with their states."""
    versions = process.versions(actor())
    return {
        "agencies": wanted.agencies(actor()),
        "schemes": wanted.schemes(actor()),
        "versions": versions,
        "states": states([workflow for workflow, _ in versions]),
        "today": clock.now().date(),
    }


def states(workflows: list[Workflow]) -> list[tuple[str, str]]:
    """Return the states of workflows with the officers' names, each name of a state once."""
    found: dict[str, str] = {}
    for workflow in workflows:
        for name, state in workflow.states.items():
            found.setdefault(name, state.officer)
    return list(found.items())
