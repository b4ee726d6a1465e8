"""Terms and drawdowns that no loan can have, refused with every reason."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.schedule.loans import SEED, TERMS, drawn
from workflows.schedule import Drawdown, Impossible, RateChange, repayment_schedule

LATER = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"method": "balloon"}, "'balloon' is not known: choose one of annuity,", id="an unknown method"),
        pytest.param({"day_count": "NL/365"}, "'NL/365' is not known", id="an unknown day count"),
        pytest.param({"rounding": "up"}, "'up' is not known", id="an unknown rounding"),
        pytest.param({"instalment_rounding": "away"}, "'away' is not known", id="an unknown rounding of the step"),
        pytest.param({"flat_rounding": "all"}, "'all' is not known", id="an unknown rounding of flat instalments"),
        pytest.param({"unit": "moons"}, "'moons' is not known", id="an unknown unit"),
        pytest.param({"month_end": "friday"}, "'friday' is not known", id="an unknown month-end rule"),
        pytest.param({"level_basis": "guess"}, "'guess' is not known", id="an unknown basis"),
        pytest.param({"annual_rate_pct": Decimal(-1)}, "zero or more", id="a negative rate"),
        pytest.param({"annual_rate_pct": Decimal("NaN")}, "zero or more", id="no rate at all"),
        pytest.param({"instalments": 0}, "at least one instalment", id="no instalment"),
        pytest.param({"instalments": 3661}, "at most 3,660 instalments", id="too many instalments"),
        pytest.param({"every": 0}, "one or more units", id="no frequency"),
        pytest.param({"grace_principal": 12}, "principal after the grace", id="grace to the end"),
        pytest.param({"grace_principal": -1}, "principal after the grace", id="grace before the start"),
        pytest.param({"grace_deferred": 12}, "pay the deferred interest", id="deferral to the end"),
        pytest.param({"grace_capitalised": 12}, "after interest was capitalised", id="capitalised to the end"),
        pytest.param({"grace_waived": 12}, "after the waiver", id="a waiver to the end"),
        pytest.param({"grace_deferred": 1, "grace_waived": 1}, "only one of the three", id="two graces for interest"),
        pytest.param({"money_step": Decimal(0)}, "money step must be", id="no money step"),
        pytest.param({"instalment_step": Decimal("0.005")}, "a multiple", id="too fine a step"),
        pytest.param({"instalment_step": Decimal(0)}, "a multiple", id="a step of nothing"),
        pytest.param({"method": "bullet", "instalment_step": Decimal(1)}, "a bullet loan has none", id="a step without regular instalments"),
        pytest.param({"method": "bullet", "grace_principal": 3}, "leave out the grace", id="grace for a bullet"),
        pytest.param({"method": "flat", "smooth_last": True}, "Only the level instalments", id="smoothing of what is not level"),
        pytest.param({"method": "flat", "level_basis": "equal_periodic_rate"}, "Only an annuity", id="a basis without a level instalment"),
        pytest.param({"method": "flat", "grace_capitalised": 1}, "never on interest", id="flat interest on interest"),
        pytest.param({"method": "flat", "rates": (RateChange(LATER, Decimal(1)),)}, "no later rates", id="a later flat rate"),
        pytest.param({"rates": (RateChange(LATER, Decimal(-1)),)}, "from 2026-06-01 must be zero", id="a negative later rate"),
        pytest.param({"rates": (RateChange(LATER, Decimal(1)),) * 2}, "one for each day", id="two rates of one day"),
        pytest.param({"rates": (RateChange(LATER, Decimal(1)), RateChange(SEED, Decimal(1)))}, "in order", id="rates out of order"),
        pytest.param({"down_payment": Decimal(1), "down_payment_pct": Decimal(1)}, "not both", id="two down payments"),
        pytest.param({"down_payment": Decimal(-1)}, "zero or more", id="a negative down payment"),
        pytest.param({"down_payment": Decimal("0.005")}, "finer than 0.01", id="too fine a down payment"),
        pytest.param({"down_payment_pct": Decimal(100)}, "less than 100 per cent", id="a down payment of everything"),
    ],
)  # fmt: skip
def test_terms_that_no_loan_can_have_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(TERMS, **change)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Impossible) as refused:
        replace(TERMS, annual_rate_pct=Decimal(-1), instalments=0)
    assert refused.value.sentences == (
        "The annual rate must be zero or more.",
        "There must be at least one instalment.",
    )
    assert str(refused.value) == " ".join(refused.value.sentences)


@pytest.mark.parametrize(
    ("change", "drawdowns", "sentence"),
    [
        pytest.param({}, [], "at least one drawdown", id="no drawdown"),
        pytest.param({}, [drawn("0")], "more than zero", id="nothing drawn"),
        pytest.param({}, [drawn("-5")], "more than zero", id="less than nothing drawn"),
        pytest.param({}, [drawn("Infinity")], "more than zero", id="an endless amount"),
        pytest.param({}, [drawn("1.005")], "finer than 0.01", id="a fraction of a sen"),
        pytest.param({}, [drawn("10"), drawn("10", dt.date(2027, 1, 31))], "before the last due date, 2027-01-31", id="a drawdown on the last due date"),
        pytest.param({"first_due": SEED}, [drawn("10")], "must be after the first drawdown", id="due on the day it is drawn"),
        pytest.param({"down_payment": Decimal(10)}, [drawn("10")], "less than the first drawdown, 10", id="a down payment of everything"),
    ],
)  # fmt: skip
def test_drawdowns_that_cannot_be_repaid_are_refused(
    change: dict[str, Any], drawdowns: list[Drawdown], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        repayment_schedule(replace(TERMS, **change), drawdowns)


@pytest.mark.parametrize(
    ("change", "amount", "sentence"),
    [
        pytest.param({"instalment_step": Decimal(1000)}, "1200", "repays no principal", id="a step that rounds to nothing"),
        pytest.param({"instalment_step": Decimal(20), "instalment_rounding": "down", "annual_rate_pct": Decimal(24)}, "1000", "repays no principal", id="a step that leaves interest alone"),
        pytest.param({"method": "equal_principal"}, "0.05", "no principal before the last", id="an amount too small to share"),
        pytest.param({"method": "flat", "instalment_step": Decimal(500)}, "1200", "no principal before the last", id="a flat step that rounds to nothing"),
        pytest.param({"annual_rate_pct": Decimal(1200), "level_basis": "equal_periodic_rate", "day_count": "ACT/360", "unit": "years"}, "1000", "no principal before the last", id="interest above the instalment"),
    ],
)  # fmt: skip
def test_a_loan_that_would_stand_still_is_refused(
    change: dict[str, Any], amount: str, sentence: str
) -> None:
    terms = replace(TERMS, instalments=36, **change)
    with pytest.raises(ValueError, match=sentence):
        repayment_schedule(terms, [drawn(amount, dt.date(2026, 3, 1))])
