"""Budgets on their page: who reads them, who acts, and transfers that two people make."""

import pytest

from app.accounts.commands import Remit, mandate
from app.budgets.commands import Place, Wish, allot, limit, propose_transfer
from app.budgets.models import WHOLE_LIFE
from app.clock import today
from app.db import transaction
from tests.answers import GRANT
from tests.budgets.transfers import (
    FACILITY,
    OTHER,
    PATH,
    SCHEME,
    TRANSFERS,
    proposed,
    second,
    sent,
    shown,
    transfers,
)
from tests.factories import budget_of
from tests.interface import Interface, headers, problem
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.world import World

pytestmark = pytest.mark.one_database

# Who reads


READERS = [
    pytest.param("", "", 401, id="a stranger signs in first"),
    pytest.param("applicant.my", "", 403, id="an applicant does not"),
    pytest.param("desk.my", "", 200, id="an officer reads those of the agency"),
    pytest.param("auditor.my", "", 200, id="an auditor reads those of the agency"),
    pytest.param("desk.my", "?agency=MY-SMECORP", 200, id="an officer may name the own agency"),
    pytest.param("desk.my", "?agency=VN-SMEDF", 404, id="an officer sees no other agency"),
    pytest.param("auditor.my", "?agency=VN-SMEDF", 404, id="nor an auditor without a mandate"),
    pytest.param("auditor.my", "?agency=NOWHERE", 404, id="there is no such agency"),
]


@pytest.mark.parametrize(("who", "asked", "status"), READERS)
def test_who_reads_budgets(world: World, who: str, asked: str, status: int) -> None:
    assert Browser(world.app, who).get(f"/budgets{asked}").status_code == status
    if who:
        assert Interface(world.app, who).get(f"{PATH}{asked}").status_code == status


def test_an_auditor_reads_what_a_mandate_covers(world: World) -> None:
    vietnam = world.person("desk.vn").agency
    day = today("Asia/Kuala_Lumpur")
    with transaction():
        mandate(world.auditor, Remit(vietnam, "Order 1/2026", day, day))
    auditor = Browser(world.app, "auditor.my")
    assert "MY-BAP-2026" in auditor.get("/budgets").text
    other = auditor.get("/budgets?agency=VN-SMEDF").text
    assert "VN-SMEDF-2026" in other
    assert "MY-BAP-2026" not in other
    assert "/budgets/transfers" not in other


# What is read


def test_the_page_shows_the_tree_with_what_is_spoken_for(world: World) -> None:
    world.at("offered")
    with transaction():
        limit("scheme", SCHEME, "MYR", WHOLE_LIFE, 900_000_00)
    text = shown(Browser(world.app, "auditor.my").get("/budgets").text)
    assert f"{FACILITY}, in MYR" in text
    assert (
        "The facility whole life of its calls No limit MYR 450,000.00 none none none none none"
        in text
    )
    assert (
        "MY-BAP Scheme, whole life of its calls MYR 900,000.00 MYR 450,000.00 none none none MYR 450,000.00 50 %"
        in text
    )
    assert (
        "MY-BAP-2026 Call, whole life of the call MYR 450,000.00 none MYR 80,000.00 MYR 0.00 MYR 0.00"
        " MYR 370,000.00 17 %"
    ) in text
    assert "MYR MYR 450,000.00 MYR 80,000.00 MYR 0.00 MYR 0.00 MYR 370,000.00" in text


@pytest.mark.parametrize(
    ("country", "named"),
    [
        pytest.param("MY", "fiscal year 2026", id="where it is the calendar year"),
        pytest.param("TH", "fiscal year 2026/27", id="where it begins in October"),
    ],
)
def test_a_fiscal_year_has_the_name_its_country_gives_it(
    world: World, country: str, named: str
) -> None:
    agency = world.desk.agency
    assert agency is not None
    with transaction():
        agency.country = country
        place = Place(FACILITY, SCHEME, OTHER, "MYR", agency)
        allot(place, {2026: 5_00})
    text = shown(Browser(world.app, "desk.my").get("/budgets").text)
    assert f"{OTHER} Call, {named} MYR 5.00" in text
    found = Interface(world.app, "desk.my").get(PATH).get_json()["budgets"]
    year = next(row for row in found if row["code"] == OTHER)
    assert (year["year"], f"fiscal year {year['fiscal_year']}") == (2026, named)


def test_budgets_ask_as_often_for_many_calls_and_transfers_as_for_few(movers: World) -> None:
    browser = Browser(movers.app, "desk_two.my")
    lengths = []
    for more in (2, 10):
        for _ in range(more):
            target = second(movers, f"MY-MORE-{more}-{len(transfers())}")
            with transaction():
                wish = Wish(budget_of().id, target, 1, "More of them.", "Order 1")
                propose_transfer(wish, actor=movers.desk)
        browser.get("/budgets")
        with counted() as statements:
            page = browser.get("/budgets")
        assert page.text.count("Authorise") == len(transfers())
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]
    assert lengths[1] <= 7


