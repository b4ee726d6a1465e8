"""The budget of a call by fiscal year, as a scheme writes it: what it becomes, and what is wrong with it."""

from decimal import Decimal

import pytest

from app.budgets.models import WHOLE_LIFE
from app.schemes.commands import amounts
from app.schemes.compose.reading import scheme_terms
from tests.schemes.texts import GRANT, changed, refusals

BUDGET = 'budget = "450000.00"\n'
CALL = "calls: 'MY-BAP-2026': years"


def years(said: str) -> str:
    """Return the grant, its one budget of 450,000.00 split by years."""
    return changed(GRANT, (BUDGET, f"{BUDGET}years = {said}\n"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(GRANT, {WHOLE_LIFE: 450_000_00}, id="without years it is for the whole life"),
        pytest.param(
            years('{2026 = "150000.00", 2027 = "300000.00"}'),
            {2026: 150_000_00, 2027: 300_000_00},
            id="two years",
        ),
        pytest.param(
            years('{2026 = "450000.00", 2027 = "0"}'),
            {2026: 450_000_00, 2027: 0},
            id="a year with nothing",
        ),
    ],
)
def test_a_call_has_its_budget_by_fiscal_year(source: str, expected: dict[int, int]) -> None:
    terms = scheme_terms(source)
    assert terms.calls[0].budget == Decimal("450000.00")
    assert amounts(terms.calls[0], terms.currency) == expected


SUM = f"{CALL}: they do not sum to the budget of the call."
NAME = f'{CALL}: name each by the year in which it begins, such as "2026".'


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param('{2026 = "150000.00"}', [SUM], id="years that come to less"),
        pytest.param(
            '{2026 = "450000.00", 2027 = "0.01"}', [SUM], id="years that come to a sen more"
        ),
        pytest.param('{"2026/27" = "450000.00"}', [NAME], id="a year as people call it"),
        pytest.param('{26 = "450000.00"}', [NAME], id="two digits"),
        pytest.param('{1999 = "450000.00"}', [NAME], id="another century"),
        pytest.param('{0 = "450000.00"}', [NAME], id="the whole life is not named"),
        pytest.param('{"٢٠٢٦" = "450000.00"}', [NAME], id="digits of another script"),
        pytest.param('{26 = "1.00"}', [NAME, SUM], id="both at once"),
        pytest.param(
            '{2026 = "450000.005", 2027 = "-0.005"}',
            [
                f"{CALL}: 2026: MYR amounts have 2 decimals.",
                f"{CALL}: 2027: expected at least 0 and at most 1,000,000,000,000,000.",
            ],
            id="finer than a sen, and below nothing",
        ),
        pytest.param(
            "{2026 = 450000}",
            ['calls[0].years.2026: expected an amount written as text, such as "200000.00".'],
            id="a number for an amount",
        ),
    ],
)
def test_years_of_a_call_are_refused(said: str, expected: list[str]) -> None:
    assert refusals(years(said)) == expected
