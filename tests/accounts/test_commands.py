"""People and their sessions: who may come in, and what is kept of it."""

import hashlib
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import commands, queries
from app.accounts.commands import Grant, NewPerson
from app.accounts.models import Interest, Person, SignIn
from app.db import db, transaction
from app.errors import Conflict, NotSignedIn
from tests.world import PASSWORD, World

WRONG = "The e-mail address or the password is not right."


def new(email: str = "new@world.example", *duties: str) -> NewPerson:
    return NewPerson(email, "New Person", "a long password", duties or ("assessor",))


def at_home(world: World, person: NewPerson) -> NewPerson:
    return NewPerson(**{**vars(person), "agency": world.desk.agency})


def test_a_person_is_registered(world: World) -> None:
    given = at_home(world, new("  New.Person@World.Example ", "assessor", "approver"))
    with transaction():
        person = commands.register(given)
    assert person.email == "new.person@world.example"
    assert person.duties == ["approver", "assessor"]
    assert person.password.startswith("$argon2id$")
    assert not person.applies
    assert person.mark == f"officer:{person.id}"


@pytest.mark.parametrize(
    "email",
    [
        pytest.param("desk.my@world.example", id="the same address"),
        pytest.param(" DESK.MY@World.Example ", id="the same address in other letters"),
    ],
)
def test_an_address_is_taken_once(world: World, email: str) -> None:
    with pytest.raises(Conflict, match="registered already"):
        commands.register(at_home(world, new(email)))


def test_a_duty_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="No such duty: chief, minister"):
        commands.register(at_home(world, new("x@world.example", "minister", "assessor", "chief")))


@pytest.mark.parametrize(
    ("agency", "enterprise"),
    [
        pytest.param(False, False, id="at home nowhere"),
        pytest.param(True, True, id="at home on both sides"),
    ],
)
def test_a_person_is_at_home_in_one_place(world: World, agency: bool, enterprise: bool) -> None:
    given = {
        **vars(new()),
        "agency": world.desk.agency if agency else None,
        "enterprise": world.applicant.enterprise if enterprise else None,
    }
    with pytest.raises(IntegrityError, match="one_home"), transaction():
        commands.register(NewPerson(**given))


# Signing in


def test_the_right_password_begins_a_session(world: World) -> None:
    with transaction():
        token, person = commands.sign_in(" Desk.MY@world.example", PASSWORD)
    found = queries.signed_in(token)
    assert found is not None
    assert found[1].id == person.id == world.desk.id
    assert found[0].token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("email", "password"),
    [
        pytest.param("desk.my@world.example", PASSWORD + "x", id="a wrong password"),
        pytest.param("desk.my@world.example", "", id="no password"),
        pytest.param("desk.my@world.example", PASSWORD.upper(), id="other letters"),
        pytest.param("nobody@world.example", PASSWORD, id="an unknown address"),
        pytest.param("", PASSWORD, id="no address"),
        pytest.param("auditor.my@world.example", PASSWORD, id="a person who has left"),
    ],
)
def test_whatever_is_wrong_is_told_in_the_same_words(
    world: World, email: str, password: str
) -> None:
    world.auditor.active = False
    db.session.flush()
    for command in (commands.sign_in, commands.verify):
        with pytest.raises(NotSignedIn) as caught:
            command(email, password)
        assert caught.value.detail == WRONG


def test_who_somebody_is_can_be_verified_without_a_session(world: World) -> None:
    assert commands.verify(" Desk.MY@world.example", PASSWORD) == world.desk
    assert db.session.scalar(select(func.count(SignIn.id))) == 0


def test_a_session_that_was_ended_stays_ended(world: World) -> None:
    with transaction():
        token, _ = commands.sign_in("desk.my@world.example", PASSWORD)
        other, _ = commands.sign_in("desk.my@world.example", PASSWORD)
    session = queries.signed_in(token)
    assert session is not None
    with transaction():
        commands.sign_out(session[0])
    assert queries.signed_in(token) is None
    assert queries.signed_in(other) is not None


def test_whoever_leaves_is_signed_out(world: World) -> None:
    with transaction():
        token, person = commands.sign_in("desk.my@world.example", PASSWORD)
    person.active = False
    db.session.flush()
    assert queries.signed_in(token) is None


def test_a_token_is_not_kept_and_not_guessed(world: World) -> None:
    with transaction():
        token, _ = commands.sign_in("desk.my@world.example", PASSWORD)
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert queries.signed_in(digest) is None
    assert queries.signed_in("") is None


# Interests, kept answers


def test_an_interest_is_declared_once(world: World) -> None:
    enterprise = world.applicant.enterprise_id
    assert enterprise is not None
    commands.declare_interest(world.assessor, enterprise, "A cousin.")
    commands.declare_interest(world.assessor, enterprise, "A cousin again.")
    found = select(Interest.reason).where(Interest.person_id == world.assessor.id)
    assert list(db.session.scalars(found)) == ["A cousin."]


def test_an_answer_is_kept_once_for_a_person_and_a_key(world: World) -> None:
    with transaction():
        commands.remember(world.desk, "key-12345", "ab" * 32, 200, {"state": "screening"})
        commands.remember(world.desk_two, "key-12345", "cd" * 32, 201, {})
    kept = queries.answered(world.desk, "key-12345")
    assert kept is not None
    assert (kept.status, kept.body, kept.request_sha256) == (200, {"state": "screening"}, "ab" * 32)
    with pytest.raises(IntegrityError), transaction():
        commands.remember(world.desk, "key-12345", "ef" * 32, 200, {})


# Authority


GIVEN = Grant("MY-BAP", "MYR", 500_00, "Order 1", date(2026, 3, 1), date(2026, 3, 31))


def limit(person: Person, day: str, scheme: str = "MY-BAP", currency: str = "MYR") -> int | None:
    on = date.fromisoformat(day)
    found = queries.authority(person.id, queries.Sought(scheme, currency, on))
    return found.limit_minor if found else None


@pytest.mark.parametrize(
    ("day", "scheme", "currency", "expected"),
    [
        pytest.param("2026-03-01", "MY-BAP", "MYR", 500_00, id="on its first day"),
        pytest.param("2026-03-31", "MY-BAP", "MYR", 500_00, id="on its last day"),
        pytest.param("2026-02-28", "MY-BAP", "MYR", None, id="not the day before"),
        pytest.param("2026-04-01", "MY-BAP", "MYR", None, id="not the day after"),
        pytest.param("2026-03-15", "MY-OTHER", "MYR", None, id="not for another scheme"),
        pytest.param("2026-03-15", "MY-BAP", "USD", None, id="not in another currency"),
    ],
)
def test_an_authority_is_in_force(
    world: World, day: str, scheme: str, currency: str, expected: int | None
) -> None:
    commands.authorise(world.desk, GIVEN)
    db.session.flush()
    assert limit(world.desk, day, scheme, currency) == expected
    assert limit(world.desk_two, day, scheme, currency) is None


def test_of_several_authorities_the_widest_counts(world: World) -> None:
    for minor in (300_00, 700_00, 500_00):
        commands.authorise(world.desk, Grant(**{**vars(GIVEN), "limit_minor": minor}))
    db.session.flush()
    assert limit(world.desk, "2026-03-15") == 700_00
