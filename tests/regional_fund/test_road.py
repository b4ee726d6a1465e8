"""The road of a case of the regional fund: its bodies, its money in two currencies, its completion report."""

from datetime import date

import pytest

from app.applications.queries.dollars import beside
from app.checkpoints.commands import advance
from app.db import db, transaction
from app.decisions.models import Decision
from app.errors import Conflict, Forbidden
from app.letters.compose import compose
from app.letters.render.letter import DisbursementAdvice, Offer
from app.notices.jobs import sweep
from app.rates.commands import record as record_rate
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands as submissions
from app.submissions.queries import submissions as copies
from app.trail.queries import Fact, events_of
from tests.factories import Days, budget, last_event, refused, rows
from tests.regional import CALL, Fund

REGIONAL = "MYR 221,000.00 at 4.42 on 20 November 2026, Example Bank, middle rate"


def event(reference: str, kind: str) -> Fact:
    """Return the newest event of a kind."""
    return [found for found in events_of(reference) if found.kind == kind][-1]


def test_a_case_goes_the_whole_road(fund: Fund) -> None:
    reference = fund.at("closed")
    case = fund.world.case(reference)
    decided = [(one.name, one.outcome) for one in rows(Decision, case)]
    names = ("no_objection", "committee", "endorsement", "award")
    assert decided == [(name, "approve") for name in names]
    assert budget(CALL) == (0, 50_000_00)
    assert case.due_on is None


# The rate


def test_the_amount_is_told_in_the_currency_of_the_country_at_the_rate_of_the_submission(
    fund: Fund,
) -> None:
    reference = fund.at("verification")
    with transaction():
        record_rate("MYR", date(2026, 11, 21), "4.50", "Another bank")
    case = fund.world.case(reference)
    kept = {
        "currency": "MYR",
        "units": "4.42",
        "on": "2026-11-20",
        "source": "Example Bank, middle rate",
        "requested": 221_000_00,
    }
    assert (
        copies(case)[-1].frozen["rate"]
        == event(reference, "submit").record["detail"]["rate"]
        == kept
    )
    assert beside(case, case.requested_minor) == REGIONAL


def test_without_a_rate_the_application_is_not_handed_in(fund: Fund) -> None:
    reference = fund.draft()
    case = fund.world.case(reference)
    case.enterprise.country = "BN"
    with refused("rate_known"):
        submissions.submit(reference, version=None, actor=fund.person("applicant.my"))


def test_letters_say_both_amounts(fund: Fund) -> None:
    reference = fund.at("disbursing")
    fund.pay(reference, 1)
    with transaction():
        advance()
    case = fund.world.case(reference)
    offer = compose("offer", case, event(reference, "approve")).body
    advice = compose("disbursement_advice", case, event(reference, "confirm")).body
    assert isinstance(offer, Offer)
    assert isinstance(advice, DisbursementAdvice)
    assert (offer.beside, advice.beside[:14]) == (REGIONAL, "MYR 132,600.00")


# The committee and the board


def test_the_committee_decides_with_a_member_aside_and_by_the_chair(fund: Fund) -> None:
    reference = fund.at("committee")
    fund.vote(reference, "stand_aside", "member.1")
    fund.vote(reference, "support", "member.2")
    fund.vote(reference, "oppose", "member.3", "PRJ-PLAN")
    fund.vote(reference, "oppose", "member.4", "PRJ-PLAN")
    assert fund.state(reference) == "committee"
    fund.vote(reference, "support", "member.5")
    assert fund.state(reference) == "board"
    assert last_event(reference).record["detail"]["quorum"]["rule"] == "tie"


def test_a_committee_that_is_against_ends_it(fund: Fund) -> None:
    reference = fund.at("committee")
    for number in (1, 2, 3):
        fund.vote(reference, "oppose", f"member.{number}", "PRJ-PLAN")
    assert fund.state(reference) == "declined"


def test_after_the_time_for_circulation_the_board_votes_at_a_sitting_with_its_minute(
    fund: Fund, days: Days
) -> None:
    days.noon("2026-11-23", "Asia/Jakarta")
    reference = fund.at("board")
    fund.vote(reference, "concur", "board.1")
    days.noon("2026-12-14", "Asia/Jakarta")
    with refused("within_clock"):
        fund.vote(reference, "concur", "board.2")
    with refused("attachments_given"):
        fund.vote(reference, "concur_at_sitting", "board.2")
    fund.paper(reference, "concur_at_sitting", "minute", "board.2")
    fund.vote(reference, "concur_at_sitting", "board.2")
    assert fund.state(reference) == "final_approval"


def test_only_the_final_approval_makes_an_award(fund: Fund) -> None:
    reference = fund.at("final_approval")
    assert budget(CALL) == (0, 0)
    with refused("approved_within_recommended"):
        fund.vote(reference, "approve", "final", amount="50000.01")
    fund.vote(reference, "approve", "final", amount="40000.00")
    assert budget(CALL) == (40_000_00, 0)


# The end


def test_the_last_tranche_asks_for_a_completion_report_in_sixty_days(
    fund: Fund, days: Days
) -> None:
    days.noon("2026-11-23", "Asia/Jakarta")
    reference = fund.at("reporting")
    case = fund.world.case(reference)
    assert (case.due_on, case.clock_days, case.clock_unit) == (date(2027, 1, 22), 60, "calendar")
    days.noon("2027-01-23", "Asia/Jakarta")
    db.session.rollback()
    assert sweep()["escalated"] == 1
    assert fund.world.case(reference).escalated_to == "appraiser"


def test_a_report_is_attached_by_the_applicant_and_may_come_back(fund: Fund) -> None:
    reference = fund.at("reporting")
    with refused("attachments_given"):
        fund.move(reference, "report", "applicant.my")
    fund.report(reference)
    assert [one["kind"] for one in last_event(reference).record["detail"]["documents"]] == [
        "completion_report"
    ]
    said = Reasoned(("INC-DOC",), "The accounts are missing.")
    back = reviews.return_for_information
    fund.world.do(back, reference, said, act="return_report", actor=fund.person("appraiser"))
    assert fund.state(reference) == "reporting"
    fund.on(reference, "closed")


def test_an_applicant_attaches_nothing_for_what_others_do(fund: Fund) -> None:
    reference = fund.at("board")
    with pytest.raises(Forbidden):
        fund.paper(reference, "concur_at_sitting", "minute", "applicant.my")


def test_an_enterprise_of_any_member_state_may_apply_and_of_no_other(fund: Fund) -> None:
    with transaction():
        assert submissions.begin(CALL, actor=fund.person("applicant.vn")).currency == "USD"
    fund.person("rival.my").enterprise.country = "AU"  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="registered in Brunei Darussalam or"):
        submissions.begin(CALL, actor=fund.person("rival.my"))
    db.session.rollback()
