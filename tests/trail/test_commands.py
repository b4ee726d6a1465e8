"""Recording: each event follows the one before it, and the work it entails is done once."""

import configparser
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.bootstrap.environment import ROOT
from app.db import db, transaction
from app.trail.commands import (
    MOST_ATTEMPTS,
    Claim,
    Entry,
    caused_by,
    claim,
    due,
    finish,
    give_back,
    record,
)
from app.trail.models import OutboxEntry
from app.trail.queries import breaks, counts, disclosures_of, event, events_of, waiting
from tests.factories import Days
from tests.world import World
from workflows.evidence.chain import commitment, leaf_hash

_CONFIG = configparser.ConfigParser()
_CONFIG.read(ROOT / "setup.cfg")
VERSION = _CONFIG["metadata"]["version"]


@dataclass
class Stream:
    """Something with a trail."""

    reference: str = "TRAIL-1"
    agency_code: str = "MY-SMECORP"
    trail_seq: int = 0
    trail_hash: str = ""


def entry(*duties: str, **body: Any) -> Entry:
    return Entry("act", "officer:1", body, duties=tuple((duty, {"n": 1}) for duty in duties))


def woken(**asked: int) -> list[tuple[int, int]]:
    """Return what is due, without the duties."""
    return [(number, sends) for number, sends, _ in due(**asked)]


def outbox(entry_id: int) -> OutboxEntry:
    db.session.expire_all()
    return db.session.get_one(OutboxEntry, entry_id)


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    clock = Days(monkeypatch)
    clock.noon("2026-11-23", "UTC")
    return clock


@pytest.fixture
def work(world: World, days: Days) -> int:
    """Return the number of an outbox entry that is ready."""
    with transaction():
        record(Stream(), entry("letter"))
    return db.session.scalars(select(OutboxEntry.id).order_by(OutboxEntry.id.desc())).first() or 0


# Events


def test_an_event_follows_the_one_before_it(world: World) -> None:
    stream = Stream()
    with transaction():
        first, second = record(stream, entry(a=1)), record(stream, entry(a=2))
    facts = events_of("TRAIL-1")
    assert [fact.seq for fact in facts] == [1, 2]
    assert [fact.record["prev"] for fact in facts] == ["", first.hash]
    assert (stream.trail_seq, stream.trail_hash) == (2, second.hash)
    assert [leaf_hash(fact.entry) for fact in facts] == [first.hash, second.hash]
    assert list(breaks({"TRAIL-1": (2, second.hash)})) == []


def test_each_stream_has_a_chain_of_its_own(world: World) -> None:
    before = counts()
    with transaction():
        for name in ("TRAIL-1", "TRAIL-2"):
            record(Stream(name), entry())
    assert [fact.record["prev"] for name in ("TRAIL-1", "TRAIL-2") for fact in events_of(name)] == [
        "", "",
    ]  # fmt: skip
    assert counts() == (before[0] + 2, before[1] + 2)


def test_the_record_names_what_software_wrote_it_and_when(world: World, days: Days) -> None:
    with caused_by("request-7"), transaction():
        made = record(Stream(), entry(detail={"amount": 100, "none": None}))
    found = event(made.id)
    assert found is not None
    assert found.at == made.at
    assert found.record == {
        "v": 2,
        "stream": "TRAIL-1",
        "agency": "MY-SMECORP",
        "seq": 1,
        "prev": "",
        "type": "act",
        "at": "2026-11-23T12:00:00.000001Z",
        "happened_at": "2026-11-23T12:00:00.000001Z",
        "actor": "officer:1",
        "request": "request-7",
        "software": f"saluran {VERSION}",
        "committed": {},
        "detail": {"amount": 100},
    }
    assert json.loads(found.entry) == found.record


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(0.1, id="a float"),
        pytest.param({"deep": [1, {"x": 2.0}]}, id="a float deep inside"),
        pytest.param(datetime(2026, 11, 22, tzinfo=UTC), id="a moment"),
        pytest.param(b"x", id="bytes"),
    ],
)
def test_what_has_no_single_spelling_is_refused(world: World, value: Any) -> None:
    stream = Stream()
    with pytest.raises(TypeError, match="An event holds no"), transaction():
        record(stream, entry(value=value))
    assert (stream.trail_seq, events_of("TRAIL-1")) == (0, [])


def test_a_private_value_is_only_committed_to(world: World) -> None:
    with transaction():
        made = record(Stream(), Entry("act", "officer:1", {}, private={"note": "A secret."}))
    found = event(made.id)
    (kept,) = disclosures_of(["TRAIL-1"])
    assert found is not None
    assert "A secret." not in found.entry
    assert found.disclosed == {"note": "A secret."}
    assert found.record["committed"] == {"note": commitment(kept.salt, "A secret.")}


