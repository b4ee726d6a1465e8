"""Guarantees: fees, what is paid on a loss, and recoveries shared in the proportion in which it was borne."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.guarantees import (
    Cover,
    Default,
    Payout,
    Shares,
    claim,
    covered,
    fees,
    guaranteed,
    share_recovery,
    wrong,
)

COVER = Cover(
    currency="USD",
    loan=100_000_00,
    cover_pct=Decimal(70),
    cap=70_000_00,
    interest_days=90,
    fee_pct=Decimal("0.5"),
)
DEFAULT = Default(
    principal=60_000_00,
    interest=3_600_00,
    interest_days=180,
    recovered=11_800_00,
    demanded_on=date(2026, 5, 4),
    recovery_on=date(2026, 8, 3),
    claimed_on=date(2026, 10, 1),
    asked=35_000_00,
)


def plain(sentences: tuple[str, ...]) -> list[str]:
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


# What is paid


@pytest.mark.parametrize(
    ("change", "cover", "expected"),
    [
        # 60,000 + 90 of 180 days of 3,600 - 11,800 = 50,000; of that 70 %
        pytest.param({}, COVER, (1_800_00, 50_000_00, 35_000_00), id="a share of the net loss"),
        pytest.param({}, replace(COVER, interest_days=0), (0, 48_200_00, 33_740_00), id="principal alone"),
        pytest.param({}, replace(COVER, interest_days=365), (3_600_00, 51_800_00, 36_260_00), id="all interest within the days"),
        pytest.param({"interest": 0, "interest_days": 0}, COVER, (0, 48_200_00, 33_740_00), id="interest was paid"),
        pytest.param({}, replace(COVER, cap=20_000_00), (1_800_00, 50_000_00, 20_000_00), id="never above the cap"),
        pytest.param({"recovered": 63_600_00}, COVER, (1_800_00, 0, 0), id="everything was recovered"),
        pytest.param({"recovered": 11_799_99}, COVER, (1_800_00, 50_000_01, 35_000_00), id="a part of a cent is the lender's"),
        pytest.param({}, replace(COVER, currency="IDR", cover_pct=Decimal("33.333")), (1_800_00, 50_000_00, 16_666_00), id="rupiah are whole"),
    ],
)  # fmt: skip
def test_a_loss_is_covered(
    change: dict[str, Any], cover: Cover, expected: tuple[int, int, int]
) -> None:
    interest, loss, payout = expected
    found = covered(replace(DEFAULT, **change), cover)
    assert found == Payout(interest, loss, payout, loss - payout)


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        pytest.param({}, [], id="in order"),
        pytest.param({"demanded_on": None}, ["Record the demand for payment before the guarantee is claimed."], id="nothing was demanded"),
        pytest.param({"recovery_on": None}, ["Record the recovery from security before the guarantee is claimed: recover first, then claim."], id="nothing was pursued"),
        pytest.param({"recovery_on": date(2026, 10, 2)}, ["The recovery of 2026-10-02 is after the claim of 2026-10-01."], id="claimed before the recovery"),
        pytest.param({"demanded_on": date(2026, 10, 1)}, [], id="demanded on the day of the claim"),
        pytest.param({"interest": 0, "interest_days": 0, "recovered": 0}, [], id="interest was paid, nothing recovered"),
        pytest.param({"principal": 100_000_00}, [], id="all that was guaranteed"),
        pytest.param({"asked": 35_000_01}, ["USD 35,000.01 is claimed, but the guarantee covers USD 35,000.00 of this loss."], id="a cent above the cover"),
        pytest.param({"asked": 0}, ["The amount claimed must be more than zero."], id="nothing is claimed"),
        pytest.param({"principal": 100_000_01}, ["USD 100,000.01 of principal is above the guaranteed loan of USD 100,000.00."], id="more than was guaranteed"),
        pytest.param({"recovered": 63_600_00, "asked": 1}, ["USD 0.01 is claimed, but the guarantee covers USD 0.00 of this loss."], id="all that was owed is recovered"),
        pytest.param({"recovered": 63_600_01, "asked": 1}, ["USD 63,600.01 was recovered of a loan on which USD 63,600.00 was owed.", "USD 0.01 is claimed, but the guarantee covers USD 0.00 of this loss."], id="more recovered than owed"),
        pytest.param({"interest": -1}, ["Principal, interest, its days and recoveries are not below zero."], id="interest below zero"),
        pytest.param({"demanded_on": None, "recovery_on": None, "asked": -5}, ["Record the demand for payment before the guarantee is claimed.", "Record the recovery from security before the guarantee is claimed: recover first, then claim.", "The amount claimed must be more than zero."], id="everything that is wrong is named at once"),
    ],
)  # fmt: skip
def test_a_claim_is_checked(change: dict[str, Any], sentences: list[str]) -> None:
    default = replace(DEFAULT, **change)
    assert plain(wrong(default, COVER)) == sentences
    if sentences:
        with pytest.raises(ValueError, match=r"\."):
            claim(default, COVER)


def test_a_claim_in_sen_of_a_rupiah_is_refused() -> None:
    cover = replace(COVER, currency="IDR")
    assert wrong(replace(DEFAULT, asked=1_50), cover) == (
        "The amount claimed must be one that is paid in IDR.",
    )


def test_a_lender_is_paid_what_it_asks_within_the_cover() -> None:
    found = claim(replace(DEFAULT, asked=30_000_00), COVER)
    assert found == Payout(1_800_00, 50_000_00, 30_000_00, 20_000_00)


# Fees


@pytest.mark.parametrize(
    ("balances", "cover", "expected"),
    [
        # 70 % of 100,000, 80,000 and 50,000; of that 0.5 % a year
        pytest.param([100_000_00, 80_000_00, 50_000_00], COVER, (350_00, 280_00, 175_00), id="each year on what is outstanding"),
        pytest.param([100_000_00, 80_000_00], replace(COVER, cap=60_000_00), (300_00, 280_00), id="on no more than the cap"),
        pytest.param([100_000_00], replace(COVER, fee_pct=Decimal(0)), (0,), id="no fee"),
        pytest.param([3_33], COVER, (1,), id="a part of a cent is not charged"),
        pytest.param([], COVER, (), id="no year"),
    ],
)  # fmt: skip
def test_a_guarantee_costs_a_fee_each_year(
    balances: list[int], cover: Cover, expected: tuple[int, ...]
) -> None:
    assert fees(balances, cover) == expected


def test_what_is_guaranteed_is_never_above_the_cap() -> None:
    assert guaranteed(90_000_00, COVER) == 63_000_00
    assert guaranteed(90_000_00, replace(COVER, cap=50_000_00)) == 50_000_00


# Later recoveries

PAID = Payout(1_800_00, 50_000_00, 35_000_00, 15_000_00)


@pytest.mark.parametrize(
    ("before", "amount", "shares"),
    [
        pytest.param(0, 10_000_00, Shares(7_000_00, 3_000_00), id="seven parts of ten"),
        pytest.param(0, 50_000_00, Shares(35_000_00, 15_000_00), id="the whole loss"),
        pytest.param(0, 1, Shares(0, 1), id="a cent cannot be shared"),
        pytest.param(1, 1, Shares(1, 0), id="the next cent makes up for it"),
        pytest.param(0, 0, Shares(0, 0), id="nothing"),
    ],
)
def test_later_recoveries_are_shared_as_the_loss_was(
    before: int, amount: int, shares: Shares
) -> None:
    assert share_recovery(PAID, before, amount, COVER) == shares


def test_under_a_cap_the_guarantor_recovers_in_the_proportion_it_paid() -> None:
    capped = Payout(0, 50_000_00, 20_000_00, 30_000_00)
    assert share_recovery(capped, 0, 10_000_00, COVER) == Shares(4_000_00, 6_000_00)


@pytest.mark.parametrize(
    ("before", "amount", "currency", "sentence"),
    [
        pytest.param(0, -1, "USD", "an amount that is paid in USD", id="less than nothing"),
        pytest.param(0, 50, "IDR", "an amount that is paid in IDR", id="sen of a rupiah"),
        pytest.param(49_999_99, 2, "USD", "50,000.01 would be recovered", id="more than the loss"),
    ],
)
def test_a_recovery_that_cannot_be_is_refused(
    before: int, amount: int, currency: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        share_recovery(PAID, before, amount, replace(COVER, currency=currency))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"loan": 0}, "must be more than zero", id="no loan"),
        pytest.param({"cap": 0}, "must be more than zero", id="nothing is ever paid"),
        pytest.param({"cover_pct": Decimal(0)}, "The cover must be", id="no cover"),
        pytest.param({"fee_pct": Decimal("100.1")}, "The fee must be", id="a fee above the loan"),
    ],
)
def test_a_cover_that_cannot_be_is_refused(change: dict[str, Any], sentence: str) -> None:
    assert replace(COVER, cover_pct=Decimal(100)).cover_pct == 100
    with pytest.raises(ValueError, match=sentence):
        replace(COVER, **change)


def test_everything_wrong_with_a_cover_is_named_at_once() -> None:
    with pytest.raises(ValueError, match="The guaranteed loan") as refused:
        Cover("USD", 0, Decimal(101), 0, interest_days=-1, fee_pct=Decimal(-1))
    assert str(refused.value) == (
        "The guaranteed loan and the most that is paid must be more than zero."
        " The cover must be more than 0 % and at most 100 %."
        " The fee must be 0 % to 100 % a year."
        " The days of interest covered must be zero or more."
    )


# Every default


@given(
    principal=st.integers(1, 10**10),
    interest=st.tuples(st.integers(0, 10**8), st.integers(0, 400)),
    per_mille=st.integers(1, 1000),
    cap=st.integers(1, 10**10),
    recoveries=st.lists(st.integers(0, 1000), max_size=6),
    currency=st.sampled_from(["USD", "IDR", "VND"]),
)
def test_what_is_paid_and_borne_and_recovered_adds_up(
    principal: int,
    interest: tuple[int, int],
    per_mille: int,
    cap: int,
    recoveries: list[int],
    currency: str,
) -> None:
    cover = Cover(currency, 10**10, Decimal(per_mille) / 10, cap, interest_days=90)
    paid = covered(replace(DEFAULT, principal=principal, interest=interest[0], interest_days=interest[1], recovered=principal // 3), cover)  # fmt: skip
    assert paid.payout + paid.borne == paid.loss
    assert 0 <= paid.payout <= min(cap, paid.loss * per_mille // 1000)
    unit = 100 if currency == "IDR" else 1
    before = to_guarantor = 0
    for part in recoveries:
        amount = (paid.loss - before) * part // 1000 // unit * unit
        shares = share_recovery(paid, before, amount, cover)
        assert shares.guarantor + shares.lender == amount
        assert min(shares.guarantor, shares.lender) >= 0
        before, to_guarantor = before + amount, to_guarantor + shares.guarantor
    assert to_guarantor <= paid.payout
    assert to_guarantor == (before * paid.payout // paid.loss // unit * unit if before else 0)
