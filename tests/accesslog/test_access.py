"""Every look of an officer or auditor at a case is noted, once in a while, and nothing is shown that could not be noted."""

import pytest
from sqlalchemy import Engine, event, select

from app.accesslog.models import AccessEntry
from app.accounts.models import Mandate
from app.accounts.queries import day_of
from app.db import db, transaction
from app.submissions import queries as submissions
from tests.answers import LOAN
from tests.factories import Days
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World

pytestmark = pytest.mark.one_database

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
    auditor = world.person("auditor.my")
    day = day_of(auditor)
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
