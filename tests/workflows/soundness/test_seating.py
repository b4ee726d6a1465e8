"""Who can stand in which part: answers known by hand, and all ways tried for small companies."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.soundness.seating import Demand, lacking

A, B, C, D = range(4)


def ask(part: str, *people: int, count: int = 1, order: int = 0) -> Demand:
    return Demand(part, frozenset(people), count, part, part, part, order)


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        pytest.param([], [], id="nobody is asked for"),
        pytest.param([ask("maker", A), ask("checker", B)], [], id="two people for two parts"),
        pytest.param(
            [ask("maker", A), ask("checker", A, order=1)],
            [("checker", ("maker",))],
            id="one person for two parts",
        ),
        pytest.param(
            [ask("maker", A, B), ask("checker", A, order=1)],
            [],
            id="the one who can do both gives way",
        ),
        pytest.param(
            [ask("maker", A, B), ask("checker", B, C), ask("releaser", A, C)],
            [],
            id="three in a ring",
        ),
        pytest.param(
            [ask("maker", A, B), ask("checker", A, B), ask("releaser", A, B, order=1)],
            [("releaser", ("maker", "checker"))],
            id="two people for three parts",
        ),
        pytest.param(
            [ask("desk", A), ask("desk", A, B)], [], id="one person for both acts of a part"
        ),
        pytest.param(
            [ask("desk", A), ask("desk", B), ask("other", A, B, order=1)],
            [("other", ("desk",))],
            id="two people for the two acts of a part",
        ),
        pytest.param(
            [ask("desk", A, B), ask("desk", B, C), ask("other", A), ask("more", C)],
            [],
            id="the one who can do both acts of a part does them",
        ),
        pytest.param(
            [ask("desk", A, B), ask("desk", B, C), ask("other", B, order=1)],
            [],
            id="two share a part so that the one who could do both is free",
        ),
        pytest.param([ask("assessor", A, B, count=2)], [], id="two assessors"),
        pytest.param(
            [ask("assessor", A, count=3)],
            [("assessor", ()), ("assessor", ())],
            id="two assessors too few",
        ),
        pytest.param(
            [ask("approver", A, B, C, count=3), ask("approver", A)],
            [],
            id="a chair among the members",
        ),
        pytest.param([ask("maker")], [("maker", ())], id="nobody can do it"),
    ],
)
def test_who_is_missing(demands: list[Demand], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(lack.demand.part, lack.taken) for lack in lacking(demands)] == expected


def met(demands: list[Demand], people: int) -> bool:
    """Try every part for every person."""
    parts = sorted({demand.part for demand in demands})
    return any(
        all(
            sum(stands[person] == demand.part for person in demand.people) >= demand.count
            for demand in demands
        )
        for stands in product([*parts, ""], repeat=people)
    )


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.frozensets(st.integers(0, 4)), st.sampled_from([1, 1, 1, 2])
        ),
        max_size=5,
    )
)
def test_somebody_is_missing_exactly_when_no_way_is_found_by_trying_all(
    rows: list[tuple[str, frozenset[int], int]],
) -> None:
    demands = [
        ask(part, *people, count=count, order=n) for n, (part, people, count) in enumerate(rows)
    ]
    assert (lacking(demands) == ()) is met(demands, 5)
