"""The operators' commands, as ``flask`` runs them."""

import json
from contextvars import Context
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import func, select, text

from app import clock
from app.accounts.models import Agency, Authority, Enterprise, Interest, Person
from app.db import db
from tests.factories import let_clocks_run_out
from tests.journeys.road import do_all_work
from tests.world import World

PEOPLE = """
[[agencies]]
code = "TH-EX"
name = "Example agency"
country = "VN"
address = "1 Example Road"
contact = "office@example.example"
account = {name = "Account", town = "Town", number = "1", bic = "CONTTHBKXXX"}
[[enterprises]]
country = "VN"
registry_number = "0099900060"
name = "Example Co., Ltd."
language = "th"
address = "2 Example Road"
[[people]]
email = "A.Owner@example.example"
name = "An Owner"
password = "invented-word"
duties = ["applicant"]
enterprise = "0099900060"
[[people]]
email = "approver@example.example"
name = "An Approver"
password = "invented-word"
duties = ["approver"]
agency = "TH-EX"
authorities = [
    {scheme = "MY-BAP", currency = "MYR", limit = "1,000.50", instrument = "Order 1", valid_from = 2026-01-01, valid_to = 2026-12-31},
]
"""


def run(world: World, *words: str) -> Result:
    """Run a command in the world of the test, with a database session of its own."""
    db.session.remove()
    runner = world.app.test_cli_runner()
    return Context().run(runner.invoke, args=list(words))


def counts() -> tuple[int, ...]:
    """Return how many agencies, enterprises, people and authorities there are."""
    return tuple(
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Agency, Enterprise, Person, Authority)
    )


def written(folder: Path, content: str) -> str:
    """Write a file and return its name."""
    path = folder / "file.toml"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_people_are_loaded_with_their_homes_and_authorities(world: World, tmp_path: Path) -> None:
    before = counts()
    answer = run(world, "people", "load", written(tmp_path, PEOPLE))
    assert (answer.exit_code, answer.output) == (0, "2 people are registered.\n")
    assert counts() == tuple(n + more for n, more in zip(before, (1, 1, 2, 1), strict=True))
    found = db.session.scalars(
        select(Person).where(Person.email == "a.owner@example.example")
    ).one()
    assert found.enterprise is not None
    assert found.enterprise.name == "Example Co., Ltd."
    assert "invented-word" not in found.password
    limit = select(Authority.limit_minor).order_by(Authority.id.desc())
    assert db.session.scalars(limit).first() == 100_050


def test_more_people_join_an_agency_and_are_kept_from_their_own_enterprises(
    world: World, tmp_path: Path
) -> None:
    joining = """
[[enterprises]]
country = "VN"
registry_number = "0099900078"
name = "Sister Co., Ltd."
language = "th"
address = "3 Example Road"
[[people]]
email = "late@example.example"
name = "A Late Comer"
password = "invented-word"
duties = ["approver"]
agency = "MY-SMECORP"
related = ["0099900078"]
authorities = [
    {scheme = "MY-BAP", currency = "MYR", limit = "10", instrument = "Charter", body = "Grants committee", valid_from = 2026-01-01, valid_to = 2026-12-31},
]
"""
    answer = run(world, "people", "load", written(tmp_path, joining))
    assert answer.exit_code == 0, answer.output
    found = db.session.scalars(select(Person).where(Person.email == "late@example.example")).one()
    assert found.agency_id == world.desk.agency_id
    kept = db.session.scalars(select(Interest).where(Interest.person_id == found.id)).one()
    assert (kept.kind, kept.case) == ("related_party", "")
    held = db.session.scalars(select(Authority).where(Authority.person_id == found.id)).one()
    assert (held.body, held.duty) == ("Grants committee", "approver")