# Two people


def test_two_people_move_budget_on_the_page(movers: World) -> None:
    one, other = Browser(movers.app, "desk.my"), Browser(movers.app, "desk_two.my")
    assert "Propose a transfer" in one.get("/budgets").text
    assert one.post("/budgets/transfers", sent(amount="MYR 30.00")).status_code == 303
    mine = shown(one.get("/budgets").text)
    assert "The transfer is proposed. Another budget officer decides about it." in mine
    assert "You proposed it: another budget officer decides about it." in mine
    number = transfers()[0].id
    waiting = shown(other.get("/budgets").text)
    assert f"MYR 30.00 from {GRANT}, whole life of the call to {OTHER}, whole life" in waiting
    assert "Proposed by Desk My" in waiting
    assert "The second call is out." in waiting
    assert "Order 9/2026" in waiting
    assert other.post(f"/budgets/transfers/{number}/authorise").status_code == 303
    done = shown(other.get("/budgets").text)
    assert "The transfer is made." in done
    assert "Made Desk Two My" in done
    assert [budget_of(code).amount_minor for code in (GRANT, OTHER)] == [70_00, 30_00]


def test_a_refusal_on_the_page_says_why(movers: World) -> None:
    number = proposed(movers)
    other = Browser(movers.app, "desk_two.my")
    empty = other.post(f"/budgets/transfers/{number}/refuse", {"note": " "})
    assert empty.status_code == 422
    assert f'href="#refuse-{number}-note"' in empty.text
    assert (
        other.post(f"/budgets/transfers/{number}/refuse", {"note": "Next year."}).status_code == 303
    )
    page = shown(other.get("/budgets").text)
    assert "The transfer is refused." in page
    assert "Refused Desk Two My" in page
    assert "Next year." in page
    assert budget_of().amount_minor == 100_00


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(movers: World) -> None:
    hostile = '"><script>alert(1)</script>'
    data = sent(amount="100.01", reason=hostile, target=budget_of().id)
    answer = Browser(movers.app, "desk.my").post("/budgets/transfers", data)
    assert answer.status_code == 422
    text = shown(answer.text)
    assert "To: Choose another call than the one the budget comes from." in text
    assert "Amount: Enter an amount up to the MYR 100.00 left in MY-BAP-2026." in text
    assert 'value="100.01"' in answer.text
    assert 'value="Order 9/2026"' in answer.text
    assert "<script>" not in answer.text
    assert transfers() == []


@pytest.mark.parametrize("act", ["authorise", "refuse"])
def test_nobody_decides_about_the_own_transfer(movers: World, act: str) -> None:
    number = proposed(movers)
    said = {"note": "Not now."} if act == "refuse" else {}
    page = Browser(movers.app, "desk.my").post(f"/budgets/transfers/{number}/{act}", said)
    assert page.status_code == 409
    assert "You proposed this transfer; another budget officer decides about it." in page.text
    one = Interface(movers.app, "desk.my")
    problem(one.send("POST", f"{TRANSFERS}/{number}/{act}", json=said, headers=headers()), 409)
    assert transfers()[0].outcome == "open"


# Who acts


ACTORS = [
    pytest.param("approver.my", 403, id="an officer of another duty"),
    pytest.param("auditor.my", 403, id="an auditor"),
    pytest.param("applicant.my", 403, id="an applicant"),
    pytest.param("desk.vn", 404, id="a budget officer of another agency"),
]


@pytest.mark.parametrize(("who", "status"), ACTORS)
@pytest.mark.parametrize("act", ["authorise", "refuse"])
def test_who_may_not_decide(movers: World, who: str, status: int, act: str) -> None:
    number = proposed(movers)
    said = {"note": "Not now."} if act == "refuse" else {}
    answer = Browser(movers.app, who).post(f"/budgets/transfers/{number}/{act}", said)
    assert answer.status_code == status
    program = Interface(movers.app, who)
    path = f"{TRANSFERS}/{number}/{act}"
    problem(program.send("POST", path, json=said, headers=headers()), status)
    assert transfers()[0].outcome == "open"


@pytest.mark.parametrize("who", ["approver.my", "auditor.my", "applicant.my"])
def test_who_may_not_propose(movers: World, who: str) -> None:
    # Whatever was typed: whoever may not propose is not told what is wrong with it.
    for data in (sent(), {}):
        assert Browser(movers.app, who).post("/budgets/transfers", data).status_code == 403
        program = Interface(movers.app, who)
        problem(program.send("POST", TRANSFERS, json=data, headers=headers()), 403)
    if who != "applicant.my":
        assert "Propose a transfer" not in Browser(movers.app, who).get("/budgets").text
    assert transfers() == []


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "9" * 500, "x"])
def test_deciding_about_what_is_none(movers: World, number: str) -> None:
    other = Browser(movers.app, "desk_two.my")
    assert other.post(f"/budgets/transfers/{number}/authorise").status_code == 404
    assert other.post(f"/budgets/transfers/{number}/refuse", {"note": "No."}).status_code == 404
