"""A form with questions of every kind, filled in, checked and sent through its pages."""

import html
import io
import re
from typing import Any

import pytest

from app.db import transaction
from app.submissions import commands
from app.submissions.queries import attachments, submissions
from tests.answers import DOCUMENTS, GRANT
from tests.pages.browser import Browser
from tests.schemes.every_kind import AMOUNT, ANSWERS, CALL, COST, published
from tests.world import World, pdf

pytestmark = pytest.mark.one_database

FILES = {"plan"}


def begun(world: World, **changed: Any) -> str:
    """Return the reference of a draft with every answer but the files."""
    with transaction():
        published()
        reference = commands.begin(CALL, actor=world.applicant).reference
        answers = {**ANSWERS, **changed}
        given = {key: value for key, value in answers.items() if key not in FILES}
        commands.answer(reference, given, version=None, actor=world.applicant)
    return reference


def fields(**given: Any) -> dict[str, Any]:
    """Return answers as the names a form sends."""
    found: dict[str, Any] = {}
    for key, value in given.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                found |= {f"{key}.{number}.{column}": typed for column, typed in row.items()}
        else:
            found[key] = value
    return found


def section(key: str, **changed: Any) -> dict[str, Any]:
    """Return what the page of a section sends when every answer is right."""
    keys = {
        "firm": (
            "sector", "employees", "turnover", "listed_parent", "markets", "profit",
            "local_share", "phone", "postcode",
        ),
        "project": ("project_title", "purpose", "started", "begins", "budget"),
        "account": ("account_holder", "bank_bic", "bank_account", "truth"),
    }[key]  # fmt: skip
    return fields(**{name: ANSWERS[name] for name in keys} | changed)


