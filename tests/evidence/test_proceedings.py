"""What is proposed about an award is replayed like the case itself: one row for each rule that a false log would break."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.evidence.building import Asked
from tests.evidence.cases import lines, reported
from tests.evidence.other_cases import kept
from tests.evidence.proposed import large
from tests.evidence.telling import CHIEF, DESK, MEMBERS, Told
from workflows.evidence.report import (
    AUTHORITY,
    BROKEN,
    HANDS,
    PEOPLE,
    REASONS,
    STEPS,
    Report,
)

Change = Callable[[dict[str, Told]], Any]


def named(events: list[Told]) -> dict[str, Told]:
    """Return the events of proceedings by act and number of the proceeding; a second one of the same is counted."""
    found: dict[str, Told] = {}
    for event in events:
        number = event["detail"].get("proceeding", "")
        name = f"{event['type']} {number}".strip()
        found[f"{name} again" if name in found else name] = event
    return found


def now(name: str, **changed: Any) -> Change:
    """Return the change that lets an event say otherwise."""
    return lambda events: events[name].update(
        {field.rstrip("_"): value for field, value in changed.items()}
    )


def detail(name: str, **changed: Any) -> Change:
    """Return the change that lets the detail of an event say otherwise."""
    return lambda events: events[name]["detail"].update(changed)


def throughout(number: int, **changed: Any) -> Change:
    """Return the change that lets every event of a proceeding say otherwise."""

    def change(events: dict[str, Told]) -> None:
        for event in events.values():
            if event["detail"].get("proceeding") == number:
                event["detail"].update(changed)

    return change


RAISED = {"size": 15_000_000, "amount": 16_000_000, "more": 1_000_000}
CUT = {"size": 15_000_000, "amount": 14_000_000, "less": 1_000_000}
# What is otherwise, the event that shows it, the check, and what is said.
ROWS = [
    pytest.param(now("agree 1", from_="proposed"), "agree 1", STEPS, "“agree” starts in “proposed”, but the case stands in “approved”", id="agreed to before it was approved"),
    pytest.param(now("approve 1", to="approved"), "approve 1", STEPS, "“approve” does not lead from “proposed” to “approved” here", id="in force after one approval of two"),
    pytest.param(detail("approve 1", needed=1), "approve 1", AUTHORITY, "2 have to approve this amount, not 1", id="fewer needed than the matrix says"),
    pytest.param(detail("approve 1 again", approval=1), "approve 1 again", AUTHORITY, "this is the approval 2, not 1", id="an approval counted wrongly"),
    pytest.param(now("approve 1 again", actor=MEMBERS[0]), "approve 1 again", HANDS, f"{MEMBERS[0]} has approved it already", id="approved twice by one person"),
    pytest.param(now("approve 2", actor=DESK), "approve 2", HANDS, f"{DESK} has proposed it, and approves it", id="approved by who proposed it, after the end of the case"),
    pytest.param(now("waive 2", actor="officer:3"), "waive 2", HANDS, "officer:3 stands in this case as assessor, and acts as approver", id="waived after the end by who assessed before it"),
    pytest.param(now("confirm 3", actor="officer:9"), "confirm 3", HANDS, "officer:9 stands in this case as payment_maker, and acts as payment_checker", id="a receipt confirmed by who recorded it"),
    pytest.param(now("propose 2", duty="approver"), "propose 2", PEOPLE, "“propose” was taken as approver, and is for desk_officer", id="proposed under another duty"),
    pytest.param(now("propose 2", _private={}), "propose 2", REASONS, "“propose” was done without a note", id="demanded without a word of why"),
    pytest.param(detail("approve 2", amount=9_999_999), "approve 2", STEPS, "what was proposed is another now: its amount", id="another amount approved than proposed"),
    pytest.param(detail("agree 1", terms=RAISED | {"more": 2_000_000}), "agree 1", STEPS, "what was proposed is another now: more", id="other terms agreed to than approved"),
    pytest.param(detail("propose 2", proceeding=7), "propose 2", STEPS, "proceeding 7 is begun, and there were 1 before", id="a proceeding left out"),
    pytest.param(lambda e: e["approve 2"]["detail"]["authority"].update(limit=1), "approve 2", AUTHORITY, "the amount 10000000 is above the authority of 1", id="more than the authority"),
    pytest.param(lambda e: e["approve 2"]["detail"].pop("authority"), "approve 2", AUTHORITY, "no authority is named", id="no authority"),
    pytest.param(lambda e: e["waive 2"]["detail"]["authority"].update(limit=1), "waive 2", AUTHORITY, "the amount 10000000 is above the authority of 1", id="waived beyond the authority"),
    pytest.param(throughout(1, terms=CUT, amount=14_000_000), "confirm", AUTHORITY, "16000000 was paid of the approved 14000000", id="more paid than a lowered award"),
    pytest.param(throughout(1, terms=RAISED | {"more": 999_999}), "confirm", AUTHORITY, "16000000 was paid of the approved 15999999", id="more paid than a raised award"),
    pytest.param(throughout(2, amount=16_000_001), "approve 2", AUTHORITY, "16000001 is demanded back of 16000000 that was paid", id="more demanded than was paid"),
    pytest.param(throughout(3, amount=10_000_001), "confirm 3", AUTHORITY, "10000001 was received of 10000000 that is demanded", id="more received than demanded"),
    pytest.param(throughout(3, terms={"demand": 1}), "confirm 3", STEPS, "it is received on no demand of the case", id="received on what is no demand"),
    pytest.param(now("waive 2", type="close", actor="system:clock", duty="system", from_="demanded", to="closed", guards=[], part=None), "waive 2", STEPS, "the demand of 10000000 is closed, and 9000000 came in", id="closed with a part of it open"),
]  # fmt: skip


def replayed(folder: Any, events: list[Told]) -> Report:
    """Return the report on a bundle of the case."""
    story = large()
    story.events = events
    return reported(folder, kept(story), Asked(streams=(story.stream,)))


def test_a_case_with_all_of_it_is_proved(tmp_path) -> None:
    report = replayed(tmp_path, large().events)
    assert report.whole, "\n".join(lines(report))
    assert "PROVED" in report.verdict()
    assert CHIEF in {event["actor"] for event in large().events}


@pytest.mark.parametrize(("change", "where", "check", "said"), ROWS)
def test_what_is_not_so_is_named(
    tmp_path, change: Change, where: str, check: str, said: str
) -> None:
    events = large().events
    known = named(events)
    number = events.index(known[where]) + 1
    change(known)
    report = replayed(tmp_path, events)
    found = report.checks[check].told.get(BROKEN, [])
    line = f"MY-BAP-2026-00004, event {number} (events.jsonl, line {number}): {said}"
    assert line in found, "\n".join(lines(report))


def test_an_authority_that_a_waiver_does_not_name_is_counted_as_not_recorded(tmp_path) -> None:
    events = large().events
    named(events)["waive 2"]["detail"].pop("authority")
    report = replayed(tmp_path, events)
    assert report.whole
    assert "not recorded" in report.verdict()
