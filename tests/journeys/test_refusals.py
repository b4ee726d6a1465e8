"""What may not be done or seen: other people's cases, drafts, acts out of turn, wrong hands, wrong methods."""

import pytest

from app.applications.commands import declare
from app.db import transaction
from tests.answers import GRANT
from tests.interface import API, CASES, Interface, headers, problem
from tests.journeys.road import do_all_work, row
from tests.world import World

PAID = "disbursing"


def paid_case(world: World) -> str:
    """Return a case of which the first tranche is paid and every letter is there."""
    reference = world.at(PAID)
    world.tranche_to(reference, 1, "paid")
    do_all_work()
    return reference


READING = {
    "the case": "",
    "its letters": "/letters",
    "a letter": "/letters/{letter}.pdf",
}
STRANGERS = {
    "an applicant of another enterprise": "rival.my",
    "an applicant of another country": "applicant.vn",
    "a desk officer of another agency": "desk.vn",
    "an auditor of another agency": "auditor.vn",
    "somebody of another agency with every duty": "everything.vn",
}


def test_nothing_of_a_case_is_seen_from_outside(world: World) -> None:
    reference = paid_case(world)
    insider = Interface(world.app, "desk.my")
    letter = insider.get(f"{CASES}/{reference}/letters").get_json()["letters"][0]["id"]
    for stranger in STRANGERS.values():
        who = Interface(world.app, stranger)
        for name, path in READING.items():
            address = f"{CASES}/{reference}{path.format(letter=letter)}"
            assert insider.get(address).status_code == 200, name
            problem(who.get(address), 404)
        assert reference not in who.get(CASES).text


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("act", ["take_up", "withdraw", "approve", "tranches/2/acts/claim"])
def test_no_act_on_a_case_from_outside(world: World, stranger: str, act: str) -> None:
    reference = world.at("submitted")
    before = row(reference)
    path = act if "/" in act else f"acts/{act}"
    answer = Interface(world.app, stranger).send(
        "POST", f"{CASES}/{reference}/{path}", json={}, headers=headers(before["version"])
    )
    found = problem(answer, 404 if act != "approve" else answer.status_code)
    assert found["status"] in (404, 422)
    assert row(reference) == before


def test_an_auditor_s_export_holds_the_own_agency_only(world: World) -> None:
    theirs = paid_case(world)
    ours = world.at("submitted", "VN-SMEDF-2026")
    for kind in ("jsonl", "csv"):
        exported = Interface(world.app, "auditor.vn").get(f"{API}/trail.{kind}").text
        assert ours in exported
        assert theirs not in exported
        assert "MY-" not in exported
        problem(Interface(world.app, "auditor.vn").get(f"{API}/trail.{kind}?case={theirs}"), 404)
    problem(Interface(world.app, "auditor.vn").get(f"{API}/trail.pdf"), 404)
    problem(Interface(world.app, "desk.my").get(f"{API}/trail.jsonl"), 403)


@pytest.mark.parametrize("officer", ["desk.my", "auditor.my", "everything.my", "approver.my"])
def test_no_officer_sees_a_draft(world: World, officer: str) -> None:
    reference = world.draft()
    who = Interface(world.app, officer)
    problem(who.get(f"{CASES}/{reference}"), 404)
    assert who.get(CASES).get_json() == {"applications": []}
    answer = who.send("POST", f"{CASES}/{reference}/acts/take_up", json={}, headers=headers(6))
    problem(answer, 404)


def test_a_declared_interest_hides_the_case(world: World) -> None:
    reference = world.at("screening")
    who = Interface(world.app, "desk_two.my")
    assert who.get(f"{CASES}/{reference}").status_code == 200
    with transaction():
        declare(reference, "The owner is a cousin.", actor=world.desk_two)
    problem(who.get(f"{CASES}/{reference}"), 404)


