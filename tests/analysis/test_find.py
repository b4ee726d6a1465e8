"""Looking for cases: each filter, finding and flag leaves exactly the cases it is about."""

from datetime import date
from typing import Any

import pytest

from app.accounts.commands import declare_interest
from app.analysis.queries import cases
from app.analysis.queries.cases import find
from app.analysis.queries.taken import Shares
from app.analysis.queries.wanted import Wanted
from app.db import transaction
from tests.analysis.decided import everything
from tests.answers import LOAN
from tests.decisions.guaranteed import approved, refuse, settle_guarantor
from tests.factories import Days
from tests.pages.test_queries import counted
from tests.world import World

DECIDED = {"departing", "delegated", "at the limit", "disputed", "two duties", "late"}
SAME_DAY = DECIDED - {"late"}


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    return Days(monkeypatch)


def rows(world: World) -> list[tuple[str, Wanted, set[str]]]:
    """Return what is asked, as a sentence and as a filter, and the cases that must be found."""
    on: dict[str, Any] = {"first": date(2026, 11, 3), "last": date(2026, 11, 3)}
    chair, approver = world.chair.id, world.approver.id
    alone, charter = "Example instrument 1/2026", "Example charter 2/2026"
    return [
        ("every case", Wanted(), DECIDED | {"open"}),
        ("departed from the recommendation", Wanted(findings=("departs",)), {"departing"}),
        ("taken under a delegation", Wanted(findings=("delegated",)), {"delegated"}),
        ("at the limit of the authority", Wanted(findings=("at_limit",)), {"at the limit"}),
        ("outside the clock", Wanted(findings=("late",)), {"late"}),
        ("after an escalation", Wanted(findings=("escalated",)), {"late"}),
        ("with dissent", Wanted(findings=("dissent",)), {"disputed"}),
        ("one officer under two duties", Wanted(findings=("two_duties",)), {"two duties"}),
        ("made void", Wanted(findings=("voided",)), set()),
        ("late and after an escalation", Wanted(findings=("late", "escalated")), {"late"}),
        ("late and with dissent", Wanted(findings=("late", "dissent")), set()),
        ("decided on the day received", Wanted(flags=("same_day",)), SAME_DAY),
        ("decided on a closed day", Wanted(flags=("closed_day",)), {"late"}),
        (
            "the enterprise twice in a year",
            Wanted(flags=("repeated",)),
            DECIDED - {"departing", "delegated"},
        ),
        ("just under the limit of a band", Wanted(flags=("near_limit",)), set()),
        ("one officer decides nearly all", Wanted(flags=("dominant",)), set()),
        (
            "a flag and a finding of the same decision",
            Wanted(flags=("closed_day",), findings=("departs",)),
            set(),
        ),
        ("of a scheme", Wanted(scheme="MY-BAP"), DECIDED | {"open"}),
        ("of a scheme nobody runs", Wanted(scheme="X"), set()),
        ("of the agency", Wanted(agency="MY-SMECORP"), DECIDED | {"open"}),
        ("of another agency", Wanted(agency="VN-SMEDF"), set()),
        ("in which an officer acted", Wanted(officer=chair), {"disputed"}),
        (
            "under a duty the officer acted in",
            Wanted(officer=approver, duty="desk_officer"),
            {"two duties"},
        ),
        (
            "under a duty the officer never acted in",
            Wanted(officer=chair, duty="desk_officer"),
            set(),
        ),
        ("under a duty", Wanted(duty="assessor"), DECIDED),
        (
            "in which somebody voted",
            Wanted(officer=approver, outcome="approve"),
            {"disputed", "two duties", "late"},
        ),
        ("under an instrument", Wanted(instrument=charter), {"disputed"}),
        ("under the other instrument", Wanted(instrument=alone), DECIDED - {"disputed"}),
        ("with a reason", Wanted(reason="PRJ-PLAN"), {"departing", "disputed"}),
        ("with part of a reason", Wanted(reason="PRJ"), set()),
        ("with a pattern for a reason", Wanted(reason="%"), set()),
        ("declined", Wanted(outcome="decline"), {"departing"}),
        ("approved up to an amount", Wanted(currency="MYR", most=9_600_00), {"late"}),
        ("approved from an amount", Wanted(currency="MYR", least=10_000_01), {"disputed"}),
        ("approved in another currency", Wanted(currency="VND", least=0), set()),
        ("received on a day", Wanted(**on), DECIDED | {"open"}),
        ("decided on a day", Wanted(by="decided", **on), SAME_DAY),
        ("long in a state it left", Wanted(state="decision", longer=30), {"late"}),
        ("long in a state it is in", Wanted(state="screening", longer=30), {"open"}),
        ("not so long", Wanted(state="screening", longer=300), set()),
    ]


def test_a_filter_finds_exactly_what_it_is_about(world: World, days: Days) -> None:
    known = everything(world, days)
    names = {reference: name for name, reference in known.items()}
    auditor = world.auditor
    for said, wanted, expected in rows(world):
        found = find(auditor, wanted)
        assert {names[one.case.reference] for one in found.rows} == expected, said
        assert (found.after, found.looked_up_to) == (0, ""), said
    with transaction():
        declare_interest(auditor, world.case(known["late"]).enterprise_id, "A cousin.")
    assert find(auditor, Wanted()).rows == []


def test_a_decision_that_was_made_void_is_found(world: World) -> None:
    settle_guarantor(world)
    reference = approved(world)
    refuse(world, reference)
    for name in ("auditor.vn", "guarantor.auditor"):
        found = find(world.person(name), Wanted(findings=("voided",)))
        assert [one.case.reference for one in found.rows] == [reference], name
        assert [one.findings for one in found.rows[0].decisions] == [("voided",), ()], name


def test_pages_follow_each_other_and_say_how_far_they_looked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    references = [world.at("submitted") for _ in range(5)]
    monkeypatch.setattr(cases, "PAGE", 2)
    monkeypatch.setattr(cases, "MOST_LOOKED", 3)
    after, seen, pages = 0, [], 0
    while True:
        page = find(world.auditor, Wanted(), after)
        seen += [one.case.reference for one in page.rows]
        pages += 1
        after = page.after
        if not after:
            break
    assert (seen, pages) == (references, 3)
    nothing = find(world.auditor, Wanted(reason="NONE"))
    assert (nothing.rows, nothing.looked_up_to) == ([], references[2])


def test_it_asks_as_often_for_many_cases_as_for_few(world: World) -> None:
    lengths = []
    for more in (2, 6):
        for _ in range(more):
            world.at("submitted")
        for wanted in (Wanted(), Wanted(state="submitted", longer=0), Wanted(flags=("same_day",))):
            with counted() as statements:
                find(world.auditor, wanted)
            lengths.append(len(statements))
    assert lengths[:3] == lengths[3:]
    assert max(lengths) <= 8


def test_an_officer_who_decides_nearly_all_is_told_from_ten_decisions_on(world: World) -> None:
    reference = world.at("offered")
    case = world.case(reference)
    shares = Shares()
    year = case.updated_at.year
    assert shares.of(case.agency_id, "MY-BAP", world.approver.id, year) == (1, 1)
    assert shares.of(case.agency_id, "MY-BAP", world.chair.id, year) == (0, 1)
    assert shares.of(case.agency_id, "VN-SMEDF", world.approver.id, year) == (0, 0)
    assert find(world.auditor, Wanted(scheme=LOAN)).rows == []
