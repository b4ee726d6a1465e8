"""The same request sent twice has one effect and one answer."""

import pytest
from sqlalchemy import func, select

from app.applications.models import Application
from app.db import db
from tests.answers import GRANT
from tests.interface import CASES, Interface, problem
from tests.journeys.road import row
from tests.world import World


def count() -> int:
    """Return how many applications there are."""
    return db.session.scalar(select(func.count(Application.id))) or 0


def test_beginning_twice_under_one_key_makes_one_draft(world: World) -> None:
    before = count()
    applicant = Interface(world.app, "applicant.my")
    key = {"Idempotency-Key": "0123456789abcdef"}
    first, second = (
        applicant.send("POST", CASES, json={"call": GRANT}, headers=key) for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert count() == before + 1


def test_an_act_sent_twice_answers_the_same_and_is_done_once(world: World) -> None:
    reference = world.draft()
    applicant = Interface(world.app, "applicant.my")
    sent = {"If-Match": applicant.etag(reference), "Idempotency-Key": "0123456789abcdef"}
    first = applicant.act(reference, "submit", headers=sent)
    after = row(reference)
    second = applicant.act(reference, "submit", headers=sent)
    assert (first.status_code, first.data) == (second.status_code, second.data)
    assert first.get_json()["event"]["seq"] == 1
    assert row(reference) == after


def test_the_answer_to_an_old_key_stays_after_the_case_went_on(world: World) -> None:
    reference = world.at("submitted")
    desk = Interface(world.app, "desk.my")
    sent = {"If-Match": desk.etag(reference), "Idempotency-Key": "0123456789abcdef"}
    first = desk.act(reference, "take_up", headers=sent)
    assert desk.act(reference, "pass").status_code == 200
    again = desk.act(reference, "take_up", headers=sent)
    assert again.get_json() == first.get_json()
    assert world.case(reference).state == "assessment"


OTHERS = {
    "another body": ("pass", {"note": "Another."}, {}),
    "another act": ("return", {"reasons": ["INC-DOC"]}, {}),
    "another version": ("pass", {"note": "One."}, {"If-Match": '"v77"'}),
}


@pytest.mark.parametrize(("act", "sent", "more"), OTHERS.values(), ids=OTHERS.keys())
def test_a_key_that_was_used_for_another_request_is_refused(world, act, sent, more) -> None:
    reference = world.at("screening")
    desk = Interface(world.app, "desk.my")
    used = {"If-Match": desk.etag(reference), "Idempotency-Key": "0123456789abcdef"}
    assert desk.act(reference, "pass", {"note": "One."}, headers=used).status_code == 200
    before = row(reference)
    answer = desk.act(reference, act, sent, headers={**used, **more})
    assert list(problem(answer, 422)["errors"]) == ["Idempotency-Key"]
    assert row(reference) == before


def test_keys_belong_to_the_person_who_used_them(world: World) -> None:
    reference = world.at("assessment")
    scores = {"scores": {"growth": 3, "feasibility": 3, "cost": 3}}
    for name in ("assessor.my", "assessor_two.my"):
        who = Interface(world.app, name)
        answer = who.act(reference, "assess", scores, headers={"Idempotency-Key": "0123456789"})
        assert answer.status_code == 200
    assert world.case(reference).state == "recommendation"


def test_a_refused_request_may_be_sent_again_under_its_key_when_the_reason_is_gone(world) -> None:
    reference = world.draft(employees="")
    applicant = Interface(world.app, "applicant.my")
    key = {"Idempotency-Key": "0123456789abcdef"}
    problem(applicant.act(reference, "submit", headers=key), 409)
    assert applicant.answer(reference, {"employees": "24"}).status_code == 200
    assert applicant.act(reference, "submit", headers=key).status_code == 200


KEYS = {
    "missing": None,
    "empty": "",
    "seven characters": "1234567",
    "eighty-one characters": "1" * 81,
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_key_that_is_none(world: World, key: str | None) -> None:
    reference = world.at("submitted")
    before = row(reference)
    desk = Interface(world.app, "desk.my")
    problem(desk.act(reference, "take_up", headers={"Idempotency-Key": key}), 400)
    assert row(reference) == before


@pytest.mark.parametrize("key", ["\x00" * 10, "\u00ff" * 10, "' OR 1=1 --"])
def test_a_strange_key_is_a_key_or_refused(world: World, key: str) -> None:
    reference = world.at("submitted")
    desk = Interface(world.app, "desk.my")
    answer = desk.act(reference, "take_up", headers={"Idempotency-Key": key})
    assert answer.status_code in (200, 400)
