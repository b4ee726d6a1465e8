"""What proposals, pages, downloads and letters tell of late-payment charges."""

import csv
import io
import json
from decimal import Decimal

import pytest

from app.checkpoints.commands import advance
from app.db import transaction
from app.letters.compose import compose
from app.letters.render import ArrearsNotice
from app.proceedings.compose import KINDS
from app.proceedings.queries import proceeding
from app.repayments.compose.charging import LATE_CHARGE, WAIVER
from app.repayments.compose.drafts import NOTICE
from tests.factories import Days, last_event
from tests.interface import API, CASES, Interface
from tests.pages.browser import Browser
from tests.repayments.lateness import (
    DAY,
    SALE,
    ZONE,
    cost,
    done,
    first,
    late,
)
from tests.repayments.lending import begin, receive, swept
from tests.world import World

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        pytest.param(LATE_CHARGE, "for instalment 1", id="a charge"),
        pytest.param(WAIVER, "at most VND", id="a waiver"),
    ],
)
def test_what_is_proposed_is_told_in_words(world: World, days: Days, kind: str, words: str) -> None:
    reference = late(world, days)
    if kind == WAIVER:
        done(world, reference, LATE_CHARGE)
    number = begin(world, reference, kind, None, world.desk)
    told = KINDS[kind].words(proceeding(world.case(reference), number))
    assert any(words in text.replace("\u00a0", " ") for _, text in told)
    form = Browser(world.app, "desk.vn").get(f"/cases/{reference}/proceedings/{number}")
    assert all(label in form.text for label, _ in told)


@pytest.mark.parametrize("kind", [LATE_CHARGE, WAIVER])
def test_the_form_asks_for_a_note_alone(world: World, days: Days, kind: str) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    days.noon("2027-01-10", ZONE)
    swept()
    page = Browser(world.app, "desk.vn").get(f"/cases/{reference}/proceedings/new/{kind}")
    assert (page.status_code, "Why" in page.text) == (200, True)


def test_pages_and_downloads_tell_of_charges(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    amount = cost(first(world, reference), 10)
    days.noon("2027-01-10", ZONE)
    swept()
    receive(world, reference, "1,000", "2027-01-10")
    desk = Browser(world.app, "desk.vn")
    page = desk.get(f"/cases/{reference}/schedule").text
    assert page.count("Late-payment charge 1") == 2
    assert f"{amount - 1_000:,}" in page
    assert f"{amount - 1_000:,}" in desk.get("/arrears").text
    (row,) = csv.DictReader(io.StringIO(desk.get("/arrears.csv").text))
    assert (row["overdue_charges"], row["overdue_interest"] != "0") == (str(amount - 1_000), True)
    told = Interface(world.app, "desk.vn").get(f"{CASES}/{reference}/schedule").get_json()
    listed = [{"number": 1, "kind": "charge", "on": "2027-01-09", "amount_minor": amount, "waived_minor": 0}]  # fmt: skip
    assert told["late_charges"] == listed
    (loan,) = Interface(world.app, "auditor.vn").get(f"{API}/loans").get_json()["loans"]
    assert (loan["late_charges"], loan["charges_owed_minor"]) == (listed, amount - 1_000)
    (line,) = csv.DictReader(io.StringIO(Browser(world.app, "maker.vn").get("/loans.csv").text))
    assert json.loads(line["late_charges"]) == listed


def test_a_letter_about_arrears_lists_charges_apart(world: World, days: Days) -> None:
    reference = late(world, days)
    done(world, reference, LATE_CHARGE)
    amount = cost(first(world, reference), 10)
    days.noon("2027-01-10", ZONE)
    swept()
    begin(world, reference, NOTICE, None, world.desk)
    terms = last_event(reference).record["detail"]["terms"]
    assert [row["number"] for row in terms["instalments"]] == [1]
    assert terms["charges"] == [{"number": 1, "kind": "charge", "due": "2027-01-09", "amount": amount}]  # fmt: skip
    assert terms["overdue"] == first(world, reference) + amount
    assert "sale" not in terms
    with transaction():
        advance()
    body = compose("arrears_notice", world.case(reference), last_event(reference)).body
    assert isinstance(body, ArrearsNotice)
    assert body.charges == (("Late-payment charge 1", DAY, Decimal(amount)),)
    assert ([row.number for row in body.overdue], body.sale) == ([1], False)


def test_a_letter_about_a_sale_says_so(world: World, days: Days) -> None:
    reference = late(world, days, **SALE)
    begin(world, reference, NOTICE, None, world.desk)
    assert last_event(reference).record["detail"]["terms"]["sale"] is True
    with transaction():
        advance()
    body = compose("arrears_notice", world.case(reference), last_event(reference)).body
    assert isinstance(body, ArrearsNotice)
    assert (body.sale, body.charges) == (True, ())
