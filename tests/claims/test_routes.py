"""Claims on their pages and at the interface: written right or wrong, claimed, verified, and who sees what of them."""

import io
import re
from html import unescape

import pytest

from app.awards.queries import awarded, tranche
from app.claims import queries
from tests.claims.claiming import claim, claimed, disbursing, paid, places, uploaded, verify
from tests.interface import CASES, Interface, problem
from tests.pages.browser import Browser
from tests.world import World, pdf

pytestmark = pytest.mark.one_database

LINE = {
    "supplier": "Besi Contoh Sdn Bhd",
    "invoice": "INV-0042",
    "description": "Roasting drum",
    "cost": "40,000.00",
}


def shown(text: str) -> str:
    """Return a page as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " ").split())


def page(reference: str, number: int = 1) -> str:
    return f"/cases/{reference}/tranches/{number}/claim"


def sent(world: World, reference: str, *rows: dict[str, str], **more: object) -> dict[str, object]:
    """Return a form of the page with rows and buttons."""
    fields: dict[str, object] = {"version": str(world.case(reference).version)}
    for number, row in enumerate(rows):
        fields |= {f"lines.{number}.{name}": value for name, value in row.items()}
    return {**fields, **more}


def today(world: World, reference: str) -> str:
    return str(awarded(world.case(reference)).costs_from)


def saved(world: World, reference: str) -> list[dict[str, str]]:
    found = queries.draft(tranche(awarded(world.case(reference)), 1))
    return found.lines if found else []


def test_a_claim_is_written_with_its_invoice_and_claimed_in_one_go(world: World) -> None:
    reference = disbursing(world)
    browser = Browser(world.app, "applicant.my")
    assert page(reference) in browser.get(f"/cases/{reference}").text
    row = {**LINE, "dated": today(world, reference)}
    file = (io.BytesIO(pdf("Invoice")), "invoice.pdf")
    form = sent(world, reference, row, **{"lines.0.file": file}, note="Delivered.", claim="yes")
    answer = browser.post(page(reference), form)
    assert answer.status_code == 303, shown(answer.text)
    assert answer.location.endswith(f"/cases/{reference}")
    assert places(world, reference) == {"undrawn": 60_000, "claimed": 20_000}
    assert "Claimed: MYR 20,000.00" in shown(browser.get(f"/cases/{reference}").text)


def test_lines_are_saved_wrong_and_the_page_says_what_is_wrong_beside_each(world: World) -> None:
    reference = disbursing(world)
    browser = Browser(world.app, "applicant.my")
    rows = (LINE, {**LINE, "cost": "USD 5", "invoice": "INV-2", "dated": "2025-01-31"})
    answer = browser.post(page(reference), sent(world, reference, *rows, save="yes"))
    assert answer.status_code == 303
    text = browser.get(page(reference)).text
    told = shown(text)
    assert "Saved. Nothing is claimed yet." in told
    assert "Line 1, day of the invoice: Enter the day of the invoice, such as 2026-11-22." in told
    assert "Line 2, cost: Amounts here are in MYR, not USD." in told
    assert "Line 2: The invoice is dated 2025-01-31, outside the project" in told
    assert 'id="lines.1.cost-error"' in text
    assert "Cost of these lines MYR 40,000.00" in told
    assert "You would claim MYR 20,000.00" in told
    assert [row["cost"] for row in saved(world, reference)] == ["40,000.00", "USD 5"]


def test_rows_are_added_and_removed_without_a_script(world: World) -> None:
    reference = disbursing(world)
    browser = Browser(world.app, "applicant.my")
    rows = (LINE, {**LINE, "invoice": "INV-2"}, {**dict.fromkeys(LINE, ""), "document": ""})
    answer = browser.post(page(reference), sent(world, reference, *rows, add="yes"))
    more = browser.get(answer.location).text
    assert 'name="lines.8.supplier"' in more
    assert "govuk-error-summary" not in more
    browser.post(page(reference), sent(world, reference, *rows, remove="0"))
    assert [row["invoice"] for row in saved(world, reference)] == ["INV-2"]


def test_a_file_that_is_no_pdf_is_told_beside_its_line_and_the_lines_are_kept(world: World) -> None:
    reference = disbursing(world)
    browser = Browser(world.app, "applicant.my")
    file = (io.BytesIO(b"MZ"), "invoice.pdf")
    row = {**LINE, "dated": today(world, reference)}
    answer = browser.post(
        page(reference), sent(world, reference, row, **{"lines.0.file": file}, claim="yes")
    )
    assert answer.status_code == 422
    assert "Line 1, invoice: The file is not a PDF" in shown(answer.text)
    assert [row["invoice"] for row in saved(world, reference)] == ["INV-0042"]
    assert places(world, reference) == {"undrawn": 80_000}  # fmt: skip


def test_one_invoice_stands_behind_several_lines(world: World) -> None:
    reference = disbursing(world)
    document = uploaded(world, reference)
    browser = Browser(world.app, "applicant.my")
    text = browser.get(page(reference)).text
    assert f'<option value="{document}"' in text
    row = {**LINE, "dated": today(world, reference), "document": document}
    rows = (row, {**row, "invoice": "INV-2"})
    assert (
        browser.post(page(reference), sent(world, reference, *rows, claim="yes")).status_code == 303
    )
    assert places(world, reference) == {"undrawn": 48_000, "claimed": 32_000}  # fmt: skip
    assert browser.get(f"{page(reference)}/invoices/{document}.pdf").data == pdf("Invoice")


def test_lines_too_long_to_be_kept_are_shown_again(world: World) -> None:
    reference = disbursing(world)
    browser = Browser(world.app, "applicant.my")
    row = {**LINE, "supplier": "x" * 141}
    answer = browser.post(page(reference), sent(world, reference, row, save="yes"))
    assert answer.status_code == 422
    assert "Line 1, supplier: Use at most 140 characters." in shown(answer.text)
    assert "x" * 141 in answer.text


def test_a_form_of_an_older_version_is_refused_on_its_page(world: World) -> None:
    reference = disbursing(world)
    row = {**LINE, "dated": today(world, reference), "document": uploaded(world, reference)}
    form = sent(world, reference, row, claim="yes")
    form["version"] = "1"
    answer = Browser(world.app, "applicant.my").post(page(reference), form)
    assert answer.status_code == 422
    assert "This is not possible" in shown(answer.text)


# Verifying


def test_a_claim_is_verified_line_by_line_and_the_applicant_reads_why(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "20,000.00", "10,000.00")
    desk = Browser(world.app, "desk.my")
    assert "line by line" in shown(desk.get(f"/cases/{reference}").text)
    text = desk.get(page(reference)).text
    assert 'name="findings.1.outcome"' in text
    version = str(world.case(reference).version)
    findings = {"findings.0.line": "1", "findings.1.line": "2", "findings.1.outcome": "reduced"}
    wrong = desk.post(f"{page(reference)}/verify", {"version": version, **findings})
    assert wrong.status_code == 422
    assert "Line 2, cost you accept: Enter an amount in MYR" in shown(wrong.text)
    mended = {
        "findings.1.accepted": "4,000.00",
        "findings.1.reason": "Half is for another project.",
    }
    right = desk.post(f"{page(reference)}/verify", {"version": version, **findings, **mended})
    assert right.status_code == 303, shown(right.text)
    assert places(world, reference) == {"undrawn": 68_000, "verified": 12_000}
    told = shown(Browser(world.app, "applicant.my").get(page(reference)).text)
    assert "Reduced to MYR 4,000.00 Half is for another project." in told
    assert "To be paid MYR 12,000.00" in told


def test_an_invoice_met_elsewhere_is_shown_to_the_officer_alone(world: World) -> None:
    first = disbursing(world)
    claimed(world, first, "20,000.00")
    second = world.at("disbursing")
    claimed(world, second, "20,000.00")
    warning = f"invoice INV-10 of Besi Contoh Sdn Bhd is also claimed in {first}."
    assert warning in shown(Browser(world.app, "desk.my").get(page(second)).text)
    assert warning not in shown(Browser(world.app, "applicant.my").get(page(second)).text)


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        pytest.param("applicant.my", 200, 200, id="the applicant"),
        pytest.param("rival.my", 404, 404, id="another enterprise"),
        pytest.param("desk.my", 200, 200, id="an officer of the agency"),
        pytest.param("auditor.my", 200, 200, id="an auditor of the agency"),
        pytest.param("desk.vn", 404, 404, id="an officer of another agency"),
    ],
)
def test_who_sees_a_claim(world: World, who: str, before: int, after: int) -> None:
    reference = disbursing(world)
    uploaded(world, reference)
    browser = Browser(world.app, who)
    answer = browser.get(page(reference))
    assert answer.status_code == before
    assert ("lines.0.supplier" in answer.text) == (who == "applicant.my")
    claimed(world, reference, "20,000.00")
    assert browser.get(page(reference)).status_code == after


def test_an_invoice_of_a_claim_not_yet_made_is_the_applicants_alone(world: World) -> None:
    reference = disbursing(world)
    document = uploaded(world, reference)
    path = f"{page(reference)}/invoices/{document}.pdf"
    assert Browser(world.app, "applicant.my").get(path).status_code == 200
    desk = Browser(world.app, "desk.my")
    assert desk.get(path).status_code == 404
    papers = f"/cases/{reference}/documents/{document}.pdf"
    assert papers not in desk.get(f"/cases/{reference}").text
    claimed(world, reference, "20,000.00")
    assert papers not in desk.get(f"/cases/{reference}").text
    assert "invoice (PDF)" in shown(desk.get(f"/cases/{reference}").text)


def test_the_unspent_balance_of_an_advance_is_shown(world: World) -> None:
    reference = disbursing(world, 'mode = "advance"')
    applicant = Browser(world.app, "applicant.my")
    assert "This tranche is paid in advance." in shown(applicant.get(f"/cases/{reference}").text)
    claim(world, reference)
    verify(world, reference)
    paid(world, reference)
    for who in ("applicant.my", "desk.my"):
        text = shown(Browser(world.app, who).get(f"/cases/{reference}").text)
        assert "Unspent balance of the advance: MYR 32,000.00" in text, who


# The interface


def test_a_claim_through_the_interface(world: World) -> None:
    reference = disbursing(world)
    applicant, desk = (Interface(world.app, f"{name}.my") for name in ("applicant", "desk"))
    path = f"{CASES}/{reference}/tranches/1/claim"
    upload = applicant.send(
        "POST", f"{path}/documents", data={"file": (io.BytesIO(pdf("Invoice")), "i.pdf")}
    )
    assert upload.status_code == 201
    document = upload.get_json()["document"]["id"]
    row = {**LINE, "dated": today(world, reference), "document": document}
    wrong = {**row, "cost": {"amount": "5.00", "currency": "USD"}}
    kept = applicant.send(
        "PUT", path, json={"lines": [wrong]}, headers={"If-Match": applicant.etag(reference)}
    )
    assert kept.get_json()["problems"] == {
        "lines.0.cost": ["Amounts here are in MYR, not USD."]
    }  # fmt: skip
    refused = problem(applicant.act(reference, "claim", {"lines": [wrong]}, number=1), 422)
    assert refused["errors"] == {"lines.0.cost": ["Amounts here are in MYR, not USD."]}
    assert applicant.act(reference, "claim", {"lines": [row]}, number=1).status_code == 200
    seen = desk.get(path).get_json()
    assert seen["lines"] == []
    assert seen["claims"][0]["lines"][0]["supplier"] == "Besi Contoh Sdn Bhd"
    found = [{"line": 1, "outcome": "reduced", "accepted": "30000.00", "reason": "As agreed."}]
    assert desk.act(reference, "verify", {"findings": found}, number=1).status_code == 200
    assert applicant.get(path).get_json()["claims"][0]["verified"] == 15_000_00
    assert places(world, reference) == {"undrawn": 65_000, "verified": 15_000}


def test_a_claim_without_lines_has_no_address(world: World) -> None:
    reference = world.at("disbursing")
    applicant = Interface(world.app, "applicant.my")
    problem(applicant.get(f"{CASES}/{reference}/tranches/1/claim"), 404)


def test_verified_lines_say_so_to_both_sides(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "20,000.00")
    verify(world, reference)
    for who in ("applicant.my", "desk.my"):
        assert "Accepted" in shown(Browser(world.app, who).get(page(reference)).text)
