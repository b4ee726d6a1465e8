"""The layered drawing of a graph: layers, the order in them, places."""

from itertools import pairwise
from random import Random

import pytest

from workflows.pictures import layout


@pytest.mark.parametrize(
    ("groups", "edges", "expected"),
    [
        pytest.param([["a", "b", "c"]], ["ab", "bc"], {"a": 0, "b": 1, "c": 2}, id="a row"),
        pytest.param(
            [["a", "b", "c"]], ["ab", "ba", "bc"], {"a": 0, "b": 1, "c": 2}, id="a way back"
        ),
        pytest.param(
            [["a", "b", "c", "d"]],
            ["ab", "ac", "bd", "cd"],
            {"a": 0, "b": 1, "c": 1, "d": 2},
            id="two ways stand side by side",
        ),
        pytest.param(
            [["a", "b", "c"]],
            ["ab", "ac", "bc"],
            {"a": 0, "b": 1, "c": 2},
            id="the longest way counts",
        ),
        pytest.param(
            [["a", "x"], ["b"]],
            ["ab", "ax", "xa"],
            {"a": 0, "x": 1, "b": 2},
            id="a later stage is below the whole of the one before",
        ),
        pytest.param(
            [["a"], ["b"]],
            ["ba", "ab"],
            {"a": 0, "b": 1},
            id="a way back to a stage changes nothing",
        ),
        pytest.param([["a", "b"]], [], {"a": 0, "b": 0}, id="what nothing leads to stands first"),
        pytest.param([["a"], []], [], {"a": 0}, id="a stage without a state takes no room"),
    ],
)
def test_layers(groups: list[list[str]], edges: list[str], expected: dict[str, int]) -> None:
    assert layout.ranks(groups, [(edge[0], edge[1]) for edge in edges], "a") == expected


@pytest.mark.parametrize("seed", range(20))
def test_two_ends_of_an_edge_are_never_in_one_layer(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - not for secrets
    names = [f"n{n}" for n in range(12)]
    edges = [(chance.choice(names), chance.choice(names)) for _ in range(40)]
    edges = [(a, b) for a, b in edges if a != b]
    groups = [names[:5], names[5:9], names[9:]]
    found = layout.ranks(groups, edges, "n0")
    assert all(found[a] != found[b] for a, b in edges)


def test_rows_are_put_in_an_order_without_a_crossing_where_there_is_one() -> None:
    rows = [["a", "b", "c"], ["x", "y", "z"]]
    links = [("a", "z"), ("b", "y"), ("c", "x")]
    upper, lower = layout.ordered(rows, links, frozenset())
    order = dict(links)
    assert [order[key] for key in upper] == lower


def test_the_outermost_keep_to_the_left() -> None:
    rows = [["a"], ["x", "y", "z"]]
    found = layout.ordered(rows, [("a", "x"), ("a", "y"), ("a", "z")], frozenset({"z"}))
    assert found[1][0] == "z"


@pytest.mark.parametrize("seed", range(10))
def test_nothing_in_a_row_stands_upon_another(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - not for secrets
    rows = [[f"{row}.{n}" for n in range(chance.randint(1, 6))] for row in range(6)]
    widths = {key: chance.randint(10, 200) for row in rows for key in row}
    links = {
        (chance.choice(a), chance.choice(b)): chance.randint(1, 9)
        for a, b in pairwise(rows)
        for _ in range(5)
    }
    at = layout.placed(rows, links, widths)
    assert min(at[key] - widths[key] / 2 for key in at) >= -1
    for row in rows:
        for a, b in pairwise(row):
            assert at[b] - at[a] >= (widths[a] + widths[b]) / 2 - 1


def test_a_line_that_is_pulled_hard_is_straight() -> None:
    rows = [["a"], ["b", "aside"], ["c"]]
    links = {("a", "b"): 24, ("b", "c"): 24, ("a", "aside"): 1, ("aside", "c"): 1}
    at = layout.placed(rows, links, {"a": 100, "b": 100, "c": 100, "aside": 100})
    assert max(at[key] for key in "abc") - min(at[key] for key in "abc") <= 4


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        pytest.param(
            {"a": 0.0, "b": 50.0}, {"a": 0.0, "b": 50.0}, id="where there is room, as wished"
        ),
        pytest.param({"a": 0.0, "b": 0.0}, {"a": -5.0, "b": 5.0}, id="both give way alike"),
        pytest.param({"a": 20.0, "b": 0.0}, {"a": 5.0, "b": 15.0}, id="the order is kept"),
    ],
)
def test_places(wish: dict[str, float], expected: dict[str, float]) -> None:
    assert layout.spread(["a", "b"], wish, {"a": 10, "b": 10}, {}) == expected


def test_who_pulls_harder_gives_way_less() -> None:
    found = layout.spread(
        ["a", "b"], {"a": 0.0, "b": 0.0}, {"a": 10, "b": 10}, {"a": 9.0, "b": 1.0}
    )
    assert found == {"a": -1.0, "b": 9.0}
