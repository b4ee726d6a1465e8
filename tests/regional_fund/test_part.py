"""What national agencies see of a case of the fund: their part, and nothing that leads beyond it."""

import pytest

from app.applications import queries as applications
from app.checkpoints.commands import advance
from app.dashboards.queries.part import part
from app.db import transaction
from app.errors import Missing
from app.exports.compose import Asked, scope
from app.exports.queries import pages_by_stream
from app.submissions.queries import attachments, papers
from tests.answers import LOAN
from tests.interface import CASES, Interface
from tests.pages.browser import Browser
from tests.regional import Fund
from tests.world import World

# Words that stand on the page of whoever sees the whole case.
ACCOUNT, SCORES, ADVICE = (
    "98765432109876",
    "Read with care.",
    "Recommendation of the secretariat made",
)
OTHERS = "Buys green coffee from a partner"


@pytest.fixture
def asked(fund: Fund) -> str:
    """Return a case in which one of two member states has answered."""
    reference = fund.at("consultation")
    fund.vote(reference, "object", "endorser.vn", "AMS-OBJ")
    fund.again(reference)
    fund.vote(reference, "no_objection", "endorser.vn")
    return reference


def test_a_member_state_reads_its_own_question_and_no_more(fund: Fund, asked: str) -> None:
    browser = Browser(fund.world.app, "endorser.sg")
    page = browser.get(f"/cases/{asked}").text
    for words in (
        "Kopi Contoh Sdn Bhd",
        "Roastery for three markets",
        "Sells through a shop of its own",
        "USD\u00a050,000.00",
        "MYR 221,000.00 at 4.42 on 20 November 2026",
        "Your agency was asked",
        "State that there is no objection",
    ):
        assert words in page, words
    hidden = (
        ACCOUNT,
        "9876",
        SCORES,
        ADVICE,
        OTHERS,
        "Viet Nam",
        "VN-SMEDF",
        "Endorser Vn",
        "Sound.",
    )
    for words in (
        *hidden,
        "Objection of a member state",
        "Final approval",
        "Documents",
        "Recommend",
    ):
        assert words not in page, words


def test_home_reads_what_it_verifies_and_not_what_others_say(fund: Fund, asked: str) -> None:
    page = Browser(fund.world.app, "endorser.my").get(f"/cases/{asked}").text
    for words in (
        OTHERS,
        "Verified by the national focal point",
        "registration.pdf",
        "Applicant My",
    ):
        assert words in page, words
    for words in (ACCOUNT, SCORES, ADVICE, "Sound.", "Endorser Vn", "Objection of a member state"):
        assert words not in page, words
    assert "The other member states in which you operate are being asked" in page


def test_who_owns_the_case_sees_the_whole(fund: Fund, asked: str) -> None:
    page = Browser(fund.world.app, "appraiser").get(f"/cases/{asked}").text
    for words in (
        *(ADVICE, SCORES, OTHERS, "Objection of a member state", "MYR 221,000.00"),
        *("a member state that is asked: 2 of 2 votes", "Endorser Vn of VN-SMEDF"),
    ):
        assert words in page, words


def test_the_applicant_is_not_told_which_state_objected(fund: Fund, asked: str) -> None:
    page = Browser(fund.world.app, "applicant.my").get(f"/cases/{asked}").text
    for words in ("Objection of a member state", "After careful reading.", "Endorser Vn"):
        assert words not in page, words


ADDRESSES = [
    "/audit/cases/{case}",
    "/cases/{case}/documents/{minute}.pdf",
    "/cases/{case}/letters/1.pdf",
    "/cases/{case}/tranches/1/payment-file",
    "/audit/cases/{case}/events/1.tlog-proof",
    "/cases/{case}/retention",
]