MISTAKES = {
    "an enterprise of one's own that nobody knows": PEOPLE.replace(
        'agency = "TH-EX"\n', 'agency = "TH-EX"\nrelated = ["nothing"]\n'
    ),
    "an address that is taken": PEOPLE.replace("approver@", "desk.my@").replace(
        "example.example", "world.example"
    ),
    "an address twice in the file": PEOPLE.replace("approver@", "a.owner@"),
    "a duty nobody knows": PEOPLE.replace('["approver"]', '["king"]'),
    "a person without a home": PEOPLE.replace('agency = "TH-EX"\n', ""),
    "an agency that is not in the file": PEOPLE.replace('agency = "TH-EX"', 'agency = "TH-NO"'),
    "an agency of a country that is not served": PEOPLE.replace('country = "VN"', 'country = "XX"'),
    "no password": PEOPLE.replace(
        'password = "invented-word"\nduties = ["approver"]', "duties = []"
    ),
    "an authority over an amount in words": PEOPLE.replace("1,000.50", "a lot"),
    "an authority in a currency nobody knows": PEOPLE.replace('"MYR"', '"XXX"'),
    "not TOML": PEOPLE + "\n[[people",
    "an agency with a key nobody knows": PEOPLE.replace('code = "TH-EX"', 'code = "TH-EX"\nx = 1'),
}


@pytest.mark.parametrize("content", MISTAKES.values(), ids=MISTAKES.keys())
def test_a_people_file_with_a_mistake_loads_nobody(world, tmp_path, content) -> None:
    before = counts()
    answer = run(world, "people", "load", written(tmp_path, content))
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: "), "a sentence, not a traceback"
    db.session.remove()
    assert counts() == before


def test_a_trail_that_holds(world: World) -> None:
    world.at("offered")
    answer = run(world, "trail", "verify")
    assert answer.exit_code == 0
    assert "events of 1 streams: every chain holds, and the tree of" in answer.output


TAMPERED = {
    "an event was edited": (
        'UPDATE event SET entry = replace(entry, \'"duty":"approver"\', \'"duty":"releaser"\') '
        "WHERE kind = 'approve'",
        "the record does not match its hash",
    ),
    "an event is gone": ("DELETE FROM event WHERE kind = 'take_up'", "expected event 2"),
    "the last event is gone": (
        "DELETE FROM event WHERE kind = 'accept'",
        "remembers another end of its trail",
    ),
    "who acted was changed": (
        "UPDATE event SET actor = 'officer:999' WHERE kind = 'pass'",
        "the columns do not match the record",
    ),
    "a disclosed note was changed": (
        "UPDATE disclosure SET field = 'note' WHERE field = 'comment'",
        "the disclosed note cannot be opened",
    ),
}


@pytest.mark.parametrize(("statement", "words"), TAMPERED.values(), ids=TAMPERED.keys())
def test_a_trail_somebody_tampered_with(world, database_kind, statement, words) -> None:
    world.at("accepted")
    _without_protection(database_kind, statement)
    answer = run(world, "trail", "verify")
    assert answer.exit_code == 1
    assert words in answer.output
    assert "breaks in" in answer.output


def _without_protection(kind: str, statement: str) -> None:
    """Do what only somebody with the rights of the database's owner can do; the test's savepoint undoes it."""
    if kind == "postgresql":
        # Triggers and foreign keys do not fire for a replica.
        protections = ["SET LOCAL session_replication_role = replica"]
    else:
        names = db.session.scalars(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('event', 'disclosure')"
            )
        )
        protections = [f"DROP TRIGGER {name}" for name in names]
        protections.append("PRAGMA defer_foreign_keys = ON")
    for protection in (*protections, statement):
        db.session.execute(text(protection))
    db.session.commit()


def test_the_outbox_is_shown_by_how_far_it_is(world: World) -> None:
    world.at("submitted")
    assert json.loads(run(world, "trail", "outbox").output) == {"ready": 1}
    do_all_work()
    assert json.loads(run(world, "trail", "outbox").output) == {"done": 1}


def test_only_offers_whose_last_day_is_over_lapse(world: World, tmp_path: Path) -> None:
    offered, accepted = world.at("offered"), world.at("accepted")
    file = tmp_path / "days"
    clock.rehearse(file)
    try:
        lapsed = []
        for days in (0, 30, 31, 32):
            file.write_text(str(days), encoding="ascii")
            db.session.remove()
            lapsed.append(let_clocks_run_out())
    finally:
        clock.rehearse(None)
    assert sum(lapsed) == 1
    assert lapsed[:2] == [0, 0]
    assert (world.case(offered).state, world.case(accepted).state) == ("lapsed", "accepted")


def test_a_command_that_is_none_says_how_to_ask(world: World) -> None:
    assert run(world, "trail", "erase").exit_code == 2
    assert "verify" in run(world, "trail", "--help").output
