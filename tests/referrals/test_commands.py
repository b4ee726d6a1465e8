"""Referrals: handed over under a consent, answered by the other side, followed by both and the enterprise."""

from typing import Any

import pytest

from app.accounts.commands import declare_interest
from app.audit.queries import verify
from app.consents.commands import withdraw_consent
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Missing
from app.referrals import commands, queries
from app.referrals.commands import Handover
from app.referrals.models import Referral
from app.submissions.commands import submit
from app.trail.queries import events_of
from tests.consents.centres import CENTRE, OTHER, consent, prepared, settle_centres
from tests.factories import invalid
from tests.world import World


@pytest.fixture
def centres(world: World) -> World:
    settle_centres(world)
    return world


def refer(world: World, by: str = "adviser", **changed: Any) -> int:
    """Refer the applicant's enterprise to the other centre, or as changed; returns the number."""
    number = changed.pop("consent", 0) or consent(world)
    asked = {"consent": number, "to": OTHER, "reason": "It looks for a partner.", **changed}
    with transaction():
        return commands.refer(Handover(**asked), actor=world.person(by)).id


def answer(world: World, number: int, *, accepted: bool = True, by: str = "adviser.vn") -> None:
    with transaction():
        words = "We look for one."
        commands.answer(number, words, accepted=accepted, actor=world.person(by))


def row(number: int) -> Referral:
    db.session.expire_all()
    return db.session.get_one(Referral, number)


def kinds(code: str) -> list[str]:
    return [fact.kind for fact in events_of(f"agency:{code}")]


def test_each_step_stands_on_the_trails_of_both_sides(centres: World) -> None:
    number = refer(centres, to="MY-SMECORP", scheme="MY-BAP")
    answer(centres, number, by="desk.my")
    case = centres.at("submitted")
    with transaction():
        commands.close(number, case, actor=centres.desk)
    steps = ["refer", "accept_referral", "close_referral"]
    assert kinds(CENTRE)[-3:] == kinds("MY-SMECORP")[-3:] == steps
    for code in (CENTRE, "MY-SMECORP"):
        first, second, last = events_of(f"agency:{code}")[-3:]
        assert first.disclosed == {"reason": "It looks for a partner."}
        assert second.disclosed == {"answer": "We look for one."}
        detail = last.record["detail"]
        assert (detail["referral"], detail["from"], detail["to"]) == (number, CENTRE, "MY-SMECORP")
        assert (detail["scheme"], detail["application"]) == ("MY-BAP", case)
        assert "partner" not in first.entry
    assert (row(number).state, row(number).application) == ("closed", case)
    assert verify() == []


def test_a_referral_is_declined_with_words(centres: World) -> None:
    number = refer(centres)
    answer(centres, number, accepted=False)
    assert (row(number).state, row(number).answer) == ("declined", "We look for one.")
    assert kinds(CENTRE)[-1] == kinds(OTHER)[-1] == "decline_referral"
    with pytest.raises(Conflict, match="declined already"):
        answer(centres, number)
    # What was declined may be sent again.
    given = row(number).consent_id
    assert refer(centres, consent=given) > number


