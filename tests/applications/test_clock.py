"""The service clock of a case: working days of the scheme's country, standing still while the applicant has the ball."""

from datetime import date

import pytest

from app.awards import commands as awards
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands
from tests.answers import LOAN
from tests.factories import Days, budget, last_event, let_clocks_run_out, refused
from tests.world import World


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23")
    return clock


def give_back(world: World, reference: str) -> None:
    said = Reasoned(("INC-DOC",), "Please send it again.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)


def supply(world: World, reference: str) -> None:
    world.do(commands.resubmit, reference, "", actor=world.applicant)


def test_a_deadline_counts_working_days_and_stores_its_calendar(world: World, days: Days) -> None:
    days.noon("2026-11-27")
    case = world.case(world.at("submitted"))
    assert (case.clock_started_on, case.due_on) == (date(2026, 11, 27), date(2026, 12, 2))
    assert case.calendar is not None
    assert case.calendar.startswith("MY holidays ")


def test_a_deadline_passes_over_holidays_of_the_country(world: World, days: Days) -> None:
    # Christmas is a holiday in Malaysia and none in Viet Nam; both work on Monday.
    days.noon("2026-12-24")
    assert world.case(world.at("submitted")).due_on == date(2026, 12, 30)
    assert world.case(world.at("submitted", LOAN)).due_on == date(2026, 12, 29)


def test_a_local_day_is_that_of_the_country(world: World, days: Days) -> None:
    days.moment("2026-11-23T17:00:00", "UTC")
    assert world.case(world.at("submitted")).clock_started_on == date(2026, 11, 24)
    days.moment("2026-11-23T16:30:00", "UTC")
    assert world.case(world.at("submitted", LOAN)).clock_started_on == date(2026, 11, 23)


def test_the_clock_stands_still_while_the_applicant_has_the_ball(world: World, days: Days) -> None:
    reference = world.at("screening")
    assert world.case(reference).due_on == date(2026, 11, 30)
    days.noon("2026-11-25")
    give_back(world, reference)
    case = world.case(reference)
    assert (case.clock_state, case.clock_used) == ("screening", 2)
    assert case.due_on == date(2026, 12, 25)
    assert last_event(reference).record["detail"]["reply_by"] == "2026-12-25"
    days.noon("2026-12-07")
    supply(world, reference)
    assert world.case(reference).due_on == date(2026, 12, 10)


def test_a_second_pause_adds_to_the_first(world: World, days: Days) -> None:
    reference = world.at("screening")
    for returned, supplied in (("2026-11-25", "2026-12-07"), ("2026-12-08", "2026-12-14")):
        days.noon(returned)
        give_back(world, reference)
        days.noon(supplied)
        supply(world, reference)
    case = world.case(reference)
    assert (case.clock_used, case.due_on) == (3, date(2026, 12, 16))


def test_the_next_state_has_a_clock_of_its_own(world: World, days: Days) -> None:
    reference = world.at("screening")
    days.noon("2026-11-25")
    give_back(world, reference)
    supply(world, reference)
    world.do(reviews.move, reference, Reasoned(), act="pass", actor=world.desk)
    assert world.case(reference).due_on == date(2026, 12, 9)


def test_an_act_that_stays_in_the_state_leaves_the_clock_alone(world: World, days: Days) -> None:
    reference = world.at("assessment")
    due = world.case(reference).due_on
    days.noon("2026-11-30")
    world.assess(reference, world.assessor)
    assert world.case(reference).due_on == due


def test_an_end_has_no_clock(world: World, days: Days) -> None:
    reference = world.at("submitted")
    world.do(awards.end, reference, Reasoned(), act="withdraw", actor=world.applicant)
    case = world.case(reference)
    assert (case.due_on, case.clock_started_on, case.calendar) == (None, None, None)


# The end of an offer


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [
        pytest.param("2026-12-23T23:59:00", True, id="at the end of its last local day"),
        pytest.param("2026-12-24T00:00:00", False, id="when the next local day begins"),
    ],
)
def test_an_offer_is_open_to_the_end_of_its_last_local_day(
    world: World, days: Days, moment: str, accepted: bool
) -> None:
    reference = world.at("offered")
    assert world.case(reference).due_on == date(2026, 12, 23)
    days.moment(moment)
    if accepted:
        with refused("clock_over", "offer_expired"):
            awards.lapse(reference)
        world.do(awards.accept, reference, actor=world.applicant)
    else:
        with refused("offer_open"):
            world.do(awards.accept, reference, actor=world.applicant)
        awards.lapse(reference)
    assert world.case(reference).state == ("accepted" if accepted else "lapsed")


def test_offers_that_ran_out_lapse_by_themselves_once(world: World, days: Days) -> None:
    late, accepted = world.at("offered", amount="6000"), world.at("accepted", amount="7000")
    assert budget() == (13_000_00, 0)
    assert let_clocks_run_out() == 0
    days.noon("2026-12-24")
    assert [let_clocks_run_out(), let_clocks_run_out()] == [1, 0]
    assert (world.case(late).state, world.case(accepted).state) == ("lapsed", "accepted")
    assert budget() == (7_000_00, 0)
    found = last_event(late)
    assert (found.actor, found.record["detail"]) == ("system:clock", {"expired_on": "2026-12-23"})