WRONG_HANDS = {
    "an assessor takes up": ("submitted", "assessor", "take_up", {}, {"duty"}),
    "the applicant takes up": (
        "submitted",
        "applicant",
        "take_up",
        {},
        {"duty", "no_interest", "separate_hands"},
    ),
    "the desk officer assesses": (
        "assessment",
        "desk",
        "assess",
        {"scores": {"growth": 1, "feasibility": 1, "cost": 1}},
        {"duty", "separate_hands"},
    ),
    "an auditor declines": ("decision", "auditor", "decline", {"reasons": ["OTH"]}, {"duty"}),
    "an officer accepts for the applicant": (
        "offered",
        "desk",
        "accept",
        {"agree": "yes"},
        {"duty", "separate_hands", "signatory"},
    ),
    "an approver without reach": (
        "decision",
        "small_approver",
        "approve",
        {"amount": "80000"},
        {"within_authority"},
    ),
    "no reasons for a decline": ("decision", "approver", "decline", {}, {"reasons_given"}),
    "reasons the scheme does not know": (
        "decision",
        "approver",
        "decline",
        {"reasons": ["XYZ"]},
        {"reasons_known"},
    ),
    "approving what is not decided on yet": (
        "screening",
        "approver",
        "approve",
        {"amount": "1"},
        {"possible_here"},
    ),
    "submitting twice": ("submitted", "applicant", "submit", {}, {"possible_here"}),
    "the wrong hands on an old decision say everything at once": (
        "decision",
        "assessor",
        "approve",
        {"amount": "90000"},
        {"duty", "separate_hands", "approved_within_recommended", "within_authority"},
    ),
}


@pytest.mark.parametrize(
    ("state", "who", "act", "sent", "rules"), WRONG_HANDS.values(), ids=WRONG_HANDS.keys()
)
def test_an_act_that_is_not_possible_names_every_rule(world, state, who, act, sent, rules) -> None:
    reference = world.at(state)
    before = row(reference)
    answer = Interface(world.app, f"{who}.my").act(reference, act, sent)
    reasons = problem(answer, 409)["reasons"]
    assert {reason["rule"] for reason in reasons} == rules
    assert all(reason["sentence"] and reason["clause"] for reason in reasons)
    assert row(reference) == before


def test_an_act_nobody_knows(world: World) -> None:
    reference = world.at("submitted")
    who = Interface(world.app, "desk.my")
    for path in ("acts/fly", "tranches/1/acts/fly", "tranches/x/acts/verify", "acts/lapse"):
        answer = who.send("POST", f"{CASES}/{reference}/{path}", json={}, headers=headers(7))
        problem(answer, 404)


METHODS = {
    "reading an act": ("GET", "/applications/{0}/acts/submit", "POST"),
    "deleting a case": ("DELETE", "/applications/{0}", "GET"),
    "posting answers": ("POST", "/applications/{0}/answers", "PUT"),
    "putting a case": ("PUT", "/applications/{0}", "GET"),
    "deleting a letter": ("DELETE", "/applications/{0}/letters", "GET"),
    "writing the trail": ("POST", "/trail.jsonl", "GET"),
    "reading sessions": ("GET", "/sessions", "POST"),
}


@pytest.mark.parametrize(("method", "path", "allowed"), METHODS.values(), ids=METHODS.keys())
def test_a_wrong_method_says_which_are_right(world, method, path, allowed) -> None:
    reference = world.draft()
    answer = Interface(world.app, "applicant.my").send(method, API + path.format(reference))
    problem(answer, 405)
    assert allowed in answer.headers["Allow"].split(", ")


def test_nobody_in_particular_gets_nothing(world: World) -> None:
    reference = world.at("submitted")
    who = Interface(world.app, "desk.my")
    for headers_ in (
        {"Authorization": None},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer " + "a" * 5000},
        {"Authorization": "Bearer \u00ff"},
        {"Authorization": who.headers["Authorization"].replace("Bearer", "Basic")},
    ):
        problem(who.send("GET", f"{CASES}/{reference}", headers=headers_), 401)
    ended = who.send("DELETE", f"{API}/sessions/current")
    assert ended.status_code == 204
    refused = who.get(f"{CASES}/{reference}")
    problem(refused, 401)
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_an_officer_cannot_begin_and_an_applicant_not_in_another_country(world: World) -> None:
    for name, status in (("desk.my", 403), ("applicant.vn", 409)):
        answer = Interface(world.app, name).send(
            "POST", CASES, json={"call": GRANT}, headers=headers()
        )
        problem(answer, status)
