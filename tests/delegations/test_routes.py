"""Handing over a duty on the page and at the interface, seeing it, and taking it back."""

from typing import Any

from app.db import db
from app.delegations.models import Delegation
from tests.delegations.test_bad_input import asked
from tests.interface import API, Interface, headers, problem
from tests.pages.browser import Browser
from tests.world import World

PATH = f"{API}/delegations"


def given() -> int:
    db.session.expire_all()
    return db.session.query(Delegation).count()


def test_the_same_request_twice_hands_over_once(world: World) -> None:
    who, key = Interface(world.app, "approver.my"), headers()
    first, again = (who.send("POST", PATH, json=asked(), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert given() == 1
    problem(who.send("POST", PATH, json=asked(), headers={"Idempotency-Key": None}), 400)


def test_both_see_it_and_either_ends_it(world: World) -> None:
    giver, taker = Interface(world.app, "approver.my"), Interface(world.app, "desk_two.my")
    number = giver.send("POST", PATH, json=asked(), headers=headers()).get_json()["id"]
    for who in (giver, taker):
        listed: list[dict[str, Any]] = who.get(PATH).get_json()["delegations"]
        assert [(row["id"], row["in_force"]) for row in listed] == [(number, True)]
    assert Interface(world.app, "desk.my").get(PATH).get_json() == {"delegations": []}
    problem(Interface(world.app, "desk.my").send("POST", f"{PATH}/{number}/end", json={}), 404)
    ended = taker.send("POST", f"{PATH}/{number}/end", json={}).get_json()
    assert (ended["in_force"], ended["id"]) == (False, number)


def test_the_page_shows_what_was_handed_over_and_ends_it(world: World) -> None:
    sent = asked()
    sent["scheme"] = f"{sent['scheme']} {sent.pop('currency')}"
    giver, taker = Browser(world.app, "approver.my"), Browser(world.app, "desk_two.my")
    assert giver.post("/delegations", sent).status_code == 303
    page = taker.get("/delegations").text
    assert "Approver My" in page
    assert "In force" in page
    number = db.session.query(Delegation).one().id
    assert taker.post(f"/delegations/{number}/end", {}).status_code == 303
    assert "The delegation has ended." in taker.get("/delegations").text
    assert "In force" not in giver.get("/delegations").text
    again = giver.post(f"/delegations/{number}/end", {})
    assert again.status_code == 303
