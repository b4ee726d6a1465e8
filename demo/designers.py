"""Plays two scheme designers: a version of the workflow is proposed, checked and published, and cases in flight move to it."""

from dataclasses import replace
from pathlib import Path

from demo.browser import Browser, Unexpected, expect
from demo.cast import Cast
from demo.page import Page
from demo.played import Played
from workflows.format.loading import load, shipped

FOLDER = Path(__file__).parent / "workflows"
AUTHOR, CHECKER = "designer1.my", "designer2.my"
PROPOSALS, MIGRATIONS = "/workflows/proposals", "/workflows/migrations"
MISSPELT = ("'offer_opn': did you mean 'offer_open'?",)
UNSOUND = (
    "states.disbursing: Money can move here although no authorised decision is in force.",
    "recommendation -hurry-> disbursing",
    "states.on_hold: No act leads into this state.",
    "states.on_hold: No act leads out of this state, and it is not an end.",
)
ALONE = "You wrote this; another scheme designer must check it."
REASON = "Conditions precedent took longer than thirty days in half of the cases."


def design(cases: list[Played], cast: Cast) -> str:
    """Publish a version by two people and move the cases in flight to it; return what came of it, in a few lines.

    Raises ``Unexpected`` when the system does anything else.
    """
    author, checker = cast.browser(AUTHOR), cast.browser(CHECKER)
    _flawed(author)
    source = _text("bap_grant")
    place = _proposed(author, source)
    _alone(author, place)
    _published(checker, place)
    old, new = shipped("grant"), load(source)
    path = _planned(author, f"from={old.digest}&to={new.digest}")
    moved = _carried_out(checker, path, cases, cast)
    return "\n".join(
        [
            f"{new.name} version {new.version}: a text with mistakes was refused twice, each mistake named with its place.",
            f"  The right one was proposed by {AUTHOR}, refused to its author alone (four_eyes), and published by {CHECKER}.",
            f"  From {old.name} version {old.version} moved {', '.join(moved)}: planned by {AUTHOR}, carried out by {CHECKER}.",
        ]
    )


def _flawed(author: Browser) -> None:
    """Propose a text that is wrong: first it is not even well formed, and once it is spelt right it is unsound."""
    text = _text("flawed")
    page = author.act(author.open("/workflows/propose"), PROPOSALS, {"source": text})
    expect(page.errors, *MISSPELT)
    page = author.act(page, PROPOSALS, {"source": text.replace("offer_opn", "offer_open")})
    expect(page.errors, *UNSOUND)


def _proposed(author: Browser, source: str) -> str:
    page = author.act(author.open("/workflows/propose"), PROPOSALS, {"source": source})
    _fine(page)
    expect(page.text, "Nothing: the workflow is sound.", "It has: every separation")
    return page.path


def _alone(author: Browser, place: str) -> None:
    """Try to publish as the author: the page has no button for it, and the address refuses as well."""
    page = author.open(place)
    if page.forms_to(f"{place}/publish"):
        raise Unexpected(f"{place} lets its author publish it.")
    (form,) = page.forms_to(f"{place}/reject")
    token = {"csrf_token": form.controls["csrf_token"]}
    page = author.send(page, replace(form, action=f"{place}/publish", controls=token), {})
    expect(page.errors, ALONE)


def _published(checker: Browser, place: str) -> None:
    page = checker.act(checker.open(place), f"{place}/publish", {})
    _fine(page)
    expect(page.text, "Published")


def _planned(author: Browser, versions: str) -> str:
    """Plan the migration: the page shows what changes between the versions, then what a trial finds, then the plan."""
    page = author.open(f"{MIGRATIONS}/plan?{versions}")
    expect(page.text, "Compared with grant version", "→ 45 working days")
    page = author.act(page, f"{MIGRATIONS}/dry-run", {"reason": REASON})
    expect(page.text, "would move", "Nothing is stored yet.")
    page = author.act(page, MIGRATIONS, {})
    _fine(page)
    expect(page.text, "another scheme designer must carry it out")
    return page.path


def _carried_out(checker: Browser, path: str, cases: list[Played], cast: Cast) -> list[str]:
    """Carry the migration out; return the references of the cases that moved, each with the event on its page."""
    page = checker.act(checker.open(path), f"{path}/carry-out", {})
    _fine(page)
    moved = [case for case in cases if case.reference in page.text]
    if not any(case.dossier.ends_in == "accepted" for case in moved):
        raise Unexpected(f"{path}: the case that was accepted did not move.")
    for case in moved:
        shown = cast.browser(f"desk.{case.country}").open(case.path)
        expect(shown.text, "Moved to another version of the workflow")
    return [case.reference for case in moved]


def _text(name: str) -> str:
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def _fine(page: Page) -> None:
    if page.errors:
        raise Unexpected(f"{page.path} was refused: {page.errors}")
