"""Plays a claim with cost lines: the applicant writes them with their invoices, the desk officer verifies them one by one."""

from demo.browser import Browser
from demo.dossier import DOCUMENTS
from demo.played import Played, fine

Entered = dict[str, str | list[str]]


def claim(played: Played, browser: Browser, fields: Entered) -> None:
    """Save the lines of a claim one by one, each with its invoice (``file``), and claim the tranche ``of`` the case."""
    left = dict(fields)
    path = f"{played.path}/tranches/{left.pop('of')}/claim"
    note, row = left.pop("note"), 0
    while file := left.pop(f"lines.{row}.file", ""):
        names = [name for name in left if name.startswith(f"lines.{row}.")]
        line = {name: played.dated(left.pop(name)) for name in names}
        attached = (f"lines.{row}.file", DOCUMENTS / str(file))
        fine(browser.act(browser.open(path), path, line, attached), f"line {row + 1}")
        row += 1
    fine(browser.act(browser.open(path), path, {"note": note, "claim": "yes"}), "claim")


def verify(played: Played, browser: Browser, fields: Entered) -> None:
    """Verify the claim of the tranche ``of`` the case: a line is accepted where nothing else was found."""
    found = dict(fields)
    path = f"{played.path}/tranches/{found.pop('of')}/claim"
    fine(browser.act(browser.open(path), f"{path}/verify", dict(found)), "verification")
