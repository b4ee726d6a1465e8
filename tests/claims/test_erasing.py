"""What an erasure takes of claims: suppliers, invoices, what was bought and why less was accepted; amounts stay."""

from app.awards.queries import awarded, tranche
from app.claims import queries
from app.claims.compose import TypedFinding
from tests.claims.claiming import claimed, disbursing, paid, verify
from tests.factories import do_the_work, last_event
from tests.pages.browser import Browser
from tests.retention.kept import erase, files, remove_files
from tests.world import World


def ended(world: World) -> str:
    """Return a case whose two tranches were claimed with invoices and paid."""
    reference = disbursing(world)
    for number in (1, 2):
        claimed(world, reference, "20,000.00", "10,000.00", number=number)
        found = TypedFinding(2, "reduced", "4,000.00", "Half is for another project.")
        verify(world, reference, found, number=number)
        paid(world, reference, number)
    do_the_work()
    assert world.case(reference).state == "completed"
    return reference


def test_an_erasure_takes_who_was_paid_for_what_and_leaves_the_amounts(world: World) -> None:
    reference = ended(world)
    held = files(world, reference)
    document = queries.invoices(world.case(reference))[0].id
    erase(world, reference)
    counted = last_event(reference).record["detail"]["fields"]
    kept = {
        name: counted[name] for name in ("claim_drafts", "claims", "cost_lines", "cost_findings")
    }
    assert kept == {"claim_drafts": 2, "claims": 2, "cost_lines": 4, "cost_findings": 4}
    for claim in queries.claims(world.case(reference)):
        texts = [
            (line.supplier, line.supplier_key, line.invoice, line.invoice_key, line.description)
            for line in claim.lines
        ]
        assert {"".join(text) for text in texts} == {""}
        assert claim.salt == ""
        assert [line.finding.reason for line in claim.lines if line.finding] == ["", ""]
        assert (claim.cost_minor, claim.amount_minor) == (30_000_00, 15_000_00)
    for number in (1, 2):
        draft = queries.draft(tranche(awarded(world.case(reference)), number))
        assert draft is not None
        assert draft.lines == []
    remove_files()
    assert not any(path.exists() for path in held)
    desk = Browser(world.app, "desk.my")
    page = desk.get(f"/cases/{reference}/tranches/1/claim")
    assert page.status_code == 200
    assert "Besi Contoh" not in page.text
    path = f"/cases/{reference}/tranches/1/claim/invoices/{document}.pdf"
    assert desk.get(path).status_code == 410
