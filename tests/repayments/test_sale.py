"""Financing by sale from the offer to the last instalment: its price, its words, its rebate, what is refused."""

import html
import re
from datetime import date
from decimal import Decimal

import pytest

from app.errors import Conflict, Invalid
from app.repayments.compose.basis import price_of
from app.repayments.compose.changing import Change
from app.repayments.compose.drafts import RATE, REPAYMENT, RESTRUCTURING, Money, NewRate
from app.repayments.queries import newest, owing
from app.reviews import commands as reviews
from app.reviews.commands import Advice
from tests.answers import SALE
from tests.factories import Days
from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.repayments.lending import act, begin, loan_of, receive, swept
from tests.repayments.selling import offered, open_up, sold
from tests.world import World
from workflows.money import formatted
from workflows.sale import CONFIRMATION, ONE_AMOUNT, Sale, rows, selling_price, settlement

pytestmark = pytest.mark.one_database

ZONE = "Asia/Kuala_Lumpur"
AGREED = Sale(20_000_000, Decimal("10.00"), Decimal("7.50"), 60, "MYR", 100)
PRICE = selling_price(AGREED)
# What only somebody who takes interest says. An officer may still declare an interest in a case.
OF_A_LOAN = re.compile(r"\b(loans?|interest|principal|borrow\w*|lend\w*)\b", re.IGNORECASE)


def read(text: str) -> str:
    """Return what a page says between its head and its foot."""
    body = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def money(minor: int) -> str:
    return formatted(minor, "MYR").replace("\u00a0", " ")


def paid_so_far(world: World, days: Days, months: int) -> str:
    """Return a financing of which so many instalments were paid, at noon of the day of the last."""
    reference = sold(world)
    schedule = newest(loan_of(world, reference))
    assert schedule is not None
    for row in schedule.rows[:months]:
        days.noon(row["due"], ZONE)
        receive(
            world, reference, str(Decimal(row["total"]) / 100), row["due"], f"FT{row['number']}"
        )
    return reference


def test_the_cost_is_paid_and_its_price_falls_due(world: World, days: Days) -> None:
    award = loan_of(world, sold(world))
    schedule = newest(award)
    assert schedule is not None
    assert [row["total"] for row in schedule.rows] == [row.instalment for row in rows(AGREED)]
    assert sum(row["principal"] for row in schedule.rows) == award.paid_minor == AGREED.cost
    assert price_of(schedule.basis, "MYR") == PRICE
    assert schedule.rows[0]["due"] == "2026-12-30"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("applicant.my", "/cases/{}/schedule", id="the schedule"),
        pytest.param("desk.my", "/cases/{}/schedule/settlement", id="early settlement"),
        pytest.param("applicant.my", "/cases/{}", id="the page of the applicant"),
        pytest.param("desk.my", "/cases/{}/proceedings/new/restructuring", id="a restructuring"),
        pytest.param("desk.my", "/cases/{}/schedule/other-terms?instalments=48&first_due=2027-03-01&method=annuity", id="other terms"),
        pytest.param("applicant.my", f"/schemes/{SALE}/schedule?amount=200000&instalments=60", id="what it would cost"),
        pytest.param("applicant.my", f"/schemes/{SALE}", id="the scheme"),
        pytest.param("applicant.my", "/arrears", id="nothing for applicants"),
    ],
)  # fmt: skip
def test_a_page_speaks_of_a_sale_and_never_of_a_loan(
    world: World, days: Days, name: str, path: str
) -> None:
    reference = sold(world)
    found = Browser(world.app, name).get(path.format(reference))
    assert found.status_code == (403 if path == "/arrears" else 200)
    assert OF_A_LOAN.findall(read(found.text)) == []


def test_the_schedule_tells_price_rebate_and_who_must_confirm(world: World, days: Days) -> None:
    reference = sold(world)
    text = read(Browser(world.app, "applicant.my").get(f"/cases/{reference}/schedule").text)
    for told in (
        CONFIRMATION,
        f"Selling price {money(PRICE)}",
        "Cost Profit Instalment Cost outstanding Selling price outstanding",
        "Financing by sale (murabahah)",
        "Instalment 1, due 2026-12-30: profit 200,000.00 x 7.5 % / 12 = 1,250.00",
    ):
        assert told in text
    answer = Interface(world.app, "applicant.my").get(f"{CASES}/{reference}/schedule").get_json()
    assert (answer["selling_price"], answer["confirmation"]) == (PRICE, CONFIRMATION)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param("amount=200000&instalments=60&begun=9999-12-31", "after the year 9999", id="a day without a year after it"),
        pytest.param("amount=200000&instalments=85", "Enter 1 to 84 instalments", id="too many instalments"),
        pytest.param("amount=200000&instalments=60&method=flat", "Choose how you would repay", id="a method of a loan"),
        pytest.param("amount=abc&instalments=60", "Enter an amount in MYR", id="no amount"),
    ],
)  # fmt: skip
def test_what_it_would_cost_is_not_told_for(world: World, asked: str, words: str) -> None:
    open_up(world)
    found = Browser(world.app).get(f"/schemes/{SALE}/schedule?{asked}")
    assert (found.status_code, words in read(found.text)) == (422, True)


