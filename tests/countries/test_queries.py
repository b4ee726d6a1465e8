"""Working days where the rule by weekday goes wrong, each with where the day comes from."""

from datetime import date
from importlib.metadata import version

import holidays
import pytest

from app.countries.queries import MEMBERS, calendar_of, calendars, is_current, working_calendar
from workflows.clocks import due
from workflows.definition import Clock


@pytest.mark.parametrize(
    ("name", "day", "worked"),
    [
        # Government offices of Brunei Darussalam close on Friday and Sunday (country profile in the package holidays).
        pytest.param("BN", "2026-11-27", False, id="Brunei closes on Friday"),
        pytest.param("BN", "2026-11-28", True, id="Brunei works on Saturday"),
        pytest.param("BN", "2026-11-29", False, id="Brunei closes on Sunday"),
        # Kedah, Kelantan and Terengganu keep Friday and Saturday (Malay Mail, 7 October 2024).
        pytest.param("MY-02", "2026-11-27", False, id="Kedah closes on Friday"),
        pytest.param("MY-02", "2026-11-29", True, id="Kedah works on Sunday"),
        pytest.param("MY-03", "2026-11-28", False, id="Kelantan closes on Saturday"),
        pytest.param("MY-03", "2026-11-29", True, id="Kelantan works on Sunday"),
        pytest.param("MY-11", "2026-11-27", False, id="Terengganu closes on Friday"),
        pytest.param("MY-11", "2026-11-29", True, id="Terengganu works on Sunday"),
        pytest.param("MY", "2026-11-27", True, id="the rest of Malaysia works on Friday"),
        pytest.param("MY", "2026-11-29", False, id="the rest of Malaysia closes on Sunday"),
        # Johor went back to Saturday and Sunday on 1 January 2025 (Malay Mail, 7 October 2024).
        pytest.param("MY-01", "2024-12-27", False, id="Johor closed on its last Friday"),
        pytest.param("MY-01", "2024-12-29", True, id="Johor worked on its last Sunday"),
        pytest.param("MY-01", "2025-01-03", True, id="Johor works on Fridays since 2025"),
        pytest.param("MY-01", "2025-01-05", False, id="Johor closes on Sundays since 2025"),
        # The Monday before National Day is off, the Saturday before it worked instead (Government of Viet Nam,
        # days off in 2026, in the package holidays).
        pytest.param("VN", "2026-08-22", True, id="Viet Nam works on a Saturday in August 2026"),
        pytest.param("VN", "2026-08-31", False, id="Viet Nam has the Monday off instead"),
        pytest.param("VN", "2025-04-26", True, id="Viet Nam worked on a Saturday in April 2025"),
        pytest.param("VN", "2025-05-02", False, id="Viet Nam had the Friday off instead"),
        # Continuous public days for 2024 and 2025 (Global New Light of Myanmar, 21 December 2024).
        pytest.param("MM", "2026-01-03", True, id="Myanmar works on a Saturday in January 2026"),
        pytest.param(
            "MM", "2025-12-26", False, id="Myanmar had the day after Christmas off instead"
        ),
        pytest.param("MM", "2026-04-21", False, id="Myanmar closes until the end of its new year"),
        pytest.param("MM", "2026-04-22", True, id="Myanmar works on the day after its new year"),
        # Joint leave (cuti bersama) of 2026 binds the civil service (category government in the package holidays).
        pytest.param("ID", "2026-03-20", False, id="Indonesia has joint leave before Eid"),
        pytest.param("ID", "2026-12-24", False, id="Indonesia has joint leave on Christmas Eve"),
        # A holiday of government offices alone (category government in the package holidays).
        pytest.param("TH", "2026-05-13", False, id="Thailand's offices close for the ploughing"),
    ],
)
def test_agencies_work(name: str, day: str, worked: bool) -> None:
    on = date.fromisoformat(day)
    assert calendar_of(name, on).works(on) is worked


@pytest.mark.parametrize(
    ("name", "start", "last"),
    [
        pytest.param("MY", "2026-11-26", "2026-11-30", id="in Malaysia over Saturday and Sunday"),
        pytest.param(
            "MY-03", "2026-11-26", "2026-11-30", id="in Kelantan over Friday and Saturday"
        ),
        pytest.param("BN", "2026-11-26", "2026-11-30", id="in Brunei over Friday and Sunday"),
        pytest.param("VN", "2026-08-21", "2026-08-24", id="in Viet Nam with a worked Saturday"),
        pytest.param("ID", "2026-12-23", "2026-12-29", id="in Indonesia over joint leave"),
    ],
)
def test_two_working_days_are_over(name: str, start: str, last: str) -> None:
    began = date.fromisoformat(start)
    assert due(Clock(2, "working"), began, calendar_of(name, began)) == date.fromisoformat(last)


@pytest.mark.parametrize("name", [*MEMBERS, *(f"MY-{number:02}" for number in range(1, 17))])
def test_there_is_a_calendar_for(name: str) -> None:
    found = working_calendar(name, 2026)
    assert found.name.startswith(f"{name} holidays {version('holidays')} 2021-2031 sha256:")
    assert is_current(found.name)
    # The column of a deadline holds so many characters.
    assert len(found.name) <= 60
    # Not one of them works on every day of a week, or on none.
    assert 90 * 11 < len(found.closed) < 150 * 11


def test_there_are_no_other_calendars() -> None:
    assert calendars() == {*MEMBERS, *(f"MY-{number:02}" for number in range(1, 17))}
    for name in ("XX", "MY-17", "VN-01", "", "my"):
        with pytest.raises(KeyError):
            working_calendar(name, 2026)


def test_places_with_other_days_have_other_names() -> None:
    places = (*MEMBERS, "MY-01", "MY-02", "MY-03", "MY-11", "MY-14")
    digests = {working_calendar(name, 2026).name.rpartition(":")[2] for name in places}
    assert len(digests) == len(places)


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("MY holidays 0.109", id="one that does not say its days"),
        pytest.param("MY holidays 0.001 2021-2031 sha256:00000000", id="an older release"),
        pytest.param("XX holidays 0.109 2021-2031 sha256:00000000", id="a place that is gone"),
        pytest.param("", id="none at all"),
    ],
)
def test_a_deadline_is_computed_anew_after(title: str) -> None:
    assert not is_current(title)


def test_a_holiday_that_was_moved_gives_the_calendar_another_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = working_calendar("MY", 2026).name
    real = holidays.country_holidays

    def moved(*args, **more):
        found = real(*args, **more)
        found.pop("2026-12-25", None)
        return found

    monkeypatch.setattr(holidays, "country_holidays", moved)
    after = working_calendar.__wrapped__("MY", 2026)
    assert after.name != before
    assert after.name.rpartition(":")[0] == before.rpartition(":")[0]
    assert after.works(date(2026, 12, 25))