WRONG: list[Any] = [
    pytest.param({"to": "NOBODY"}, {"to"}, id="to nobody"),
    pytest.param({"to": CENTRE}, {"to"}, id="to oneself"),
    pytest.param({"scheme": "NO-SUCH"}, {"scheme"}, id="for a scheme that is none"),
    pytest.param({"to": "VN-SMEDF", "scheme": "MY-BAP"}, {"scheme"}, id="for a scheme of others"),
    pytest.param({"to": "NOBODY", "scheme": "NO-SUCH"}, {"to", "scheme"}, id="two mistakes"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("changed", "fields"), WRONG)
def test_what_is_no_referral_is_refused(
    centres: World, changed: dict[str, Any], fields: set[str]
) -> None:
    with invalid(*fields):
        refer(centres, **changed)
    assert kinds(OTHER) == []


def test_a_referral_needs_a_consent_in_force_to_whoever_refers(centres: World) -> None:
    only_file = consent(centres, scope=("file",))
    elsewhere = consent(centres, OTHER)
    for number in (only_file, elsewhere, 10**6):
        with pytest.raises(Missing):
            refer(centres, consent=number)
    with transaction():
        withdraw_consent(only_file, actor=centres.applicant)
    with pytest.raises(Missing):
        refer(centres, consent=only_file)


def test_a_desk_officer_refers_under_a_consent_to_the_agency(centres: World) -> None:
    given = consent(centres, "MY-SMECORP", ("refer",))
    number = refer(centres, "desk.my", consent=given, to="VN-SMEDF")
    answer(centres, number, by="desk.vn")
    assert row(number).state == "accepted"


@pytest.mark.parametrize("name", ["maker.my", "auditor.my", "applicant.my"])
@pytest.mark.one_database
def test_nobody_else_refers(centres: World, name: str) -> None:
    given = consent(centres, "MY-SMECORP", ("refer",))
    with pytest.raises(Forbidden):
        refer(centres, name, consent=given, to="VN-SMEDF")


@pytest.mark.one_database
def test_the_same_referral_is_open_once(centres: World) -> None:
    number = refer(centres)
    given = row(number).consent_id
    with pytest.raises(Conflict, match="has not ended"):
        refer(centres, consent=given)
    assert refer(centres, consent=given, scheme="VN-SMEDF") > number


@pytest.mark.one_database
def test_only_the_receiving_side_answers_and_closes(centres: World) -> None:
    number = refer(centres)
    with pytest.raises(Forbidden):
        answer(centres, number, by="adviser")
    with pytest.raises(Missing):
        answer(centres, number, by="desk.my")
    with pytest.raises(Conflict, match="Only a referral that was accepted"), transaction():
        commands.close(number, "X-1", actor=centres.person("adviser.vn"))


def test_nothing_is_accepted_after_the_consent_is_over(centres: World) -> None:
    number = refer(centres)
    with transaction():
        withdraw_consent(row(number).consent_id, actor=centres.applicant)
    with pytest.raises(Conflict, match="consent of the enterprise is over"):
        answer(centres, number)
    answer(centres, number, accepted=False)


def rivals(world: World) -> str:
    """Return a submitted case of the other enterprise."""
    reference = prepared(world, consent(world, actor=world.rival))
    world.do(submit, reference, "yes", actor=world.rival)
    return reference


CASES: list[Any] = [
    pytest.param(lambda world: world.draft(), id="a draft"),
    pytest.param(lambda _: "MY-BAP-2026-99999", id="one that is none"),
    pytest.param(rivals, id="one of another enterprise"),
]


@pytest.mark.one_database
@pytest.mark.parametrize("case", CASES)
def test_a_referral_is_closed_only_with_a_case_of_the_enterprise(centres: World, case: Any) -> None:
    number = refer(centres, to="MY-SMECORP")
    answer(centres, number, by="desk.my")
    reference = case(centres)
    with invalid("application"), transaction():
        commands.close(number, reference, actor=centres.desk)


FOLLOW: list[Any] = [
    pytest.param("adviser", True, id="who sent it"),
    pytest.param("adviser_two", True, id="a colleague"),
    pytest.param("adviser.vn", True, id="who received it"),
    pytest.param("applicant.my", True, id="the enterprise"),
    pytest.param("rival.my", False, id="another enterprise"),
    pytest.param("desk.my", False, id="another agency"),
    pytest.param("approver.my", False, id="somebody who decides"),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "follows"), FOLLOW)
def test_who_follows_a_referral(centres: World, name: str, follows: bool) -> None:
    number = refer(centres)
    if follows:
        assert queries.find(number, actor=centres.person(name)).id == number
        return
    with pytest.raises(Missing):
        queries.find(number, actor=centres.person(name))


def test_an_officer_with_an_interest_follows_nothing(centres: World) -> None:
    number = refer(centres, to="MY-SMECORP")
    assert queries.waiting(centres.desk) == queries.waiting(centres.desk_two) == 1
    with transaction():
        declare_interest(centres.desk, row(number).enterprise_id, "A cousin.")
    assert (queries.waiting(centres.desk), queries.waiting(centres.desk_two)) == (0, 1)
    with pytest.raises(Missing):
        queries.find(number, actor=centres.desk)


@pytest.mark.one_database
def test_what_is_open_to_the_enterprise_where_it_is_referred(centres: World) -> None:
    at_home = refer(centres, to="MY-SMECORP")
    abroad = refer(centres, consent=row(at_home).consent_id)
    assert "MY-BAP-2026" in {call.code for call in queries.openings(row(at_home))}
    assert {call.scheme.agency.country for call in queries.openings(row(abroad))} <= {"VN"}
    assert "VN-SMEDF-2026" not in {call.code for call in queries.openings(row(abroad))}
