"""The database itself lets nothing go without an erasure of that very case, and no erasure while a hold stands."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app import clock
from app.db import db, transaction
from app.retention import commands
from app.retention.models import ErasureProposal
from app.trail.queries import events_of
from config import ROOT
from tests.factories import Days
from tests.retention.kept import ON_REQUEST, declined, erase
from tests.world import World

PDF = {"sqlite": "X''", "postgresql": "''::bytea"}


def answer(statement: str, **values: object) -> str:
    """Return what the database answers: the error's first line, or how many rows it did it to."""
    try:
        with db.session.begin_nested():
            return str(db.session.connection().execute(text(statement), values).rowcount)
    except DBAPIError as error:
        return str(error.orig).split("\n", maxsplit=1)[0]


def statements(case: int, reference: str, blob: str) -> dict[str, str]:
    """Return what an erasure does to the rows of a case, by hand."""
    events = f"SELECT id FROM event WHERE stream = '{reference}'"  # noqa: S608 - our own names
    attached = f"SELECT document_id FROM attachment WHERE application_id = {case}"  # noqa: S608
    return {
        "disclosure": f"DELETE FROM disclosure WHERE event_id IN ({events})",  # noqa: S608
        "disclosure_key": f"DELETE FROM disclosure_key WHERE stream = '{reference}'",  # noqa: S608
        "submission": f"UPDATE submission SET frozen = '{{}}' WHERE application_id = {case}",  # noqa: S608
        "letter": f"UPDATE letter SET pdf = {blob} WHERE application_id = {case}",  # noqa: S608
        "document": f"UPDATE document SET filename = '' WHERE id IN ({attached})",  # noqa: S608
    }


@pytest.fixture
def two(world: World) -> tuple[str, str]:
    """Return two ended cases of which the first is erased."""
    first, second = (declined(world, letters=True) for _ in range(2))
    erase(world, first)
    return first, second


def test_only_the_erased_case_lets_go(
    world: World, two: tuple[str, str], database_kind: str
) -> None:
    blob = PDF[database_kind]
    erased, kept = (statements(world.case(ref).id, ref, blob) for ref in two)
    answers = {table: answer(statement) for table, statement in kept.items()}
    refusals = {"D": "is never deleted", "U": "is never updated"}
    assert answers == {table: f"{table} {refusals[kept[table][0]]}" for table in kept}
    assert all(answer(statement).isdigit() for statement in erased.values())


REFUSED = {
    "a frozen copy is written anew": "UPDATE submission SET frozen = '[1]' WHERE application_id = :case",
    "its digest is changed": "UPDATE submission SET digest = 'x' WHERE application_id = :case",
    "the digest of a letter is changed": "UPDATE letter SET sha256 = 'x' WHERE application_id = :case",
    "a file is called otherwise": "UPDATE document SET filename = 'x'",
    "the row of a frozen copy is deleted": "DELETE FROM submission WHERE application_id = :case",
    "the row of a letter is deleted": "DELETE FROM letter WHERE application_id = :case",
    "the row of a document is deleted": "DELETE FROM document",
    "a disclosure is changed": "UPDATE disclosure SET field = 'x'",
    "a key is moved": "UPDATE disclosure_key SET stream = 'x'",
    "the erasure is deleted": "DELETE FROM erasure",
    "its law is changed": "UPDATE erasure SET law = 'x' WHERE application_id = :case",
}


def test_an_erasure_lets_nothing_else_happen(world: World, two: tuple[str, str]) -> None:
    case = world.case(two[0]).id
    for said, statement in REFUSED.items():
        act, *_, table = statement.replace("UPDATE ", "UPDATE FROM ").split(" ")[:3]
        values = {"case": case} if ":case" in statement else {}
        assert answer(statement, **values) == f"{table} is never {act.lower()}d", said


@pytest.mark.parametrize(
    ("held", "proposer", "eraser", "said"),
    [
        pytest.param(True, "records", "records_two", "a legal hold stands", id="a hold stands"),
        pytest.param(False, "records", "records", "an erasure takes two people", id="one person"),
        pytest.param(False, "", "records", "an erasure takes two people", id="nobody proposed"),
        pytest.param(False, "records", "records_two", "1", id="two people, no hold"),
    ],
)
def test_an_erasure_by_hand(world: World, held, proposer: str, eraser: str, said: str) -> None:
    reference = declined(world)
    case = world.case(reference).id
    with transaction():
        if held:
            commands.place_hold(reference, "Act", "A claim.", actor=world.records)
        if proposer:
            row = ErasureProposal(
                application_id=case,
                ground="request",
                law="Act",
                proposed_by=getattr(world, proposer).id,
                proposed_at=clock.now(),
                outcome="open",
            )
            db.session.add(row)
    insert = (
        "INSERT INTO erasure (application_id, event_id, law, erased_by, at) VALUES (:case, :event, 'Act', :by, "
        "CURRENT_TIMESTAMP)"
    )
    event = events_of(reference)[0].id
    assert answer(insert, case=case, event=event, by=getattr(world, eraser).id) == said


def test_a_document_two_cases_have_goes_with_the_second(world: World, two: tuple[str, str]) -> None:
    erased, kept = (world.case(reference) for reference in two)
    shared = f"SELECT document_id FROM attachment WHERE application_id = {kept.id}"  # noqa: S608 - our own names
    insert = "INSERT INTO attachment (application_id, document_id, kind) SELECT :case, document_id, kind FROM attachment"
    db.session.execute(text(f"{insert} WHERE application_id = {kept.id}"), {"case": erased.id})
    statement = f"UPDATE document SET filename = '' WHERE id IN ({shared})"  # noqa: S608
    assert answer(statement) == "document is never updated"
    with transaction():
        commands.propose(two[1], ON_REQUEST, actor=world.records)
    with transaction():
        commands.erase(two[1], actor=world.records_two)
    assert answer(statement).isdigit()


def test_looks_go_only_when_they_are_old(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = "INSERT INTO access_entry (at, person_id, what, ground, request) VALUES (:at, :person, 'x', 'y', 'z')"
    days = Days(monkeypatch)
    for day in ("2020-01-01", "2026-11-01"):
        days.noon(day)
        moment = clock.now().replace(tzinfo=None) if _sqlite() else clock.now()
        db.session.execute(text(insert), {"at": str(moment), "person": world.desk.id})
    assert (
        answer("DELETE FROM access_entry WHERE at > '2026-01-01'")
        == "access_entry is never deleted"
    )
    assert answer("UPDATE access_entry SET ground = ''") == "access_entry is never updated"
    assert answer("DELETE FROM access_entry WHERE at < '2021-01-01'") == "1"


def _sqlite() -> bool:
    return db.session.connection().dialect.name == "sqlite"


def test_the_applications_role_can_do_what_an_erasure_does(world: World) -> None:
    reference = declined(world)
    if not _sqlite():
        statements = (ROOT / "deploy" / "grants.sql").read_text(encoding="utf-8")
        connection = db.session.connection()
        connection.execute(text("CREATE ROLE saluran_app"))
        connection.execute(text(statements))
        connection.execute(text("SET LOCAL ROLE saluran_app"))
    erase(world, reference)
    assert world.case(reference).erased_at is not None
