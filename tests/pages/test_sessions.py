"""Signing in and out, forged forms, and how a session ends."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import clock
from app.accounts.models import SignIn
from app.db import db
from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.world import PASSWORD, World

DESK = "desk.my@world.example"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/applications", "/schemes/X/eligibility"]
)
def test_a_form_without_its_token_is_not_taken(guarded: World, path: str) -> None:
    browser = Browser(guarded.app, "applicant.my")
    for data in ({}, {"csrf_token": "made-up"}, {"csrf_token": ""}):
        answer = browser.client.post(path, data={**data, "email": DESK, "password": PASSWORD})
        assert answer.status_code == 400
        assert "Open the page again" in answer.text


def test_a_token_of_another_browser_is_not_taken(guarded: World) -> None:
    mine, theirs = Browser(guarded.app), Browser(guarded.app)
    mine.get("/sign-in")
    answer = mine.client.post(
        "/sign-in", data={"csrf_token": theirs.token(), "email": DESK, "password": PASSWORD}
    )
    assert answer.status_code == 400


def test_with_the_token_one_is_signed_in(guarded: World) -> None:
    browser = Browser(guarded.app)
    answer = browser.sign_in(f"  {DESK.upper()} ", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Desk My" in browser.get("/queue").text


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(guarded: World) -> None:
    pages = [
        Browser(guarded.app).sign_in(email, password)
        for email, password in ((DESK, "wrong"), ("nobody@world.example", PASSWORD))
    ]
    assert [page.status_code for page in pages] == [401, 401]
    words = [
        page.text.replace(DESK, "X").replace("nobody@world.example", "X").split("<main")[1]
        for page in pages
    ]
    tokens = [re.sub(r'value="[^"]{60,}"', "", text) for text in words]
    assert tokens[0] == tokens[1]
    assert "The e-mail address or the password is not right." in pages[0].text
    assert PASSWORD not in pages[1].text


HOSTILE = {
    "nothing": {},
    "a NUL": {"email": "a\x00@b.example", "password": "x"},
    "markup": {"email": "<script>alert(1)</script>@x", "password": "x"},
    "an endless password": {"email": DESK, "password": "x" * 100_000},
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_sign_ins_get_the_form_again(guarded: World, sent: dict[str, str]) -> None:
    answer = Browser(guarded.app).post("/sign-in", sent)
    assert answer.status_code in (401, 422)
    assert "<script>" not in answer.text


def test_signing_in_begins_a_new_session_each_time(guarded: World) -> None:
    browser = Browser(guarded.app)
    browser.get("/sign-in")
    before = browser.cookie()
    browser.sign_in(DESK, PASSWORD)
    first = browser.cookie()
    browser.sign_in(DESK, PASSWORD)
    assert len({before, first, browser.cookie()}) == 3


def test_signing_out_ends_the_session_on_the_server(guarded: World) -> None:
    browser = Browser(guarded.app, "desk.my")
    stolen = browser.cookie()
    assert browser.post("/sign-out").status_code == 303
    assert browser.get("/queue").status_code == 401
    thief = Browser(guarded.app)
    thief.client.set_cookie("saluran", stolen)
    assert thief.get("/queue").status_code == 401


def test_a_cookie_somebody_wrote_is_none(guarded: World) -> None:
    browser = Browser(guarded.app, "desk.my")
    browser.client.set_cookie("saluran", browser.cookie()[:-3] + "abc")
    assert browser.get("/queue").status_code == 401


def test_a_session_is_ended_from_the_list_of_sessions(guarded: World) -> None:
    here, there = Browser(guarded.app, "desk.my"), Browser(guarded.app, "desk.my")
    other = Browser(guarded.app, "desk_two.my")
    numbers = list(db.session.scalars(select(SignIn.id).order_by(SignIn.id)))[-3:]
    assert f"/sessions/{numbers[2]}/end" not in here.get("/sessions").text
    assert here.post(f"/sessions/{numbers[2]}/end").status_code == 404
    assert other.get("/queue").status_code == 200
    assert f"/sessions/{numbers[1]}/end" in here.get("/sessions").text
    assert here.post(f"/sessions/{numbers[1]}/end").status_code == 303
    assert there.get("/queue").status_code == 401
    assert here.get("/queue").status_code == 200
    assert here.post(f"/sessions/{numbers[1]}/end").status_code == 404


AGES = {
    "idle for 59 minutes": (timedelta(), timedelta(minutes=59), 200),
    "idle for 61 minutes": (timedelta(), timedelta(minutes=61), 401),
    "eleven hours old and just used": (timedelta(hours=11), timedelta(), 200),
    "thirteen hours old and just used": (timedelta(hours=13), timedelta(), 401),
}


@pytest.mark.parametrize(("age", "idle", "status"), AGES.values(), ids=AGES.keys())
def test_a_session_ends_by_itself(guarded, age, idle, status) -> None:
    browser = Browser(guarded.app, "desk.my")
    at = clock.now()
    newest = select(SignIn.id).order_by(SignIn.id.desc()).limit(1).scalar_subquery()
    db.session.execute(
        update(SignIn)
        .where(SignIn.id == newest)
        .values(created_at=at - age, seen_at=at - idle)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    assert browser.get("/queue").status_code == status


def test_a_session_does_not_outlive_a_day_of_the_rehearsal_clock(guarded, tmp_path: Path) -> None:
    browser = Browser(guarded.app, "desk.my")
    file = tmp_path / "days"
    file.write_text("1")
    clock.rehearse(file)
    try:
        assert browser.get("/queue").status_code == 401
        assert "dates run 1 days ahead" in browser.get("/schemes").text
    finally:
        clock.rehearse(None)


def test_using_the_pages_keeps_a_session_alive(guarded: World) -> None:
    browser = Browser(guarded.app, "desk.my")
    old = clock.now() - timedelta(minutes=30)
    db.session.execute(update(SignIn).values(seen_at=old))
    db.session.commit()
    assert browser.get("/queue").status_code == 200
    seen = db.session.scalars(select(SignIn.seen_at).order_by(SignIn.id.desc())).first()
    assert seen is not None
    assert clock.now() - seen < timedelta(minutes=1)


def test_somebody_who_left_is_signed_in_nowhere(guarded: World) -> None:
    browser = Browser(guarded.app, "desk_two.my")
    person = guarded.desk_two
    person.active = False
    db.session.commit()
    assert browser.get("/queue").status_code == 401
    answer = Browser(guarded.app).sign_in("desk_two.my@world.example", PASSWORD)
    assert answer.status_code == 401


def test_a_token_is_for_the_interface_and_a_cookie_for_the_pages(guarded: World) -> None:
    person = Interface(guarded.app, "desk.my")
    assert person.get("/queue").status_code == 401
    browser = Browser(guarded.app, "desk.my")
    assert browser.get(CASES).status_code == 401
    assert browser.get("/queue").status_code == 200
    assert person.get(CASES).status_code == 200
