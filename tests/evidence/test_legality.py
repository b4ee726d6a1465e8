"""Steps that the workflow does not allow are named, though the log holds them as they were recorded: one row for each rule."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.evidence.building import Asked
from tests.evidence.cases import alone, lines, reported, together
from tests.evidence.other_cases import (
    NEWER,
    NOW,
    STORIES,
    delegated,
    erased,
    guaranteed,
    kept,
    lapsed,
    moved,
)
from tests.evidence.telling import CHIEF, DESK, MAKER, MEMBERS, Story, Told
from workflows.evidence.report import (
    AUTHORITY,
    BROKEN,
    CLOCK,
    DEFINITIONS,
    HANDS,
    KINDS,
    LETTERS,
    MIGRATIONS,
    PEOPLE,
    QUORUM,
    REASONS,
    STEPS,
    Report,
)

Tell = Callable[[], Story]
Change = Callable[[list[Told]], Any]
OLD, NEW = f"grant version {NOW.version}", f"grant version {NEWER.version}"
NEWER_FILE = {f"workflows/grant-{NEWER.version}.toml": NEWER.source.encode()}


def now(number: int, **changed: Any) -> Change:
    """Return the change that lets an event say otherwise; ``None`` takes a field away."""

    def change(events: list[Told]) -> None:
        told = events[number - 1]
        told |= {name.rstrip("_"): value for name, value in changed.items() if value is not None}
        for name in [name for name, value in changed.items() if value is None]:
            told.pop(name)

    return change


def detail(number: int, **changed: Any) -> Change:
    """Return the change that lets the detail of an event say otherwise."""
    return lambda events: events[number - 1]["detail"].update(changed)


def authority(number: int, **changed: Any) -> Change:
    """Return the change that gives a vote another authority."""
    return lambda events: events[number - 1]["detail"]["authority"].update(changed)


def quorum(number: int, **changed: Any) -> Change:
    """Return the change that gives a vote another count."""
    return lambda events: events[number - 1]["detail"]["quorum"].update(changed)


def left_out(number: int) -> Change:
    """Return the change by which an event never was."""
    return lambda events: events.pop(number - 1)


def again(number: int, place: int, **changed: Any) -> Change:
    """Return the change by which an event is recorded once more, at another place."""
    return lambda events: events.insert(place - 1, events[number - 1] | changed)


def claimed(events: list[Told]) -> None:
    """Let a tranche be claimed at the end of a case."""
    claim = next(event for event in alone().events if event["type"] == "claim")
    events.append(claim | {"stream": events[0]["stream"]})


# The case, what is otherwise in it, the check, the number of the event, and what is said of it.
ROWS = [
    pytest.param(alone, now(3, type="take_off"), STEPS, 3, f"there is no act “take_off” in {OLD}", id="an act that is not there"),
    pytest.param(alone, left_out(4), STEPS, 4, "“assess” starts in “assessment”, but the case stands in “screening”", id="a step left out"),
    pytest.param(alone, now(4, from_="submitted"), STEPS, 4, "“pass” starts in “submitted”, but the case stands in “screening”", id="a step from elsewhere"),
    pytest.param(alone, now(4, to="decision"), STEPS, 4, "“pass” does not lead from “screening” to “decision” here", id="a step to elsewhere"),
    pytest.param(alone, now(8, to="declined"), STEPS, 8, "“approve” does not lead from “decision” to “declined” here", id="a decision that leads elsewhere than its votes"),
    pytest.param(alone, again(10, 19), STEPS, 19, "“meet_condition” was done after the end “completed”", id="an act after the end"),
    pytest.param(alone, again(12, 19), STEPS, 19, "“claim” starts in “planned”, but the case stands in “paid”", id="a claim of what is paid"),
    pytest.param(lapsed, claimed, STEPS, 14, "money was moved after the end “lapsed”", id="a claim after the end"),
    pytest.param(alone, lambda e: e.insert(8, e.pop(11)), STEPS, 9, "money was asked for or moved in “offered”", id="a claim before the conditions are met"),
    pytest.param(alone, now(1, guards=["call_open"]), STEPS, 1, "the rules it names are not those of “submit”", id="rules left out"),
    pytest.param(alone, now(3, duty="assessor"), PEOPLE, 3, "“take_up” was taken as assessor, and is for desk_officer", id="another duty"),
    pytest.param(alone, now(1, actor="officer:40"), PEOPLE, 1, "officer:40 has acted as applicant", id="an officer as the applicant"),
    pytest.param(alone, now(4, institution="guarantor"), PEOPLE, 4, "“pass” was taken for guarantor", id="a stranger to the case"),
    pytest.param(guaranteed, now(9, institution=None), PEOPLE, 9, "“guarantee” was taken for the agency", id="the agency in the guarantor's place"),
    pytest.param(alone, now(8, actor=DESK), HANDS, 8, "officer:1 stands in this case as desk_officer, and acts as approver", id="who recommended approves"),
    pytest.param(alone, now(1, type="lodge", actor=DESK, duty="desk_officer", part="lodging_officer", conflict="none declared"), HANDS, 3, "officer:1 stands in this case as lodging_officer, and acts as desk_officer", id="who lodged the paper screens it"),
    pytest.param(alone, now(15, actor=MAKER), HANDS, 15, "officer:9 stands in this case as payment_maker, and acts as payment_checker", id="who prepared checks"),
    pytest.param(alone, now(4, part="assessor"), HANDS, 4, "it was done standing as assessor, not as desk_officer", id="another part than the act's"),
    pytest.param(alone, now(4, conflict=None), HANDS, 4, "officer:1 did not declare that there is no conflict", id="no word of conflicts"),
    pytest.param(alone, lambda e: e.insert(3, e[1] | {"type": "declare_interest", "actor": DESK, "detail": {}}), HANDS, 5, "officer:1 had stood aside in event 4", id="who has an interest acts"),
    pytest.param(delegated, now(7, on_behalf_of="officer:3"), HANDS, 7, "officer:3 stands in this case as assessor, and acts as approver", id="in the name of who assessed"),
    pytest.param(delegated, now(7, on_behalf_of="officer:12"), HANDS, 7, "no delegation from somebody else is named", id="a delegation to oneself"),
    pytest.param(alone, detail(15, file_sha256="00" * 32), HANDS, 15, "the payment file is not the one that was prepared", id="another payment file"),
    pytest.param(alone, detail(7, amount=8_000_001), AUTHORITY, 7, "the amount 8000001 is above the requested 8000000", id="more recommended than requested"),
    pytest.param(alone, detail(7, amount=7_000_000), AUTHORITY, 8, "the amount 8000000 is above the recommended 7000000", id="more approved than recommended"),
    pytest.param(alone, detail(7, outcome="decline"), AUTHORITY, 8, "nothing was recommended for approval", id="approved what was not recommended"),
    pytest.param(alone, detail(8, departs_from_recommendation="yes"), AUTHORITY, 8, "whether it departs from the recommendation: no, by the events", id="a departure that was none"),
    pytest.param(alone, authority(8, limit=7_999_999), AUTHORITY, 8, "the amount 8000000 is above the authority of 7999999", id="more than the authority"),
    pytest.param(alone, authority(8, instrument=""), AUTHORITY, 8, "no authority is named", id="no instrument"),
    pytest.param(alone, authority(8, currency="VND"), AUTHORITY, 8, "the authority is in VND", id="an authority in another currency"),
    pytest.param(delegated, now(7, delegation_limit=1), AUTHORITY, 7, "the amount 8000000 is above the 1 that were delegated", id="more than was delegated"),
    pytest.param(together, authority(7, body="Canteen"), AUTHORITY, 7, "this amount is decided by members of Grants committee", id="not of the committee"),
    pytest.param(alone, detail(8, duties=["desk_officer"]), AUTHORITY, 8, "this amount is decided by approver", id="voted under another duty"),
    pytest.param(alone, detail(9, amount=8_000_001), AUTHORITY, 9, "8000001 was accepted of the approved 8000000", id="more accepted than approved"),
    pytest.param(alone, detail(17, amount=9_000_000), AUTHORITY, 17, "9000000 was paid of the approved 8000000", id="more paid than approved"),
    pytest.param(together, left_out(8), QUORUM, 8, "against is 0 by the votes, not 1 as said", id="a vote against left out"),
    pytest.param(together, now(9, actor=MEMBERS[0]), QUORUM, 9, "officer:6 has voted in this round already", id="two votes of one person"),
    pytest.param(together, lambda e: e[8]["detail"]["votes"].pop(), QUORUM, 9, "the votes it lists are not the votes that were cast", id="a list without a vote"),
    pytest.param(together, detail(9, dissent=[]), QUORUM, 9, "the dissent it names is not that of the votes", id="dissent left out"),
    pytest.param(together, quorum(9, needed=1), QUORUM, 9, "needed is 2 by the votes, not 1 as said", id="fewer needed than the matrix says"),
    pytest.param(together, detail(7, round=2), QUORUM, 7, "this is the round 1, not 2, of award", id="a round that was not begun"),
    pytest.param(together, detail(9, amount=19_000_000), QUORUM, 9, "the vote is for 19000000, and 20000000 is voted on", id="a vote for another amount"),
    pytest.param(together, detail(8, decided="decline"), QUORUM, 8, "the votes come to None, not decline", id="decided too early"),
    pytest.param(together, now(8, reasons=[]), REASONS, 8, "“decline” was done without a coded reason", id="no reason"),
    pytest.param(lapsed, now(4, _private={}), REASONS, 4, "“extend” was done without a note", id="no note"),
    pytest.param(alone, now(18, actor="officer:9"), CLOCK, 18, "“complete” is done by the system alone, not by officer:9", id="an officer in the clock's place"),
    pytest.param(lapsed, now(4, clock={}), CLOCK, 4, "“extend” extended no clock", id="an extension of nothing"),
    pytest.param(lapsed, detail(13, expired_on="2026-11-09"), CLOCK, 13, "“lapse” was done before the last day 2026-11-09 was over", id="lapsed too early"),
    pytest.param(alone, now(2, type="whisper"), KINDS, 2, "“whisper” is no kind of event of a case", id="an unknown kind of event"),
    pytest.param(lapsed, now(6, actor="officer:1"), KINDS, 6, "“clock_warned” is not caused by officer:1", id="a warning by an officer"),
    pytest.param(alone, now(3, detail=None), KINDS, 3, "this is not an event as the log writes it: KeyError('detail')", id="an event without what it is about"),
    pytest.param(alone, now(3, v=3), KINDS, 3, "this verifier does not know the form 3 of an event", id="an event of a form to come"),
    pytest.param(erased, now(5, actor="officer:41"), KINDS, 5, "it was erased by one person alone", id="erased by one person"),
    pytest.param(alone, again(2, 3), LETTERS, 3, "event 1 causes no letter, or had its letter already", id="a letter twice"),
    pytest.param(alone, detail(2, letter="offer"), LETTERS, 2, "event 1 causes the letter “acknowledgement”, not “offer”", id="another letter than the act's"),
    pytest.param(guaranteed, now(5, strands={"credit": "done", "technical": "done"}), STEPS, 5, "the parallel work it names is not where the events have it", id="parallel work that was not done"),
    pytest.param(guaranteed, left_out(5), STEPS, 5, "“assess_technical” is not the next step of “technical” at “to_visit”", id="a step of parallel work left out"),
    pytest.param(moved, left_out(2), MIGRATIONS, 2, f"the case stands under {OLD}, and the step is of {NEW}", id="another version without a migration"),
    pytest.param(moved, now(2, duty="approver"), MIGRATIONS, 2, "it was not carried out by a second scheme designer", id="a migration by whom it is not for"),
    pytest.param(moved, detail(2, author="officer:14"), MIGRATIONS, 2, "it was not carried out by a second scheme designer", id="a migration by one person alone"),
    pytest.param(moved, now(2, to="disbursing"), MIGRATIONS, 2, "“submitted” and “disbursing” are not alike", id="a migration to where money moves"),
    pytest.param(moved, now(2, from_="screening"), MIGRATIONS, 2, f"the case stands in “submitted” of {OLD}", id="a migration from elsewhere"),
    pytest.param(alone, now(3, scheme={"code": "MY-BAP", "version": 1, "sha256": "0" * 64}), DEFINITIONS, 3, f"the scheme {'0' * 64} that it names is not in the bundle", id="an unknown scheme"),
]  # fmt: skip


def replayed(folder: Any, story: Story) -> Report:
    """Return the report on a bundle of one case."""
    asked = Asked(streams=(story.stream,), papers=NEWER_FILE)
    return reported(folder, kept(story), asked)


@pytest.mark.parametrize("name", STORIES)
def test_what_is_legal_is_proved(tmp_path, name: str) -> None:
    report = replayed(tmp_path, STORIES[name]())
    assert report.whole, "\n".join(lines(report))


@pytest.mark.parametrize(("tell", "change", "check", "number", "said"), ROWS)
def test_what_is_not_legal_is_named(
    tmp_path, tell: Tell, change: Change, check: str, number: int, said: str
) -> None:
    story = tell()
    change(story.events)
    report = replayed(tmp_path, story)
    told = report.checks[check].told.get(BROKEN, [])
    assert f"{story.stream}, event {number} (events.jsonl, line {number}): {said}" in told, (
        "\n".join(lines(report))
    )


@pytest.mark.parametrize(
    ("change", "check", "said"),
    [
        pytest.param(lambda e: e[7]["detail"].pop("votes"), QUORUM, "the list of the votes", id="votes"),
        pytest.param(lambda e: e[7]["detail"].pop("recommendation"), AUTHORITY, "the recommendation that was decided on", id="recommendation"),
        pytest.param(lambda e: e[7]["detail"]["authority"].pop("currency"), AUTHORITY, "the currency of the authority", id="currency"),
        pytest.param(lambda e: (e[7].pop("conflict"), e[7].update(v=1)), HANDS, "what the officer declared of conflicts of interest", id="conflict"),
    ],
)  # fmt: skip
def test_what_an_older_event_does_not_say_is_counted(
    tmp_path, change: Change, check: str, said: str
) -> None:
    story = alone()
    change(story.events)
    report = replayed(tmp_path, story)
    assert report.whole
    assert (
        f"{story.stream}, event 8 (events.jsonl, line 8): {said}"
        in report.checks[check].told["not recorded"]
    )
    assert "not recorded" in report.verdict()
    assert CHIEF in story.events[7]["actor"]