def test_equal_private_values_have_different_commitments(world: World) -> None:
    stream = Stream()
    with transaction():
        for _ in range(2):
            record(stream, Entry("act", "officer:1", {}, private={"note": "Same."}))
    first, second = (fact.record["committed"]["note"] for fact in events_of("TRAIL-1"))
    assert first != second


def test_event_and_work_are_kept_together_or_not_at_all(world: World) -> None:
    before = waiting()

    def fail_half_way() -> None:
        with transaction():
            record(Stream(), entry("letter", "schedule"))
            record(Stream("TRAIL-2"), entry(amount=0.5))

    with pytest.raises(TypeError):
        fail_half_way()
    assert (events_of("TRAIL-1"), waiting()) == ([], before)
    assert "outbox" not in db.session.info


def test_an_event_promises_each_work_once(world: World) -> None:
    with transaction():
        made = record(Stream(), entry("letter", "schedule"))
    promised = db.session.scalars(select(OutboxEntry).where(OutboxEntry.event_id == made.id)).all()
    assert {row.key for row in promised} == {f"{made.hash}:letter", f"{made.hash}:schedule"}
    assert [row.args for row in promised] == [{"n": 1, "event_id": made.id}] * 2


def test_the_same_place_in_a_trail_is_taken_once(world: World) -> None:
    with transaction():
        record(Stream(), entry(a=1))
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        record(Stream(), entry(a=2))
    assert [fact.record["a"] for fact in events_of("TRAIL-1")] == [1]


# The outbox


def test_an_entry_is_leased_to_one_job(work: int, days: Days) -> None:
    first = claim(work, lease_seconds=30)
    assert first is not None
    assert (first.duty, first.args["n"]) == ("letter", 1)
    assert claim(work, lease_seconds=30) is None
    assert outbox(work).attempts == 1


def test_a_lease_that_ran_out_is_given_to_another_job(work: int, days: Days) -> None:
    lost = claim(work, lease_seconds=30)
    days.moment("2026-11-23T12:00:31", "UTC")
    found = claim(work, lease_seconds=30)
    assert lost is not None
    assert found is not None
    assert found.token != lost.token
    assert [finish(lost), finish(found)] == [False, True]
    assert outbox(work).state == "done"


def test_what_is_done_is_not_done_again(work: int, days: Days) -> None:
    found = claim(work, lease_seconds=30)
    assert found is not None
    assert [finish(found), finish(found)] == [True, False]
    days.moment("2026-11-24T12:00:00", "UTC")
    assert claim(work, lease_seconds=30) is None
    assert outbox(work).done_at is not None


def test_nobody_finishes_with_a_token_of_their_own(work: int) -> None:
    assert claim(work, lease_seconds=30) is not None
    forged = Claim(work, "0" * 32, "letter", {})
    assert [finish(forged), give_back(forged, "forged")] == [False, False]
    assert (outbox(work).state, outbox(work).error) == ("ready", None)


def test_what_was_given_back_is_tried_again_and_says_why(work: int) -> None:
    found = claim(work, lease_seconds=30)
    assert found is not None
    assert give_back(found, "x" * 900)
    assert outbox(work).error == "x" * 500
    assert claim(work, lease_seconds=30) is not None


def test_what_was_tried_too_often_is_dead(work: int) -> None:
    for _ in range(MOST_ATTEMPTS):
        found = claim(work, lease_seconds=30)
        assert found is not None
        give_back(found, "It fails.")
    assert outbox(work).state == "dead"
    assert claim(work, lease_seconds=30) is None


def test_a_wake_up_is_due_later_and_later(work: int, days: Days) -> None:
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    pauses = []
    for sends in range(6):
        assert work not in dict(woken(resend_seconds=5))
        wait = outbox(work).send_after - start
        days.moment((start + wait + timedelta(seconds=1)).isoformat()[:19], "UTC")
        before = outbox(work).send_after
        assert dict(woken(resend_seconds=5))[work] == sends + 1
        pauses.append((outbox(work).send_after - before).total_seconds() // 1 - 1)
    assert [round(pause) for pause in pauses] == [5, 10, 20, 40, 40, 40]


def test_what_is_done_is_not_due(work: int, days: Days) -> None:
    found = claim(work, lease_seconds=30)
    assert found is not None
    finish(found)
    days.noon("2026-11-24", "UTC")
    assert work not in dict(woken(resend_seconds=5))
