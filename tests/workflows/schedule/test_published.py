"""Published schedules, to the cent, by the convention each of them names."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.schedule.loans import CENT, drawn
from tests.workflows.schedule.published import PUBLISHED, drawdowns, printed, terms
from workflows.schedule import Terms, repayment_schedule


@pytest.mark.parametrize("case", PUBLISHED["cases"], ids=lambda case: case["id"])
def test_a_published_schedule_is_reproduced_to_the_cent(case: dict[str, Any]) -> None:
    rows = repayment_schedule(terms(case), drawdowns(case))
    assert printed(rows, case) == case["rows"]


def variants() -> list[Any]:
    """Return each case with every change of convention that its source says does not matter."""
    changes = {
        "HALF_UP": {"rounding": "half_up"},
        "no_smoothing": {"smooth_last": False},
        "emi_equal_periodic_rate": {"level_basis": "equal_periodic_rate"},
        "30/360_instead_of_PERIODIC": {"day_count": "30/360"},
        "ACT/ACT-ISDA": {"day_count": "ACT/ACT-ISDA"},
        "flat_round_the_sum": {"flat_rounding": "sum"},
    }
    return [
        pytest.param(case, changes[name], id=f"{case['id']} with {name}")
        for case in PUBLISHED["cases"]
        for name in case.get("still_reproduced_with", [])
    ]


@pytest.mark.parametrize(("case", "change"), variants())
def test_a_convention_that_does_not_matter_here_gives_the_same(
    case: dict[str, Any], change: dict[str, Any]
) -> None:
    rows = repayment_schedule(replace(terms(case), **change), drawdowns(case))
    assert printed(rows, case) == case["rows"]


def broken() -> list[Any]:
    changes = {
        "emi_equal_periodic_rate": {"level_basis": "equal_periodic_rate"},
        "ACT/ACT-ISDA": {"day_count": "ACT/ACT-ISDA"},
    }
    return [
        pytest.param(case, changes[name], id=f"{case['id']} with {name}")
        for case in PUBLISHED["cases"]
        for name in case.get("broken_by", [])
    ]


@pytest.mark.parametrize(("case", "change"), broken())
def test_a_convention_that_matters_here_gives_something_else(
    case: dict[str, Any], change: dict[str, Any]
) -> None:
    rows = repayment_schedule(replace(terms(case), **change), drawdowns(case))
    assert printed(rows, case) != case["rows"]


@pytest.mark.parametrize("case", PUBLISHED["textbook"], ids=lambda case: case["id"])
def test_a_textbook_annuity_is_reproduced(case: dict[str, Any]) -> None:
    rate = Decimal(case["annual_rate_pct"])
    agreed = Terms("annuity", rate, case["n"], "PERIODIC", Decimal("0.00000001"))
    rows = repayment_schedule(agreed, [drawn(case["principal"])])
    assert str(rows[0].total) == case["computed_payment"]
    assert str(rows[0].total.quantize(CENT)) == case["payment"]
    for row, expected in zip(rows, case.get("rows", []), strict=False):
        assert str(row.principal.quantize(CENT)) == expected["principal"]
        assert str(row.interest.quantize(CENT)) == expected["interest"]
