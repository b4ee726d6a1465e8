"""Which band an amount falls in, and what may be handed over."""

from dataclasses import replace
from datetime import date

import pytest

from workflows.authority import Handover, band_of, bands_of, delegated_limit, handover_failures
from workflows.definition import Band, Decision


def band(currency: str, scheme: str, above: int, up_to: int | None, by: str) -> Band:
    return Band(currency, scheme, above, up_to, by, "", 1, 1)


MATRIX = Decision(
    "award",
    "Award",
    (
        band("MYR", "", 100, None, "chair"),
        band("MYR", "", 0, 100, "approver"),
        band("MYR", "MICRO", 0, 50, "desk_officer"),
        band("MYR", "MICRO", 60, None, "chair"),
        band("VND", "", 0, None, "director"),
        band("", "FUND", 0, None, "board"),
        band("", "", 0, None, "secretary"),
    ),
    (),
    "against",
)


@pytest.mark.parametrize(
    ("amount", "currency", "scheme", "by"),
    [
        pytest.param(1, "MYR", "", "approver", id="the least amount"),
        pytest.param(100, "MYR", "", "approver", id="the last amount of a band belongs to it"),
        pytest.param(101, "MYR", "", "chair", id="the next amount belongs to the next band"),
        pytest.param(10**15, "MYR", "", "chair", id="a band without an upper end"),
        pytest.param(None, "MYR", "", "approver", id="without an amount the lowest band"),
        pytest.param(0, "MYR", "", None, id="nobody decides about nothing"),
        pytest.param(-5, "MYR", "", None, id="nobody decides about less than nothing"),
        pytest.param(50, "MYR", "MICRO", "desk_officer", id="a scheme with a matrix of its own"),
        pytest.param(55, "MYR", "MICRO", None, id="a gap is not filled from the general matrix"),
        pytest.param(55, "MYR", "OTHER", "approver", id="a scheme without a matrix of its own"),
        pytest.param(5, "VND", "MICRO", "director", id="a currency goes before a scheme"),
        pytest.param(5, "PHP", "FUND", "board", id="a scheme in any currency"),
        pytest.param(5, "PHP", "OTHER", "secretary", id="any scheme in any currency"),
    ],
)
def test_an_amount_falls_in_a_band(
    amount: int | None, currency: str, scheme: str, by: str | None
) -> None:
    found = band_of(MATRIX, amount, currency, scheme)
    assert (found.by if found else None) == by


def test_bands_are_ordered_by_amount() -> None:
    assert [b.above for b in bands_of(MATRIX, "MYR", "")] == [0, 100]


def test_a_matrix_for_another_currency_decides_nothing() -> None:
    only = replace(MATRIX, bands=MATRIX.bands[:2])
    assert bands_of(only, "VND", "") == ()
    assert band_of(only, None, "VND", "") is None


TODAY = date(2026, 11, 22)
ASKED = Handover(
    giver="P-1",
    taker="P-2",
    same_agency=True,
    duty="approver",
    held=frozenset({"approver"}),
    valid_from=TODAY,
    valid_to=date(2026, 12, 1),
    today=TODAY,
    limit=100,
    own_limit=100,
)


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        pytest.param({}, [], id="up to one's own limit"),
        pytest.param({"limit": None, "own_limit": None}, [], id="a duty that decides no amounts"),
        pytest.param({"limit": None}, [], id="without a limit of its own it is the giver's"),
        pytest.param({"valid_to": TODAY}, [], id="for today alone"),
        pytest.param({"valid_from": date(2026, 11, 1)}, [], id="begun in the past"),
        pytest.param({"taker": "P-1"}, ["not_to_oneself"], id="to oneself"),
        pytest.param({"same_agency": False}, ["same_agency"], id="to another agency"),
        pytest.param({"held": frozenset({"assessor"})}, ["not_onward"], id="what one has on loan"),
        pytest.param({"limit": 101}, ["within_own_limit"], id="one unit beyond one's limit"),
        pytest.param({"own_limit": None}, ["within_own_limit"], id="a limit one does not have"),
        pytest.param(
            {"valid_to": date(2026, 11, 21)}, ["period", "not_past"], id="ended before it begins"
        ),
        pytest.param(
            {"valid_from": date(2026, 11, 1), "valid_to": date(2026, 11, 21)}, ["not_past"],
            id="over already",
        ),
        pytest.param(
            {"taker": "P-1", "same_agency": False, "held": frozenset(), "limit": 101},
            ["not_to_oneself", "same_agency", "not_onward", "within_own_limit"],
            id="every rule at once",
        ),
    ],
)  # fmt: skip
def test_a_delegation_breaks_these_rules(changed: dict[str, object], rules: list[str]) -> None:
    found = handover_failures(replace(ASKED, **changed))  # type: ignore[arg-type]
    assert [failure.rule for failure in found] == rules
    assert all(failure.sentence and failure.clause for failure in found)


@pytest.mark.parametrize(
    ("limit", "own_limit", "expected"),
    [
        pytest.param(50, 100, 50, id="less than the giver may"),
        pytest.param(100, 50, 50, id="the giver's limit has been lowered since"),
        pytest.param(None, 100, 100, id="as much as the giver may"),
        pytest.param(50, None, None, id="the giver has lost the authority"),
        pytest.param(None, None, None, id="the giver never had one"),
    ],
)
def test_a_delegated_limit_never_passes_the_givers(
    limit: int | None, own_limit: int | None, expected: int | None
) -> None:
    assert delegated_limit(limit, own_limit) == expected
