"""The check of eligibility before applying, on the page and at the interface: for anybody, and nothing is stored."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import Model, db
from tests.answers import GRANT, GRANT_ANSWERS, LOAN
from tests.interface import API, outside, problem
from tests.pages.browser import Browser
from tests.registry.asking import asking
from tests.world import World

# Nothing here is written to a database.
pytestmark = pytest.mark.one_database

PAGE = f"/schemes/{GRANT}/eligibility"
DECIDING = ("sector", "employees", "turnover", "listed_parent", "local_share", "started")
ANSWERS = {key: GRANT_ANSWERS[key] for key in (*DECIDING, "project_cost", "amount")}


def rows() -> int:
    return sum(
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Model.metadata.sorted_tables
    )


@pytest.mark.parametrize(
    ("changed", "said", "unsaid"),
    [
        pytest.param(
            {"employees": "9"},
            ("By these answers you can apply.", "2 rules are checked when you apply",
             "Checked when you apply", "a small enterprise", "SME"),
            ("with conditions",), id="eligible",
        ),
        pytest.param(
            {},
            ("By these answers you can apply, with conditions.", "few_people is not so."),
            ("cannot apply",), id="eligible with conditions",
        ),
        pytest.param(
            {"listed_parent": "yes"},
            ("By these answers you cannot apply.", "SME definition 2013: exclusions"),
            ("By these answers you can apply",), id="not eligible",
        ),
        pytest.param(
            {"started": ""}, ("We cannot tell yet.", "Choose one of the options."),
            ("By these answers you",), id="cannot be told yet",
        ),
    ],
)  # fmt: skip
def test_the_page_tells(
    world: World, changed: dict[str, str], said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    asking(world, "right_size", "in_registry", "looked_up", "few_people")
    stranger = Browser(world.app)
    assert "Nothing is stored" in stranger.get(PAGE).text
    before = rows()
    page = stranger.post(PAGE, {**ANSWERS, **changed})
    assert page.status_code == 200
    for sentence in said:
        assert sentence in page.text, sentence
    for sentence in unsaid:
        assert sentence not in page.text, sentence
    assert rows() == before


def post(world: World, call: str, body: Any) -> Any:
    return outside(world.app).post(f"{API}/calls/{call}/eligibility", json=body)


def test_the_interface_tells_the_same(world: World) -> None:
    asking(world, "right_size", "in_registry", "few_people")
    before = rows()
    answer = post(world, GRANT, ANSWERS)
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["outcome"], told["problems"]) == ("eligible_with_conditions", {})
    found = {one["rule"]: one["result"] for one in told["results"]}
    assert {key: found[key] for key in ("right_size", "in_registry", "few_people")} == {
        "right_size": "holds",
        "in_registry": "later",
        "few_people": "condition",
    }
    assert told["size"]["size"] == "small"
    assert told["size"]["decided_by"]
    assert told["results"][0]["clause"].startswith("SME definition 2013")
    assert rows() == before


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [
        pytest.param("MY-NONE", {}, 404, id="a call that does not exist"),
        pytest.param(GRANT, {"colour": "red"}, 422, id="a question nobody asks"),
        pytest.param(GRANT, {"employees": {"a": "b"}}, 422, id="an answer no form can send"),
        pytest.param(GRANT, [1], 400, id="no table of answers"),
    ],
)
def test_bad_input_is_told(world: World, call: str, body: Any, status: int) -> None:
    problem(post(world, call, body), status)


def test_answers_in_the_wrong_form_are_told_beside_the_rules(world: World) -> None:
    told = post(world, LOAN, {"employees": "many", "amount": "1500000000"}).get_json()
    assert told["outcome"] == "open"
    assert told["problems"]["employees"] == ["Enter a whole number in digits."]
    assert told["size"] is None
    assert "project_title" not in told["problems"]