def words(page: str) -> str:
    """Return the text of a page as it is read."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def browser(world: World) -> Browser:
    return Browser(world.app, "applicant.my")


def post(browser: Browser, reference: str, key: str, data: Any, query: str = "") -> Any:
    """Send a section as its page does: with files, as one that has some."""
    if key == "project":
        more = {"content_type": "multipart/form-data"}
        return browser.post(f"/cases/{reference}/sections/{key}{query}", data, **more)
    return browser.post(f"/cases/{reference}/sections/{key}{query}", data)


def plan(name: str = "plan") -> dict[str, Any]:
    return {"plan": (io.BytesIO(pdf(name)), f"{name}.pdf")}


def held(world: World, reference: str) -> dict[str, str]:
    """Return the names of the documents attached, by kind."""
    return {a.kind: a.document.filename for a in attachments(world.case(reference))}


def test_a_form_with_every_kind_travels_from_its_pages_to_the_frozen_copy(world, browser) -> None:
    with transaction():
        published()
    reference = browser.post("/applications", {"call": CALL}).location.rsplit("/", 1)[-1]
    case = f"/cases/{reference}"
    for key, more in (("firm", {}), ("account", {}), ("project", plan())):
        answer = post(browser, reference, key, section(key) | more)
        assert (answer.status_code, answer.location) == (303, case), words(answer.text)
    for kind in DOCUMENTS[GRANT]:
        file = {"kind": kind, "file": (io.BytesIO(pdf(kind)), f"{kind}.pdf")}
        sent = browser.post(f"{case}/documents", file, content_type="multipart/form-data")
        assert sent.status_code == 303
    read = words(browser.get(f"{case}/check").text)
    for said in (
        "At home In ASEAN", "75.5 %", "+60327756000", "Roaster Tool 2 30,000.05 60,000.10",
        "Total 61,500.10", "MYR 30,750.05", "1.28 %", "plan.pdf", "Submit the application",
    ):  # fmt: skip
        assert said in read
    assert "Which one?" not in read
    assert "Abroad" not in read
    version = world.case(reference).version
    assert browser.post(f"{case}/acts/submit", {"version": version}).status_code == 303
    the_copy_holds_it(world, reference)
    the_officers_read_it(world, case)
    assert "These are your answers" in words(browser.get(f"{case}/sections/project").text)


def the_copy_holds_it(world: World, reference: str) -> None:
    assert world.case(reference).requested_minor == 3_075_005
    (copy,) = (submission.frozen for submission in submissions(world.case(reference)))
    assert copy["answers"]["markets"] == ["home", "asean"]
    assert copy["answers"]["budget"][1] == {
        "item": "Fitting", "group": "work", "value": "1.5", "price": "1000.00",
        "cost": "1500.00", "note": "By hand",
    }  # fmt: skip
    assert (copy["answers"]["project_cost"], copy["answers"]["amount"]) == (COST, AMOUNT)
    assert copy["answers"]["employees"] == "24"
    plans = [row for row in copy["documents"] if row["kind"] == "plan"]
    assert [str(row["id"]) for row in plans] == [copy["answers"]["plan"]]


def the_officers_read_it(world: World, case: str) -> None:
    page = Browser(world.app, "desk.my").get(case).text
    inside = words(page)
    assert "Roaster Tool 2 30,000.05 60,000.10" in inside
    assert ("•••• 9876" in inside, "98765432109876" in page) == (True, False)
    assert "Drawing of the plant" in inside
    assert "Abroad" not in inside


def test_questions_that_come_up_are_shown_before_going_on(world, browser) -> None:
    reference = begun(world)
    case = f"/cases/{reference}"
    asked = browser.get(f"{case}/sections/firm").text
    assert ('name="parent"' in asked, 'name="permit"' in asked) == (False, False)
    answer = post(browser, reference, "firm", section("firm", listed_parent="yes"))
    assert answer.location == f"{case}/sections/firm?more=yes#parent"
    more = browser.get(answer.location)
    assert "further questions apply" in more.text
    assert ('name="parent"' in more.text, "There is a problem" in more.text) == (True, False)
    # A wrong answer and a new question at once: the one is told of, the other is asked.
    wrong = section("firm", listed_parent="yes", parent="Besar Bhd", employees="many")
    answer = post(browser, reference, "firm", wrong)
    assert answer.status_code == 422
    assert "further questions apply" in answer.text
    assert 'name="parent_share"' in answer.text
    assert words(answer.text).count("Enter a whole number in digits.") == 2
    assert "Answer this question." not in words(answer.text)
    # Back again: what does not apply is not asked, and what was answered stays for another day.
    answer = post(browser, reference, "firm", section("firm", parent="Besar Bhd"))
    assert answer.location == case
    assert world.case(reference).answers["parent"] == "Besar Bhd"
    assert "Besar Bhd" not in browser.get(f"{case}/check").text


def test_a_section_of_which_nothing_applies_says_so(world, browser) -> None:
    reference = begun(world)
    assert (
        "nothing in this section applies" in browser.get(f"/cases/{reference}/sections/abroad").text
    )
    assert "Abroad" not in browser.get(f"/cases/{reference}").text
    with transaction():
        commands.answer(reference, {"markets": ["far"]}, version=None, actor=world.applicant)
    assert "Abroad" in browser.get(f"/cases/{reference}").text


def test_a_table_grows_by_rows_and_keeps_what_is_wrong_in_its_cells(world, browser) -> None:
    reference = begun(world, partners=[])
    page = browser.get(f"/cases/{reference}/sections/project").text
    assert page.count('name="partners.') == 2 * 3
    assert 'name="budget.4.' not in page
    rows = {"partners.0.name": "", "partners.5.name": "A", "partners.5.share": "half"}
    sent = section("project") | rows | {"add-rows": "partners", "blank": "8"}
    answer = post(browser, reference, "project", sent)
    assert answer.location == f"/cases/{reference}/sections/project?blank=8#partners"
    assert world.case(reference).answers["partners"] == [{"name": "A", "share": "half"}]
    more = browser.get(answer.location).text
    assert more.count('name="partners.') == 2 * 9
    assert "Partners, row 1, Share: Enter a whole number in digits." in words(more)
    # Who asks for rows is not told what else is missing.
    assert "Choose a file." not in words(more)
    assert 'href="#partners.0.share"' in more
    assert re.search(
        r'id="partners\.0\.share"[^>]*aria-describedby="partners\.0\.share-error"', more
    )


FILES_SENT = {
    "no PDF": (b"MZ", "The file is not a PDF, whatever its name says."),
    "an empty file": (b"", "Choose a file. The one you sent is empty."),
}


@pytest.mark.parametrize(("content", "said"), FILES_SENT.values(), ids=FILES_SENT.keys())
def test_a_file_that_cannot_be_kept_is_named_and_the_rest_is_saved(
    world, browser, content, said
) -> None:
    reference = begun(world)
    sent = section("project", project_title="Better") | {"plan": (io.BytesIO(content), "a.pdf")}
    answer = post(browser, reference, "project", sent)
    assert answer.status_code == 422
    assert f"Drawing of the plant: {said}" in words(answer.text)
    assert world.case(reference).answers["project_title"] == "Better"
    assert held(world, reference) == {}


def test_a_file_is_put_in_the_place_of_another_and_removed(world, browser) -> None:
    reference = begun(world)
    assert post(browser, reference, "project", section("project") | plan()).status_code == 303
    first = world.case(reference).answers["plan"]
    # A page that sends no file leaves the one there is.
    assert post(browser, reference, "project", section("project")).status_code == 303
    assert world.case(reference).answers["plan"] == first
    assert post(browser, reference, "project", section("project") | plan("new")).status_code == 303
    assert held(world, reference) == {"plan": "new.pdf"}
    assert world.case(reference).answers["plan"] not in ("", first)
    assert (
        "Put another file in its place" in browser.get(f"/cases/{reference}/sections/project").text
    )
    answer = post(browser, reference, "project", section("project") | {"remove-file": "plan"})
    assert (answer.status_code, held(world, reference)) == (303, {})
    assert world.case(reference).answers["plan"] == ""
    told = words(browser.get(f"/cases/{reference}/check").text)
    assert told.count("Drawing of the plant Choose a file.") == 1
    assert "Still to be attached: Drawing" not in told


def test_a_form_is_read_in_another_language_and_errors_stay_english(world, browser) -> None:
    reference = begun(world)
    page = browser.get(f"/cases/{reference}/sections/firm?lang=ms").text
    assert '<h1 class="govuk-heading-l"><span lang="ms">Perusahaan anda</span></h1>' in page
    assert '<span lang="ms">Pembuatan</span>' in page
    assert f'action="/cases/{reference}/sections/firm?lang=ms"' in page
    assert re.search(r'lang="ms" hreflang="ms" aria-current="true">Bahasa Melayu<', page)
    wrong = section("firm", sector="")
    answer = post(browser, reference, "firm", wrong, "?lang=ms")
    assert '<span lang="ms">Sektor</span>: Choose one of the options.' in answer.text
    answer = post(browser, reference, "firm", section("firm"), "?lang=ms")
    assert answer.location == f"/cases/{reference}?lang=ms"
    assert '<span lang="ms">Projek anda</span>' in browser.get(answer.location).text
    table = browser.get(f"/cases/{reference}/check?lang=ms").text
    assert '<span lang="ms">Alat</span>' in table
    for unknown in ("xx", "<script>"):
        page = browser.get(f"/cases/{reference}/sections/firm", query_string={"lang": unknown}).text
        assert ("Your enterprise" in page, "<script>" in page) == (True, False), unknown


def test_what_cannot_be_saved_comes_back_beside_its_field(world, browser) -> None:
    reference = begun(world)
    before = world.case(reference).answers
    sent = section("project", project_title="a\x00b") | {"budget.0.item": "\x01", "amount": "9"}
    answer = post(browser, reference, "project", sent)
    assert answer.status_code == 422
    said = "Remove the control characters from the text."
    assert f"Budget, row 1, Item: {said}" in words(answer.text)
    assert f"Title: {said}" in words(answer.text)
    assert world.case(reference).answers == before
