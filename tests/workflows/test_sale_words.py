"""Financing by sale in sentences: its conventions, and how each instalment comes about."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.workflows.test_sale import HOUSE, sen
from workflows.sale import conventions, dues, rows, working
from workflows.schedule import due_date


def test_the_conventions_of_a_sale_are_named_in_sentences() -> None:
    said = " ".join(conventions(HOUSE, "bai_bithaman_ajil"))
    for words in (
        "Financing by sale (bai' bithaman ajil)",
        "for the cost of 200,000.00",
        "240 months at 10.6 % a year, not rounded, times 240: 482,450.94",
        "4.4 % a year, a twelfth of it for each month, rounded up to a multiple of 1.00",
        "on the cost that is outstanding (annuity)",
    ):
        assert words in said


def test_a_price_agreed_before_is_told_by_what_is_outstanding() -> None:
    said = " ".join(conventions(HOUSE, "murabahah", price=sen("474920.94")))
    assert "Of the selling price 474,920.94 is outstanding here; it is never raised." in said
    assert "ceiling rate: the level" not in said


@pytest.mark.parametrize(
    ("recognition", "words"),
    [
        pytest.param("annuity", "profit 200,000.00 x 4.4 % / 12 = 733.33; 1,255.00 - 733.33 = 521.67 of the cost", id="on the cost outstanding"),
        pytest.param("proportional", "profit its part of the instalment = ", id="as a part of what is collected"),
    ],
)  # fmt: skip
def test_the_working_shows_how_an_instalment_comes_about(recognition: Any, words: str) -> None:
    sale = replace(HOUSE, recognition=recognition)
    days = [due_date(date(2009, 6, 30), number) for number in range(1, 1 + len(rows(sale)))]
    number, said = working(sale, dues(sale, days))[0]
    assert (number, words in said) == (1, True)
    assert "selling price outstanding 481,195.94" in said
