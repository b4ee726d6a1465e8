"""Lists and cases ask the database as often for many rows as for few."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.world import World

# What a page says, and how often it asks, is the same on both databases.
pytestmark = pytest.mark.one_database


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


LISTS = {
    "the queue": ("desk.my", "/queue"),
    "an applicant's list": ("applicant.my", "/applications"),
    "the auditors' list": ("auditor.my", "/audit"),
}


@pytest.mark.parametrize(("name", "path"), LISTS.values(), ids=LISTS.keys())
def test_a_list_asks_as_often_for_twelve_cases_as_for_two(world: World, name, path) -> None:
    browser = Browser(world.app, name)
    lengths = []
    for more in (2, 10):
        for _ in range(more):
            world.at("submitted")
        browser.get(path)
        with counted() as statements:
            page = browser.get(path)
        assert page.text.count("MY-BAP-2026-000") >= more
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]
    assert lengths[1] <= 9


def test_the_interface_asks_as_often_for_twelve_cases_as_for_two(world: World) -> None:
    person = Interface(world.app, "desk.my")
    lengths = []
    for more in (2, 10):
        for _ in range(more):
            world.at("submitted")
        with counted() as statements:
            answer = person.get(CASES)
        lengths.append((len(answer.get_json()["applications"]), len(statements)))
    assert lengths == [(2, lengths[0][1]), (12, lengths[0][1])]


@pytest.mark.parametrize("name", ["applicant.my", "desk.my", "auditor.my"])
def test_a_case_asks_as_often_for_four_tranches_as_for_one(world: World, name: str) -> None:
    lengths = []
    for shares in ((100,), (25, 25, 25, 25)):
        reference = world.at("recommendation")
        world.recommend(reference, shares)
        world.approve(reference)
        browser = Browser(world.app, name)
        browser.get(f"/cases/{reference}")
        with counted() as statements:
            assert browser.get(f"/cases/{reference}").status_code == 200
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]
