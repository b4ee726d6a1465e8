"""Two officers, or two agencies, on like cases: counts and medians, with a caution, and no ranks."""

from datetime import date

import pytest

from app.accounts.commands import Remit, mandate
from app.analysis.compose.sides import Outcome, side
from app.db import transaction
from tests.analysis.decided import SMALL, at_the_limit, departing, disputed
from tests.answers import GRANT, LOAN
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World

PATH = f"{API}/audit/compare"
OFFICERS = "?kind=officers&scheme=MY-BAP&one={one}&other={other}"


def test_a_side_is_counted() -> None:
    found = side(
        "One",
        [
            Outcome("approve", 4, 100, 50, (), ("late",)),
            Outcome("approve", 2, 100, 100, (), ("late", "delegated")),
            Outcome("decline", 9, 100, None, ("B", "A"), ("departs",)),
        ],
    )
    assert (found.decisions, found.approved, found.declined, found.approval) == (3, 2, 1, 666)
    assert (found.days, found.granted) == (4, 500)
    assert (found.departed, found.late, found.delegated) == (1, 2, 1)
    assert (found.reasons, found.few) == ((("A", 1), ("B", 1)), True)


def test_nothing_is_divided_by_nothing() -> None:
    found = side("Nobody", [])
    assert (found.approval, found.days, found.granted, found.decisions) == (None, None, None, 0)


def test_two_officers_stand_beside_each_other(world: World) -> None:
    departing(world)
    at_the_limit(world)
    disputed(world)
    auditor = Interface(world.app, "auditor.my")
    one, other = world.approver, world.small_approver
    asked = OFFICERS.format(one=one.email, other=f"officer:{other.id}")
    told = auditor.get(PATH + asked).get_json()
    sides = told["sides"]
    assert [s["name"] for s in sides] == [f"{p.name}, {p.mark}" for p in (one, other)]
    assert [(s["decisions"], s["approved"], s["departed"]) for s in sides] == [(1, 0, 1), (1, 1, 0)]
    assert sides[0]["reasons"] == {"PRJ-PLAN": 1}
    assert told["caution"].startswith("Fewer than 10")
    page = Browser(world.app, "auditor.my").get("/audit/compare" + asked).text
    assert "fewer than 10 decisions" in page
    narrowed = auditor.get(f"{PATH}{asked}&currency=MYR&most=9,999.99").get_json()
    assert [s["decisions"] for s in narrowed["sides"]] == [0, 0]


def test_two_agencies_are_compared_by_whoever_may_read_both(world: World) -> None:
    for call, answers in ((GRANT, SMALL), (LOAN, {})):
        world.approve(world.at("decision", call, **answers))
    asked = "?kind=agencies&workflow=grant&one=MY-SMECORP&other=VN-SMEDF"
    auditor = Interface(world.app, "auditor.my")
    found = problem(auditor.get(PATH + asked), 422)
    assert set(found["errors"]) == {"other"}
    with transaction():
        wide = Remit(None, "Act 1", date(2026, 1, 1), date(2030, 1, 1))
        mandate(world.person("auditor.my"), wide)
    told = auditor.get(PATH + asked).get_json()
    assert [(s["name"], s["decisions"]) for s in told["sides"]] == [
        ("MY-SMECORP", 1),
        ("VN-SMEDF", 0),
    ]


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        pytest.param("?kind=officers", {"one", "other", "scheme"}, id="nobody and nothing"),
        pytest.param(OFFICERS.format(one="1", other="1"), {"other"}, id="one with the same"),
        pytest.param(
            OFFICERS.format(one="999999", other="desk.my@world.example"), {"one"}, id="nobody"
        ),
        pytest.param(
            OFFICERS.format(one="desk.vn@world.example", other="desk.my@world.example"),
            {"one"},
            id="an officer of an agency that is not audited",
        ),
        pytest.param(
            OFFICERS.format(one="applicant.my@world.example", other="desk.my@world.example"),
            {"one"},
            id="somebody who is no officer",
        ),
        pytest.param(
            OFFICERS.format(one="9" * 300, other="2") + "&least=1",
            {"one", "currency"},
            id="a number beyond all, an amount without currency",
        ),
    ],
)
def test_what_cannot_be_compared_is_told(world: World, asked: str, fields: set[str]) -> None:
    found = problem(Interface(world.app, "auditor.my").get(PATH + asked), 422)
    assert set(found["errors"]) == fields
    assert Browser(world.app, "auditor.my").get("/audit/compare" + asked).status_code == 422


def test_it_asks_as_often_for_many_decisions_as_for_few(world: World) -> None:
    browser = Browser(world.app, "auditor.my")
    asked = OFFICERS.format(one=world.approver.id, other=world.chair.id)
    lengths = []
    for more in (1, 3):
        for _ in range(more):
            world.approve(world.at("decision", GRANT, **SMALL))
        browser.get("/audit/compare" + asked)
        with counted() as statements:
            assert browser.get("/audit/compare" + asked).status_code == 200
        lengths.append(len(statements))
    assert lengths[0] == lengths[1] <= 20
