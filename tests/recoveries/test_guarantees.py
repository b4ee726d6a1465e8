"""Guarantees: what one covers and costs, a claim that lender and guarantor take turns in, and recoveries that are shared."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.queries import verify
from app.awards.queries import awarded
from app.db import db
from app.errors import Conflict, Invalid, Missing
from app.proceedings.compose import KINDS
from app.proceedings.queries import proceeding
from app.recoveries.access import guarantee
from app.recoveries.commands.guarantees import PaidOut, pay_out
from app.recoveries.models import GuaranteePayout, Incoming
from tests.audit.bundles import made
from tests.factories import invalid, last_event, refused
from tests.pages.browser import Browser
from tests.recoveries.clawing import act, state
from tests.recoveries.guaranteeing import came, claim, days_ago, lent, settle
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.fixture
def guaranteed(world: World) -> World:
    """Give a world with a scheme whose loans a second agency guarantees."""
    settle(world)
    return world


def granted(world: World, reference: str) -> int:
    """Return the number of a claim that the guarantor has granted."""
    number = claim(world, reference)
    act(world, reference, number, "verify", world.person("guarantor.desk"), "Seen.")
    act(world, reference, number, "approve", world.person("guarantor"))
    return number


def paid(world: World, reference: str) -> int:
    """Return the number of a claim that was paid out."""
    number = granted(world, reference)
    given = PaidOut("GUAR-1", days_ago(world, reference, 0), "By transfer.")
    world.do(pay_out, reference, number, given, actor=world.person("guarantor.payer"))
    return number


def told(world: World, reference: str, number: int) -> dict[str, str]:
    """Return what a proceeding says of itself, with plain blanks."""
    row = proceeding(world.case(reference), number)
    return {name: said.replace("\u00a0", " ") for name, said in KINDS[row.kind].words(row)}


# Cover and fees


def test_the_cover_is_the_least_of_the_scheme_and_its_fee_falls_with_the_loan(
    guaranteed: World,
) -> None:
    reference = lent(guaranteed)
    found = guarantee(reference, guaranteed.desk)
    assert (found.cover.loan, str(found.cover.cover_pct), found.cover.cap) == (
        1_500_000_000,
        "60",
        900_000_000,
    )
    first, second = found.fees.rows
    # 1.5 % of VND 900,000,000, then of 60 % of what 12 of 24 instalments leave.
    assert (first.amount, second.amount < first.amount) == (13_500_000, True)
    assert second.due_on == date(first.due_on.year + 1, first.due_on.month, first.due_on.day)
    assert (found.fees.received, found.fees.due) == (0, 13_500_000)


def test_fees_that_came_in_are_not_due_any_more(guaranteed: World) -> None:
    reference = lent(guaranteed)
    whole = guarantee(reference, guaranteed.desk).fees.outstanding
    number = came(guaranteed, reference, "guarantee_fee", "13500000", "FEE-1")
    with invalid("amount"):
        came(guaranteed, reference, "guarantee_fee", str(whole + 1), "FEE-2")
    act(guaranteed, reference, number, "confirm", guaranteed.checker)
    fees = guarantee(reference, guaranteed.desk).fees
    assert (fees.due, fees.outstanding) == (0, whole - 13_500_000)


def test_a_case_without_a_guarantee_has_no_page_of_one(world: World) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Missing):
        guarantee(reference, world.desk)


# The claim


def test_a_claim_goes_from_the_lender_through_the_guarantor_to_the_payout(
    guaranteed: World,
) -> None:
    reference = lent(guaranteed)
    held = awarded(guaranteed.case(reference)).paid_minor
    number = paid(guaranteed, reference)
    (row,) = db.session.scalars(select(GuaranteePayout))
    assert (row.amount_minor, row.loss_minor, row.bank_reference) == (
        480_000_000,
        800_000_000,
        "GUAR-1",
    )
    event = last_event(reference).record
    assert (event["institution"], event["detail"]["terms"]["bank_reference"]) == (
        "guarantor",
        "GUAR-1",
    )
    assert state(guaranteed, reference, number) == "paid"
    assert awarded(guaranteed.case(reference)).paid_minor == held
    assert verify() == []


# What the lender enters, and the words of the refusal.
WRONG: list[Any] = [
    pytest.param({"asked": "480000001"}, "covers VND", id="more than the share of the loss"),
    pytest.param({"asked": "0"}, "more than zero", id="nothing"),
    pytest.param({"principal": "1500000001"}, "above the guaranteed loan", id="more principal than was lent"),
    pytest.param({"recovered": "2000000000"}, "was recovered of a loan", id="more recovered than owed"),
    pytest.param({"demanded_on": date(2099, 1, 1)}, "The demand of 2099-01-01 is after the claim", id="a demand to come"),
    pytest.param({"recovery_on": date(2099, 1, 1)}, "The recovery of 2099-01-01 is after the claim", id="a recovery to come"),
]  # fmt: skip


def test_a_claim_is_refused(guaranteed: World) -> None:
    reference = lent(guaranteed)
    for row in WRONG:
        given, words = row.values
        with invalid("asked") as errors:
            claim(guaranteed, reference, **given)
        assert words in " ".join(errors["asked"]).replace("\u00a0", " "), row.id


def test_a_guarantee_is_claimed_once_and_again_after_a_refusal(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = claim(guaranteed, reference)
    with pytest.raises(Conflict):
        claim(guaranteed, reference)
    act(guaranteed, reference, number, "refuse", guaranteed.person("guarantor"), "Sell first.")
    assert state(guaranteed, reference, claim(guaranteed, reference)) == "claimed"


# Who tries what on a claim that was made, and the rules against it.
STRANGERS: list[Any] = [
    pytest.param("desk_two.vn", "verify", ("institution",), id="the lender verifies"),
    pytest.param("guarantor.payer", "verify", ("duty",), id="who pays verifies"),
    pytest.param("guarantor.desk", "take_back", ("institution",), id="the guarantor takes it back"),
]


def test_each_institution_does_its_own(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = claim(guaranteed, reference)
    for row in STRANGERS:
        name, verb, rules = row.values
        with refused(*rules):
            act(guaranteed, reference, number, verb, guaranteed.person(name), "Seen.")


def test_the_lender_does_not_grant_its_own_claim(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = claim(guaranteed, reference)
    act(guaranteed, reference, number, "verify", guaranteed.person("guarantor.desk"), "Seen.")
    with refused("institution", "separate_hands"):
        act(guaranteed, reference, number, "approve", guaranteed.approver)


def test_a_payout_is_recorded_with_its_day_and_the_reference_of_the_bank(
    guaranteed: World,
) -> None:
    reference = lent(guaranteed)
    number = granted(guaranteed, reference)
    payer = guaranteed.person("guarantor.payer")
    with pytest.raises(Conflict):
        act(guaranteed, reference, number, "pay_out", payer, "Paid.")
    given = PaidOut("GUAR-1", days_ago(guaranteed, reference, -1), "By transfer.")
    with pytest.raises(Invalid):
        guaranteed.do(pay_out, reference, number, given, actor=payer)
    assert "bank_reference" not in proceeding(guaranteed.case(reference), number).terms


def test_a_payout_is_never_changed(guaranteed: World) -> None:
    paid(guaranteed, lent(guaranteed))
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE guarantee_payout SET amount_minor = 1"))


def test_a_bundle_of_it_is_proved(
    guaranteed: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = lent(guaranteed)
    paid(guaranteed, reference)
    receipt = came(guaranteed, reference, "guarantee_recovery", "100000000", "REC-1")
    act(guaranteed, reference, receipt, "confirm", guaranteed.checker)
    found = made(guaranteed, tmp_path, "auditor.vn", kind="cases", cases=reference)
    code, report = found.verdict(capsys)
    assert (code, "VERDICT: PROVED" in report, "BROKEN" in report) == (0, True, False), report


# Recoveries after the payout


def test_what_is_recovered_later_is_shared_as_the_loss_was_borne(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = paid(guaranteed, reference)
    receipt = came(guaranteed, reference, "guarantee_recovery", "100000000", "REC-1")
    act(guaranteed, reference, receipt, "confirm", guaranteed.checker)
    (row,) = db.session.scalars(select(Incoming))
    # The guarantor bore 480 of 800 million.
    assert (row.amount_minor, row.guarantor_minor) == (100_000_000, 60_000_000)
    said = told(guaranteed, reference, receipt)
    assert (said["The guarantor's share"], said["The lender's share"]) == (
        "VND 60,000,000",
        "VND 40,000,000",
    )
    whole = told(guaranteed, reference, number)
    assert whole["Recovered since, for the guarantor"] == "VND 60,000,000"


def test_no_more_is_recovered_than_was_lost(guaranteed: World) -> None:
    reference = lent(guaranteed)
    paid(guaranteed, reference)
    came(guaranteed, reference, "guarantee_recovery", "700000000", "REC-1")
    with invalid("amount"):
        came(guaranteed, reference, "guarantee_recovery", "100000001", "REC-2")


# The pages


def test_the_guarantor_pays_out_on_the_page_of_the_guarantee(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = granted(guaranteed, reference)
    page = f"/cases/{reference}/guarantee"
    browser = Browser(guaranteed.app, "guarantor.payer")
    assert page in browser.get("/recoveries").text
    shown = browser.get(page).text
    assert "Record the payout" in shown
    assert "60&nbsp;%" in shown
    version = str(guaranteed.case(reference).version)
    form = {"version": version, "paid_on": "", "bank_reference": "G-1", "note": "By transfer."}
    browser.post(f"{page}/payouts/{number}", form)
    assert "Enter the day on which it was paid." in browser.get(page).text
    form["paid_on"] = days_ago(guaranteed, reference, 0).isoformat()
    browser.post(f"{page}/payouts/{number}", form)
    assert "It is recorded." in browser.get(page).text
    assert state(guaranteed, reference, number) == "paid"
    assert "Record the payout" not in Browser(guaranteed.app, "desk.vn").get(page).text
    assert Browser(guaranteed.app, "desk.my").get(page).status_code == 404


def test_the_guarantor_acts_on_the_page_of_the_claim(guaranteed: World) -> None:
    reference = lent(guaranteed)
    number = claim(guaranteed, reference)
    page = Browser(guaranteed.app, "guarantor.desk").get(f"/cases/{reference}/proceedings/{number}")
    assert (page.status_code, "Verify the claim" in page.text) == (200, True)
