"""The page of what is known of an enterprise, its forms, and the interface."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.accounts.queries import agency_by_code
from app.db import db, transaction
from app.referrals.models import Referral
from app.registry import queries
from tests.consents.centres import consent, settle_centres
from tests.interface import API, Interface, headers, problem
from tests.pages.browser import Browser
from tests.registry.asking import ISSUER, asking, certify, home, look, today
from tests.world import World

# What pages say is the same on both databases.
pytestmark = pytest.mark.one_database


def post(
    who: Interface, path: str, data: dict[str, Any], key: dict[str, str] | None = None
) -> TestResponse:
    return who.send("POST", path, json=data, headers=key or headers())


WHO = ("", "applicant.my", "rival.my", "desk.my", "auditor.my", "desk.vn", "auditor.vn")


@pytest.fixture
def seen(world: World) -> World:
    asking(world, "looked_up")
    world.at("submitted")
    return world


def test_who_may_know_of_an_enterprise(seen: World) -> None:
    number = home(seen)
    for path in (f"/enterprises/{number}", f"{API}/enterprises/{number}"):
        got = []
        for name in WHO:
            tokened = path.startswith(API) and name
            who = Interface(seen.app, name) if tokened else Browser(seen.app, name)
            got.append(who.get(path).status_code)
        assert got == [401, 200, 404, 200, 200, 404, 404], path
    assert Browser(seen.app, "desk.my").get("/enterprises/987654").status_code == 404


def test_an_agency_an_enterprise_was_referred_to_knows_of_it(seen: World) -> None:
    settle_centres(seen)
    given = consent(seen)
    number = home(seen)
    there, here = agency_by_code("VN-SMEDF"), agency_by_code("MY-PUSAT")
    assert there is not None
    assert here is not None
    with transaction():
        db.session.add(
            Referral(
                enterprise_id=number,
                from_agency_id=here.id,
                to_agency_id=there.id,
                consent_id=given,
                reason="Wants to sell there.",
                made_by=seen.person("adviser").id,
                made_at=seen.case("MY-BAP-2026-00001").created_at,
            )
        )
    page = Browser(seen.app, "desk.vn").get(f"/enterprises/{number}")
    assert page.status_code == 200
    assert "Kopi Contoh" in page.text
    assert Browser(seen.app, "adviser").get(f"/enterprises/{number}").status_code == 200
    assert Browser(seen.app, "adviser.vn").get(f"/enterprises/{number}").status_code == 404


def test_the_page_tells_form_checked_from_verified(seen: World) -> None:
    number, officer = home(seen), Browser(seen.app, "desk.my")
    path = f"/enterprises/{number}"
    assert "nobody has looked it up in the registry yet" in officer.get(path).text
    sent = {"outcome": "verified", "source": "Public search", "note": "As stated."}
    answer = officer.post(f"{path}/checks", sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    page = officer.get(path).text
    for said in ("The check is recorded.", "Verified in the registry", "by Desk My", "As stated."):
        assert said in page
    own = Browser(seen.app, "applicant.my").get(path).text
    assert "Verified in the registry" in own
    # Applicants read that an officer looked, not who, and no notes.
    for hidden in ("Desk My", "As stated.", "Record a look"):
        assert hidden not in own


def test_a_certificate_is_recorded_and_revoked_on_the_page(seen: World) -> None:
    number, officer = home(seen), Browser(seen.app, "desk.my")
    path = f"/enterprises/{number}"
    sent = {"course": "credit", "holder": "Somebody", "issuer": ISSUER, "number": "C-9"}
    wrong = officer.post(f"{path}/certificates", {**sent, "expires_on": "soon"})
    assert wrong.status_code == 422
    for said in ("Enter a day such as 2026-11-30.", 'value="C-9"', 'href="#certificate-issued_on"'):
        assert said in wrong.text
    day = (today() - timedelta(days=3)).isoformat()
    taken = officer.post(f"{path}/certificates", {**sent, "issued_on": day, "expires_on": ""})
    assert taken.status_code == 303
    page = officer.get(path).text
    for said in ("The certificate is recorded.", "Course on credit", "C-9", "In force"):
        assert said in page
    (found,) = queries.certificates(number)
    revoke = f"{path}/certificates/{found.id}/revoke"
    assert officer.post(revoke, {"reason": ""}).status_code == 422
    assert officer.post(revoke, {"reason": "It was lent."}).status_code == 303
    page = officer.get(path).text
    assert "Revoked" in page
    assert "It was lent." in page
    assert officer.post(revoke, {"reason": "Again."}).status_code == 409
    own = Browser(seen.app, "applicant.my").get(path).text
    assert "Revoked" in own
    assert "It was lent." not in own


def test_the_interface_says_the_same(seen: World) -> None:
    number, officer = home(seen), Interface(seen.app, "desk.my")
    path = f"{API}/enterprises/{number}"
    check = {"outcome": "not_found", "source": "Public search"}
    assert post(officer, f"{path}/checks", check).status_code == 201
    certificate: dict[str, Any] = {
        "course": "credit",
        "holder": "Somebody",
        "issuer": ISSUER,
        "number": "C-3",
        "issued_on": today().isoformat(),
        "expires_on": None,
    }
    made = post(officer, f"{path}/certificates", certificate)
    assert made.status_code == 201
    again = problem(post(officer, f"{path}/certificates", certificate), 422)
    assert again["errors"]["number"]
    told = officer.get(path).get_json()
    assert [found["outcome"] for found in told["checks"]] == ["not_found"]
    assert [(c["number"], c["state"]) for c in told["certificates"]] == [("C-3", "in force")]
    own = Interface(seen.app, "applicant.my").get(path).get_json()
    assert "checked_by" not in own["checks"][0]
    revoke = f"{path}/certificates/{made.get_json()['id']}/revoke"
    revoked = post(officer, revoke, {"reason": "It was lent."})
    assert revoked.get_json()["revoked_at"]
    problem(post(officer, f"{path}/checks", {"outcome": "perhaps", "source": ""}), 422)
    problem(post(Interface(seen.app, "auditor.my"), f"{path}/checks", check), 403)
    problem(post(Interface(seen.app, "applicant.my"), f"{path}/checks", check), 403)
    problem(post(Interface(seen.app, "desk.vn"), f"{path}/checks", check), 404)


def test_the_same_request_is_answered_as_before(seen: World) -> None:
    officer = Interface(seen.app, "desk.my")
    path, key = f"{API}/enterprises/{home(seen)}/checks", headers()
    check = {"outcome": "verified", "source": "Public search"}
    first, second = (post(officer, path, check, key) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert len(queries.checks(home(seen))) == 1


def test_a_case_leads_to_what_is_known_of_its_enterprise(seen: World) -> None:
    look(seen, "verified")
    certify(seen)
    link = f'href="/enterprises/{home(seen)}"'
    for name in ("desk.my", "applicant.my", "auditor.my"):
        page = Browser(seen.app, name).get("/cases/MY-BAP-2026-00001")
        assert page.status_code == 200, page.text
        assert link in page.text
