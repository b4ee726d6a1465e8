"""Following a referral on its page and at the interface: what each side reads, and what the other side never does."""

import pytest

from app.consents.commands import withdraw_consent
from app.db import transaction
from tests.consents.centres import OTHER, consent, settle_centres
from tests.interface import API, Interface, headers, problem
from tests.pages.browser import Browser
from tests.referrals.test_commands import refer, row
from tests.world import World

PATH = f"{API}/referrals"


@pytest.fixture
def centres(world: World) -> World:
    settle_centres(world)
    return world


def test_both_sides_and_the_enterprise_follow_it_on_one_page(centres: World) -> None:
    given = consent(centres)
    sender, receiver = Browser(centres.app, "adviser"), Browser(centres.app, "adviser.vn")
    enterprise = Browser(centres.app, "applicant.my")
    assert "Kopi Contoh" in sender.get(f"/referrals?consent={given}").text
    sent = {"consent": given, "to": OTHER, "scheme": "VN-SMEDF", "reason": "It looks for land."}
    answer = sender.post("/referrals", sent)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "waits for you" in receiver.get("/referrals").text
    read = receiver.get(page).text
    for words in ("201901000005", "Applicant My, applicant.my@world.example", "It looks for land."):
        assert words in read
    assert "takes no application of an enterprise registered in MY" in read
    assert "find partners for it" in read
    assert receiver.post(f"{page}/accept", {"words": "x"}).status_code == 422
    assert receiver.post(f"{page}/accept", {"words": "We look for some."}).status_code == 303
    assert sender.post(f"{page}/decline", {"words": "No, no."}).status_code == 403
    assert "Adviser Vn, Centre VN" in sender.get(page).text
    theirs = enterprise.get(page).text
    assert "We look for some." in theirs
    assert "Adviser Vn" not in theirs
    assert receiver.post(f"{page}/close", {"application": "MY-BAP-2026-1"}).status_code == 422
    assert receiver.post(f"{page}/nothing", {}).status_code == 400
    assert Browser(centres.app, "maker.my").get(page).status_code == 403
    assert Browser(centres.app, "rival.my").get(page).status_code == 404


def test_the_contact_is_shown_as_long_as_the_consent_holds(centres: World) -> None:
    number = refer(centres)
    receiver = Interface(centres.app, "adviser.vn")
    contact = {"name": "Applicant My", "email": "applicant.my@world.example"}
    assert receiver.get(f"{PATH}/{number}").get_json()["contact"] == contact
    with transaction():
        withdraw_consent(row(number).consent_id, actor=centres.applicant)
    assert receiver.get(f"{PATH}/{number}").get_json()["contact"] is None
    browser = Browser(centres.app, "adviser.vn")
    assert "the consent is over" in browser.get(f"/referrals/{number}").text
    refused = browser.post(f"/referrals/{number}/accept", {"words": "We look for some."})
    assert refused.status_code == 409


def test_the_interface_refers_and_answers_once(centres: World) -> None:
    given, key = consent(centres), headers()
    sender, receiver = Interface(centres.app, "adviser"), Interface(centres.app, "adviser.vn")
    sent = {"consent": given, "to": OTHER, "reason": "It looks for land."}
    first, again = (sender.send("POST", PATH, json=sent, headers=key) for _ in range(2))
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    number = first.get_json()["id"]
    assert [found["id"] for found in receiver.get(PATH).get_json()["referrals"]] == [number]
    step = f"{PATH}/{number}/accept"
    taken = receiver.send("POST", step, json={"words": "We look for some."}, headers=headers())
    assert (taken.status_code, taken.get_json()["state"]) == (200, "accepted")
    late = receiver.send("POST", step, json={"words": "We look for some."}, headers=headers())
    problem(late, 409)
    problem(Interface(centres.app, "maker.my").get(PATH), 403)
    wrong = problem(sender.send("POST", PATH, json={"consent": 0}, headers=headers()), 422)
    assert set(wrong["errors"]) == {"consent", "to", "reason"}


def test_the_queue_says_what_waits_for_an_answer(centres: World) -> None:
    refer(centres, to="MY-SMECORP")
    assert "1 referral waits for an answer" in Browser(centres.app, "desk.my").get("/queue").text
    assert "for an answer of" not in Browser(centres.app, "maker.my").get("/queue").text
