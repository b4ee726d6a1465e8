"""The conventions of a loan: what a publication refuses, what an agreement freezes, and how it is told."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.repayments.compose.basis import terms_of
from app.repayments.compose.owing import limits_of
from app.schemes.commands import CATALOGUE
from app.schemes.compose.funding import ArrearsTerms, LoanTerms, ReceiptOrder
from app.schemes.compose.lending import methods
from app.schemes.compose.reading import as_written, publishable_terms
from app.schemes.compose.telling import figures
from app.schemes.compose.whole import whole
from tests.schemes.texts import LOAN, changed, refusals
from workflows.format.reading import Malformed

GRACE = "grace_principal = 0\n"
PLAIN = LoanTerms(Decimal("4.00"), 84, "ACT/365F", 0)


def loan(*lines: str) -> str:
    """Return the loan of the tests with more keys."""
    return changed(LOAN, (GRACE, GRACE + "".join(f"{line}\n" for line in lines)))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        pytest.param(('unit = "fortnights"',), "'fortnights' is not known", id="an unknown unit"),
        pytest.param(
            ("every = 0",), "every one or more units", id="instalments without an interval"
        ),
        pytest.param(
            ("grace_deferred = 2", "grace_waived = 2"),
            "only one of the three",
            id="two graces at once",
        ),
        pytest.param(
            ('level_basis = "equal_periodic_rate"',),
            "Only an annuity has a basis",
            id="a basis for a method that has none",
        ),
        pytest.param(('instalment_step = "0.5"',), "multiple of the money step", id="half a dong"),
        pytest.param(('down_payment_pct = "100"',), "less than 100", id="nothing that is lent"),
        pytest.param(('order = {by = "size"}',), "The order by 'size'", id="an unknown order"),
        pytest.param(
            ('order = {components = ["fee"]}',), "names each once", id="components left out"
        ),
        pytest.param(
            ("arrears = {buckets = [30, 20]}",), "buckets must rise", id="falling buckets"
        ),
        pytest.param(("arrears = {notices = [7]}",), "days of 3 letters", id="letters left out"),
        pytest.param(("interval = 3",), "loan.interval: unknown key", id="a key nobody knows"),
    ],
)
def test_a_loan_is_refused_with(lines: tuple[str, ...], words: str) -> None:
    assert any(words in said for said in refusals(loan(*lines)))


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="no conventions of its own"),
        pytest.param(('unit = "quarters"', "grace_capitalised = 2"), id="quarters with a grace"),
        pytest.param(
            ('order = {by = "component", ahead = true}', "arrears = {watch_days = 0}"),
            id="an order and limits of its own",
        ),
    ],
)
def test_a_loan_is_taken_with(lines: tuple[str, ...]) -> None:
    assert publishable_terms(loan(*lines)).instrument == "loan"


def test_an_agreement_freezes_what_is_not_as_usual() -> None:
    assert PLAIN.agreed(24, "annuity") == {
        "rate_pct": "4.00",
        "instalments": 24,
        "method": "annuity",
        "day_count": "ACT/365F",
        "grace_principal": 0,
    }


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        pytest.param(
            {"unit": "quarters", "every": 2}, {"unit": "quarters", "every": 2}, id="a frequency"
        ),
        pytest.param(
            {"instalment_step": Decimal(1000)}, {"instalment_step": "1000"}, id="an amount"
        ),
        pytest.param(
            {"order": ReceiptOrder(by="component")}, {"order": {"by": "component"}}, id="an order"
        ),
        pytest.param(
            {"arrears": ArrearsTerms(buckets=(10, 20))},
            {"arrears": {"buckets": [10, 20]}},
            id="limits",
        ),
    ],
)
def test_an_agreement_freezes(more: dict[str, Any], kept: dict[str, Any]) -> None:
    agreed = replace(PLAIN, **more).agreed(24, "annuity")
    assert agreed == PLAIN.agreed(24, "annuity") | kept


def test_what_is_frozen_is_what_a_schedule_is_made_by() -> None:
    chosen = replace(
        PLAIN,
        every=2,
        unit="weeks",
        rounding="half_up",
        instalment_step=Decimal(1000),
        instalment_rounding="up",
        grace_waived=2,
        smooth_last=True,
        down_payment_pct=Decimal(10),
    )
    terms = terms_of(chosen.agreed(24, "annuity"), "VND")
    for name in ("every", "unit", "rounding", "instalment_step", "instalment_rounding"):
        assert getattr(terms, name) == getattr(chosen, name), name
    assert (terms.grace_waived, terms.smooth_last, terms.down_payment_pct) == (2, True, Decimal(10))


def test_the_usual_limits_are_those_of_the_arithmetic() -> None:
    assert limits_of({}) == limits_of(usual_limits())


def usual_limits() -> dict[str, Any]:
    """Return the usual limits as a scheme writes them."""
    usual = ArrearsTerms()
    return {
        name: getattr(usual, name)
        for name in ("buckets", "watch_days", "watch_instalments", "notices")
    }


def test_the_methods_are_those_that_the_form_offers() -> None:
    assert methods(as_written(LOAN)) == ("annuity", "equal_principal")


def test_how_often_an_instalment_falls_due_is_told() -> None:
    told = {figure.key: figure.value for figure in figures(as_written(loan('unit = "quarters"')))}
    assert told["instalments_max"] == "At most 84 instalments, every quarter"


# Financing by sale, and what lateness costs


SOLD = (CATALOGUE / "my_sbf.toml").read_text("utf-8")
CEILING = 'ceiling_rate_pct = "10.00"\n'
COMPENSATION = 'compensation_pct = "1.00"\n'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(('principle = "murabahah"', 'principle = "ijarah"'), "'ijarah' is not one of murabahah", id="another contract"),
        pytest.param((CEILING, 'ceiling_rate_pct = "7.00"\n'), "the rate of the financing or more", id="a ceiling below the rate"),
        pytest.param((CEILING, CEILING + 'recognition = "flat"\n'), "'flat' is not one of annuity, proportional", id="an unknown recognition of profit"),
        pytest.param(('compensation_pct = "1.00"', 'compensation_pct = "0"'), "compensation_pct: expected more than 0", id="a compensation of nothing"),
        pytest.param(('day_count = "PERIODIC"', 'day_count = "ACT/360"'), "the day count is PERIODIC", id="days that are counted"),
        pytest.param(("grace_principal = 0\n", "grace_principal = 0\ngrace_capitalised = 2\n"), "it has no grace_principal", id="profit that joins the cost"),
        pytest.param(('use = "project_financing"', 'use = "project_loan"'), "no method of repayment other than annuity", id="a choice of methods"),
        pytest.param(("[loan.sale]", '[guarantee]\ncover_min_pct = "70"\ncover_max_pct = "80"\nfee_pct = "1"\n[loan.sale]'), "a guarantee of it is not provided for", id="a guarantee"),
        pytest.param(("\n[loan.sale]", 'late_rate_pct = "2"\n\n[loan.sale]'), "has compensation_pct and penalty_pct instead", id="a charge of a loan"),
        pytest.param(('country = "MY"\ncurrency = "MYR"', 'country = "BN"\ncurrency = "BND"'), "No ruling in BN", id="an amount no ruling allows"),
    ],
)  # fmt: skip
def test_a_sale_is_refused_with(change: tuple[str, str], words: str) -> None:
    assert any(words in said for said in refusals(whole(changed(SOLD, change))))


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        pytest.param("0", "leave it out where lateness costs nothing", id="nothing"),
        pytest.param("101", "at most 100", id="more than all"),
    ],
)
def test_a_late_rate_is_refused_of(rate: str, words: str) -> None:
    assert any(words in said for said in refusals(loan(f'late_rate_pct = "{rate}"')))


def test_a_late_rate_says_where_it_comes_from() -> None:
    with pytest.raises(Malformed) as caught:
        publishable_terms(loan('late_rate_pct = "2.00"'))
    assert caught.value.mistakes == [
        'basis: late_rate_pct is missing; name a source or "illustrative".'
    ]


def test_a_sale_is_told_in_its_own_words() -> None:
    terms = publishable_terms(whole(SOLD))
    told = {figure.label: figure.value for figure in figures(terms)}
    assert terms.instrument_name == "Shariah-compliant financing"
    assert told["Profit"] == "7.50 % a year"
    assert told["Selling price"].startswith("Fixed by murabahah at 10.00 % a year")
    assert told["Compensation (ta'widh)"] == "1.00 % a year of what is overdue"
    assert not {"Interest", "Grace on principal"} & set(told)


def test_an_agreement_freezes_the_sale() -> None:
    terms = publishable_terms(whole(SOLD))
    assert terms.loan is not None
    assert terms.loan.agreed(60, "annuity")["sale"] == {
        "principle": "murabahah",
        "ceiling_rate_pct": "10.00",
        "compensation_pct": "1.00",
    }
