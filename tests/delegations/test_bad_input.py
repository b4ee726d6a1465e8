"""Delegations nobody can give, from the form and through the interface: a clear refusal, and nothing is stored."""

from typing import Any

import pytest

from app import clock
from app.db import db
from app.delegations.models import Delegation
from tests.interface import API, Interface, headers, problem
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

GIVEN = {
    "taker": "desk_two.my@world.example",
    "duty": "approver",
    "scheme": "MY-BAP",
    "currency": "MYR",
    "limit": "100000.00",
    "reason": "On leave.",
}

SENT: dict[str, tuple[dict[str, Any], int, str]] = {
    "a program's number": ({"limit": "1e9"}, 422, "limit"),
    "less than nothing": ({"limit": "-5"}, 422, "limit"),
    "not a number": ({"limit": "NaN"}, 422, "limit"),
    "infinity": ({"limit": "Infinity"}, 422, "limit"),
    "twenty digits": ({"limit": "9" * 20}, 422, "limit"),
    "a hundred thousand digits": ({"limit": "9" * 100_000}, 422, "limit"),
    "finer than sen": ({"limit": "1.001"}, 422, "limit"),
    "digits of another script": ({"limit": "٣"}, 422, "limit"),
    "another currency typed with it": ({"limit": "VND 5"}, 422, "limit"),
    "the currency of another scheme": ({"currency": "VND"}, 409, "within_own_limit"),
    "a currency nobody knows": ({"currency": "XXX"}, 422, "limit"),
    "a limit without a currency": ({"currency": ""}, 422, "limit"),
    "another scheme": ({"scheme": "VN-SMEDF"}, 409, "within_own_limit"),
    "a scheme that is none": ({"scheme": "NOWHERE"}, 409, "within_own_limit"),
    "an endless scheme": ({"scheme": "M" * 5000}, 422, "scheme"),
    "for eight thousand years": ({"valid_to": "9999-12-31"}, 409, "within_own_limit"),
    "since the year one": ({"valid_from": "0001-01-01"}, 409, "within_own_limit"),
    "the year nought": ({"valid_from": "0000-01-01"}, 422, "valid_from"),
    "the year ten thousand": ({"valid_to": "10000-01-01"}, 422, "valid_to"),
    "a day that is none": ({"valid_to": "2026-02-30"}, 422, "valid_to"),
    "a day in words": ({"valid_to": "tomorrow"}, 422, "valid_to"),
    "the last day before the first": (
        {"valid_from": "2027-02-01", "valid_to": "2027-01-01"},
        409,
        "period",
    ),
    "to nobody": ({"taker": "nobody@world.example"}, 409, "same_agency"),
    "to an officer of another agency": ({"taker": "approver.vn@world.example"}, 409, "same_agency"),
    "to an applicant": ({"taker": "applicant.my@world.example"}, 409, "same_agency"),
    "to oneself": ({"taker": "approver.my@world.example"}, 409, "not_to_oneself"),
    "to oneself in capitals": ({"taker": "APPROVER.MY@WORLD.EXAMPLE"}, 409, "not_to_oneself"),
    "to what is no address": ({"taker": "<script>"}, 422, "taker"),
    "to an endless address": ({"taker": "a" * 100_000 + "@world.example"}, 422, "taker"),
    "the duty of the system": ({"duty": "system"}, 409, "not_onward"),
    "the duty of an applicant": ({"duty": "applicant"}, 409, "not_onward"),
    "a duty of somebody else": ({"duty": "scheme_designer"}, 409, "not_onward"),
    "a duty that is none": ({"duty": "minister'; --"}, 409, "not_onward"),
    "no reason": ({"reason": " "}, 422, "reason"),
    "a reason of three hundred thousand letters": ({"reason": "a" * 300_000}, 422, "reason"),
    "a bell in the reason": ({"reason": "On\x07leave"}, 422, "_schema"),
    "a NUL in the reason": ({"reason": "On\x00leave"}, 422, "_schema"),
    "a NUL in the scheme": ({"scheme": "MY\x00"}, 422, "_schema"),
    "a NUL in the address": ({"taker": "a\x00@world.example"}, 422, "_schema"),
    "a field too many": ({"giver": "chair.my@world.example"}, 422, "giver"),
}