def test_nothing_else_of_the_case_is_there_for_a_national_agency(fund: Fund) -> None:
    reference = fund.at("board")
    fund.paper(reference, "concur_at_sitting", "minute", "board.1")
    case = fund.world.case(reference)
    minute = papers(case)[0].document_id
    proposal = attachments(case)[0].document_id
    own = f"/cases/{reference}/documents/{proposal}.pdf"
    for name, documents in (("endorser.sg", 404), ("endorser.my", 200)):
        browser = Browser(fund.world.app, name)
        for address in ADDRESSES:
            found = browser.get(address.format(case=reference, minute=minute))
            assert found.status_code in {403, 404}, (name, address)
        assert browser.get(own).status_code == documents
    stranger = Browser(fund.world.app, "desk.vn")
    assert stranger.get(f"/cases/{reference}/documents/{minute}.pdf").status_code == 404
    assert Browser(fund.world.app, "appraiser").get(own).status_code == 200


def test_the_minutes_of_officers_are_not_for_the_applicant(fund: Fund) -> None:
    reference = fund.at("board")
    fund.paper(reference, "concur_at_sitting", "minute", "board.1")
    minute = papers(fund.world.case(reference))[0].document_id
    browser = Browser(fund.world.app, "applicant.my")
    assert browser.get(f"/cases/{reference}/documents/{minute}.pdf").status_code == 404


def test_the_queue_names_the_part_beside_the_cases_of_the_agency(fund: Fund, asked: str) -> None:
    browser = Browser(fund.world.app, "endorser.sg")
    page = browser.get("/queue").text
    assert asked in page
    assert "in which your agency has a part" in page
    assert (
        asked
        not in browser.get("/queue?state=consultation").text.partition("Cases of your agency")[2]
    )
    rows, _ = applications.page(fund.person("endorser.sg"), applications.Filter())
    assert rows == []
    assert applications.by_state(fund.person("endorser.sg")) == {}


def test_the_interface_answers_the_part_alone(fund: Fund, asked: str) -> None:
    person = Interface(fund.world.app, "endorser.sg")
    listed = person.get(CASES).get_json()
    assert (listed["applications"], [row["reference"] for row in listed["parts"]]) == ([], [asked])
    body = person.get(f"{CASES}/{asked}").get_json()
    assert set(body) == {
        "reference", "enterprise", "version", "currency", "requested", "stands", "due_on", "answers", "acts", "tranches",
    }  # fmt: skip
    assert set(body["answers"]) == {"project_title", "operations"}
    assert [act["act"] for act in body["acts"]] == ["no_objection", "object"]


def test_an_agency_that_is_not_asked_yet_finds_nothing(fund: Fund) -> None:
    reference = fund.at("recommendation")
    assert part(reference, actor=fund.person("desk.my")).application.reference == reference
    for name in ("endorser.vn", "appraiser"):
        with pytest.raises(Missing):
            part(reference, actor=fund.person(name))


def test_the_auditors_of_a_member_state_export_nothing_of_the_case(fund: Fund, asked: str) -> None:
    own = fund.world.at("submitted", LOAN)
    auditor = fund.person("auditor.vn")
    with pytest.raises(Missing):
        scope(Asked(case=asked), None, actor=auditor)
    with transaction():
        newest = advance()
    found = scope(Asked(), newest, actor=auditor)
    streams = {row[3] for page in pages_by_stream(found) for row in page}
    assert (asked in streams, own in streams) == (False, True)


def test_the_facility_that_pays_on_reads_the_account(fund: Fund) -> None:
    reference = fund.at("disbursing", pay_through="facility")
    fund.pay(reference, 1)
    page = Browser(fund.world.app, "maker.my").get(f"/cases/{reference}").text
    for words in (
        ACCOUNT,
        "Paid to the facility of the country, to be paid on",
        "Reference of the bank",
    ):
        assert words in page, words
    assert ACCOUNT not in Browser(fund.world.app, "focal.my").get(f"/cases/{reference}").text


def test_an_interest_hides_the_part_too(fund: Fund, asked: str, world: World) -> None:
    browser = Browser(fund.world.app, "deputy.sg")
    sent = {"reason": "My sister works there.", "concerns": "enterprise"}
    assert browser.post(f"/cases/{asked}/interest", sent).status_code == 303
    assert browser.get(f"/cases/{asked}").status_code == 404
    assert asked not in browser.get("/queue").text
