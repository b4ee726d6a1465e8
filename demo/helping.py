"""Plays what happens beside the cases: a service centre writes for an enterprise and refers it, and paper is imported."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app import clock
from app.countries.queries import country
from demo.browser import Browser, Unexpected, expect
from demo.cast import Cast
from demo.page import Page
from demo.play import filled_in
from demo.played import Played

PAPER = Path(__file__).parent / "paper"
IMPORT_SECONDS = 60.0
PAUSE_SECONDS = 0.5
# The call under which a service centre writes an application.
ADVISED = "PH-SETUP-2026"
HALF_A_YEAR = timedelta(days=180)


def advise(cases: list[Played], cast: Cast) -> str:
    """Let a service centre write an application for an enterprise and refer it abroad; return what came of it, in a line.

    It takes the answers and documents of one of the cases. The enterprise consents, checks what was written, and sends it
    itself; the centre of another country accepts the referral, and both sides read the same page.
    """
    like = next(case.dossier for case in cases if case.dossier.call == ADVISED)
    enterprise, adviser = cast.browser("abaca"), cast.browser("adviser.ph")
    last = clock.today(country("PH").zone) + HALF_A_YEAR
    given = {"agency": "PH-NEGOSYO", "scope": ["file", "refer"], "valid_to": last.isoformat()}
    _fine(enterprise.act(enterprise.open("/consents"), "/consents", given))
    page = adviser.open("/consents")
    action = next(form.action for form in page.forms if form.action.endswith("/applications"))
    begun = adviser.act(page, action, {"call": like.call})
    played = Played(replace(like, applicant="abaca"), begun.path.rsplit("/", 1)[-1])
    filled_in(played, begun, adviser)
    page = enterprise.open(f"{played.path}/check")
    expect(page.text, "Nena Tagapayo", "Negosyo Center")
    sent = enterprise.act(page, f"{played.path}/acts/submit", {"confirmed": "yes"})
    _fine(sent)
    number = _refer(adviser, cast)
    return (
        f"{played.reference} was written by a service centre, checked and sent by the enterprise. "
        f"Referral {number} to a centre in Lao PDR was accepted."
    )


def _refer(adviser: Browser, cast: Cast) -> str:
    page = adviser.open("/referrals")
    consent = next(form for form in page.forms_to("/referrals") if "consent" in form.controls)
    known = [value for value in consent.controls["consent"].offered if value]
    fields = {
        "consent": known[0],
        "to": "LA-CENTRE",
        "scheme": "",
        "reason": "Looks for weavers of silk to work with.",
    }
    page = adviser.act(page, "/referrals", fields)
    _fine(page)
    number = page.path.rsplit("/", 1)[-1]
    receiver = cast.browser("adviser.la")
    words = {"words": "We know three weaving villages and will bring you together."}
    answered = receiver.act(receiver.open(page.path), f"{page.path}/accept", words)
    _fine(answered)
    expect(adviser.open(page.path).text, "three weaving villages")
    return number


def import_paper(cast: Cast) -> str:
    """Import three applications on paper: first a file with mistakes, of which nothing is taken, then one without, twice."""
    desk = cast.browser("desk.bn")
    refused = _imported(desk, "brunei-with-mistakes.csv")
    expect(refused.text, "Nothing was imported")
    first = _imported(desk, "brunei.csv")
    expect(first.text, "3 applications were imported")
    again = _imported(desk, "brunei.csv")
    expect(again.text, "3 had been imported before")
    mistakes = re.search(r"(\d+) mistakes", refused.text)
    return (
        "Three applications on paper were imported; of a file with "
        f"{mistakes[1] if mistakes else 'several'} mistakes nothing was, and the same file twice is once."
    )


def _imported(desk: Browser, name: str) -> Page:
    page = desk.act(
        desk.open("/imports"), "/imports", {"call": "BN-COMATCH-2026"}, ("file", PAPER / name)
    )
    _fine(page)
    ends = time.monotonic() + IMPORT_SECONDS
    while "looks again by itself" in page.text:
        if time.monotonic() > ends:
            raise Unexpected(f"{name} was not imported in {IMPORT_SECONDS:.0f} s.")
        time.sleep(PAUSE_SECONDS)
        page = desk.open(page.path)
    return page


def _fine(page: Page) -> None:
    if page.errors and not page.path.startswith("/imports/"):
        raise Unexpected(f"{page.path}: {page.errors}")