def test_an_offer_names_the_price(world: World, days: Days) -> None:
    reference = offered(world)
    text = read(Browser(world.app, "applicant.my").get(f"/cases/{reference}").text)
    assert f"Selling price {money(PRICE)}" in text
    assert "Profit rate 7.50 % a year" in text
    assert "Compensation (ta'widh) 1.00 % a year of what is overdue" in text
    assert "Penalty to charity (gharamah) 0.50 % a year of what is overdue" in text
    assert OF_A_LOAN.findall(text) == []


@pytest.mark.parametrize("months", [0, 3])
def test_early_settlement_is_the_price_less_the_rebate(
    world: World, days: Days, months: int
) -> None:
    reference = paid_so_far(world, days, months)
    published = settlement(AGREED, months)
    text = read(
        Browser(world.app, "applicant.my").get(f"/cases/{reference}/schedule/settlement").text
    )
    assert f"Selling price outstanding {money(published.selling_price_outstanding)}" in text
    assert f"Less: rebate (ibra') {money(published.rebate)}" in text
    assert f"To pay {money(published.to_pay)}" in text


def test_within_a_month_the_profit_of_its_days_is_earned(world: World, days: Days) -> None:
    reference = paid_so_far(world, days, 1)
    quote = owing.loan(loan_of(world, reference)).quote(date(2027, 1, 13))
    month = rows(AGREED)[1]
    # 14 of the 31 days from 30 December to 30 January
    assert (quote.accrued, quote.principal) == (
        month.profit * 14 // 31,
        AGREED.cost - rows(AGREED)[0].cost,
    )
    assert quote.arrears.total == 0


def test_what_is_settled_early_is_repaid_and_its_rebate_given(world: World, days: Days) -> None:
    reference = paid_so_far(world, days, 3)
    rest = settlement(AGREED, 3).to_pay
    given = Money(str(Decimal(rest) / 100), date(2027, 2, 28), "FT-END", settles=True)
    number = begin(world, reference, REPAYMENT, given, world.maker)
    act(world, reference, number, "confirm", world.checker)
    days.noon("2027-03-01", ZONE)
    assert swept() == 1
    award = loan_of(world, reference)
    standing, schedule = owing.standing(award), newest(award)
    assert standing is not None
    assert schedule is not None
    assert (standing.owed_minor, standing.repaid_on) == (0, date(2027, 3, 1))
    paid = sum(row["total"] for row in schedule.rows)
    assert (price_of(schedule.basis, "MYR"), schedule.basis["restructured"]["rebate"]) == (
        paid,
        PRICE - paid,
    )
    text = read(Browser(world.app, "desk.my").get(f"/cases/{reference}/schedule").text)
    assert f"Selling price {money(PRICE)}" in text
    assert f"Rebate (ibra') at early settlement {money(PRICE - paid)}" in text


# What is refused


def test_what_is_sold_is_paid_in_one_amount(world: World, days: Days) -> None:
    open_up(world)
    reference = world.at("recommendation", SALE)
    advice = Advice("approve", "200000.00", (("A", Decimal(40)), ("B", Decimal(60))), "")
    with pytest.raises(Invalid) as caught:
        world.do(reviews.recommend, reference, advice, actor=world.desk)
    assert caught.value.errors == {"tranches": [ONE_AMOUNT]}


def test_a_price_has_no_other_rate(world: World, days: Days) -> None:
    reference = sold(world)
    with pytest.raises(Conflict, match="price is fixed"):
        begin(world, reference, RATE, NewRate(Decimal("6"), date(2027, 6, 1)), world.desk)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(Change(120, date(2027, 3, 1), "annuity", Decimal("9.5")), "never raised", id="a higher price"),
        pytest.param(Change(48, date(2027, 3, 1), "equal_principal"), "equal instalments", id="another method"),
        pytest.param(Change(48, date(2027, 3, 1), "annuity", None, "capitalised", 2), "without grace", id="profit on profit"),
        pytest.param(Change(48, date(2027, 3, 1), "annuity", Decimal("12")), "above the ceiling rate", id="more than the ceiling"),
    ],
)  # fmt: skip
def test_a_restructuring_is_refused_that_has(
    world: World, days: Days, change: Change, words: str
) -> None:
    reference = paid_so_far(world, days, 1)
    with pytest.raises(Invalid) as caught:
        begin(world, reference, RESTRUCTURING, change, world.desk)
    assert words in " ".join(caught.value.errors[""])


def test_a_restructuring_keeps_within_the_price(world: World, days: Days) -> None:
    reference = paid_so_far(world, days, 1)
    change = Change(66, date(2027, 3, 1), "annuity")
    number = begin(world, reference, RESTRUCTURING, change, world.desk)
    act(world, reference, number, "approve", world.approver)
    act(world, reference, number, "agree", world.applicant)
    award = loan_of(world, reference)
    schedule = newest(award)
    assert schedule is not None
    asked = sum(row["total"] for row in schedule.rows)
    price = price_of(schedule.basis, "MYR")
    assert (schedule.kind, len(schedule.rows), price) == ("restructured", 67, PRICE)
    assert asked <= PRICE
    text = read(Browser(world.app, "desk.my").get(f"/cases/{reference}/schedule").text)
    assert "The financing was restructured on 2026-12-30" in text
    assert OF_A_LOAN.findall(text) == []
