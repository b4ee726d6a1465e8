"""An applicant applies on a small phone without JavaScript, and an officer takes the case up."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.answers import DOCUMENTS, GRANT, GRANT_ANSWERS
from tests.world import PASSWORD, pdf

pytestmark = pytest.mark.one_database

SECTIONS = ("enterprise", "project", "account", "declaration")


def fits(page: Page) -> bool:
    """Tell whether nothing on the page asks for scrolling sideways."""
    return bool(page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth"))


def sign_in(page: Page, address: str, name: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("[name=email]", f"{name}@world.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


def fill_section(page: Page, address: str, reference: str, key: str) -> None:
    page.goto(f"{address}/cases/{reference}/sections/{key}")
    for name, value in GRANT_ANSWERS.items():
        field = page.locator(f"main [name={name}]")
        if not field.count():
            continue
        kind = field.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.check(f"main [name={name}][value={value}]")
        else:
            field.fill(value)
    assert fits(page)
    page.click("main form button")


def attach(page: Page, address: str, reference: str, folder: Path) -> None:
    for number, kind in enumerate(DOCUMENTS[GRANT]):
        file = folder / f"{kind}-{number}.pdf"
        file.write_bytes(pdf(f"{kind} {number}"))
        page.goto(f"{address}/cases/{reference}/documents")
        form = page.locator("main form", has=page.locator(f"[name=kind][value={kind}]"))
        form.first.locator("[type=file]").set_input_files(file)
        form.first.locator("button").first.click()
    assert fits(page)


def test_an_application_is_written_and_sent_on_a_small_phone_without_javascript(
    page: Page, address: str, tmp_path: Path
) -> None:
    sign_in(page, address, "applicant.my")
    page.goto(f"{address}/schemes/{GRANT}")
    assert fits(page)
    page.locator("main form[action='/applications'] button").click()
    reference = page.url.rsplit("/", 1)[-1]
    for key in SECTIONS:
        fill_section(page, address, reference, key)
    attach(page, address, reference, tmp_path)
    page.goto(f"{address}/cases/{reference}/check")
    assert fits(page)
    page.locator(f"main form[action='/cases/{reference}/acts/submit'] button").click()
    assert "Application submitted" in page.inner_text("main")
    assert reference in page.inner_text("main")
    assert fits(page)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    page: Page, address: str
) -> None:
    sign_in(page, address, "applicant.my")
    page.goto(f"{address}/schemes/{GRANT}")
    page.locator("main form[action='/applications'] button").click()
    reference = page.url.rsplit("/", 1)[-1]
    page.goto(f"{address}/cases/{reference}/sections/project")
    page.fill("[name=amount]", "USD 900")
    page.click("main form button")
    assert page.title().startswith("Error:")
    beside = page.locator(".govuk-form-group--error", has=page.locator("[name=amount]"))
    assert "Amounts here are in MYR, not USD." in beside.inner_text()
    assert page.input_value("[name=amount]") == "USD 900"


def test_an_officer_takes_up_a_case_from_the_queue(page: Page, address: str) -> None:
    sign_in(page, address, "desk.my")
    page.goto(f"{address}/queue")
    assert fits(page)
    page.locator("main table a").first.click()
    assert fits(page)
    act = page.locator("form[action$='/acts/take_up']")
    if not act.locator("button").is_visible():
        page.locator("summary", has_text="Take up for screening").click()
    act.locator("button").click()
    assert "Taken up for screening" in page.inner_text("main")
