"""Amounts and days that a status report repeats: read exactly, or left to a person."""

from datetime import date
from decimal import Decimal

import pytest

from tests.workflows.banking.said import batch, only, ordered, payment, status_report
from workflows.banking.reading import read


@pytest.mark.parametrize(
    ("written", "currency", "amount"),
    [
        pytest.param("18750", "MYR", "18750", id="no decimals"),
        pytest.param("18750.5", "MYR", "18750.5", id="one decimal"),
        pytest.param("18750.00000", "MYR", "18750", id="five decimals"),
        pytest.param("1200000000", "VND", "1200000000", id="dong"),
        pytest.param("5.125", "KWD", "5.125", id="a currency that is not paid in here"),
    ],
)
def test_an_amount_is_read(written: str, currency: str, amount: str) -> None:
    answer = only(status_report(batch(payment("ACSC", ordered(written, currency)))))
    assert (answer.outcome, answer.amount, answer.currency) == ("paid", Decimal(amount), currency)


@pytest.mark.parametrize(
    ("written", "currency", "problem"),
    [
        pytest.param("18,750.00", "MYR", "T-1: '18,750.00' is not an amount.", id="groups"),
        pytest.param("many", "MYR", "T-1: 'many' is not an amount.", id="a word"),
        pytest.param("-1", "MYR", "T-1: '-1' is not an amount.", id="less than nothing"),
        pytest.param("1", "", "T-1: The amount '1' has no currency.", id="no currency"),
        pytest.param("1", "RM", "T-1: The amount '1' has no currency.", id="no ISO currency"),
        pytest.param(
            "1.50", "VND", "T-1: The amount 1.50 VND is finer than the currency.", id="dong"
        ),
    ],
)
def test_an_amount_that_cannot_be_trusted_makes_its_answer_one_for_a_person(
    written: str, currency: str, problem: str
) -> None:
    report = read(status_report(batch(payment("ACSC", ordered(written, currency)))))
    assert report.problems == (problem,)
    assert [(one.outcome, one.amount, one.currency) for one in report.answers] == [
        ("unknown", None, "")
    ]


@pytest.mark.parametrize(
    ("status", "booked_on"),
    [
        pytest.param("ACSC", date(2026, 11, 18), id="settled"),
        pytest.param("ACSP", None, id="on its way"),
    ],
)
def test_only_what_was_paid_has_a_day(status: str, booked_on: date | None) -> None:
    settled = "<OrgnlTxRef><IntrBkSttlmDt>2026-11-18+08:00</IntrBkSttlmDt></OrgnlTxRef>"
    assert only(status_report(batch(payment(status, settled)))).booked_on == booked_on
