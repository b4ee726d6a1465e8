"""Amounts: exactly as typed, in the currency's own decimals, and nothing else."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.money import (
    DECIMALS,
    LARGEST,
    formatted,
    from_minor,
    payable,
    share,
    split,
    step,
    to_minor,
    typed,
)

EXAMPLE = "Enter an amount in {}, such as {}."
MYR, VND = EXAMPLE.format("MYR", "120,000.00"), EXAMPLE.format("VND", "120,000")
ARABIC_DIGITS = "".join(chr(0x0660 + digit) for digit in (1, 2, 3))
FULL_WIDTH_DIGITS = "".join(chr(0xFF10 + digit) for digit in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        pytest.param("120000", "MYR", "120000", id="digits"),
        pytest.param("120000.00", "MYR", "120000.00", id="digits and decimals"),
        pytest.param("120000.5", "MYR", "120000.5", id="one decimal"),
        pytest.param("120,000.00", "MYR", "120000.00", id="groups"),
        pytest.param("MYR 120,000.00", "MYR", "120000.00", id="the currency in front"),
        pytest.param("myr120000", "MYR", "120000", id="the currency in small letters"),
        pytest.param("  7 ", "MYR", "7", id="blanks around"),
        pytest.param("MYR\u00a07", "MYR", "7", id="a no-break space"),
        pytest.param("0", "MYR", "0", id="nothing"),
        pytest.param("0007.10", "MYR", "7.10", id="leading noughts"),
        pytest.param("1.200.000", "VND", "1200000", id="dong in groups by points"),
        pytest.param("1.200", "IDR", "1200", id="rupiah in groups by points"),
        pytest.param("1200000.00", "IDR", "1200000.00", id="rupiah with noughts for sen"),
        pytest.param("1,200,000", "VND", "1200000", id="dong in groups by commas"),
        pytest.param("1200000.00", "VND", "1200000.00", id="noughts after the point are no cents"),
        pytest.param("1.000", "MYR", "1", id="noughts beyond the cent"),
        pytest.param("999999999999999.99", "MYR", "999999999999999.99", id="the largest"),
    ],
)
def test_an_amount_is_read(text: str, currency: str, amount: str) -> None:
    assert typed(text, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        pytest.param("", "MYR", MYR, id="nothing"),
        pytest.param("MYR", "MYR", MYR, id="a currency alone"),
        pytest.param("1_000", "MYR", MYR, id="underscores as Python has them"),
        pytest.param(ARABIC_DIGITS, "MYR", MYR, id="Arabic-Indic digits"),
        pytest.param(FULL_WIDTH_DIGITS, "MYR", MYR, id="full-width digits"),
        pytest.param("1\u00b2", "MYR", MYR, id="a raised digit"),
        pytest.param("1e3", "MYR", MYR, id="powers of ten"),
        pytest.param("-0", "MYR", MYR, id="minus nought"),
        pytest.param("-1", "MYR", MYR, id="a negative amount"),
        pytest.param("+1", "MYR", MYR, id="a plus sign"),
        pytest.param("\u22121", "MYR", MYR, id="a real minus sign"),
        pytest.param("NaN", "MYR", MYR, id="not a number"),
        pytest.param("Infinity", "MYR", MYR, id="infinity"),
        pytest.param("sNaN", "MYR", MYR, id="a signalling nothing"),
        pytest.param("0x10", "MYR", MYR, id="hexadecimal"),
        pytest.param("1,00", "MYR", MYR, id="a comma for a point"),
        pytest.param("1,0000", "MYR", MYR, id="a group of four"),
        pytest.param("1,000,00", "MYR", MYR, id="a group of two"),
        pytest.param("1.000.000", "MYR", MYR, id="groups by points where there are decimals"),
        pytest.param("1 000", "MYR", MYR, id="groups by blanks"),
        pytest.param("1.", "MYR", MYR, id="a point and nothing behind it"),
        pytest.param(".5", "MYR", MYR, id="a point and nothing before it"),
        pytest.param("5\n6", "MYR", MYR, id="two lines"),
        pytest.param("5\x00", "MYR", MYR, id="a control character"),
        pytest.param("1.005", "MYR", "MYR amounts have 2 decimals.", id="finer than a cent"),
        pytest.param("1200000.50", "VND", "VND amounts have no decimals.", id="dong with cents"),
        pytest.param("1.200.00", "VND", VND, id="dong in groups of two"),
        pytest.param("USDX 5", "MYR", MYR, id="a word in front"),
        pytest.param("USD 5", "MYR", "Amounts here are in MYR, not USD.", id="another currency"),
        pytest.param("1000000000000000", "MYR", "This amount is too large.", id="too large"),
        pytest.param("9" * 4000, "MYR", "This amount is too large.", id="absurdly large"),
    ],
)
def test_an_amount_is_refused(text: str, currency: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        typed(text, currency)
    assert str(caught.value) == sentence


def test_the_smallest_amounts_are_those_of_iso_4217() -> None:
    assert {code for code, decimals in DECIMALS.items() if decimals == 0} == {"VND"}
    assert (step("MYR"), step("VND")) == (Decimal("0.01"), Decimal(1))
    with pytest.raises(KeyError):
        step("XXX")


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        pytest.param("0.001", "MYR", id="a tenth of a sen"),
        pytest.param("0.5", "VND", id="half a dong"),
        pytest.param("NaN", "MYR", id="not a number"),
        pytest.param("Infinity", "MYR", id="infinity"),
    ],
)
def test_what_has_no_minor_units_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match="decimals"):
        to_minor(Decimal(amount), currency)


@settings(deadline=None)
@given(minor=st.integers(0, int(LARGEST) - 1), currency=st.sampled_from(sorted(DECIMALS)))
def test_minor_units_go_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor
    whole = minor - minor % to_minor(payable(currency), currency)
    assert to_minor(typed(formatted(whole, currency), currency), currency) == whole


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        pytest.param(12_000_000, "MYR", "MYR\u00a0120,000.00", id="ringgit"),
        pytest.param(12_000_000, "VND", "VND\u00a012,000,000", id="dong"),
        pytest.param(5, "MYR", "MYR\u00a00.05", id="five sen"),
    ],
)
def test_people_read(minor: int, currency: str, text: str) -> None:
    assert formatted(minor, currency) == text


def test_a_share_is_rounded_down() -> None:
    assert share(100_01, Decimal(50)) == 50_00
    assert share(1, Decimal("99.99")) == 0


def test_the_last_part_takes_what_rounding_left() -> None:
    assert split(100, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")], "MYR") == [33, 33, 34]
    assert split(1, [Decimal(50), Decimal(50)], "MYR") == [0, 1]


def test_where_no_minor_unit_is_in_use_every_part_is_whole() -> None:
    parts = split(100_000_00, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")], "IDR")
    assert parts == [33_330_00, 33_330_00, 33_340_00]
    with pytest.raises(ValueError, match="whole"):
        typed("1000.50", "IDR")


@settings(deadline=None)
@given(
    minor=st.integers(1, int(LARGEST)),
    cuts=st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True),
)
def test_parts_always_make_the_whole(minor: int, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 100]
    percents = [Decimal(right - left) for left, right in pairwise(edges)]
    assert sum(split(minor, percents, "MYR")) == minor


@pytest.mark.parametrize(
    "percents",
    [
        pytest.param([], id="no part"),
        pytest.param([Decimal(99)], id="less than the whole"),
        pytest.param([Decimal(60), Decimal("40.01")], id="more than the whole"),
    ],
)
def test_shares_that_are_not_the_whole_are_refused(percents: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="sum to 100"):
        split(100, percents, "MYR")
