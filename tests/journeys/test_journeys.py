"""Whole journeys through the JSON interface, on both schemes."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.db import db
from app.repayments.models import RepaymentSchedule
from tests.answers import GRANT, LOAN
from tests.factories import let_clocks_run_out
from tests.journeys.road import PRECEDENTS, holds, money

BOTH = pytest.mark.parametrize("call", [GRANT, LOAN], ids=["a grant", "a loan"])
ISSUED = "issue_letter"
REQUESTED = {GRANT: 8_000_000, LOAN: 1_500_000_000}


@pytest.fixture
def days_ahead(tmp_path: Path):
    """Return a function that lets the program run ahead by so many days; the clock is reset afterwards."""
    file = tmp_path / "days"
    clock.rehearse(file)
    yield lambda days: file.write_text(str(days), encoding="ascii")
    clock.rehearse(None)


@BOTH
def test_from_a_draft_to_the_last_payment(road, call: str) -> None:
    case = road(call)
    case.disbursing()
    case.released(1)
    answer = case.paid(1)

    assert answer["state"] == case.state == "completed"
    seen = case.seen()
    amounts = (seen["requested"], seen["awarded"], seen["disbursed"])
    assert amounts == (REQUESTED[call],) * 3
    assert money(call) == (0, REQUESTED[call])
    assert case.letters() == ["acknowledgement", "offer", "disbursement_advice"]
    kinds = [event.kind for event in case.events()]
    assert [kind for kind in kinds if kind != ISSUED] == [
        *("submit", "take_up", "pass", "assess", "assess", "recommend", "approve", "accept"),
        *["meet_condition"] * len(PRECEDENTS[case.country]),
        *("claim" if call == GRANT else "draw_down", "verify", "prepare", "check", "release"),
        *("confirm", "complete"),
    ]
    assert kinds.count(ISSUED) == len(case.letters())
    assert holds()


@BOTH
def test_declined_at_the_decision(road, call: str) -> None:
    case = road(call)
    case.decision()
    case.act("approver", "decline", {"reasons": ["CAP-FUND", "OTH"], "note": "Ask next year."})
    assert case.state == "declined"
    assert case.events()[-1].record["reasons"] == ["CAP-FUND", "OTH"]
    assert case.seen()["awarded"] is None
    assert money(call) == (0, 0)
    assert case.letters() == ["acknowledgement", "decline"]
    assert holds()


@BOTH
def test_declined_at_screening(road, call: str) -> None:
    case = road(call)
    case.screening()
    case.act("desk", "screen_out", {"reasons": ["ELG-SIZE"]})
    assert case.state == "declined"
    assert case.letters() == ["acknowledgement", "decline"]
    assert holds()


@BOTH
def test_returned_and_resubmitted_and_the_new_submission_counts(road, call: str) -> None:
    case = road(call)
    case.screening()
    case.act("desk", "return", {"reasons": ["INC-DOC"], "note": "The quotation is cut off."})
    assert case.state == "returned"
    changed = case.who("applicant").answer(case.reference, {"project_title": "Better title"})
    assert changed.status_code == 200
    before = case.seen("desk")
    case.act("applicant", "resubmit", {"note": "Here it is."})
    after = case.seen("desk")
    assert before["answers"]["project_title"] == case.answers["project_title"]
    assert after["answers"]["project_title"] == "Better title"
    assert after["state"] == "screening"
    assert case.letters() == ["acknowledgement", "information_request"]
    assert holds()


@BOTH
def test_withdrawn_after_the_offer_gives_the_budget_back(road, call: str) -> None:
    case = road(call)
    case.decision()
    case.act("approver", "approve", {"amount": case.amount()})
    assert money(call) == (REQUESTED[call], 0)
    case.act("applicant", "withdraw", {"note": "We found another way."})
    assert case.state == "withdrawn"
    assert money(call) == (0, 0)
    assert case.letters() == ["acknowledgement", "offer"]
    assert holds()


@BOTH
def test_an_offer_nobody_accepts_lapses_after_its_last_day(road, call: str, days_ahead) -> None:
    case = road(call)
    case.decision()
    case.act("approver", "approve", {"amount": case.amount()})
    days_ahead(30)
    assert let_clocks_run_out() == 0
    days_ahead(31)
    assert (let_clocks_run_out(), let_clocks_run_out()) == (1, 0)
    # A session does not outlive the days that went by.
    case.sign_in_again()
    assert case.state == "lapsed"
    assert money(call) == (0, 0)
    assert case.letters() == ["acknowledgement", "offer", "lapse"]
    lapsed = [event.actor for event in case.events() if event.kind == "lapse"]
    assert lapsed == ["system:clock"]
    assert holds()


def test_a_grant_in_two_tranches_is_paid_in_their_order(road) -> None:
    case = road(GRANT)
    case.disbursing(("40", "60"))
    early = case.refused("applicant", "claim", number=2)
    assert early.status_code == 409
    assert [reason["rule"] for reason in early.get_json()["reasons"]] == ["earlier_tranches_paid"]
    case.released(1)
    case.paid(1)
    assert (case.state, case.tranches()) == ("disbursing", ["paid", "planned"])
    assert money(GRANT) == (4_800_000, 3_200_000)
    case.released(2)
    case.paid(2)
    assert (case.state, case.tranches()) == ("completed", ["paid", "paid"])
    assert money(GRANT) == (0, 8_000_000)
    assert case.letters() == ["acknowledgement", "offer", *["disbursement_advice"] * 2]
    assert holds()


def test_a_loan_with_two_drawdowns_has_a_schedule_after_each(road) -> None:
    case = road(LOAN)
    case.disbursing(("50", "50"))
    for number in (1, 2):
        case.released(number)
        case.paid(number)
        case.letters()
    found = db.session.scalars(select(RepaymentSchedule).order_by(RepaymentSchedule.version)).all()
    assert [schedule.version for schedule in found] == [1, 2]
    totals = [sum(line["principal"] for line in schedule.rows) for schedule in found]
    assert totals == [750_000_000, 1_500_000_000]
    assert [len(schedule.rows) for schedule in found] == [24, 24]
    assert [schedule.rows[-1]["closing"] for schedule in found] == [0, 0]
    assert case.state == "completed"
    assert holds()


@BOTH
def test_a_payment_the_bank_rejects_is_prepared_again_and_paid_once(road, call: str) -> None:
    case = road(call)
    case.disbursing()
    case.released(1)
    first = case.digest(1)
    case.act("maker", "report_unknown", {"note": "No answer yet."}, number=1)
    blind = case.refused("maker", "prepare", number=1)
    assert blind.status_code == 409
    assert [reason["rule"] for reason in blind.get_json()["reasons"]] == ["possible_here"]
    case.act("maker", "find", {"outcome": "unpaid", "note": "Statement 7."}, number=1)
    case.act("releaser", "agree", {}, number=1)
    case.sent_again(1)
    assert case.digest(1) != first
    case.paid(1)
    ids = [e.record["detail"].get("end_to_end_id") for e in case.events() if e.kind == "release"]
    assert ids == [f"{case.reference}-T1-1", f"{case.reference}-T1-2"]
    assert (case.state, money(call)) == ("completed", (0, REQUESTED[call]))
    assert case.letters() == ["acknowledgement", "offer", "disbursement_advice"]
    assert holds()


def test_the_last_day_of_an_offer_is_a_day_of_the_scheme_s_own_country(road, days_ahead) -> None:
    case = road(GRANT)
    case.decision()
    case.act("approver", "approve", {"amount": case.amount()})
    last = case.seen()["due_on"]
    today = clock.today("Asia/Kuala_Lumpur")
    assert last == (today + timedelta(days=30)).isoformat()
