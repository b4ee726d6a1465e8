"""Acts sent as forms: what was wrong comes back beside its field, what was refused with every rule."""

import pytest

from app.db import db
from app.trail.queries import events_of
from tests.journeys.road import row
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database


def send(
    world, name: str, reference: str, act: str, data: dict[str, str], *, version: int | None = None
):
    """Send an act and return the page it leads to."""
    stood = world.case(reference).version if version is None else version
    browser = Browser(world.app, name)
    path = f"/cases/{reference}/{act if '/' in act else 'acts/' + act}"
    answer = browser.post(path, {"version": stood, **data})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/cases/{reference}")
    page = browser.get(f"/cases/{reference}")
    assert page.status_code == 200, page.text
    again = browser.get(f"/cases/{reference}")
    assert "error-message" not in again.text, "the errors are shown once"
    return page.text


def test_a_form_does_the_same_as_the_interface(guarded: World) -> None:
    reference = guarded.at("submitted")
    page = send(guarded, "desk.my", reference, "take_up", {})
    assert guarded.case(reference).state == "screening"
    assert "Taken up for screening" in page
    assert [event.kind for event in events_of(reference)] == ["submit", "take_up"]


WRONG = {
    "a score of nine": (
        "assessment",
        "assessor",
        "assess",
        {"scores.growth": "9", "scores.feasibility": "3", "scores.cost": "3", "comment": "kept"},
        ["Give a score from 0 to 5.", "kept"],
    ),
    "no outcome and half a plan": (
        "recommendation",
        "desk",
        "recommend",
        {"amount": "123.45", "tranches.0.purpose": "Half", "tranches.0.share_pct": "50"},
        ["Choose what you recommend.", "123.45", "Half"],
    ),
    "a plan of half": (
        "recommendation",
        "desk",
        "recommend",
        {
            "outcome": "approve",
            "amount": "80000",
            "tranches.0.purpose": "Half",
            "tranches.0.share_pct": "50",
        },
        ["must sum to 100", "Half"],
    ),
    "an amount in words": (
        "decision",
        "approver",
        "approve",
        {"amount": "a lot"},
        ["Enter an amount in MYR", "a lot"],
    ),
    "no evidence for a condition": (
        "accepted",
        "desk",
        "meet_condition",
        {"condition": "agreement", "evidence": ""},
        ["Say what shows that the condition is met."],
    ),
    "an offer accepted without agreeing": (
        "offered",
        "applicant",
        "accept",
        {},
        ["Confirm this to go on."],
    ),
}


