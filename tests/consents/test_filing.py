"""An adviser writes for an enterprise: only with its consent, never sends, and is named for ever."""

import pytest

from app.accesslog.models import AccessEntry
from app.applications.commands import declare
from app.audit.compose.dossiers import dossier
from app.audit.queries import verify
from app.checkpoints.queries import newest
from app.consents.commands import withdraw_consent
from app.db import db, transaction
from app.errors import Conflict, Forbidden, Missing
from app.letters.compose import compose
from app.submissions import commands
from app.trail.queries import event, events_of
from tests.answers import GRANT, GRANT_ANSWERS, LOAN
from tests.consents.centres import CENTRE, OTHER, consent, prepared, settle_centres
from tests.factories import invalid, last_event, refused
from tests.interface import API, CASES, Interface, headers, problem
from tests.journeys.road import do_all_work
from tests.pages.browser import Browser
from tests.world import World


@pytest.fixture
def centres(world: World) -> World:
    settle_centres(world)
    return world


def submit(world: World, reference: str, confirmed: str = "yes") -> None:
    world.do(commands.submit, reference, confirmed, actor=world.applicant)


def withdraw(world: World, number: int) -> None:
    with transaction():
        withdraw_consent(number, actor=world.applicant)
    db.session.expire_all()


def test_an_adviser_writes_and_the_enterprise_sends(centres: World) -> None:
    number = consent(centres)
    reference = prepared(centres, number)
    case, adviser = centres.case(reference), centres.person("adviser")
    assert (case.applicant_id, case.adviser_id) == (centres.applicant.id, adviser.id)
    submit(centres, reference)
    fact = last_event(reference)
    told = {name: fact.record["detail"][name] for name in ("prepared_by", "centre", "consent")}
    assert fact.actor == centres.applicant.mark
    assert told == {"prepared_by": [adviser.mark], "centre": CENTRE, "consent": number}
    assert verify() == []


def test_a_colleague_who_goes_on_is_named_too(centres: World) -> None:
    number = consent(centres)
    reference = prepared(centres, number)
    colleague = centres.person("adviser_two")
    with transaction():
        commands.answer(reference, {"employees": "9"}, version=None, actor=colleague)
    submit(centres, reference)
    marks = [centres.person(name).mark for name in ("adviser", "adviser_two")]
    assert last_event(reference).record["detail"]["prepared_by"] == marks


def test_an_adviser_never_sends(centres: World) -> None:
    reference = prepared(centres, consent(centres))
    # The part of the adviser stays: such a person never takes an act in this case.
    with refused("duty", "separate_hands"):
        centres.do(commands.submit, reference, "yes", actor=centres.person("adviser"))
    assert centres.case(reference).submitted_at is None


def test_the_enterprise_confirms_what_was_prepared_before_it_is_sent(centres: World) -> None:
    reference = prepared(centres, consent(centres))
    with invalid("confirmed"):
        submit(centres, reference, "")
    own = centres.draft()
    submit(centres, own, "")
    assert "prepared_by" not in last_event(own).record["detail"]


def test_nothing_is_written_without_a_consent(centres: World) -> None:
    number = consent(centres, scope=("refer",))
    with pytest.raises(Missing):
        prepared(centres, number)
    with pytest.raises(Missing):
        prepared(centres, consent(centres, OTHER), by="adviser")


@pytest.mark.one_database
def test_a_scheme_of_another_country_stays_closed_to_the_enterprise(centres: World) -> None:
    number = consent(centres)
    with pytest.raises(Conflict, match="registered in"), transaction():
        commands.begin_for(number, LOAN, actor=centres.person("adviser"))


def test_nothing_is_written_or_seen_after_a_withdrawal(centres: World) -> None:
    number = consent(centres)
    reference = prepared(centres, number)
    adviser = Interface(centres.app, "adviser")
    assert adviser.get(f"{CASES}/{reference}").status_code == 200
    withdraw(centres, number)
    problem(adviser.get(f"{CASES}/{reference}"), 404)
    problem(adviser.send("PUT", f"{CASES}/{reference}/answers", json={}, headers=headers()), 404)
    assert adviser.get(CASES).get_json() == {"applications": []}
    centres.case(reference)
    # What was prepared is the enterprise's, and still says by whom.
    submit(centres, reference)
    assert last_event(reference).record["detail"]["consent"] == number


@pytest.mark.parametrize("name", ["adviser.vn", "adviser_two", "desk.my", "rival.my"])
def test_who_else_sees_a_draft_that_was_prepared(centres: World, name: str) -> None:
    consent(centres, OTHER, ("file",))
    reference = prepared(centres, consent(centres))
    status = Interface(centres.app, name).get(f"{CASES}/{reference}").status_code
    # The consent is to the centre: the colleague sees what it prepared, another centre does not.
    assert status == (200 if name == "adviser_two" else 404)


def test_an_adviser_sees_nothing_the_centre_did_not_prepare(centres: World) -> None:
    consent(centres)
    own = centres.at("submitted")
    problem(Interface(centres.app, "adviser").get(f"{CASES}/{own}"), 404)


