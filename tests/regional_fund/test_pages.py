"""The regional fund at the pages: a member state answers, a board votes at a sitting, an applicant sends the report."""

import io

import pytest

from tests.factories import last_event
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.regional import Fund
from tests.world import pdf


def act(fund: Fund, reference: str, name: str, act: str, **form: str) -> str:
    """Take an act from a page, and return the page that is shown after it."""
    browser = Browser(fund.world.app, name)
    sent = {"version": str(fund.world.case(reference).version), **form}
    answer = browser.post(f"/cases/{reference}/acts/{act}", sent)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"]).text


def upload(browser: Browser, address: str, kind: str) -> str:
    """Send a PDF for an act, and return the page that is shown after it."""
    sent = {"kind": kind, "file": (io.BytesIO(pdf(kind)), f"{kind}.pdf")}
    answer = browser.post(address, sent, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["Location"]).text


def test_a_member_state_answers_from_its_page(fund: Fund) -> None:
    reference = fund.at("consultation")
    page = act(
        fund, reference, "endorser.sg", "object", reasons="AMS-OBJ", note="Not with this partner."
    )
    assert "Not with this partner." in page
    assert fund.state(reference) == "objection"
    assert "Not with your agency" in page


def test_what_the_state_forgot_is_said_beside_its_field(fund: Fund) -> None:
    reference = fund.at("consultation")
    page = act(fund, reference, "endorser.sg", "object", note="Why?")
    assert "Choose at least one reason." in page
    assert "The agency that owns the case reads it." in page


def test_the_secretariat_asks_again_and_a_state_answers_through_the_interface(fund: Fund) -> None:
    reference = fund.at("consultation")
    fund.vote(reference, "object", "endorser.vn", "AMS-OBJ")
    act(fund, reference, "appraiser", "ask_again", note="Another partner.")
    for name in ("endorser.sg", "endorser.vn"):
        person = Interface(fund.world.app, name)
        answer = person.act(reference, "no_objection", {"note": "Fine."})
        assert answer.status_code == 200, answer.text
    assert fund.state(reference) == "committee"


def test_an_applicant_sends_the_completion_report(fund: Fund) -> None:
    reference = fund.at("reporting")
    browser = Browser(fund.world.app, "applicant.my")
    page = browser.get(f"/cases/{reference}").text
    assert "It is your turn: send the completion report below by" in page
    address = f"/cases/{reference}/acts/report/documents"
    sent = upload(browser, address, "completion_report")
    assert "completion_report.pdf" in sent
    act(fund, reference, "applicant.my", "report", note="Two of three shops are open.")
    assert fund.state(reference) == "report_check"
    assert last_event(reference).record["detail"]["documents"][0]["kind"] == "completion_report"
    shown = Browser(fund.world.app, "appraiser").get(f"/cases/{reference}").text
    assert "Completion report sent" in shown
    assert "Completion report (PDF)" in shown


@pytest.mark.parametrize("name", ["endorser.sg", "maker.fund"])
def test_a_minute_is_attached_by_those_who_vote(fund: Fund, name: str) -> None:
    reference = fund.at("board")
    address = f"/cases/{reference}/acts/concur_at_sitting/documents"
    page = upload(Browser(fund.world.app, name), address, "minute")
    assert "minute.pdf" not in page


def test_a_facility_pays_on_from_its_page(fund: Fund) -> None:
    reference = fund.at("disbursing", pay_through="facility")
    fund.pay(reference, 1)
    browser = Browser(fund.world.app, "maker.my")
    day = fund.today(reference)
    sent = {"version": str(fund.world.case(reference).version), "bank_reference": "ON-1"}
    answer = browser.post(
        f"/cases/{reference}/tranches/1/acts/forward", {**sent, "paid_on": day.isoformat()}
    )
    assert answer.status_code == 303
    assert fund.world.tranche_state(reference, 1) == "paid"
