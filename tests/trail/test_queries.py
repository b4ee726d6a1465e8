"""Proving the trail: whatever is done to it behind the program's back is found, with its place."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from app.applications.queries import heads
from app.db import db
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.trail.compose import Opened, new_key, place, seal
from app.trail.models import Disclosure, DisclosureKey
from app.trail.queries import (
    Break,
    breaks,
    disclosures_of,
    event,
    events_in_order,
    events_of,
)
from tests.world import World
from workflows.evidence.chain import commitment, leaf_hash

RECORD, ORDER = "the record does not match its hash", "expected event 2"
FOLLOW = "the record does not follow the one before it"
COLUMNS, END = "the columns do not match the record", "the case remembers another end of its trail"


def sql(statement: str, **values: object) -> None:
    db.session.execute(text(statement), values)


@pytest.fixture
def case(world: World) -> str:
    """Return a case with three events, the last with a note, on a database that lets itself be tampered with."""
    reference = world.at("screening")
    said = Reasoned(note="Read with care.")
    world.do(reviews.move, reference, said, act="pass", actor=world.desk)
    assert list(breaks(heads())) == []
    if db.session.connection().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            sql(f"DROP TRIGGER event_no_{act}")
    else:
        sql("ALTER TABLE event DISABLE TRIGGER USER")
    return reference


def edit(case: str) -> None:
    change = "UPDATE event SET entry = replace(entry, 'submitted', 'completed') WHERE seq = 2"
    sql(f"{change} AND stream = :case", case=case)


def edit_and_hash(case: str) -> None:
    edit(case)
    forged = leaf_hash(events_of(case)[1].entry)
    sql("UPDATE event SET hash = :new WHERE stream = :case AND seq = 2", new=forged, case=case)


def take_out(case: str) -> None:
    sql("DELETE FROM event WHERE stream = :case AND seq = 2", case=case)


def swap(case: str) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        change = "UPDATE event SET seq = :new WHERE stream = :case AND seq = :old"
        sql(change, case=case, old=old, new=new)


def unguard(table: str, trigger: str) -> None:
    if db.session.connection().dialect.name == "sqlite":
        sql(f"DROP TRIGGER {table}_{trigger}")
    else:
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def cut_the_tail(case: str) -> None:
    forget_the_note(case)
    sql("DELETE FROM event WHERE stream = :case AND seq = 3", case=case)


def add_to_the_tail(case: str) -> None:
    last = events_of(case)[-1]
    forged = last.entry.replace('"seq":3', '"seq":4').replace(last.record["prev"], last.hash)
    sql(
        "INSERT INTO event (stream, seq, kind, at, actor, entry, hash) "
        "SELECT stream, 4, kind, at, actor, :entry, :hash FROM event WHERE id = :id",
        entry=forged,
        hash=leaf_hash(forged),
        id=last.id,
    )


def change_the_note(case: str) -> None:
    key = db.session.execute(select(DisclosureKey.key)).scalar_one()
    last = events_of(case)[-1]
    sealed = seal(key, place(last.hash, "note"), Opened("00" * 32, "Not read."))
    unguard("disclosure", "no_UPDATE")
    sql("UPDATE disclosure SET sealed = :sealed", sealed=sealed)


def swap_the_key(_case: str) -> None:
    unguard("disclosure_key", "no_UPDATE")
    sql("UPDATE disclosure_key SET key = :key", key=new_key())


def forget_the_note(_case: str) -> None:
    unguard("disclosure", "DELETE_unless")
    sql("DELETE FROM disclosure")


def change_the_actor(case: str) -> None:
    sql("UPDATE event SET actor = 'officer:999' WHERE stream = :case AND seq = 2", case=case)


def change_the_moment(case: str) -> None:
    moment = "(SELECT opens_at FROM call WHERE code = 'MY-BAP-2026')"
    sql(f"UPDATE event SET at = {moment} WHERE stream = :case AND seq = 2", case=case)  # noqa: S608 - our own text


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        pytest.param(edit, {(2, RECORD)}, id="a record is edited"),
        pytest.param(edit_and_hash, {(3, FOLLOW)}, id="a record is edited with its hash"),
        pytest.param(take_out, {(3, ORDER), (3, FOLLOW)}, id="an event is taken out"),
        pytest.param(
            swap,
            {(2, "expected event 4"), (3, ORDER), (3, END)},
            id="two events change places",
        ),
        pytest.param(cut_the_tail, {(3, END)}, id="the tail is cut off"),
        pytest.param(
            add_to_the_tail,
            {(3, END), (0, "values are gone (1), and no event says that they were erased")},
            id="an event is added by hand",
        ),
        pytest.param(
            change_the_note,
            {(3, "the disclosed note is not what was committed to")},
            id="a disclosed value is changed",
        ),
        pytest.param(
            swap_the_key,
            {(3, "the disclosed note cannot be opened")},
            id="the key of what is disclosed is changed",
        ),
        pytest.param(
            forget_the_note,
            {(0, "values are gone (1), and no event says that they were erased")},
            id="a disclosed value is taken away",
        ),
        pytest.param(change_the_actor, {(2, COLUMNS)}, id="an event is put on somebody else"),
        pytest.param(change_the_moment, {(2, COLUMNS)}, id="an event is dated back"),
    ],
)
def test_tampering_is_found(
    case: str, tamper: Callable[[str], None], found: set[tuple[int, str]]
) -> None:
    tamper(case)
    broken = list(breaks(heads()))
    assert {place.stream for place in broken} == {case}
    assert {(place.seq, place.what) for place in broken} == found


def test_without_the_ends_a_cut_tail_cannot_be_seen(case: str) -> None:
    cut_the_tail(case)
    assert list(breaks()) == []


def test_a_trail_that_is_gone_is_missed(case: str) -> None:
    remembered = {case: heads()[case], "MY-BAP-2026-99999": (3, "ab" * 32)}
    assert list(breaks(remembered)) == [Break("MY-BAP-2026-99999", 3, END)]


def test_what_is_disclosed_is_kept_under_the_key_of_the_stream(case: str) -> None:
    kept = b"".join(db.session.scalars(select(Disclosure.sealed)))
    assert b"Read with care." not in kept
    (found,) = disclosures_of([case])
    assert (found.stream, found.seq, found.field, found.value) == (
        case,
        3,
        "note",
        "Read with care.",
    )
    committed = events_of(case)[2].record["committed"]["note"]
    assert commitment(found.salt, found.value) == committed
    assert list(disclosures_of([])) == []


def test_events_are_read_with_what_they_disclose(case: str) -> None:
    facts = events_of(case)
    assert [fact.kind for fact in facts] == ["submit", "take_up", "pass"]
    assert [fact.disclosed for fact in facts] == [{}, {}, {"note": "Read with care."}]
    assert event(facts[2].id) == facts[2]
    assert event(0) is None


def test_events_come_in_the_order_of_their_recording(world: World) -> None:
    first, second = world.at("submitted"), world.at("submitted")
    world.do(reviews.move, first, Reasoned(), act="take_up", actor=world.desk)
    wanted = [(first, 1), (second, 1), (first, 2)]
    assert [(f.stream, f.seq) for f in events_in_order([first, second])] == wanted
    assert [(f.stream, f.seq) for f in events_in_order([second])] == [(second, 1)]
    assert list(events_in_order([])) == []