def asked(**changed: Any) -> dict[str, Any]:
    today = clock.today("Asia/Kuala_Lumpur").isoformat()
    return {**GIVEN, "valid_from": today, "valid_to": today, **changed}


def kept() -> int:
    db.session.expire_all()
    return db.session.query(Delegation).count()


@pytest.mark.parametrize(("sent", "status", "named"), SENT.values(), ids=SENT.keys())
def test_the_interface_names_what_is_wrong(
    world: World, sent: dict[str, Any], status: int, named: str
) -> None:
    who = Interface(world.app, "approver.my")
    found = problem(
        who.send("POST", f"{API}/delegations", json=asked(**sent), headers=headers()), status
    )
    assert named in {*found.get("errors", {}), *(r["rule"] for r in found.get("reasons", ()))}
    assert kept() == 0


@pytest.mark.parametrize(("sent", "status", "named"), SENT.values(), ids=SENT.keys())
def test_the_form_comes_back_with_what_is_wrong(
    world: World, sent: dict[str, Any], status: int, named: str
) -> None:
    data = asked(**sent)
    data["scheme"] = f"{data['scheme']} {data.pop('currency')}"
    answer = Browser(world.app, "approver.my").post("/delegations", data)
    assert answer.status_code == status
    assert "There is a problem" in answer.text or "is not possible" in answer.text
    assert "<script>" not in answer.text
    assert kept() == 0


BODIES = {
    "a number for a limit": ({"limit": 5}, 422),
    "a list for a limit": ({"limit": ["5"]}, 422),
    "a number that is none": ({"limit": float("nan")}, 422),
    "a table for a taker": ({"taker": {"a": "b"}}, 422),
    "null for a duty": ({"duty": None}, 422),
    "a list of duties": ({"duty": ["approver"]}, 422),
    "half a surrogate pair": ({"reason": "On\ud800leave"}, 422),
    "five megabytes": ({"reason": "a" * 5_000_000}, 422),
}


@pytest.mark.parametrize(("sent", "status"), BODIES.values(), ids=BODIES.keys())
def test_what_only_a_program_sends(world: World, sent: dict[str, Any], status: int) -> None:
    who = Interface(world.app, "approver.my")
    problem(who.send("POST", f"{API}/delegations", json=asked(**sent), headers=headers()), status)
    assert kept() == 0


def test_five_megabytes_in_the_form_are_refused(world: World) -> None:
    answer = Browser(world.app, "approver.my").post("/delegations", asked(reason="a" * 5_000_000))
    assert answer.status_code == 422
    assert kept() == 0


def test_markup_in_a_reason_is_text(world: World) -> None:
    hostile = '"><script>alert(1)</script>{{ 7 * 7 }}'
    browser = Browser(world.app, "approver.my")
    data = asked(reason=hostile, limit="wrong")
    data["scheme"] = f"{data['scheme']} {data.pop('currency')}"
    page = browser.post("/delegations", data).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in page
    assert browser.post("/delegations", {**data, "limit": "5"}).status_code == 303
    for name in ("approver.my", "desk_two.my"):
        assert "<script>" not in Browser(world.app, name).get("/delegations").text


NUMBERS = ("0", "-1", "1e3", "2147483648", "9" * 500, "٣", "%2e%2e", "x")


@pytest.mark.parametrize("number", NUMBERS)
def test_ending_what_is_none(world: World, number: str) -> None:
    who = Interface(world.app, "approver.my")
    problem(who.send("POST", f"{API}/delegations/{number}/end", json={}), 404)
    page = Browser(world.app, "approver.my").post(f"/delegations/{number}/end")
    assert page.status_code == 404


def test_nobody_else_ends_or_sees_a_delegation(world: World) -> None:
    made = Interface(world.app, "approver.my").send(
        "POST", f"{API}/delegations", json=asked(), headers=headers()
    )
    assert made.status_code == 201, made.text
    number = made.get_json()["id"]
    for name in ("chair.my", "auditor.my", "approver.vn"):
        who = Interface(world.app, name)
        problem(who.send("POST", f"{API}/delegations/{number}/end", json={}), 404)
        assert who.get(f"{API}/delegations").get_json() == {"delegations": []}
    applicant = Interface(world.app, "applicant.my")
    problem(applicant.send("POST", f"{API}/delegations/{number}/end", json={}), 403)
    problem(applicant.get(f"{API}/delegations"), 403)
