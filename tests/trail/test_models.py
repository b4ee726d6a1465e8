"""What a decision rests on is never changed or deleted: the database itself refuses it."""

import importlib.util
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.accesslog.models import AccessEntry
from app.accounts.models import Mandate
from app.analysis.models import Sample
from app.applications.commands import declare
from app.applications.models import Application, Participation
from app.audit.models import Bundle
from app.checkpoints.models import Checkpoint, Cosignature, StreamHead, Tile
from app.consents.models import Consent
from app.db import Model, db, transaction
from app.decisions.models import Decision, Voiding
from app.delegations.models import Delegation
from app.intake.models import Batch, PaperFiling
from app.rates.models import ExchangeRate
from app.referrals.models import Referral
from app.registry.models import Certificate, RegistryCheck
from app.retention.models import Erasure, ErasureProposal, LegalHold
from app.schemes.models import WorkflowMigration, WorkflowProposal, WorkflowVersion
from app.trail.queries import events_of
from config import ROOT
from tests.answers import LOAN
from tests.factories import do_the_work, rows
from tests.world import World

# These may be deleted: sessions and kept answers grow old.
FREE = {"answered", "sign_in"}


def protected(kind: str) -> tuple[str, ...]:
    """Return the tables that a migration protects in one of the two ways."""
    found: list[str] = []
    for file in sorted(Path(ROOT, "migrations/versions").glob("[0-9]*.py")):
        spec = importlib.util.spec_from_file_location(file.stem, file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += getattr(module, kind, ())
    return tuple(found)


UNCHANGEABLE = protected("UNCHANGEABLE")
UNDELETABLE = protected("UNDELETABLE")


def answer(statement: str) -> str:
    """Return what the database answers to a statement: the error's first line, or that it did it."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig).split("\n", maxsplit=1)[0]
    return "done"


@pytest.fixture
def full(world: World) -> World:
    """Return a world with at least one row in every table that a decision rests on."""
    reference = world.at("disbursing", LOAN)
    for number in (1, 2):
        world.tranche_to(reference, number, "paid")
    with transaction():
        declare(reference, "A cousin works there.", actor=world.auditor)
        db.session.add_all(rare(world, world.case(reference)))
    assert set(do_the_work()) == {"done"}
    other = world.case(world.at("submitted"))
    with transaction():
        db.session.add_all(of_the_tree(world, events_of(reference)[0].id))
        db.session.add_all(of_retention(world, other))
        db.session.add_all(of_paper(world, other))
    fill_the_rest()
    return world


# Where a row of a kind of its own would break a rule of its table.
ALLOWED: dict[str, dict[str, Any]] = {
    "approval": {"person_id": 2},
    "bank_line": {"state": "waiting"},
    "budget_transfer": {"target_id": 2, "outcome": "open"},
    "claim": {"kind": "costs", "share_pct": "50"},
    "claim_finding": {"outcome": "accepted"},
    "claim_settlement": {"share_minor": 3},
}


def fill_the_rest() -> None:
    """Give every protected table that is still empty a row, whatever it refers to: what is tried here is its triggers."""
    postgresql = db.session.connection().dialect.name == "postgresql"
    db.session.execute(
        text(
            "SET session_replication_role = replica"
            if postgresql
            else "PRAGMA defer_foreign_keys = ON"
        )
    )
    for name in (*UNCHANGEABLE, *UNDELETABLE):
        table = Model.metadata.tables[name]
        if not db.session.scalar(select(func.count()).select_from(table)):
            row = {column.name: some(column) for column in table.columns if not column.nullable}
            db.session.execute(insert(table).values(row | ALLOWED.get(name, {})))
    if postgresql:
        db.session.execute(text("SET session_replication_role = origin"))


def some(column: Column[Any]) -> Any:
    """Return any value that a column takes."""
    kind = (
        dict
        if isinstance(column.type, JSON)
        else getattr(column.type, "impl", column.type).python_type
    )
    made = {int: 1, str: "x", bytes: b"", bool: False, dict: {}}
    return clock.now() if kind is datetime else clock.now().date() if kind is date else made[kind]


def rare(world: World, case: Application) -> list[Any]:
    """Return a row for each table that no step of this case writes."""
    agency, one, other = world.desk.agency_id, world.designer.id, world.designer_two.id
    event = events_of(case.reference)[0].id
    digests = list(db.session.scalars(select(WorkflowVersion.digest).limit(2)))
    at, day = clock.now(), clock.now().date()
    other_agency = world.person("desk.my").agency_id
    consent = Consent(
        enterprise_id=case.enterprise_id,
        agency_id=agency,
        scope=["refer"],
        given_by=case.applicant_id,
        given_at=at,
        valid_to=day,
    )
    db.session.add(consent)
    db.session.flush()
    return [
        Referral(
            enterprise_id=case.enterprise_id, from_agency_id=agency, to_agency_id=other_agency, consent_id=consent.id,
            reason="", made_by=one, made_at=at,
        ),
        Voiding(decision_id=rows(Decision, case)[0].id, event_id=event),
        Participation(application_id=case.id, agency_id=agency, institution="guarantor"),
        Delegation(
            giver_id=one, taker_id=other, duty="scheme_designer", scheme_code="", reason="Leave.",
            valid_from=day, valid_to=day, event_id=event,
        ),
        WorkflowProposal(
            agency_id=agency, name="small", version=1, digest="0" * 64, source="", author_id=one,
            proposed_at=at, outcome="open", note="",
        ),
        WorkflowMigration(
            agency_id=agency, from_digest=digests[0], to_digest=digests[1], states={}, reason="",
            author_id=one, planned_at=at,
        ),
        RegistryCheck(
            enterprise_id=case.enterprise_id, outcome="verified", source="Search", note="", checked_by=one, at=at
        ),
        Certificate(
            enterprise_id=case.enterprise_id, course="credit", holder="", issuer="Institute", number="1", issued_on=day,
            recorded_by=one, recorded_at=at,
        ),
        ExchangeRate(currency="LAK", on_day=day, units="21650", source="A bank", recorded_at=at),
    ]  # fmt: skip


def of_retention(world: World, case: Application) -> list[Any]:
    """Return rows about how long another case is kept, and who looked at it."""
    event = events_of(case.reference)[0].id
    proposal = ErasureProposal(
        application_id=case.id, ground="request", law="A law", proposed_by=world.desk.id,
        proposed_at=clock.now(), outcome="open",
    )  # fmt: skip
    db.session.add(proposal)
    db.session.flush()
    return [
        Erasure(
            application_id=case.id, event_id=event, law="A law", erased_by=world.desk_two.id, at=clock.now()
        ),
        LegalHold(
            application_id=case.id, law="A law", reason="A claim.", placed_by=world.desk.id, placed_at=clock.now()
        ),
        AccessEntry(
            at=clock.now(), person_id=world.desk.id, case=case.reference, what="a page", ground="", request="1"
        ),
    ]  # fmt: skip


def of_paper(world: World, case: Application) -> list[Any]:
    """Return rows about a case that came on paper."""
    event, at, desk = events_of(case.reference)[0].id, clock.now(), world.desk.id
    batch = Batch(
        agency_id=case.agency_id, call_id=case.call_id, filename="papers.csv", sha256="0" * 64, content=b"", event_id=event,
        asked_by=desk, asked_at=at,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    return [
        PaperFiling(
            application_id=case.id, call_id=case.call_id, paper_reference="P-1", batch_id=batch.id, row=2, received_at=at,
            archive="", documents={}, lodged_by=desk,
        )
    ]  # fmt: skip


def of_the_tree(world: World, event: int) -> list[Any]:
    """Return rows about the tree, and about what auditors ask for."""
    at, person = clock.now(), world.auditor.id
    return [
        Checkpoint(size=10**9, root="0" * 64, note="", peaks=[], at=at),
        Tile(level=9, number=0, hashes=b"", root=b""),
        Cosignature(size=10**9, witness="w", line="", at=at),
        StreamHead(stream="x", agency="", seq=1, hash="0" * 64),
        Mandate(person_id=person, instrument="A letter", valid_from=at.date(), valid_to=at.date()),
        Sample(
            person_id=person, asked={}, seed="", population=0, population_sha256="", cases=[], event_id=event, at=at
        ),
        Bundle(person_id=person, scope={}, event_id=event, asked_at=at),
    ]  # fmt: skip


def test_every_table_is_guarded_or_free_by_name(world: World) -> None:
    tables = {table.name for table in Model.metadata.sorted_tables}
    assert {*UNCHANGEABLE, *UNDELETABLE} | FREE == tables


def test_no_row_of_any_of_them_is_changed_or_deleted(full: World) -> None:
    answers = {}
    for table in (*UNCHANGEABLE, *UNDELETABLE):
        assert db.session.scalar(text(f"SELECT count(*) FROM {table}")), table  # noqa: S608 - names of ours
        answers[table, "delete"] = answer(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    for table in UNCHANGEABLE:
        column = Model.metadata.tables[table].primary_key.columns.keys()[0]
        answers[table, "update"] = answer(f"UPDATE {table} SET {column} = {column}")  # noqa: S608 - names of ours
    assert answers == {(table, act): f"{table} is never {act}d" for table, act in answers}


def test_nothing_is_emptied_at_once(world: World) -> None:
    if db.session.connection().dialect.name == "sqlite":
        # SQLite has no TRUNCATE: its DELETE without a condition is refused like any other.
        assert "syntax error" in answer("TRUNCATE TABLE event")
        return
    tables = (*UNCHANGEABLE, *UNDELETABLE)
    answers = {table: answer(f"TRUNCATE TABLE {table} CASCADE") for table in tables}
    assert all(found.endswith("is never truncated") for found in answers.values()), answers


def test_a_statement_that_finds_no_row_is_refused_where_the_database_can(world: World) -> None:
    refused = answer("DELETE FROM event WHERE id = 0")
    expected = {"sqlite": "done", "postgresql": "event is never deleted"}
    assert refused == expected[db.session.connection().dialect.name]