@pytest.mark.parametrize(("state", "who", "act", "sent", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_comes_back_beside_its_field(guarded, state, who, act, sent, words) -> None:
    reference = guarded.at(state)
    before = row(reference)
    page = send(guarded, f"{who}.my", reference, act, sent)
    assert [word for word in words if word not in page] == []
    assert "There is a problem" in page
    assert "govuk-error-message" in page
    assert row(reference) == before


def test_every_rule_that_refuses_is_listed_with_its_clause(guarded: World) -> None:
    reference = guarded.at("decision")
    page = send(guarded, "small_approver.my", reference, "approve", {"amount": "90000"})
    assert "is more than the" in page
    assert "is above your authority of" in page
    assert "Decision: authority matrix" in page
    assert guarded.case(reference).state == "decision"


def test_a_decline_without_reasons_says_so(guarded: World) -> None:
    reference = guarded.at("decision")
    page = send(guarded, "approver.my", reference, "decline", {"note": "I keep this note."})
    assert "Choose at least one reason." in page
    assert "I keep this note." in page


STALE = {
    "an older version": (1, "Somebody changed this case after you opened it"),
    "a version that is not yet": (999, "Somebody changed this case after you opened it"),
    "no version": ("", "does not say which version"),
    "a version of five thousand digits": ("9" * 5000, "does not say which version"),
    "a version in words": ("newest", "does not say which version"),
}


@pytest.mark.parametrize(("version", "words"), STALE.values(), ids=STALE.keys())
def test_who_acts_on_another_version_is_told(guarded, version, words) -> None:
    reference = guarded.at("submitted")
    before = row(reference)
    assert words in send(guarded, "desk.my", reference, "take_up", {}, version=version)
    assert row(reference) == before


NAMES = {
    "a place with a superscript": "tranches.².purpose",
    "a place of five thousand digits": f"tranches.{'9' * 5000}.purpose",
    "two thousand levels": "a" + ".a" * 2000,
    "only dots": "...",
    "a name that is a table and a text": "tranches.0.purpose.more",
    "a NUL": "\x00.\x00",
    "a field nobody asks for": "state",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_strange_names_of_fields_do_no_harm(guarded: World, name: str) -> None:
    reference = guarded.at("recommendation")
    before = row(reference)
    browser = Browser(guarded.app, "desk.my")
    data = {"version": before["version"], "outcome": "approve", "amount": "80000", name: "x"}
    answer = browser.post(f"/cases/{reference}/acts/recommend", data)
    assert answer.status_code in (303, 400, 422)
    assert browser.get(f"/cases/{reference}").status_code == 200
    assert row(reference) == before


def test_a_tranche_act_says_what_is_wrong_with_that_tranche(guarded: World) -> None:
    reference = guarded.at("disbursing")
    guarded.tranche_to(reference, 1, "prepared")
    path = "tranches/1/acts/check"
    page = send(guarded, "checker.my", reference, path, {"sha256": "0" * 64})
    assert "The payment file is not the one you looked at." in page
    page = send(guarded, "checker.my", reference, path, {"sha256": "short"})
    assert "Name the digest of the payment file." in page
    assert guarded.tranche_state(reference, 1) == "prepared"


def test_a_day_the_bank_cannot_have_paid(guarded: World) -> None:
    reference = guarded.at("disbursing")
    guarded.tranche_to(reference, 1, "released")
    for day, words in (
        ("2020-01-01", "Enter a day from"),
        ("9999-12-31", "Enter a day from"),
        ("soon", "Enter a date such as"),
    ):
        sent = {"bank_reference": "BANK-1", "paid_on": day}
        assert words in send(guarded, "maker.my", reference, "tranches/1/acts/confirm", sent)
    assert guarded.tranche_state(reference, 1) == "released"


def test_a_section_is_saved_even_when_wrong_and_says_what(guarded: World) -> None:
    reference = guarded.draft()
    browser = Browser(guarded.app, "applicant.my")
    answer = browser.post(
        f"/cases/{reference}/sections/project", {"amount": "lots", "project_title": "New title"}
    )
    assert answer.status_code == 422
    assert "Enter an amount in MYR" in answer.text
    assert "govuk-error-message" in answer.text
    assert guarded.case(reference).answers["project_title"] == "New title"
    assert browser.post(f"/cases/{reference}/sections/none", {}).status_code == 404


def test_a_section_with_what_no_form_can_hold_changes_nothing(guarded: World) -> None:
    reference = guarded.draft()
    before = row(reference)
    answer = Browser(guarded.app, "applicant.my").post(
        f"/cases/{reference}/sections/project", {"project_title": "a\x07b"}
    )
    assert answer.status_code == 422
    assert "Remove the control characters" in answer.text
    assert row(reference) == before


def test_an_officer_who_declares_an_interest_does_not_see_the_case_again(guarded: World) -> None:
    reference = guarded.at("screening")
    browser = Browser(guarded.app, "assessor.my")
    assert browser.post(f"/cases/{reference}/interest", {"reason": ""}).status_code == 303
    assert "Say what the interest is." in browser.get(f"/cases/{reference}").text
    answer = browser.post(f"/cases/{reference}/interest", {"reason": "The owner is a cousin."})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/queue")
    assert reference not in browser.get("/queue").text
    assert browser.get(f"/cases/{reference}").status_code == 404
    assert events_of(reference)[-1].kind == "declare_interest"
    db.session.rollback()
