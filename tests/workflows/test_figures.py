"""Computed figures: exact, and nothing while something they need is missing."""

from decimal import Decimal
from typing import Any

import pytest

from workflows.figures import figure, mistakes, needs

BUDGET = {"budget": [{"item": "Oven", "cost": "0.10"}, {"item": "Mixer", "cost": "0.20"}]}
SUM = {"sum": "budget.cost"}


@pytest.mark.parametrize(
    ("value", "answers", "found"),
    [
        pytest.param("cost", {"cost": "12.50"}, "12.50", id="an answer is a figure"),
        pytest.param("cost", {"cost": 12}, "12", id="a whole number too"),
        pytest.param("cost", {}, None, id="a missing answer is none"),
        pytest.param("cost", {"cost": ""}, None, id="nor is an empty one"),
        pytest.param("cost", {"cost": "much"}, None, id="nor are words"),
        pytest.param("cost", {"cost": True}, None, id="nor is what is true or false"),
        pytest.param("cost", {"cost": "NaN"}, None, id="nor is what calls itself no number"),
        pytest.param({"number": "1200"}, {}, "1200", id="a number that is written down"),
        pytest.param(SUM, BUDGET, "0.30", id="a column is summed exactly, not as floats are"),
        pytest.param(SUM, {"budget": []}, None, id="no row gives no sum"),
        pytest.param(SUM, {}, None, id="a table that is missing gives none"),
        pytest.param(SUM, {"budget": "none"}, None, id="what is no table gives none"),
        pytest.param(
            SUM, {"budget": [{"cost": "1"}, {"item": "Mixer"}]}, None,
            id="one empty cell leaves the sum open",
        ),
        pytest.param(
            {"add": [SUM, {"number": "1"}, "cost"]}, {**BUDGET, "cost": "2"}, "3.30",
            id="figures add up",
        ),
        pytest.param({"add": ["a", "b"]}, {"a": 1}, None, id="one of the parts is missing"),
        pytest.param({"subtract": ["a", "b"]}, {"a": "1", "b": "3"}, "-2", id="less than nothing"),
        pytest.param(
            {"multiply": ["a", "b", {"number": "0.5"}]}, {"a": "3", "b": "4"}, "6.0",
            id="a product of three",
        ),
        pytest.param({"percent": ["a", "b"]}, {"a": "1", "b": "3"}, "33.33", id="a share"),
        pytest.param({"percent": ["a", "b"]}, {"a": "1", "b": "0"}, None, id="of nothing"),
        pytest.param(
            {"percent": ["a", "b"]}, {"a": "1e60", "b": "1"}, None,
            id="more than can be reckoned with",
        ),
        pytest.param(
            {"percent": [{"subtract": [SUM, "own"]}, SUM]}, {**BUDGET, "own": "0.15"}, "50.00",
            id="figures stand in figures",
        ),
    ],
)  # fmt: skip
def test_a_figure_is(value: Any, answers: dict[str, Any], found: str | None) -> None:
    assert mistakes(value, "value") == []
    told = figure(value, answers)
    assert (None if told is None else str(told)) == found
    assert told is None or isinstance(told, Decimal)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        pytest.param(7, "v: expected the name of an answer or one of", id="a bare number"),
        pytest.param({}, "v: expected the name of an answer or one of", id="nothing"),
        pytest.param(
            {"add": ["a"], "multiply": ["b"]}, "v: expected the name of an answer or one of",
            id="two words at once",
        ),
        pytest.param({"number": "many"}, "v: number is a number as text.", id="no number"),
        pytest.param(
            {"sum": "budget"}, 'v: sum names a column, such as "budget.cost".',
            id="a table without its column",
        ),
        pytest.param({"sum": ["a.b"]}, "v: sum names a column", id="a list of columns"),
        pytest.param(
            {"divide": ["a", "b"]},
            "v: 'divide' is not one of add, multiply, number, percent, subtract, sum.",
            id="an unknown word",
        ),
        pytest.param({"add": "a"}, "v: add holds a list of one or more figures.", id="no list"),
        pytest.param({"add": []}, "v: add holds a list of one or more figures.", id="of nothing"),
        pytest.param(
            {"percent": ["a"]}, "v: percent holds a list of 2 figures.", id="a share of what"
        ),
        pytest.param(
            {"add": ["a", {"subtract": ["b", {"root": "c"}]}]},
            "v.add[1].subtract[1]: 'root' is not one of", id="inside, with its place",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_is_written_wrongly_is_named(value: Any, found: str) -> None:
    (sentence,) = mistakes(value, "v")
    assert sentence.startswith(found)


def test_a_figure_tells_what_it_is_computed_from() -> None:
    value = {"percent": [{"subtract": [SUM, "own"]}, {"add": ["cost", {"number": "1"}]}]}
    assert needs(value) == {"budget.cost", "own", "cost"}
