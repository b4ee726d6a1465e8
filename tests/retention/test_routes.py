"""What records officers, officers and applicants see of what is due, held and erased."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accesslog.commands import note
from app.accesslog.queries import Look
from app.applications.commands import declare
from app.db import db, transaction
from app.retention import commands
from app.retention.queries import standing
from tests.cli.test_commands import run
from tests.factories import Days
from tests.interface import API, CASES, Interface, problem
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.retention.kept import ON_REQUEST, declined, erase, paid, years_later
from tests.trail.test_models import answer
from tests.world import World

pytestmark = pytest.mark.one_database

GONE = "was erased on"


@pytest.fixture
def later(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a declined case whose time is over since long."""
    reference = declined(world)
    years_later(Days(monkeypatch), 8)
    return reference


def test_two_records_officers_erase_a_case_on_their_pages(world: World, later: str) -> None:
    one, two = Browser(world.app, "records.my"), Browser(world.app, "records_two.my")
    assert later in one.get("/records").text
    page = one.get(f"/records/{later}").text
    assert "Kept until" in page
    assert "illustrative" in page
    one.post(f"/records/{later}/propose", {"ground": "retention"})
    assert "You proposed it" in one.get(f"/records/{later}").text
    one.post(f"/records/{later}/erase")
    assert "A second records officer has to carry it out." in one.get(f"/records/{later}").text
    assert later in two.get("/records").text
    two.post(f"/records/{later}/erase")
    assert "The personal data of this case are erased." in two.get(f"/records/{later}").text
    assert later not in two.get("/records").text


def test_a_hold_is_placed_shown_and_lifted(world: World, later: str) -> None:
    browser = Browser(world.app, "records.my")
    browser.post(f"/records/{later}/hold", {"law": "", "reason": ""})
    page = browser.get(f"/records/{later}").text
    assert "Name the law or order, in at most 200 characters." in page
    assert "Say why nothing may be erased." in page
    browser.post(f"/records/{later}/hold", {"law": "Example Act 2", "reason": "A claim."})
    for name in ("desk.my", "auditor.my"):
        assert "Legal hold" in Browser(world.app, name).get(f"/cases/{later}").text
    assert (
        "legal hold" not in Browser(world.app, "applicant.my").get(f"/cases/{later}").text.lower()
    )
    listed = browser.get("/records").text
    assert listed.count(later) == 2
    assert "Example Act 2" in listed
    browser.post(f"/records/{later}/propose", {"ground": "retention"})
    assert "A legal hold stands on this case." in browser.get(f"/records/{later}").text
    browser.post(f"/records/{later}/lift", {"reason": "Settled."})
    assert browser.get("/records").text.count(later) == 2
    answered = Interface(world.app, "records.my").get(f"{API}/records/{later}").get_json()
    assert (answered["kind"], answered["held_under"]) == ("unsuccessful", None)


def test_after_an_erasure_pages_say_so_and_downloads_are_gone(world: World) -> None:
    reference, other = paid(world), world.draft()
    api = Interface(world.app, "desk.my")
    letter = api.get(f"{CASES}/{reference}/letters").get_json()["letters"][0]["id"]
    document = _document(reference)
    erase(world, reference)
    for name in ("desk.my", "maker.my", "auditor.my", "records.my", "applicant.my"):
        page = Browser(world.app, name).get(f"/cases/{reference}")
        assert page.status_code == 200, name
        assert ON_REQUEST.law in page.text, name
    paths = (
        f"{CASES}/{reference}/letters/{letter}.pdf",
        f"/cases/{reference}/documents/{document}.pdf",
        f"/cases/{reference}/letters/{letter}.pdf",
    )
    browser = Browser(world.app, "desk.my")
    for path in paths:
        found = api.get(path) if path.startswith(API) else browser.get(path)
        assert (found.status_code, GONE in found.text) == (410, True), path
    file = Browser(world.app, "maker.my").get(f"/cases/{reference}/tranches/1/payment-file")
    assert file.status_code == 410
    assert ON_REQUEST.law in Browser(world.app, "auditor.my").get(f"/audit/cases/{reference}").text
    assert api.case(reference)["answers"] == {}
    for address in ("check", "documents", "looks"):
        page = Browser(world.app, "applicant.my").get(f"/cases/{reference}/{address}")
        assert page.status_code in (200, 404, 410), address
    assert other in Browser(world.app, "applicant.my").get("/applications").text
    told = run(world, "trail", "verify")
    assert told.exit_code == 0, told.output


