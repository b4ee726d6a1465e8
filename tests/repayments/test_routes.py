"""The pages of loans: who sees what, what a schedule shows, what is tried out, arrears with their totals, the hand-over."""

import csv
import io
import json
from datetime import date

import pytest

from app.checkpoints.commands import advance
from app.db import transaction
from app.letters.compose import compose
from app.repayments.compose.drafts import NOTICE
from app.repayments.queries import owing
from tests.answers import GRANT, LOAN
from tests.factories import Days, last_event
from tests.interface import API, CASES, Interface
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.repayments.lending import begin, drawn, loan_of, receive, swept
from tests.world import World
from workflows.money import formatted

pytestmark = pytest.mark.one_database

ZONE = "Asia/Ho_Chi_Minh"
TERMS = "instalments=12&first_due=2027-03-15&method=equal_principal"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        pytest.param("applicant.vn", 200, id="the applicant"),
        pytest.param("desk.vn", 200, id="a desk officer"),
        pytest.param("maker.vn", 200, id="a payment officer"),
        pytest.param("auditor.vn", 200, id="an auditor"),
        pytest.param("desk.my", 404, id="an officer of another agency"),
        pytest.param("", 401, id="a stranger"),
    ],
)
def test_the_pages_of_a_loan_for(world: World, days: Days, who: str, status: int) -> None:
    reference = drawn(world)
    browser = Browser(world.app, who)
    for page in (
        "schedule",
        "schedule.csv",
        "schedule/working.csv",
        "schedule/settlement",
        "schedule/other-terms",
    ):
        assert browser.get(f"/cases/{reference}/{page}").status_code == status, page


def test_a_grant_has_no_schedule_page(world: World) -> None:
    reference = world.at("disbursing", GRANT)
    assert Browser(world.app, "desk.my").get(f"/cases/{reference}/schedule").status_code == 404


def test_an_offer_shows_an_indicative_schedule(world: World, days: Days) -> None:
    reference = world.at("offered", LOAN)
    page = Browser(world.app, "applicant.vn").get(f"/cases/{reference}/schedule")
    assert "becomes definite with the first drawdown" in page.text
    assert "<svg" in page.text
    assert (
        Browser(world.app, "applicant.vn").get(f"/cases/{reference}/schedule?version=1").status_code
        == 404
    )


def test_a_schedule_shows_versions_receipts_and_what_is_owed(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    receive(world, reference, "10,000,000", "2026-12-30", "FT-77")
    page = Browser(world.app, "applicant.vn").get(f"/cases/{reference}/schedule").text
    for words in (
        "Version 1",
        "FT-77",
        "of instalment 1",
        "Effective rate",
        "ACT/365F",
        "Past due",
    ):
        assert words in page, words


def test_the_downloads_of_a_schedule(world: World, days: Days) -> None:
    reference = drawn(world)
    browser = Browser(world.app, "desk.vn")
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/cases/{reference}/schedule.csv").text)))
    assert (len(rows), rows[0]["due"], rows[0]["currency"]) == (24, "2026-12-30", "VND")
    assert sum(int(row["principal"]) for row in rows) == 600_000_000
    working = browser.get(f"/cases/{reference}/schedule/working.csv").text
    assert working.startswith("instalment,working\r\n1,")


def test_what_settles_a_loan_is_told_for_a_day(world: World, days: Days) -> None:
    reference = drawn(world)
    browser = Browser(world.app, "applicant.vn")
    quote = owing.loan(loan_of(world, reference)).quote(date(2026, 12, 15))
    page = browser.get(f"/cases/{reference}/schedule/settlement?on=2026-12-15")
    assert quote.accrued > 0
    assert formatted(quote.total, "VND") in page.text
    late = browser.get(f"/cases/{reference}/schedule/settlement?on=2026-11-29")
    assert (late.status_code, "Enter a day that is not over" in late.text) == (422, True)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        pytest.param("", 200, "Nothing is stored", id="nothing yet"),
        pytest.param(TERMS, 200, "To pay by these terms", id="terms"),
        pytest.param("instalments=12", 422, "Choose how it is repaid", id="too little"),
        pytest.param(f"{TERMS}&grace=deferred", 422, "or neither", id="grace for no period"),
        pytest.param(
            "instalments=2&first_due=2027-03-15&method=bullet&grace=principal&grace_periods=1",
            422,
            "leave out the grace",
            id="terms that no loan can have",
        ),
    ],
)
def test_other_terms_are_tried_out_with(
    world: World, days: Days, asked: str, status: int, words: str
) -> None:
    reference = drawn(world)
    page = Browser(world.app, "desk.vn").get(f"/cases/{reference}/schedule/other-terms?{asked}")
    assert (page.status_code, words in page.text) == (status, True)


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        pytest.param("", 200, "A calculation and no offer", id="nothing yet"),
        pytest.param(
            "amount=1,000,000,000&instalments=24&method=annuity", 200, "Effective rate", id="a loan"
        ),
        pytest.param(
            "amount=1000000000&instalments=24&method=flat",
            422,
            "would repay",
            id="a method not offered",
        ),
        pytest.param(
            "amount=1&instalments=999&method=annuity", 422, "1 to 84", id="too many instalments"
        ),
        pytest.param("amount=x&instalments=x", 422, "whole number", id="no figures"),
    ],
)
def test_anybody_sees_what_a_loan_would_cost_with(
    world: World, asked: str, status: int, words: str
) -> None:
    page = Browser(world.app).get(f"/schemes/{LOAN}/schedule?{asked}")
    assert (page.status_code, words in page.text) == (status, True)


