"""Finding schemes and facilities: what is open, what is not and why, and where every figure comes from."""

import pytest

from app.countries.queries import country, served
from app.db import transaction
from app.schemes import commands, queries
from app.schemes.commands.status import Change, change_status
from tests.answers import GRANT as CALL
from tests.answers import LOAN
from tests.factories import Days, close
from tests.pages.browser import Browser
from tests.schemes.texts import GRANT, changed, own, table
from tests.world import World

pytestmark = pytest.mark.one_database

NOTE = "The budget of the year is spent"


def page(world: World, path: str, who: str = "") -> str:
    """Return a page as somebody sees it."""
    answer = Browser(world.app, who).get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(answer.text.split())


def test_every_facility_is_listed_with_its_schemes_and_sources(world: World) -> None:
    with transaction():
        change_status("MY-BAP", Change("suspended", NOTE))
    found = page(world, "/facilities")
    for code in served():
        assert f'<a class="govuk-link" href="#{code}">{country(code).name}</a>' in found
    assert found.count("No scheme of this facility is published in this installation.") == 10
    assert f": {NOTE}." in found
    assert "MYR 200,000.00" in found
    assert "Source 1: <a" in found
    assert "as read in 2026; the page carries no date" in found
    assert found.count("Illustrative") > 4


def test_the_interface_lists_them_with_the_source_of_each_figure(world: World) -> None:
    body = Browser(world.app).get("/api/v1/facilities").get_json()["facilities"]
    by_name = sorted(served(), key=lambda code: country(code).name)
    assert [one["facility"] for one in body] == [*by_name, "regional"]
    grant = next(one for one in body if one["facility"] == "MY")["schemes"][0]
    figures = {figure["key"]: figure for figure in grant["figures"]}
    assert (figures["ceiling"]["source"], figures["floor"]["source"]) == ("guideline", None)
    assert grant["status"] == "open"
    assert {"floor", "criteria"} <= set(grant["illustrative"])
    assert [source["grade"] for source in grant["sources"]] == ["official", "official"]
    assert body[-1]["schemes"] == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("", {CALL, LOAN}, id="every call"),
        pytest.param("?country=MY", {CALL}, id="for enterprises of one country"),
        pytest.param("?instrument=loan", {LOAN}, id="of one instrument"),
        pytest.param("?country=MY&instrument=loan", set(), id="none that fits both"),
        pytest.param("?country=XX", set(), id="a country that is none"),
    ],
)
def test_schemes_are_found_by_country_and_instrument(
    world: World, query: str, shown: set[str]
) -> None:
    found = page(world, f"/schemes{query}")
    assert {code for code in (CALL, LOAN) if f'id="{code}"' in found} == shown
    assert ("No scheme fits." in found) is not bool(shown)


def test_a_deadline_is_shown_with_the_clock_it_is_measured_by(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(CALL, "2027-12-31T17:00:00+08:00")
    Days(monkeypatch).moment("2027-12-31T17:00:01")
    now = "It is now 17:00:01 on 31 December 2027 in Kuala Lumpur by the clock of this service."
    for path in ("/schemes", f"/schemes/{CALL}"):
        found = page(world, path)
        assert now in found
        assert "Standing call 2026 closed at 17:00:00 on 31 December 2027 in Kuala Lumpur." in found


@pytest.mark.parametrize(("name", "state"), [("applicant.my", "offered"), ("desk.my", "screening")])
def test_a_case_is_shown_with_the_clock_its_deadline_is_measured_by(
    world: World, name: str, state: str
) -> None:
    reference = world.at(state)
    found = page(world, f"/cases/{reference}", name)
    assert " in Kuala Lumpur by the clock of this service." in found


def test_a_scheme_says_where_each_figure_comes_from(world: World) -> None:
    words = "guideline: table 2"
    text = changed(
        GRANT,
        ("version = 4", "version = 5"),
        own('one_per = "call"', 'eligible_costs = ["Certification", "Packaging"]', 'open_to = ["MY", "SG"]'),
        table(
            "[size]", 'sector = "sector"', 'sectors = {manufacturing = "manufacturing", services = "services"}',
            'measures = {employees = "employees", turnover = "turnover"}',
            "[[courses]]", 'key = "book"', 'label = "Bookkeeping"', 'issuers = ["Example academy"]', "valid_months = 24",
            "[[authority]]", 'by = "approver"', 'up_to = "50000.00"', "of = 1", "needed = 1",
            "[[authority]]", 'by = "approver"', 'body = "Grants committee"', 'above = "50000.00"', "of = 3", "needed = 2",
        ),
        ('ceiling = "guideline"', f'ceiling = "{words}"\nauthority = "illustrative"\ncourses = "illustrative: the year"'),
    )  # fmt: skip
    with transaction():
        commands.publish(text)
    found = page(world, f"/schemes/{CALL}")
    for said in (
        "Source 1</a>, official, as read in 2026; the page carries no date: table 2",
        "Certification; Packaging",
        "Enterprises registered in Malaysia, Singapore.",
        "An enterprise can make one application in each call.",
        "Bookkeeping: a certificate of Example academy, at most 24 months old",
        "Illustrative</strong> the year",
        "one approver",
        "2 of 3, each approver of the Grants committee",
        "MYR 0.01 to MYR 50,000.00",
        "The size of the enterprise is told by",
    ):
        assert said in found, said


def test_a_scheme_without_a_call_has_its_page(world: World) -> None:
    text = changed(
        GRANT, ('code = "MY-BAP"', 'code = "MY-OLD"'), ('status = "open"', 'status = "closed"\nstatus_note = "Ended with 2024"')
    )  # fmt: skip
    with transaction():
        commands.publish(
            text.partition("[[calls]]")[0].replace("[basis]\n", "calls = []\n[basis]\n")
        )
    found = page(world, "/schemes/MY-OLD")
    assert "The scheme is closed: Ended with 2024." in found
    assert "/schemes/MY-OLD" in page(world, "/facilities")
    assert queries.newest_call("MY-OLD") is None
    assert f'value="{CALL}"' in page(world, "/schemes/MY-BAP", "applicant.my")
    assert Browser(world.app).get("/schemes/MY-NONE").status_code == 404


def test_eligibility_is_asked_in_a_language_of_the_form(world: World) -> None:
    browser = Browser(world.app)
    page = browser.get(f"/schemes/{CALL}/eligibility?lang=ms").text
    assert 'lang="ms" hreflang="ms" aria-current="true">Bahasa Melayu<' in page
    assert "In which sector is the enterprise?" not in page
    plain = browser.get(f"/schemes/{CALL}/eligibility?lang=xx").text
    assert "In which sector is the enterprise?" in plain
