"""Masked values, shown once for a reason; and the access log, read by those who may."""

import csv
import io
from typing import Any

import pytest

from app import clock
from app.accesslog.models import AccessEntry
from app.applications.commands import declare
from app.db import db, transaction
from app.submissions import queries as submissions
from tests.accesslog.test_access import entries
from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.fixture
def case(world: World) -> str:
    return world.at("decision")


def reveal(browser: Browser, case: str, reason: str = "To ask the bank.") -> Any:
    return browser.post(f"/cases/{case}/reveal", {"reason": reason, "field": "bank_account"})


def account(world: World, case: str) -> str:
    return str(submissions.submissions(world.case(case))[-1].frozen["answers"]["bank_account"])


@pytest.mark.parametrize("name", ["approver.my", "maker.my", "auditor.my"])
def test_a_masked_value_is_shown_once_for_a_reason(world: World, case: str, name: str) -> None:
    browser, number = Browser(world.app, name), account(world, case)
    assert number not in browser.get(f"/cases/{case}").text
    assert reveal(browser, case).status_code == 303
    shown = browser.get(f"/cases/{case}")
    assert number in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert number not in browser.get(f"/cases/{case}").text
    found = [entry for entry in entries() if entry.field]
    assert [(f.what, f.field, f.ground) for f in found] == [
        ("reveal", "bank_account", "To ask the bank.")
    ]
    answer = Interface(world.app, name).send(
        "POST", f"{CASES}/{case}/reveal", json={"reason": "Once more."}
    )
    assert answer.get_json() == {"bank_account": number}


def test_it_is_shown_on_the_page_of_that_case_only(world: World, case: str) -> None:
    other = world.at("submitted")
    browser = Browser(world.app, "approver.my")
    reveal(browser, case)
    assert account(world, other) not in browser.get(f"/cases/{other}").text


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("desk.my", 403, id="a desk officer"),
        pytest.param("assessor.my", 403, id="an assessor"),
        pytest.param("records.my", 403, id="a records officer"),
        pytest.param("applicant.my", 403, id="the applicant, who has it anyway"),
        pytest.param("everything.vn", 404, id="somebody of another agency"),
    ],
)
def test_it_is_not_shown_to(world: World, case: str, name: str, status: int) -> None:
    assert reveal(Browser(world.app, name), case).status_code == status
    assert [found for found in entries() if found.field] == []


def test_a_reason_is_asked_for(world: World, case: str) -> None:
    browser = Browser(world.app, "approver.my")
    reveal(browser, case, " ")
    page = browser.get(f"/cases/{case}").text
    assert "Say why you need it." in page
    assert account(world, case) not in page
    assert [found for found in entries() if found.field] == []


# Reading the log


def test_the_log_is_read_by_case_person_and_period(world: World, case: str) -> None:
    other = world.at("submitted")
    for name, reference in (("desk.my", case), ("maker.my", case), ("desk.my", other)):
        Browser(world.app, name).get(f"/cases/{reference}")
    browser = Browser(world.app, "records.my")
    rows = {
        "": 3,
        f"case={case}": 2,
        "person=desk.my@world.example": 2,
        "person=nobody@world.example": 0,
        "first=2020-01-01&last=2020-12-31": 0,
        "first=2020-01-01": 3,
    }
    for asked, count in rows.items():
        found = browser.get(f"/access-log.csv?{asked}").text
        listed = [row for row in csv.DictReader(io.StringIO(found)) if row["case"]]
        assert len(listed) == count, asked
        assert browser.get(f"/access-log?{asked}").status_code == 200
    page = browser.get("/access-log").text
    assert page.count(case) >= 2
    assert "desk officer; part in the case: desk officer" in page
    assert browser.get("/access-log?first=yesterday").status_code == 422


def test_pages_of_the_log_follow_each_other(world: World, case: str) -> None:
    row = {
        "person_id": world.desk.id,
        "agency": "MY-SMECORP",
        "what": "x",
        "ground": "",
        "request": "r",
    }
    with transaction():
        db.session.add_all(AccessEntry(at=clock.now(), case=f"C-{n}", **row) for n in range(60))
    browser = Browser(world.app, "auditor.my")
    first = browser.get("/access-log").text
    assert ("C-59" in first, "C-9<" in first) == (True, False)
    last = entries()[10].id
    assert "C-9<" in browser.get(f"/access-log?before={last}").text


def test_the_log_is_hidden_as_cases_are(world: World, case: str) -> None:
    for name in ("desk.my", "auditor.my"):
        Browser(world.app, name).get(f"/cases/{case}")
    assert case in Browser(world.app, "records.my").get("/access-log").text
    assert case not in Browser(world.app, "records.vn").get("/access-log").text
    with transaction():
        declare(case, "A cousin.", actor=world.records)
    assert case not in Browser(world.app, "records.my").get("/access-log").text
    assert case not in Browser(world.app, "records.my").get("/access-log.csv").text
    for name in ("desk.my", "applicant.my"):
        assert Browser(world.app, name).get("/access-log").status_code == 403
        assert Browser(world.app, name).get("/access-log.csv").status_code == 403


def test_an_applicant_sees_who_looked_by_duty_not_by_name(world: World, case: str) -> None:
    Browser(world.app, "desk.my").get(f"/cases/{case}")
    reveal(Browser(world.app, "approver.my"), case)
    page = Browser(world.app, "applicant.my").get(f"/cases/{case}/looks").text
    assert "Desk officer" in page
    assert "Your account number, unmasked" in page
    assert ("Desk My" in page, "To ask the bank." in page) == (False, False)
    assert Browser(world.app, "applicant.vn").get(f"/cases/{case}/looks").status_code == 404
    assert Browser(world.app, "desk.my").get(f"/cases/{case}/looks").status_code == 403


def test_formulas_in_the_table_are_disarmed(world: World, case: str) -> None:
    reveal(Browser(world.app, "approver.my"), case, "=1+1")
    assert "'=1+1" in Browser(world.app, "auditor.my").get("/access-log.csv").text
