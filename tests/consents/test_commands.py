"""Consents: who gives which to whom, how long they hold, and what stands on the trail of whom they are given to."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.accounts.compose import misfits
from app.accounts.models import Agency
from app.consents import queries
from app.consents.commands import Consenting, give_consent, hold, withdraw_consent
from app.db import transaction
from app.errors import Conflict, Missing
from app.trail.queries import events_of
from tests.consents.centres import CENTRE, OTHER, agency, consent, consented, settle_centres
from tests.factories import Days, invalid
from tests.world import World


@pytest.fixture
def centres(world: World) -> World:
    settle_centres(world)
    return world


def asked(**changed: Any) -> Consenting:
    until = clock.today("Asia/Kuala_Lumpur") + timedelta(days=30)
    return Consenting(**{"agency": CENTRE, "scope": ("file",), "valid_to": until, **changed})


def test_a_consent_stands_on_the_trail_of_the_centre_with_its_words(centres: World) -> None:
    number = consent(centres, note="For the grant.")
    fact = events_of(f"agency:{CENTRE}")[-1]
    given = consented(number)
    assert (fact.kind, fact.actor) == ("give_consent", centres.applicant.mark)
    detail = fact.record["detail"]
    assert detail["enterprise"] == f"enterprise:{given.enterprise_id}"
    assert (detail["consent"], detail["scope"]) == (number, ["file", "refer"])
    assert detail["valid_to"] == given.valid_to.isoformat()
    assert "cannot send an application" in detail["covers"][0]
    assert "We can withdraw this consent at any time" in detail["covers"][-1]
    assert fact.disclosed == {"note": "For the grant."}
    assert "For the grant." not in fact.entry


def test_a_withdrawal_stands_beside_it_and_ends_it_at_once(centres: World) -> None:
    number = consent(centres)
    with transaction():
        withdraw_consent(number, actor=centres.applicant)
    fact = events_of(f"agency:{CENTRE}")[-1]
    assert (fact.kind, fact.record["detail"]["consent"]) == ("withdraw_consent", number)
    assert queries.standing(agency(CENTRE), consented(number).enterprise_id) is None
    with pytest.raises(Conflict, match="over already"), transaction():
        withdraw_consent(number, actor=centres.applicant)


REFUSED = [
    pytest.param({"agency": "NOBODY"}, {"agency"}, id="an agency nobody knows"),
    pytest.param({"agency": "MY-SMECORP"}, {"scope"}, id="filing by an agency that decides"),
    pytest.param({"valid_to": date(2020, 1, 1)}, {"valid_to"}, id="a day that is over"),
    pytest.param({"valid_to": date(2120, 1, 1)}, {"valid_to"}, id="more than two years"),
    pytest.param({"agency": "VN-SMEDF", "valid_to": date(2120, 1, 1)}, {"scope", "valid_to"},
                 id="two mistakes, both named"),
]  # fmt: skip


@pytest.mark.one_database
@pytest.mark.parametrize(("changed", "fields"), REFUSED)
def test_what_is_no_consent_is_refused(
    centres: World, changed: dict[str, Any], fields: set[str]
) -> None:
    with invalid(*fields), transaction():
        give_consent(asked(**changed), actor=centres.applicant)


@pytest.mark.one_database
def test_one_consent_to_an_agency_is_in_force_at_a_time(centres: World) -> None:
    first = consent(centres)
    with pytest.raises(Conflict, match="Withdraw it before"):
        consent(centres)
    assert consent(centres, OTHER) != first
    assert consent(centres, actor=centres.rival) != first


@pytest.mark.one_database
def test_an_agency_that_decides_may_refer(centres: World) -> None:
    number = consent(centres, "MY-SMECORP", ("refer",))
    assert hold(number, "refer", agency=centres.desk.agency).id == number


def test_a_consent_holds_until_the_end_of_its_last_day(
    centres: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = Days(monkeypatch)
    days.noon("2026-11-20")
    number = consent(centres, days=2)
    days.moment("2026-11-22T23:59:00")
    assert hold(number, "file", agency=agency(CENTRE)).id == number
    days.moment("2026-11-23T00:00:00")
    with pytest.raises(Missing):
        hold(number, "file", agency=agency(CENTRE))


OTHERS: list[Any] = [
    pytest.param(lambda _: agency(OTHER), "file", id="another centre"),
    pytest.param(lambda _: None, "file", id="somebody without an agency"),
    pytest.param(lambda _: agency(CENTRE), "refer", id="for what it does not cover"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("whose", "scope"), OTHERS)
def test_nobody_else_uses_it(
    centres: World, whose: Callable[[World], Agency | None], scope: str
) -> None:
    number = consent(centres, scope=("file",))
    with pytest.raises(Missing):
        hold(number, scope, agency=whose(centres))


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["rival.my", "adviser", "desk.my"])
def test_only_the_enterprise_withdraws(centres: World, name: str) -> None:
    number = consent(centres)
    with pytest.raises(Missing):
        withdraw_consent(number, actor=centres.person(name))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        pytest.param("2026-11-22", "2028-11-22", id="two years on"),
        pytest.param("2028-02-29", "2030-02-28", id="from a leap day"),
    ],
)
def test_the_last_day_a_consent_may_name(day: str, last: str) -> None:
    assert queries.last_day(date.fromisoformat(day)) == date.fromisoformat(last)


HELD: list[Any] = [
    pytest.param("service_centre", ["adviser"], [], id="an adviser of a centre"),
    pytest.param("service_centre", ["auditor"], [], id="an auditor of a centre"),
    pytest.param("service_centre", ["records_officer"], [], id="a records officer of a centre"),
    pytest.param("agency", ["adviser"], ["An adviser belongs to a service centre."],
                 id="an adviser of an agency"),
    pytest.param("service_centre", ["approver"], ["A service centre has no such duty: approver."],
                 id="somebody who decides in a centre"),
    pytest.param("service_centre", ["adviser", "desk_officer"],
                 ["An adviser holds no other duty, such as desk_officer.",
                  "A service centre has no such duty: desk_officer."], id="an adviser who decides"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "duties", "said"), HELD)
def test_who_helps_to_apply_does_not_decide(kind: str, duties: list[str], said: list[str]) -> None:
    assert misfits(duties, at=Agency(kind=kind)) == said
