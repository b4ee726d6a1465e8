"""A workflow completed by a scheme: its matrix and its clocks in the place of the template's, and still sound."""

import pytest

from app.schemes.compose.completing import completed, fitted
from app.schemes.compose.reading import scheme_terms
from tests.schemes.texts import GRANT, changed, table
from workflows.definition import Clock
from workflows.format.loading import load, shipped
from workflows.format.reading import Malformed

TEMPLATE = shipped("grant")
ALONE = ("[[authority]]", 'by = "approver"', "of = 1", "needed = 1")
BODY = (
    "[[authority]]",
    'by = "approver"',
    'body = "Grants committee"',
    "of = 3",
    "needed = 2",
    "present = 2",
)
CLOCK = ("[clocks.screening]", "days = 4", 'unit = "calendar"', "warn = 1")


def test_a_scheme_that_says_nothing_of_its_own_has_the_template() -> None:
    terms = scheme_terms(GRANT)
    assert completed(TEMPLATE.source, terms) is TEMPLATE.source
    assert fitted(TEMPLATE, terms) is TEMPLATE
    assert fitted(shipped("claim"), terms) is shipped("claim")


def test_its_matrix_and_clocks_take_the_place_of_those_of_the_template() -> None:
    small, large = (*ALONE, 'up_to = "50000.00"'), (*BODY, 'above = "50000.00"')
    found = fitted(TEMPLATE, scheme_terms(changed(GRANT, table(*small, *large, *CLOCK))))
    assert (found.name, found.version) == ("grant-my-bap", 4)
    one, three = found.decisions["award"].bands
    assert (one.above, one.up_to, one.of, one.needed, one.body) == (0, 50_000_00, 1, 1, "")
    assert (three.above, three.up_to, three.of, three.needed) == (50_000_00, None, 3, 2)
    assert (three.body, three.present, three.currency) == ("Grants committee", 2, "MYR")
    before = TEMPLATE.states["screening"].clock
    assert before is not None
    assert found.states["screening"].clock == Clock(
        4, "calendar", expires=before.expires, warn=1, escalate=before.escalate, extension=before.extension
    )  # fmt: skip
    same = (found.states["assessment"], found.acts["approve"])
    assert same == (TEMPLATE.states["assessment"], TEMPLATE.acts["approve"])
    assert load(found.source) == found


REFUSED = [
    pytest.param(
        table(*ALONE, 'decision = "loan"', *CLOCK, "[clocks.moon]", "days = 1", 'unit = "working"'),
        [
            "authority: the workflow grant has no decision 'loan'.",
            "clocks: the workflow grant has no clock in a state 'moon'.",
        ],
        id="a decision and a state the template does not have",
    ),
    pytest.param(
        table("[clocks.draft]", "days = 1", 'unit = "working"'),
        ["clocks: the workflow grant has no clock in a state 'draft'."],
        id="a clock where none runs",
    ),
    pytest.param(
        table(*ALONE, 'up_to = "a lot"'),
        ["decisions.award: bands[1].up_to:"],
        id="a limit that is no amount",
    ),
    pytest.param(
        table(*ALONE, 'up_to = "50000.00"'),
        ["decisions.award.bands"],
        id="a matrix in which nobody decides on large amounts",
    ),
    pytest.param(
        table("[[authority]]", 'by = "minister"', "of = 1", "needed = 1"),
        ["decisions.award: bands[1].by: "],
        id="a matrix of people who do not vote",
    ),
    pytest.param(
        table("[institutions]", 'guarantor = "X"', *ALONE),
        ["institutions: the workflow grant-my-bap has no 'guarantor'."],
        id="a part the template does not have",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("more", "beginnings"), REFUSED)
def test_what_does_not_fit_is_refused(more: tuple[str, str], beginnings: list[str]) -> None:
    with pytest.raises(Malformed) as caught:
        fitted(TEMPLATE, scheme_terms(changed(GRANT, more)))
    found = caught.value.mistakes
    assert [f[: len(b)] for f, b in zip(found, beginnings, strict=True)] == beginnings
