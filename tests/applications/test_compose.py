"""What a step does to the service clock, act by act, on the plain columns of a row."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.applications.compose import clock_of, run_clock
from app.awards.models import Tranche
from tests.workflows.calendars import calendar
from workflows.definition import Act, Clock, State

# Every day counts, so that the sums below are easy to follow; weekends are the matter of other tests.
EVERY_DAY = calendar("every day", weekend=())
MONDAY = date(2026, 11, 23)


def state(name: str, holder: str = "agency", **clock: Any) -> State:
    found = Clock(unit="working", **clock) if clock else None
    return State(name, name, name, name, "", holder, found, end=False)


SCREENING = state("screening", days=10, warn=2, extension=4)
ASSESSMENT = state("assessment", days=20, warn=5)
RETURNED = state("returned", "applicant", days=30, extension=7)
OFFERED = state("offered", "applicant", days=15)
RESTING = state("resting")
STATES = {found.name: found for found in (SCREENING, ASSESSMENT, RETURNED, OFFERED, RESTING)}


def act(clock: str = "natural") -> Act:
    return Act("go", "Go", "Gone", (), (), (), None, (), "none", None, confirms=False, clock=clock)


@dataclass
class Case:
    """A row that goes from state to state, and what each step said it did to the clock."""

    row: Tranche
    at: State

    def go(self, target: str, after: int, clock: str = "natural", days: int | None = None) -> Any:
        """Take a step so many days after Monday."""
        source, self.at = self.at, STATES[target]
        today = MONDAY + timedelta(days=after)
        return run_clock(
            self.row, source, self.at, act(clock), today=today, calendar=EVERY_DAY, days=days
        )

    @property
    def due_after(self) -> int | None:
        return (self.row.due_on - MONDAY).days if self.row.due_on else None

    @property
    def warns_after(self) -> int | None:
        return (self.row.warn_on - MONDAY).days if self.row.warn_on else None


@pytest.fixture
def case() -> Case:
    """Return a case that is in screening since Monday."""
    row = Tranche(clock_used=0, clock_extended=False)
    found = Case(row, RESTING)
    found.go("screening", 0)
    return found


Steps = list[tuple[Any, ...]]


@pytest.mark.parametrize(
    ("steps", "due", "warns"),
    [
        pytest.param([], 10, 8, id="a clock starts with its state and warns before it ends"),
        pytest.param([("screening", 3)], 10, 8, id="a step that stays leaves it alone"),
        pytest.param([("assessment", 3)], 23, 18, id="the next state has a clock of its own"),
        pytest.param([("resting", 3)], None, None, id="a state without a clock has none running"),
        pytest.param(
            [("assessment", 3, "keep")], 10, 8, id="a kept clock runs on in the next state"
        ),
        pytest.param(
            [("resting", 3, "keep")], None, None, id="no clock is kept where none may run"
        ),
        pytest.param(
            [("resting", 1), ("assessment", 3, "keep")],
            23,
            18,
            id="nothing runs that could be kept",
        ),
        pytest.param([("screening", 3, "restart")], 13, 11, id="a clock begins anew where it is"),
        pytest.param([("assessment", 3, "restart")], 23, 18, id="a clock begins anew elsewhere"),
        pytest.param([("screening", 3, "extend")], 14, 12, id="an extension adds its days"),
        pytest.param([("screening", 12, "extend")], 14, 12, id="a late case can be extended"),
        pytest.param([("screening", 20, "extend")], 14, 20, id="a late warning is for today"),
        pytest.param(
            [("returned", 4), ("screening", 20)],
            26,
            24,
            id="a pause keeps the six days that are left",
        ),
        pytest.param(
            [("returned", 4), ("offered", 10), ("screening", 20)],
            26,
            24,
            id="the clock stands still as long as the applicant has the ball",
        ),
        pytest.param(
            [("returned", 4), ("screening", 20), ("returned", 23), ("screening", 40)],
            43,
            41,
            id="a second pause adds to the first",
        ),
        pytest.param(
            [("screening", 2, "extend"), ("returned", 4), ("screening", 20)],
            30,
            28,
            id="an extension is not lost by a pause",
        ),
        pytest.param(
            [("returned", 4), ("screening", 20), ("screening", 21, "extend")],
            30,
            28,
            id="a clock can be extended after a pause",
        ),
        pytest.param(
            [("returned", 4), ("assessment", 20), ("screening", 30)],
            40,
            38,
            id="what was left is forgotten when the case goes elsewhere",
        ),
        pytest.param(
            [("assessment", 4), ("screening", 6)], 16, 14, id="a way back without a pause is new"
        ),
        pytest.param(
            [("returned", 4), ("screening", 20, "restart")], 30, 28, id="a pause can end anew"
        ),
        pytest.param(
            [("returned", 15), ("screening", 20)], 20, 20, id="a late clock is due at once again"
        ),
        pytest.param([("returned", 4, "natural", 14)], 18, None, id="the scheme gives the days"),
        pytest.param(
            [("returned", 4), ("screening", 20, "natural", 99)],
            26,
            24,
            id="what is left of a clock is left of it, whatever the scheme gives",
        ),
        pytest.param(
            [("returned", 4, "natural", 14), ("returned", 10, "extend")],
            25,
            None,
            id="what the scheme gives can be extended",
        ),
    ],
)
def test_a_clock_is_due(case: Case, steps: Steps, due: int | None, warns: int | None) -> None:
    for step in steps:
        case.go(*step)
    assert (case.due_after, case.warns_after) == (due, warns)


@pytest.mark.parametrize(
    ("steps", "extended"),
    [
        pytest.param([], False, id="not before it was"),
        pytest.param([("screening", 3, "extend")], True, id="once it was"),
        pytest.param([("screening", 3, "extend"), ("screening", 4)], True, id="while it runs"),
        pytest.param([("screening", 3, "extend"), ("assessment", 4)], False, id="not the next"),
        pytest.param(
            [("screening", 3, "extend"), ("returned", 4), ("screening", 5)],
            True,
            id="also after a pause",
        ),
        pytest.param(
            [("returned", 4), ("returned", 5, "extend"), ("assessment", 6)],
            False,
            id="not for a reply that was late before",
        ),
        pytest.param(
            [("screening", 3, "extend"), ("screening", 4, "restart")], False, id="not anew"
        ),
    ],
)
def test_a_clock_was_extended(case: Case, steps: Steps, extended: bool) -> None:
    for step in steps:
        case.go(*step)
    assert case.row.clock_extended is extended


@pytest.mark.parametrize(
    ("before", "step", "told"),
    [
        pytest.param([], ("screening", 3), {}, id="nothing when the case stays"),
        pytest.param([], ("assessment", 3, "keep"), {}, id="nothing when the clock is kept"),
        pytest.param(
            [],
            ("assessment", 3),
            {
                "stopped": {"used": 3, "of": 10, "unit": "working", "due_on": "2026-12-03"},
                "started": {
                    "days": 20,
                    "used": None,
                    "unit": "working",
                    "due_on": "2026-12-16",
                    "calendar": "every day",
                },
            },
            id="the one that stopped and the one that started",
        ),
        pytest.param(
            [("returned", 4)],
            ("screening", 20),
            {
                "stopped": {"used": 16, "of": 30, "unit": "working", "due_on": "2026-12-27"},
                "started": {
                    "days": 10,
                    "used": 4,
                    "unit": "working",
                    "due_on": "2026-12-19",
                    "calendar": "every day",
                },
            },
            id="how much was used before a pause",
        ),
        pytest.param(
            [],
            ("screening", 3, "extend"),
            {
                "extended": {
                    "days": 4,
                    "unit": "working",
                    "from": "2026-12-03",
                    "due_on": "2026-12-07",
                    "calendar": "every day",
                }
            },
            id="an extension, from and to which day",
        ),
        pytest.param(
            [],
            ("resting", 12),
            {"stopped": {"used": 12, "of": 10, "unit": "working", "due_on": "2026-12-03"}},
            id="that it stopped late",
        ),
    ],
)
def test_a_step_says_what_it_did_to_the_clock(
    case: Case, before: Steps, step: tuple[Any, ...], told: dict[str, Any]
) -> None:
    for one in before:
        case.go(*one)
    assert case.go(*step) == told


def test_an_extension_takes_warning_and_escalation_back(case: Case) -> None:
    case.row.warned_on, case.row.escalated_to, case.row.warn_on = MONDAY, "approver", None
    case.go("screening", 12, "extend")
    found = {"warned": case.row.warned_on, "told": case.row.escalated_to, "warns": case.warns_after}
    assert found == {"warned": None, "told": None, "warns": 12}


def test_the_days_of_a_clock_are_those_it_was_started_with(case: Case) -> None:
    later = replace(SCREENING, clock=Clock(99, "calendar", expires="shut"))
    assert clock_of(case.row, later) == Clock(10, "working", expires="shut")
    case.row.clock_days = case.row.clock_unit = None
    assert clock_of(case.row, later) == Clock(99, "calendar", expires="shut")


def test_a_clock_is_over_after_its_last_day(case: Case) -> None:
    last = MONDAY + timedelta(days=10)
    assert [case.row.is_over(last + timedelta(days=n)) for n in (-1, 0, 1)] == [False, False, True]
    case.go("resting", 3)
    assert not case.row.is_over(last + timedelta(days=1))
