"""Every look of an officer or auditor at a case is noted, once in a while, and nothing is shown that could not be noted."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from app import clock
from app.accesslog.models import AccessEntry
from app.accounts.models import Mandate
from app.applications.commands import declare
from app.db import db, transaction
from app.submissions import queries as submissions
from tests.answers import LOAN
from tests.factories import Days
from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World

ACCOUNT = "5123456789"


def entries() -> list[AccessEntry]:
    """Return the access log, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(AccessEntry).order_by(AccessEntry.id)))


def looks() -> list[tuple[str, str, str]]:
    """Return what was looked at, of which case, on which ground."""
    return [(found.what, found.case, found.ground) for found in entries()]


@pytest.fixture
def case(world: World) -> str:
    return world.at("decision")


def test_looks_are_noted_with_the_duties_and_the_part(world: World, case: str) -> None:
    desk, fresh = Browser(world.app, "desk.my"), Browser(world.app, "maker.my")
    document = submissions.attachments(world.case(case))[0].document.id
    desk.get(f"/cases/{case}")
    desk.get(f"/cases/{case}/documents/{document}.pdf")
    desk.get(f"/audit/cases/{case}")
    fresh.get(f"/cases/{case}")
    Interface(world.app, "desk.my").case(case)
    part = "desk officer; part in the case: desk officer"
    mine = [
        (what, case, part) for what in ("dashboards.case", "submissions.document", "audit.case")
    ]
    last = [
        ("dashboards.case", case, "payment officer"),
        ("dashboards_api.api_case", case, part),
    ]
    assert looks() == mine + last
    assert {found.agency for found in entries()} == {"MY-SMECORP"}
    assert len({found.request for found in entries()}) == len(entries())


def test_an_auditor_is_noted_with_lists_and_mandates(world: World, case: str) -> None:
    other = world.at("submitted", LOAN)
    day = clock.now().date()
    auditor = world.person("auditor.my")
    with transaction():
        db.session.add(
            Mandate(person_id=auditor.id, instrument="Letter 7/2026", valid_from=day, valid_to=day)
        )
    browser = Browser(world.app, "auditor.my")
    for path in ("/audit", "/queue?state=decision", f"/cases/{case}", f"/cases/{other}"):
        assert browser.get(path).status_code == 200, path
    assert looks() == [
        ("audit.home", "", "audit"),
        ("dashboards.queue", "", "audit"),
        ("dashboards.case", case, "audit"),
        ("dashboards.case", other, "audit, Letter 7/2026"),
    ]
    assert [found.asked for found in entries()][:2] == ["", "state=decision"]
    assert [found.agency for found in entries()][2:] == ["MY-SMECORP", "VN-SMEDF"]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("applicant.my", "/cases/{case}", id="the applicant's own case"),
        pytest.param("applicant.my", "/applications", id="the applicant's own list"),
        pytest.param("everything.vn", "/cases/{case}", id="a case that is hidden"),
        pytest.param("desk.my", "/queue", id="an officer's work list"),
        pytest.param("auditor.my", "/sessions", id="a page about nobody else"),
        pytest.param("", "/sign-in", id="a stranger"),
    ],
)
def test_these_are_no_looks(world: World, case: str, name: str, path: str) -> None:
    Browser(world.app, name).get(path.format(case=case))
    assert entries() == []


def test_an_identical_look_is_told_of_once_in_five_minutes(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.moment("2026-11-23T12:00:00")
    browser = Browser(world.app, "desk.my")
    for moment in ("12:00:00", "12:04:00", "12:06:00"):
        days.moment(f"2026-11-23T{moment}")
        browser.get(f"/cases/{case}")
    Browser(world.app, "desk_two.my").get(f"/cases/{case}")
    assert [found.at.minute for found in entries()] == [0, 6, 6]


def test_a_look_costs_four_statements_and_then_one(world: World, case: str) -> None:
    browser, lengths = Browser(world.app, "desk.my"), []
    browser.get(f"/cases/{case}")
    for address in (f"/audit/cases/{case}", f"/audit/cases/{case}"):
        with counted() as statements:
            browser.get(address)
        about = [
            found
            for found in statements
            if "access_entry" in found or "LEFT OUTER JOIN part" in found
        ]
        lengths.append(len(about))
    assert lengths == [3, 1]


def test_an_export_is_noted_before_its_first_byte(world: World, case: str) -> None:
    browser = Browser(world.app, "auditor.my")
    with counted() as statements:
        assert browser.get(f"/audit/export.jsonl?case={case}").text.count(case) > 1
    noted = [
        n for n, found in enumerate(statements) if found.startswith("INSERT INTO access_entry")
    ]
    read = [n for n, found in enumerate(statements) if "event.entry" in found]
    assert noted < read[-1:]


def test_what_cannot_be_noted_is_not_shown(world: World, case: str) -> None:
    browser = Browser(world.app, "desk.my")

    def full(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO access_entry"):
            raise OSError("No space left on device.")

    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    event.listen(Engine, "before_cursor_execute", full)
    try:
        answer = browser.get(f"/cases/{case}")
    finally:
        event.remove(Engine, "before_cursor_execute", full)
        world.app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert case not in answer.text


# Masked values


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
