"""What is known of an enterprise as a rule asks for it: certificates on a day, what the registry said last."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.registry.models import Certificate
from app.registry.queries import certified, facts_of, state_of
from app.schemes.compose.terms import Course
from app.schemes.queries import terms
from tests.registry.asking import asking, certify, home, look, today
from tests.world import World

COURSE = Course("credit", "Course on credit", ("Institute", "Academy"), valid_months=12)
DAY = date(2026, 11, 22)


def held(issued: str, expires: str = "", **more: Any) -> Certificate:
    values = {
        "course": "credit",
        "issuer": "Institute",
        "number": "1",
        "holder": "Somebody",
        **more,
    }
    until = date.fromisoformat(expires) if expires else None
    return Certificate(issued_on=date.fromisoformat(issued), expires_on=until, **values)


REVOKED = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("certificates", "fact"),
    [
        pytest.param([], "none", id="nobody has passed it"),
        pytest.param([held("2026-11-22")], "valid", id="issued on the day itself"),
        pytest.param([held("2026-11-23")], "none", id="issued tomorrow: not yet"),
        pytest.param([held("2026-01-01", "2026-11-22")], "valid", id="its last day"),
        pytest.param([held("2026-01-01", "2026-11-21")], "expired", id="the day after"),
        pytest.param([held("2025-11-22")], "valid", id="a year ago to the day: still taken"),
        pytest.param([held("2025-11-21")], "expired", id="a day more than the scheme takes"),
        pytest.param(
            [held("2025-11-21", "2030-01-01")], "expired",
            id="it says longer than the scheme takes it",
        ),
        pytest.param([held("2026-01-01", issuer="Elsewhere")], "none", id="of another issuer"),
        pytest.param([held("2026-01-01", course="tax")], "none", id="of another course"),
        pytest.param([held("2026-01-01", revoked_at=REVOKED)], "none", id="revoked"),
        pytest.param(
            [held("2025-01-01"), held("2026-01-01", issuer="Academy")], "valid",
            id="renewed, by the other issuer",
        ),
        pytest.param(
            [held("2025-01-01"), held("2026-01-01", revoked_at=REVOKED)], "expired",
            id="renewed, and that was revoked",
        ),
    ],
)  # fmt: skip
def test_a_course_is_certified(certificates: list[Certificate], fact: str) -> None:
    assert certified(COURSE, certificates, DAY) == fact


@pytest.mark.parametrize(
    ("months", "day", "fact"),
    [
        pytest.param(0, date(2090, 1, 1), "valid", id="taken for ever"),
        pytest.param(
            1, date(2026, 2, 28), "valid", id="a month from 31 January ends with February"
        ),
        pytest.param(1, date(2026, 3, 1), "expired", id="and not a day later"),
    ],
)
def test_how_long_a_scheme_takes_a_certificate(months: int, day: date, fact: str) -> None:
    course = Course("credit", "", ("Institute",), months)
    assert certified(course, [held("2026-01-31")], day) == fact


@pytest.mark.parametrize(
    ("found", "state"),
    [
        pytest.param(held("2026-11-22", "2026-11-22"), "in force", id="for one day"),
        pytest.param(held("2026-11-01", "2026-11-21"), "expired", id="over"),
        pytest.param(held("2026-11-23"), "not yet in force", id="from tomorrow"),
        pytest.param(held("2026-11-01", revoked_at=REVOKED), "revoked", id="revoked"),
    ],
)
def test_how_a_certificate_stands(found: Certificate, state: str) -> None:
    assert state_of(found, DAY) == state


def test_what_nobody_asks_for_is_not_gathered(world: World) -> None:
    scheme = terms(asking(world))
    enterprise = world.applicant.enterprise
    assert enterprise is not None
    assert facts_of(enterprise, scheme, DAY, ()) == {}
    assert facts_of(enterprise, scheme, DAY, ["size", "other_applications"]) == {}


def test_the_newest_look_at_the_registry_counts(world: World) -> None:
    scheme = terms(asking(world))
    world.at("submitted")
    wanted = ("registry", "certificate:credit", "enterprise_country")

    def found() -> list[str]:
        enterprise = world.applicant.enterprise
        assert enterprise is not None
        assert enterprise.id == home(world)
        return list(facts_of(enterprise, scheme, today(), wanted).values())

    assert found() == ["MY", "format_checked", "none"]
    look(world, "verified")
    certify(world)
    assert found() == ["MY", "verified", "valid"]
    look(world, "struck_off")
    assert found() == ["MY", "struck_off", "valid"]
    look(world, "verified")
    assert found() == ["MY", "verified", "valid"]
