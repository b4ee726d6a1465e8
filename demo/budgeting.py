"""Plays budget officers: one proposes a transfer between two calls, another authorises it."""

from demo.browser import Browser, Unexpected
from demo.page import Page, Value
from demo.played import Played, fine, says

BUDGETS, TRANSFERS = "/budgets", "/budgets/transfers"
PROPOSED = "The transfer is proposed. Another budget officer decides about it."
OWN = "You proposed it: another budget officer decides about it."
MADE = "The transfer is made."


def propose_transfer(_played: Played, browser: Browser, fields: dict[str, str | list[str]]) -> None:
    """Propose a transfer; calls are chosen by what the page says of them. Who proposed it gets no form to authorise it."""
    given: dict[str, Value] = dict(fields)
    page = browser.act(browser.open(BUDGETS), TRANSFERS, given)
    fine(page, TRANSFERS)
    says(page, PROPOSED)
    says(page, OWN)
    if _deciding(page):
        raise Unexpected(f"{BUDGETS} lets a person authorise a transfer of their own.")


def authorise_transfer(
    _played: Played, browser: Browser, fields: dict[str, str | list[str]]
) -> None:
    """Authorise the transfer that waits; the page must then show each of ``rows``."""
    page = browser.open(BUDGETS)
    (action,) = _deciding(page)
    page = browser.act(page, action, {})
    fine(page, action)
    says(page, MADE)
    for row in fields["rows"]:
        says(page, row)


def _deciding(page: Page) -> list[str]:
    return [form.action for form in page.forms if form.action.endswith("/authorise")]
