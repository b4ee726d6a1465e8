"""What officers record of an enterprise: by whom, under which rules, and what of it is on the trail of the agency."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.applications.commands import declare
from app.audit.queries import verify
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Missing
from app.registry import commands, queries
from app.registry.commands import Looked, Passed
from app.registry.models import Certificate, RegistryCheck
from app.submissions.queries import checks
from app.trail.queries import events_of
from tests.factories import invalid
from tests.registry.asking import COURSE, ISSUER, asking, certify, home, look, today
from tests.retention.kept import declined, erase
from tests.world import World
from workflows.evidence.notices import OF_AN_AGENCY

STREAM = "agency:MY-SMECORP"
FOUND = Looked("verified", "Public search of the register")


@pytest.fixture
def seen(world: World) -> World:
    """Return the world with a case that officers of the agency see, under a scheme that asks."""
    asking(world, "looked_up")
    world.at("submitted")
    return world


def test_a_look_at_the_registry_is_on_the_trail_of_the_agency(seen: World) -> None:
    number = look(seen, "struck_off", actor=seen.assessor)
    check = db.session.get(RegistryCheck, number)
    assert check is not None
    assert (check.outcome, check.checked_by, check.note) == (
        "struck_off",
        seen.assessor.id,
        "Seen on the screen.",
    )
    event = events_of(STREAM)[-1]
    assert (event.kind, event.actor) == ("check_registry", seen.assessor.mark)
    assert event.record["detail"] == {
        "check": number,
        "enterprise": f"enterprise:{home(seen)}",
        "outcome": "struck_off",
        "source": "Public search of the register",
    }
    assert event.disclosed == {"note": "Seen on the screen."}


def test_a_certificate_is_recorded_and_revoked_once(seen: World) -> None:
    found = certify(seen)
    event = events_of(STREAM)[-1]
    assert (event.kind, event.record["detail"]["course"]) == ("record_certificate", COURSE)
    assert event.record["detail"]["issued_on"] == found.issued_on.isoformat()
    assert event.disclosed == {"number": "C-1"}
    assert "Somebody" not in event.entry
    with transaction():
        commands.revoke_certificate(home(seen), found.id, "It was lent.", actor=seen.desk_two)
    revoked = db.session.get(Certificate, found.id)
    assert revoked is not None
    assert (revoked.revoked_by, revoked.revoked_why) == (seen.desk_two.id, "It was lent.")
    assert queries.state_of(revoked, today()) == "revoked"
    event = events_of(STREAM)[-1]
    assert (event.kind, event.disclosed) == ("revoke_certificate", {})
    assert event.record["detail"]["certificate"] == found.id
    with pytest.raises(Conflict, match="revoked before"):
        commands.revoke_certificate(home(seen), found.id, "Again.", actor=seen.desk)
    with pytest.raises(Missing, match="no such certificate"):
        commands.revoke_certificate(home(seen), found.id + 1, "Why.", actor=seen.desk)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        pytest.param(
            {"course": "juggling"}, {"course": ["No scheme asks for this course."]},
            id="a course nobody asks for",
        ),
        pytest.param(
            {"issuer": "The Pub"},
            {"issuer": [f"This course is certified by {ISSUER}, Another Institute."]},
            id="an issuer who may not",
        ),
        pytest.param(
            {"issued_on": today() + timedelta(days=1)},
            {"issued_on": ["Enter a day that is not in the future."]}, id="issued tomorrow",
        ),
        pytest.param(
            {"expires_on": today() - timedelta(days=400)},
            {"expires_on": ["Enter a day that is not before the day of issue."]},
            id="over before it began",
        ),
        pytest.param(
            {"number": "C-1"}, {"number": [commands.RECORDED]}, id="recorded already"
        ),
        pytest.param(
            {"number": "C-1", "issuer": "Another Institute"}, {}, id="the number of another issuer"
        ),
    ],
)  # fmt: skip
def test_a_certificate_that_cannot_be(
    seen: World, changed: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    certify(seen)
    given = Passed(
        **{
            "course": COURSE,
            "holder": "Somebody",
            "issuer": ISSUER,
            "number": "C-2",
            "issued_on": today() - timedelta(days=365),
            **changed,
        }
    )
    if not wrong:
        assert commands.record_certificate(home(seen), given, actor=seen.desk).id
        return
    with invalid(*wrong) as errors:
        commands.record_certificate(home(seen), given, actor=seen.desk)
    assert errors == wrong


def test_everything_wrong_with_a_certificate_is_told_at_once(seen: World) -> None:
    certify(seen)
    given = Passed("none", "", ISSUER, "C-1", date(2090, 1, 1), date(2089, 1, 1))
    with invalid("course", "issued_on", "expires_on", "number"):
        commands.record_certificate(home(seen), given, actor=seen.desk)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        pytest.param("applicant.my", Forbidden, id="the enterprise itself"),
        pytest.param("rival.my", Missing, id="another enterprise"),
        pytest.param("desk.vn", Missing, id="an agency without a case of it"),
        pytest.param("auditor.my", Forbidden, id="an auditor only reads"),
        pytest.param("records.my", Forbidden, id="a records officer keeps records"),
        pytest.param("designer.my", Forbidden, id="a designer designs"),
        pytest.param("maker.my", None, id="a payment officer of the agency"),
    ],
)
def test_who_may_record(seen: World, name: str, error: type[Exception] | None) -> None:
    actor = seen.person(name)
    if error is None:
        assert commands.record_check(home(seen), FOUND, actor=actor).checked_by == actor.id
        return
    with pytest.raises(error):
        commands.record_check(home(seen), FOUND, actor=actor)
    assert queries.checks(home(seen)) == []


def test_whoever_declared_an_interest_knows_of_nothing(seen: World) -> None:
    reference = seen.at("submitted")
    with transaction():
        declare(reference, "A cousin works there.", actor=seen.desk)
    with pytest.raises(Missing):
        queries.known(home(seen), actor=seen.desk)
    assert queries.known(home(seen), actor=seen.desk_two).id == home(seen)


def test_what_was_recorded_can_be_proved(seen: World) -> None:
    found = certify(seen)
    look(seen, "verified")
    with transaction():
        commands.revoke_certificate(home(seen), found.id, "It was lent.", actor=seen.desk)
    kinds = [event.kind for event in events_of(STREAM)][-3:]
    assert kinds == ["record_certificate", "check_registry", "revoke_certificate"]
    assert set(kinds) <= OF_AN_AGENCY
    assert verify() == []


def test_an_erasure_of_the_last_case_takes_the_name_from_its_certificates(world: World) -> None:
    asking(world)
    reference, number = declined(world), home(world)
    found = certify(world)
    with transaction():
        commands.revoke_certificate(number, found.id, "Lent to a cousin.", actor=world.desk)
    erase(world, reference)
    (kept,) = queries.certificates(number)
    assert (kept.holder, kept.revoked_why) == ("", "")
    assert (kept.number, kept.issuer, kept.revoked_by) == ("C-1", ISSUER, world.desk.id)
    assert events_of(reference)[-1].record["detail"]["fields"]["certificates"] == 1
    assert not checks(world.case(reference))[0].facts


def test_before_anything_is_handed_in_officers_know_of_nothing(world: World) -> None:
    asking(world)
    world.draft()
    with pytest.raises(Missing):
        queries.known(home(world), actor=world.desk)
    assert queries.known(home(world), actor=world.applicant).registry_number == "201901000005"
