"""Budgets in their order: below which facility and scheme, under which name of the year, and what they come to."""

from typing import Any

import pytest

from app.budgets.compose import branches, named, totals
from app.budgets.models import WHOLE_LIFE, Budget
from app.countries.queries import country

MALAYSIA = country("MY")


def budget(number: int, level: str, parent: int | None, **changed: Any) -> Budget:
    """Return a budget as the database would give it, with nothing in it unless it is said."""
    spoken = dict.fromkeys(("allocated", "reserved", "committed", "paid"), 0)
    amounts = {f"{name}_minor": changed.pop(name, 0) for name in spoken}
    said = {
        "code": f"{level}-{number}",
        "currency": "MYR",
        "year": WHOLE_LIFE,
        "amount_minor": None,
    }
    return Budget(id=number, level=level, parent_id=parent, **{**said, **amounts, **changed})


def test_each_is_followed_by_what_lies_below_it() -> None:
    rows = [
        budget(1, "facility", None, code="F"),
        budget(2, "facility", None, code="F", year=2026),
        budget(3, "facility", None, code="F", currency="USD"),
        budget(6, "call", 4),
        budget(7, "call", 5, year=2026),
        budget(8, "call", 4),
        budget(4, "scheme", 1),
        budget(5, "scheme", 2, year=2026),
    ]
    found = branches(rows, MALAYSIA)
    assert [(branch.facility, branch.currency) for branch in found] == [("F", "MYR"), ("F", "USD")]
    assert [(line.budget.id, line.deep, line.period) for line in found[0].lines] == [
        (1, 0, "whole life of its calls"),
        (4, 1, "whole life of its calls"),
        (6, 2, "whole life of the call"),
        (8, 2, "whole life of the call"),
        (2, 0, "fiscal year 2026"),
        (5, 1, "fiscal year 2026"),
        (7, 2, "fiscal year 2026"),
    ]


def test_nothing_makes_no_tree() -> None:
    assert branches([], MALAYSIA) == []


@pytest.mark.parametrize(
    ("said", "percent"),
    [
        pytest.param({}, None, id="no limit has no share"),
        pytest.param({"amount_minor": 0}, None, id="nor has nothing"),
        pytest.param({"amount_minor": 300, "allocated": 100}, 33, id="a third is rounded down"),
        pytest.param(
            {"amount_minor": 300, "reserved": 298, "paid": 1}, 99, id="never up to all of it"
        ),
        pytest.param({"amount_minor": 300, "committed": 300}, 100, id="all of it"),
    ],
)
def test_the_share_that_is_spoken_for(said: dict[str, Any], percent: int | None) -> None:
    (branch,) = branches([budget(1, "facility", None, **said)], MALAYSIA)
    assert branch.lines[0].percent == percent


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        pytest.param("MY", WHOLE_LIFE, "call-1, whole life of the call", id="no year"),
        pytest.param("MY", 2026, "call-1, fiscal year 2026", id="the calendar year"),
        pytest.param("SG", 2026, "call-1, fiscal year 2026/27", id="from April to March"),
        pytest.param("TH", 2099, "call-1, fiscal year 2099/00", id="over the end of a century"),
    ],
)
def test_a_budget_is_told_by_its_code_and_year(code: str, year: int, name: str) -> None:
    assert named(budget(1, "call", 2, year=year), country(code)) == name


def test_calls_are_added_up_by_currency() -> None:
    rows = [
        budget(1, "scheme", 9, amount_minor=900, allocated=300),
        budget(2, "call", 1, amount_minor=100, reserved=10, committed=20, paid=30),
        budget(3, "call", 1, amount_minor=200, year=2026, paid=5),
        budget(4, "call", 1, amount_minor=7, currency="BND"),
    ]
    assert [
        (t.currency, t.amount, t.reserved, t.committed, t.paid, t.left) for t in totals(rows)
    ] == [
        ("BND", 7, 0, 0, 0, 7),
        ("MYR", 300, 10, 20, 35, 235),
    ]