def _document(reference: str) -> int:
    found = "SELECT document_id FROM attachment JOIN application ON application.id = application_id"
    return int(db.session.scalar(text(f"{found} WHERE reference = :r"), {"r": reference}) or 0)


def test_an_erased_draft_takes_no_more_answers(world: World, monkeypatch) -> None:
    reference = world.draft()
    years_later(Days(monkeypatch), 2)
    erase(world, reference)
    colleague = Interface(world.app, "rival.my")
    with transaction():
        world.rival.enterprise_id = world.case(reference).enterprise_id
    assert colleague.answer(reference, {"sector": "food"}).status_code == 409
    page = Browser(world.app, "rival.my").get(f"/cases/{reference}")
    assert (page.status_code, ON_REQUEST.law in page.text) == (200, True)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        pytest.param("desk.my", 403, id="an officer without the duty"),
        pytest.param("auditor.my", 403, id="an auditor"),
        pytest.param("applicant.my", 403, id="an applicant"),
        pytest.param("records.vn", 404, id="a records officer of another agency"),
        pytest.param("records_two.my", 404, id="one with an interest"),
    ],
)
def test_records_are_for_their_officers(world: World, later: str, name: str, status: int) -> None:
    with transaction():
        declare(later, "A cousin.", actor=world.records_two)
    browser, before = Browser(world.app, name), len(standing(world.records))
    assert browser.get(f"/records/{later}").status_code == status
    assert later not in browser.get("/records").text
    problem(Interface(world.app, name).get(f"{API}/records/{later}"), status)
    for act in ("hold", "lift", "propose", "withdraw", "erase"):
        sent = {"law": "Act", "reason": "Why.", "ground": "request"} if act == "hold" else {}
        answered = browser.post(f"/records/{later}/{act}", sent).status_code
        assert answered in (303, status), act
    assert len(standing(world.records)) == before


def test_the_list_asks_as_often_for_six_cases_as_for_two(world: World, monkeypatch) -> None:
    references = [declined(world) for _ in range(6)]
    years_later(Days(monkeypatch), 8)
    lengths = []
    for kept in (2, 6):
        with transaction():
            for reference in references[kept:]:
                commands.place_hold(reference, "Act", "Why.", actor=world.records)
        browser = Browser(world.app, "records.my")
        browser.get("/records")
        with counted() as statements:
            browser.get("/records")
        lengths.append(len(statements))
        with transaction():
            for reference in references[kept:]:
                commands.lift_hold(reference, "Done.", actor=world.records)
    assert lengths[0] == lengths[1] <= 12


def test_what_is_due_is_listed_for_operators(world: World, later: str) -> None:
    told = run(world, "retention", "due", "--agency", "MY-SMECORP")
    assert (told.exit_code, later in told.output) == (0, True), told.output
    assert later not in run(world, "retention", "due", "--agency", "VN-SMEDF").output
    assert run(world, "retention", "due", "--agency", "NONE").exit_code == 1


def test_old_looks_are_deleted_and_that_is_recorded(world: World, monkeypatch) -> None:
    days, reference = Days(monkeypatch), world.at("submitted")
    for moment in ("2015-01-01", "2026-11-23"):
        days.noon(moment)
        with transaction():
            note(db.session(), [Look("dashboards.case", reference)], actor=world.desk)
    told = run(world, "retention", "trim-access-log")
    assert "MY-SMECORP: 1 looks" in told.output
    assert "MY-SMECORP: 0 looks" in run(world, "retention", "trim-access-log").output
    entry = db.session.scalar(_entries())
    assert json.loads(entry)["detail"]["rows"] == 1
    assert answer("DELETE FROM access_entry") == "access_entry is never deleted"


def _entries():
    return text("SELECT entry FROM event WHERE kind = 'trim_access_log'")


def test_an_address_of_records_that_is_none(client: FlaskClient) -> None:
    assert client.get("/records").status_code == 401
