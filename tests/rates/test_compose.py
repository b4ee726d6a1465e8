"""Converting dollars, and what no rate may be."""

from datetime import date
from typing import Any

import pytest

from app.rates.compose import converted, mistakes, written
from app.rates.models import ExchangeRate

TODAY = date(2026, 11, 23)
RIGHT = {"currency": "LAK", "on_day": TODAY, "units": "21650.50", "source": "A central bank"}


@pytest.mark.parametrize(
    ("cents", "currency", "units", "minor"),
    [
        pytest.param(100_00, "MYR", "4.5", 450_00, id="ringgit"),
        pytest.param(100_00, "VND", "26000", 2_600_000, id="dong have no decimals"),
        pytest.param(1, "VND", "26050", 260, id="half of a dong goes to the even one below"),
        pytest.param(1, "VND", "26150", 262, id="and to the even one above"),
        pytest.param(3, "SGD", "1.5", 4, id="half of a cent goes to the even one"),
        pytest.param(0, "LAK", "21650.5", 0, id="nothing"),
        pytest.param(10**15, "IDR", "16250.123456", 16250123456 * 10**9, id="no digit is lost"),
    ],
)
def test_dollars_are_converted(cents: int, currency: str, units: str, minor: int) -> None:
    rate = ExchangeRate(currency=currency, on_day=TODAY, units=units, source="")
    assert converted(cents, rate) == minor


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"currency": "USD"}, "is not one of BND, IDR", id="the dollar itself"),
        pytest.param({"currency": "XXX"}, "is not one of", id="a currency of nowhere"),
        pytest.param({"on_day": date(2026, 11, 24)}, "still to come", id="tomorrow"),
        pytest.param({"on_day": "2026-11-23"}, "is a day", id="a day as text"),
        pytest.param({"units": 4.5}, "write it as text", id="a float"),
        pytest.param({"units": "0"}, "no number of units", id="nothing"),
        pytest.param({"units": "-4"}, "no number of units", id="less than nothing"),
        pytest.param({"units": "NaN"}, "no number of units", id="no number"),
        pytest.param({"units": "1e400"}, "no number of units", id="more than there is"),
        pytest.param({"units": "4.12345678901234567890"}, "no number of units", id="too fine"),
        pytest.param({"units": "four"}, "no number of units", id="in words"),
        pytest.param({"source": "  "}, "who published", id="no source"),
        pytest.param({"colour": "red"}, "nothing else", id="a key nobody knows"),
    ],
)
def test_a_rate_is_refused(changed: dict[str, Any], said: str) -> None:
    assert said in " ".join(mistakes({**RIGHT, **changed}, TODAY))


def test_everything_that_is_wrong_is_said() -> None:
    assert mistakes(RIGHT, TODAY) == []
    wrong = {"currency": "", "on_day": None, "units": "", "source": ""}
    assert len(mistakes(wrong, TODAY)) == 4


@pytest.mark.parametrize(
    ("units", "kept"), [("4.50", "4.5"), ("26000", "26000"), ("2.6E+4", "26000"), ("26.0", "26")]
)
def test_a_rate_is_kept_as(units: str, kept: str) -> None:
    assert written(units) == kept