@pytest.mark.parametrize("code", [GRANT, "NOBODY"], ids=["of a grant", "of no scheme"])
def test_there_is_no_preview(world: World, code: str) -> None:
    assert Browser(world.app).get(f"/schemes/{code}/schedule").status_code == 404


def test_arrears_are_listed_with_totals_and_what_is_to_be_done(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-02-15", ZONE)
    swept()
    desk = Browser(world.app, "desk.vn")
    page = desk.get("/arrears").text
    for words in (reference, "31 to 60", "Watch-list", "Second reminder is due"):
        assert words in page, words
    assert reference not in desk.get("/arrears?bucket=current").text
    assert reference in desk.get("/arrears?watched=yes&letter=yes").text
    assert reference not in Browser(world.app, "desk.my").get("/arrears").text
    rows = list(csv.DictReader(io.StringIO(desk.get("/arrears.csv").text)))
    assert [(row["reference"], row["days_past_due"], row["letter_due"]) for row in rows] == [
        (reference, "47", "second_reminder")
    ]


def test_the_list_asks_as_often_for_many_loans_as_for_few(world: World, days: Days) -> None:
    desk, lengths = Browser(world.app, "desk.vn"), []
    for more in (1, 3):
        for _ in range(more):
            drawn(world)
        desk.get("/arrears")
        with counted() as statements:
            desk.get("/arrears")
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]
    assert lengths[1] <= 8


def test_the_list_goes_on_where_the_page_before_ended(
    world: World, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.repayments.queries.arrears.PAGE", 1)
    first, second = drawn(world), drawn(world)
    desk = Browser(world.app, "desk.vn")
    page = desk.get("/arrears").text
    assert (first in page, second in page) == (True, False)
    number = loan_of(world, first).id
    page = desk.get(f"/arrears?after=0-{number}").text
    assert (first in page, second in page) == (False, True)


def test_loans_are_handed_over(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    receive(world, reference, "10,000,000", "2026-12-30")
    answer = Interface(world.app, "auditor.vn").get(f"{API}/loans").get_json()
    assert (answer["format"], answer["agency"]) == ("saluran-loans-1", "VN-SMEDF")
    (loan,) = answer["loans"]
    assert (loan["reference"], loan["schedule_version"], len(loan["instalments"])) == (
        reference,
        1,
        24,
    )
    assert loan["principal_owed_minor"] + 10_000_000 > 600_000_000
    assert loan["receipts"][0]["amount_minor"] == 10_000_000
    (row,) = csv.DictReader(io.StringIO(Browser(world.app, "maker.vn").get("/loans.csv").text))
    assert json.loads(row["drawdowns"]) == loan["drawdowns"]
    assert row["schedule_sha256"] == loan["schedule_sha256"]
    assert Browser(world.app, "desk.vn").get("/loans.csv").status_code == 403


def test_the_interface_tells_of_a_schedule(world: World, days: Days) -> None:
    reference = drawn(world)
    told = Interface(world.app, "applicant.vn").get(f"{CASES}/{reference}/schedule").get_json()
    assert (told["version"], told["kind"], told["currency"]) == (1, "drawn", "VND")
    assert told["owed"]["due"] == 0
    assert told["effective_rate_pct"]


@pytest.mark.parametrize(
    ("who", "kind", "words"),
    [
        pytest.param("maker.vn", "repayment", "Amount that came in", id="a receipt"),
        pytest.param("desk.vn", "restructuring", "How many instalments", id="a restructuring"),
        pytest.param("applicant.vn", "restructuring", "How many instalments", id="one asked for"),
        pytest.param("desk.vn", "rate_change", "New rate a year", id="another rate"),
        pytest.param("desk.vn", "write_off", "Why", id="a write-off"),
    ],
)
def test_the_form_that_begins(world: World, days: Days, who: str, kind: str, words: str) -> None:
    reference = drawn(world)
    page = Browser(world.app, who).get(f"/cases/{reference}/proceedings/new/{kind}")
    assert (page.status_code, words in page.text) == (200, True)


def test_a_receipt_is_recorded_by_its_form(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2026-12-31", ZONE)
    maker, path = Browser(world.app, "maker.vn"), f"/cases/{reference}/proceedings/new/repayment"
    data = {
        "version": str(world.case(reference).version),
        "amount": "900,000,000",
        "on": "2026-12-30",
    }
    sent = maker.post(path, {**data, "bank_reference": "FT-9", "confirm": "yes"})
    assert "Say why more than is owed" in maker.get(sent.location).text
    sent = maker.post(path, {**data, "bank_reference": "FT-9"})
    assert "is still owed" in maker.get(sent.location).text
    sent = maker.post(path, {**data, "amount": "1,000,000", "bank_reference": "FT-9"})
    assert "FT-9" in maker.get(sent.location).text


def test_a_letter_about_arrears_is_printed_from_its_event(world: World, days: Days) -> None:
    reference = drawn(world)
    days.noon("2027-01-06", ZONE)
    swept()
    begin(world, reference, NOTICE, None, world.desk)
    event = last_event(reference)
    with transaction():
        advance()
    letter = compose("arrears_notice", world.case(reference), event)
    assert letter.subject == "Your repayments are overdue"
    assert [row.due for row in letter.body.overdue] == [date(2026, 12, 30)]  # type: ignore[union-attr]
