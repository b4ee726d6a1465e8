"""Clawbacks over the pages and the interface: proposed, told, listed, paid back; and the guarantee of a case told to programs."""

from typing import Any

import pytest

from tests.factories import last_event
from tests.interface import CASES, Interface, headers, problem
from tests.pages.browser import Browser
from tests.recoveries.clawing import day, demanded, paid, record, state
from tests.recoveries.guaranteeing import lent, settle
from tests.world import World

pytestmark = pytest.mark.one_database


def form(world: World, reference: str, **changed: str) -> dict[str, str]:
    """Return what the page of a new clawback sends."""
    return {
        "version": str(world.case(reference).version),
        "amount": "10,000.00",
        "reason": "The line was sold.",
        "instalments": "2",
        "first_due": day(world, reference).isoformat(),
        "note": "",
    } | changed


def test_a_clawback_is_proposed_on_its_page_and_told_on_another(world: World) -> None:
    reference = paid(world)
    new = f"/cases/{reference}/proceedings/new/clawback"
    browser = Browser(world.app, "desk.my")
    assert "Why it is to be paid back" in browser.get(new).text
    answer = browser.post(new, form(world, reference))
    assert (answer.status_code, last_event(reference).kind) == (303, "propose")
    page = browser.get(str(answer.headers["Location"])).text.replace("\u00a0", " ")
    assert "The line was sold." in page
    assert page.count("MYR 5,000.00") == 2


# What is sent otherwise, and what the page says.
WRONG: list[Any] = [
    pytest.param({"amount": ""}, "Enter the amount to be paid back.", id="no amount"),
    pytest.param({"reason": ""}, "Give the reason for demanding money back.", id="no reason"),
    pytest.param({"instalments": "37"}, "Enter a number of instalments from 1 to 36.", id="too many instalments"),
    pytest.param({"instalments": "two"}, "Enter a number of instalments from 1 to 36.", id="a word for a number"),
    pytest.param({"first_due": ""}, "Enter the day by which the first instalment is to be paid.", id="no day"),
    pytest.param({"first_due": "soon"}, "Enter a date such as 2026-11-22.", id="no date"),
    pytest.param({"first_due": "2020-01-01"}, "Leave the enterprise time to pay", id="a day that is over"),
]  # fmt: skip


def test_the_page_says_what_is_wrong(world: World) -> None:
    reference = paid(world)
    new = f"/cases/{reference}/proceedings/new/clawback"
    browser = Browser(world.app, "desk.my")
    for row in WRONG:
        changed, words = row.values
        browser.post(new, form(world, reference, **changed))
        assert words in browser.get(new).text, row.id
    assert last_event(reference).kind != "propose"


def test_what_is_owed_is_listed_to_those_who_see_the_case(world: World) -> None:
    reference = paid(world)
    demanded(world, reference, "10000.00")
    for name in ("desk.my", "maker.my", "auditor.my"):
        assert reference in Browser(world.app, name).get("/recoveries").text, name
    assert "Nothing is demanded back" in Browser(world.app, "desk.vn").get("/recoveries").text
    (told,) = Interface(world.app, "desk.my").get("/api/v1/recoveries").get_json()["demands"]
    assert (told["case"], told["outstanding"], told["overdue"]) == (reference, 1_000_000, 0)


def test_an_applicant_sees_what_is_demanded_and_no_names(world: World) -> None:
    reference = paid(world)
    number = demanded(world, reference, "10000.00")
    page = Browser(world.app, "applicant.my").get(f"/cases/{reference}/proceedings/{number}")
    assert "You have to pay money back" in page.text
    assert "Approver My" not in page.text


def test_a_program_records_and_confirms_what_came_in_once(world: World) -> None:
    reference = paid(world)
    number = demanded(world, reference, "10000.00")
    maker, checker = Interface(world.app, "maker.my"), Interface(world.app, "checker.my")
    sent = {
        "kind": "clawback_receipt",
        "amount": "10000.00",
        "received_on": day(world, reference, 0).isoformat(),
        "bank_reference": "BANK-9",
    }
    key = headers(world.case(reference).version)
    path = f"{CASES}/{reference}/proceedings"
    answers = [maker.send("POST", path, json=sent, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    receipt = answers[0].get_json()["proceeding"]
    key = headers(world.case(reference).version)
    confirm = f"{path}/{receipt}/acts/confirm"
    assert checker.send("POST", confirm, json={}, headers=key).status_code == 200
    assert state(world, reference, number) == "closed"


def test_a_receipt_of_too_much_is_refused_to_a_program_with_the_field(world: World) -> None:
    reference = paid(world)
    demanded(world, reference, "10.00")
    record(world, reference, "4.00")
    sent = {
        "kind": "clawback_receipt",
        "amount": "6.01",
        "received_on": day(world, reference, 0).isoformat(),
        "bank_reference": "BANK-10",
    }
    key = headers(world.case(reference).version)
    path = f"{CASES}/{reference}/proceedings"
    answer = Interface(world.app, "maker.my").send("POST", path, json=sent, headers=key)
    assert "amount" in str(problem(answer, 422))


def test_a_program_reads_a_guarantee(world: World) -> None:
    settle(world)
    reference = lent(world)
    told = Interface(world.app, "guarantor").get(f"{CASES}/{reference}/guarantee").get_json()
    assert (told["loan"], told["cover_pct"], told["cap"]) == (1_500_000_000, "60", 900_000_000)
    assert told["fees_due"] == told["fees"][0]["amount"]
