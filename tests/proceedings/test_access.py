"""Who sees the proceedings of a case: whoever sees the case, and of personal data nobody more than the event tells."""

from typing import Any

import pytest

from tests.interface import CASES, Interface, headers
from tests.pages.browser import Browser
from tests.variations.changing import HELD, change, cut, enter, propose
from tests.world import World

pytestmark = pytest.mark.one_database

SEES = [
    pytest.param("applicant.my", 200, id="the applicant"),
    pytest.param("desk.my", 200, id="a desk officer"),
    pytest.param("approver.my", 200, id="an approver"),
    pytest.param("rival.my", 404, id="another enterprise"),
    pytest.param("desk.vn", 404, id="another agency"),
    pytest.param("", 401, id="nobody"),
]


def looked(world: World, name: str, path: str) -> Any:
    return Browser(world.app, name).get(path)


@pytest.mark.parametrize(("name", "status"), SEES)
def test_a_proceeding_is_seen_by(world: World, name: str, status: int) -> None:
    reference = world.at("disbursing")
    enter(world, reference)
    answer = looked(world, name, f"/cases/{reference}/proceedings/1")
    assert answer.status_code in ({status} if name else {303, 401})
    assert HELD["number"] not in answer.text
    assert ("ending in 4444" in answer.text) == (status == 200)
    if name:
        listed = Interface(world.app, name).get(f"{CASES}/{reference}/proceedings")
        assert listed.status_code == status
        assert HELD["number"] not in listed.text


def test_the_interface_says_what_one_may_do(world: World) -> None:
    reference = world.at("disbursing")
    cut(world, reference)
    seen = {}
    for name in ("desk.my", "approver.my", "applicant.my"):
        answer = Interface(world.app, name).get(f"{CASES}/{reference}/proceedings")
        (one,) = answer.get_json()["proceedings"]
        seen[name] = sorted(act["act"] for act in one["acts"] if act["allowed"])
        assert (one["kind"], one["state"], one["amount"]) == ("cut", "proposed", 80_000_00)
    assert seen == {
        "desk.my": ["take_back"],
        "approver.my": ["approve", "refuse"],
        "applicant.my": [],
    }


def test_a_change_is_begun_and_agreed_to_through_the_interface(world: World) -> None:
    reference = world.at("disbursing")
    path = f"{CASES}/{reference}/proceedings"
    said = {"kind": "variation", "tranches": [{"purpose": "All of it", "amount": "80000"}]}
    steps: Any = (("desk.my", path, said), ("approver.my", f"{path}/1/acts/approve", {}), ("applicant.my", f"{path}/1/acts/agree", {}))  # fmt: skip
    for name, where, body in steps:
        person = Interface(world.app, name)
        version = world.case(reference).version
        answer = person.send("POST", where, json=body, headers=headers(version))
        assert answer.status_code in (200, 201), answer.text
    answer = Interface(world.app, "desk.my").get(path)
    assert [one["state"] for one in answer.get_json()["proceedings"]] == ["in_force"]


@pytest.mark.parametrize(
    ("name", "kind", "body", "status"),
    [
        pytest.param("desk.vn", "cut", {"note": "No."}, 404, id="another agency"),
        pytest.param("rival.my", "account_change", {}, 404, id="another enterprise"),
        pytest.param("desk.my", "gift", {}, 404, id="a kind that there is not"),
        pytest.param("desk.my", "variation", {"amount": "many"}, 422, id="what cannot be read"),
        pytest.param("desk.my", "variation", {"size": "1"}, 422, id="a field that there is not"),
        pytest.param("maker.my", "cut", {"note": "No."}, 409, id="somebody without the duty"),
    ],
)
def test_nothing_is_begun_by(
    world: World, name: str, kind: str, body: dict[str, str], status: int
) -> None:
    reference = world.at("disbursing")
    filled = (
        {"holder": "Roti", "number": HELD["number"], "bic": HELD["bic"]}
        if kind == "account_change"
        else body
    )
    version = world.case(reference).version
    answer = Interface(world.app, name).send(
        "POST",
        f"{CASES}/{reference}/proceedings",
        json={"kind": kind, **filled},
        headers=headers(version),
    )
    assert answer.status_code == status, answer.text


def test_the_page_shows_what_is_proposed_and_to_whom_it_is_open(world: World) -> None:
    reference = world.at("disbursing")
    propose(world, reference, change("", "30000", "50000"))
    page = looked(world, "applicant.my", f"/cases/{reference}/proceedings/1").text
    assert "A change is being decided" in page
    assert "Desk My" not in page
    assert "Desk My" in looked(world, "desk.my", f"/cases/{reference}/proceedings/1").text
    assert (
        'id="act-approve"' in looked(world, "approver.my", f"/cases/{reference}/proceedings/1").text
    )