def test_after_it_is_sent_the_adviser_reads_what_the_applicant_reads(centres: World) -> None:
    number = consent(centres)
    reference = prepared(centres, number)
    submit(centres, reference)
    adviser = centres.person("adviser")
    with pytest.raises(Conflict), transaction():
        commands.answer(reference, GRANT_ANSWERS, version=None, actor=adviser)
    do_all_work()
    browser = Browser(centres.app, "adviser")
    page = browser.get(f"/cases/{reference}")
    assert page.status_code == 200
    assert "We have your application" in page.text
    assert "Withdraw" not in page.text
    seen = Interface(centres.app, "adviser").case(reference)
    assert seen["acts"] == []
    for path in (f"/audit/cases/{reference}", f"/cases/{reference}/looks", "/queue"):
        assert browser.get(path).status_code == 403, path
    looks = db.session.query(AccessEntry).filter_by(case=reference).all()
    assert {look.ground for look in looks} == {f"adviser, consent {number}"}


@pytest.mark.one_database
def test_an_adviser_takes_no_officers_way(centres: World) -> None:
    reference = prepared(centres, consent(centres))
    with pytest.raises(Forbidden):
        declare(reference, "A cousin.", actor=centres.person("adviser"))
    assert centres.case(reference).trail_seq == 0


def test_pages_lead_from_the_consent_to_the_submission(centres: World) -> None:
    applicant, adviser = Browser(centres.app, "applicant.my"), Browser(centres.app, "adviser")
    number = consent(centres)
    assert "Kopi Contoh" in adviser.get("/consents").text
    answer = adviser.post(f"/consents/{number}/applications", {"call": GRANT})
    reference = answer.headers["Location"].rsplit("/", 1)[1]
    sent = adviser.post(f"/cases/{reference}/sections/project", {"project_title": "Roasting"})
    assert sent.status_code in (303, 422)
    assert "Only the enterprise can send it" in adviser.get(f"/cases/{reference}").text
    assert reference in adviser.get("/cases").text
    listed = applicant.get("/applications").text
    assert "Prepared for you by Adviser of Centre MY" in listed
    assert "Check and send it" in listed
    whole = prepared(centres, number)
    check = applicant.get(f"/cases/{whole}/check").text
    assert "We have checked every answer and document" in check
    assert "Submit the application" not in adviser.get(f"/cases/{whole}/check").text
    version = centres.case(whole).version
    applicant.post(f"/cases/{whole}/acts/submit", {"version": version})
    assert "Confirm that you have checked" in applicant.get(f"/cases/{whole}").text
    applicant.post(f"/cases/{whole}/acts/submit", {"version": version, "confirmed": "yes"})
    assert "Application submitted" in applicant.get(f"/cases/{whole}").text
    officer = Browser(centres.app, "desk.my").get(f"/cases/{whole}").text
    assert f"Adviser of Centre MY, under consent {number}" in officer


def test_letter_and_dossier_name_who_prepared_it(centres: World) -> None:
    number = consent(centres)
    reference = prepared(centres, number)
    submit(centres, reference)
    do_all_work()
    case, fact = centres.case(reference), event(last_event_of_submission(reference))
    assert fact is not None
    letter = compose("acknowledgement", case, fact)
    assert getattr(letter.body, "prepared_by") == "Adviser of Centre MY"  # noqa: B009 - one kind of body has it
    found = newest()
    assert found is not None
    facts = dict(dossier(reference, found).facts)
    assert facts["Prepared by"] == f"Adviser of Centre MY ({CENTRE}), under consent {number}"


def last_event_of_submission(reference: str) -> int:
    """Return the number of the event by which a case was submitted."""
    return next(fact.id for fact in events_of(reference) if fact.kind == "submit")


def test_the_interface_gives_uses_and_withdraws_a_consent_once(centres: World) -> None:
    applicant, adviser = Interface(centres.app, "applicant.my"), Interface(centres.app, "adviser")
    path, key = f"{API}/consents", headers()
    wanted = {"agency": CENTRE, "scope": ["file"], "valid_to": "2027-01-31"}
    first, again = (applicant.send("POST", path, json=wanted, headers=key) for _ in range(2))
    assert (first.status_code, again.get_json()) == (201, first.get_json())
    number = first.get_json()["id"]
    assert [row["id"] for row in adviser.get(path).get_json()["consents"]] == [number]
    begun = adviser.send(
        "POST", f"{path}/{number}/applications", json={"call": GRANT}, headers=headers()
    )
    assert begun.status_code == 201
    ended = applicant.send("POST", f"{path}/{number}/withdraw", json={}, headers=headers())
    assert ended.get_json()["in_force"] is False
    assert adviser.get(path).get_json() == {"consents": []}
    problem(Interface(centres.app, "maker.my").get(path), 403)
    wrong = {"agency": CENTRE, "scope": "file", "valid_to": "soon"}
    errors = problem(applicant.send("POST", path, json=wanted | wrong, headers=headers()), 422)
    assert set(errors["errors"]) == {"scope", "valid_to"}
