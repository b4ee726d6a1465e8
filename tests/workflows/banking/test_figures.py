"""Amounts and days as banks write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.banking.figures import amount, day, moment


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("0", "0", id="nought"),
        pytest.param("100", "100", id="no point"),
        pytest.param("100.", "100", id="a point and nothing behind it"),
        pytest.param(".5", "0.5", id="a point and nothing before it"),
        pytest.param("+100.00", "100", id="a plus sign, which XML Schema allows"),
        pytest.param("000100.10000", "100.1", id="noughts on both sides"),
        pytest.param("9999999999999999.99", "9999999999999999.99", id="18 digits"),
    ],
)
def test_an_amount_is_read(text: str, number: str) -> None:
    assert amount(text, "MYR") == Decimal(number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param("", "is not an amount", id="nothing"),
        pytest.param(".", "is not an amount", id="a point"),
        pytest.param("+", "is not an amount", id="a sign"),
        pytest.param("-1", "is not an amount", id="less than nothing"),
        pytest.param("1,5", "is not an amount", id="a comma"),
        pytest.param("1 000", "is not an amount", id="a blank"),
        pytest.param("1_000", "is not an amount", id="an underscore"),
        pytest.param("1e3", "is not an amount", id="powers of ten"),
        pytest.param("NaN", "is not an amount", id="no number"),
        pytest.param("Infinity", "is not an amount", id="infinity"),
        pytest.param("\u0661", "is not an amount", id="an Arabic-Indic digit"),
        pytest.param("1" * 19, "more digits than an amount can have", id="19 digits"),
        pytest.param("1.000001", "more digits than an amount can have", id="six decimals"),
        pytest.param("9" * 100_000, "more digits than an amount can have", id="absurdly many"),
        pytest.param("1.005", "finer than the currency", id="half a sen"),
    ],
)
def test_an_amount_that_cannot_be_trusted_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        amount(text, "MYR")


@given(st.integers(0, 10**18 - 1), st.integers(0, 2))
def test_an_amount_that_a_bank_can_write_is_read_exactly(units: int, decimals: int) -> None:
    number = Decimal(units).scaleb(-decimals)
    assert amount(f"{number:f}", "MYR") == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("2026-11-17", date(2026, 11, 17), id="a day"),
        pytest.param("2026-11-17Z", date(2026, 11, 17), id="a day in UTC"),
        pytest.param("2026-11-17+08:00", date(2026, 11, 17), id="a day with an offset"),
        pytest.param("2026-11-17T00:30:00+08:00", date(2026, 11, 17), id="a time"),
        pytest.param("2026-02-30", None, id="a day that is none"),
        pytest.param("17/11/2026", None, id="another order"),
        pytest.param("20261117", None, id="no hyphens"),
        pytest.param("2026-11-171", None, id="a digit too many"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_day_is_as_it_is_written(text: str, found: date | None) -> None:
    assert day(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("2026-11-17T10:00:00Z", datetime(2026, 11, 17, 10, tzinfo=UTC), id="UTC"),
        pytest.param(
            "2026-11-17T10:00:00.5+08:00",
            datetime(2026, 11, 17, 10, 0, 0, 500000, timezone(timedelta(hours=8))),
            id="an offset and parts of seconds",
        ),
        pytest.param(
            "2026-11-17T10:00:00",
            datetime(2026, 11, 17, 10),  # noqa: DTZ001 - no zone is given
            id="no offset",
        ),
        pytest.param("at ten", None, id="words"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_time_keeps_the_offset_it_has(text: str, found: datetime | None) -> None:
    assert moment(text) == found
