"""A drawdown that the bank sends back after a restructuring, or after the loan was settled early."""

from datetime import date
from decimal import Decimal

import pytest

from app.repayments.compose.basis import (
    NOTHING,
    basis_of,
    computed,
    conventions,
    price_of,
    worked,
)
from app.repayments.compose.changing import counted, less, priced
from app.repayments.compose.drafts import REPAYMENT, Money
from app.repayments.queries import owing
from tests.factories import Days
from tests.pages.browser import Browser
from tests.repayments.lending import act, begin, drawn, loan_of, receive, swept
from tests.repayments.returning import (
    FIRST,
    SECOND,
    ZONE,
    paid,
    restructured,
    returned,
    standing,
    stands,
)
from tests.world import World
from workflows.schedule import Drawdown

pytestmark = pytest.mark.one_database


def test_a_restructuring_stays_with_less_principal(world: World, days: Days) -> None:
    reference = drawn(world)
    paid(world, reference, 2)
    days.noon("2026-12-10", ZONE)
    restructured(world, reference)
    before = stands(world, reference).basis["restructured"]
    returned(world, reference, 2, "2026-12-10")
    schedule = stands(world, reference)
    left = schedule.basis["restructured"]
    assert before["principal"] == FIRST + SECOND
    assert (left["principal"], left["interest"]) == (FIRST, before["interest"])
    assert sum(row["principal"] for row in schedule.rows) == FIRST
    assert any("900,000,000 VND" in said for said in conventions(schedule.basis, "VND"))
    days.noon("2027-04-20", ZONE)
    paid(world, reference, 2)
    drawdowns = stands(world, reference).basis["drawdowns"]
    assert [one["amount"] for one in drawdowns] == [str(FIRST), str(SECOND)]
    assert drawdowns[1]["on"] == "2027-04-20"
    assert stands(world, reference).basis["terms"]["first_due"] == "2027-03-15"


def test_a_restructuring_of_which_all_came_back_owes_nothing_until_it_is_drawn_again(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    days.noon("2026-12-30", ZONE)
    receive(world, reference, "30,000,000", "2026-12-30")
    restructured(world, reference)
    kept = stands(world, reference).basis["restructured"]["kept"]
    returned(world, reference, 1, "2026-12-30")
    schedule, found = stands(world, reference), standing(world, reference)
    assert (schedule.rows, schedule.basis["drawdowns"]) == (kept, [])
    assert (found.owed_minor, found.repaid_on) == (0, None)
    assert owing.loan(loan_of(world, reference)).quote(date(2026, 12, 30)).principal == 0
    page = Browser(world.app, "desk.vn").get(f"/cases/{reference}/schedule")
    assert (page.status_code, NOTHING in page.text) == (200, True)
    days.noon("2027-04-20", ZONE)
    paid(world, reference, 1)
    again = stands(world, reference)
    assert again.rows[: len(kept)] == kept
    assert again.rows[len(kept)]["due"] == "2027-05-20"
    assert sum(row["principal"] for row in again.rows[len(kept) :]) == FIRST


def test_a_drawdown_that_comes_back_after_the_loan_was_settled_can_be_drawn_and_is_repaid_anew(
    world: World, days: Days
) -> None:
    reference = drawn(world)
    paid(world, reference, 2)
    days.noon("2026-12-10", ZONE)
    amount = owing.loan(loan_of(world, reference)).quote(date(2026, 12, 10)).total
    given = Money(str(amount), date(2026, 12, 10), "FT-END", settles=True)
    act(world, reference, begin(world, reference, REPAYMENT, given, world.maker), "confirm", world.checker)  # fmt: skip
    days.noon("2026-12-11", ZONE)
    swept()
    assert standing(world, reference).repaid_on == date(2026, 12, 11)
    returned(world, reference, 2, "2026-12-11")
    found = standing(world, reference)
    assert (found.owed_minor, found.credit_minor, found.repaid_on) == (0, SECOND, None)
    assert stands(world, reference).rows[-1]["due"] == "2026-12-11"
    days.noon("2027-01-10", ZONE)
    paid(world, reference, 2)
    schedule = stands(world, reference)
    assert schedule.basis["drawdowns"] == [{"on": "2027-01-10", "amount": str(SECOND)}]
    assert schedule.rows[-1]["closing"] == 0
    assert any("settled early" in said for said in conventions(schedule.basis, "VND"))
    assert standing(world, reference).owed_minor > SECOND


def test_financing_by_sale_that_came_back_whole_is_sold_anew_at_a_price_of_its_own() -> None:
    sale = {"principle": "tawarruq", "ceiling_rate_pct": "10"}
    terms = {"rate_pct": "6", "instalments": 12, "method": "annuity", "day_count": "ACT/365F"}
    agreed = {**terms, "grace_principal": 0, "first_due": "2027-03-15", "sale": sale}
    kept = [{"number": 1, "due": "2026-12-30", "principal": 0, "interest": 0, "total": 0, "closing": 0}]  # fmt: skip
    left = {"on": "2027-01-15", "begun": "2026-11-30", "principal": 900_000, "interest": 4_000}
    left = less({**left, "kept": kept, "drawn": [7], "price": 990_000}, [], 1_000_000)
    assert (left["principal"], left["interest"], left["price"]) == (0, 0, 0)
    back = basis_of(agreed, [], left)
    assert (computed(back, "MYR"), price_of(back, "MYR")) == ((), None)
    assert (conventions(back, "MYR"), worked(back, "MYR")) == ([NOTHING], [])
    drawdowns = [Drawdown(date(2027, 4, 20), Decimal(10_000))]
    again = priced(basis_of(counted(agreed, drawdowns), drawdowns, left), "MYR")
    assert "first_due" not in again["terms"]
    assert price_of(again, "MYR") == price_of(basis_of(agreed, drawdowns), "MYR")
    assert conventions(again, "MYR")
