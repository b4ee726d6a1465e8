"""Money that a file of the bank says came in: recorded with the case it is for, once, and its line settled."""

from datetime import date

import pytest

from app.db import db, transaction
from app.disbursements.commands import answers
from app.disbursements.models import BankLine
from app.errors import Conflict, Missing
from app.proceedings.queries import count, proceeding
from app.repayments.commands.lines import named, record_from_line
from app.repayments.queries import owing
from tests.disbursements import banks
from tests.factories import Days, invalid
from tests.pages.browser import Browser
from tests.repayments.lending import act, drawn, loan_of
from tests.workflows.banking.said import detail, details, entry, notification
from tests.world import World

pytestmark = pytest.mark.one_database


def taken(world: World, *entries: str) -> list[BankLine]:
    """Hand in a file of the bank, and look at each of its lines as a worker does."""
    report = banks.take(world, notification(*entries))
    for line in banks.lines(report):
        with transaction():
            answers.apply(line.id)
    return banks.lines(report)


def came_in(world: World, remittance: str, amount: str = "25000000") -> int:
    """Let the bank say that money came in; return the number of the line."""
    told = f"<RmtInf><Ustrd>{remittance}</Ustrd></RmtInf>" if remittance else ""
    said = entry(
        details(detail(told, name="THEIRS-1")),
        way="CRDT",
        amount=f'<Amt Ccy="VND">{amount}</Amt>',
        day="<BookgDt><Dt>2026-12-30</Dt></BookgDt>",
    )
    (line,) = taken(world, said)
    assert (line.outcome, line.state) == ("received", "open")
    return line.id


@pytest.fixture
def reference(world: World, days: Days) -> str:
    """Return a drawn loan, a month later."""
    found = drawn(world)
    days.noon("2026-12-31", "Asia/Ho_Chi_Minh")
    return found


def record(line: int, reference: str, world: World) -> None:
    with transaction():
        record_from_line(line, reference, actor=world.maker)
    db.session.expire_all()


@pytest.mark.parametrize(
    ("written", "state"),
    [
        pytest.param("Thank you", "recorded", id="a payer who names no case"),
        pytest.param("Repayment {0}", "booked", id="a payer who names the case"),
        pytest.param("repayment {0} of 12/26", "booked", id="among other words"),
    ],
)
def test_a_line_becomes_a_receipt_of(
    world: World, reference: str, written: str, state: str
) -> None:
    line = came_in(world, written.format(reference.lower() if "of" in written else reference))
    record(line, reference, world)
    row = proceeding(world.case(reference), count(world.case(reference)))
    assert (row.state, row.terms["bank_line"], row.amount_minor) == (state, line, 25_000_000)
    assert db.session.get_one(BankLine, line).state == "settled"
    if state == "recorded":
        act(world, reference, row.number, "confirm", world.checker)
    (receipt,) = owing.receipts(loan_of(world, reference))
    assert (receipt.bank_line_id, receipt.received_on) == (line, date(2026, 12, 30))


def test_a_line_is_never_recorded_twice(world: World, reference: str) -> None:
    line = came_in(world, "")
    record(line, reference, world)
    with pytest.raises(Conflict, match="waits for a person"):
        record(line, reference, world)
    assert count(world.case(reference)) == 1


def test_a_receipt_that_is_recorded_by_hand_is_not_recorded_from_its_line(
    world: World, reference: str
) -> None:
    first = came_in(world, "")
    record(first, reference, world)
    said = entry(
        way="CRDT",
        amount='<Amt Ccy="VND">25000000</Amt>',
        day="<BookgDt><Dt>2026-12-30</Dt></BookgDt>",
    )
    again = taken(world, said, said)[-1].id
    with invalid("bank_reference"):
        record(again, reference, world)
    db.session.expire_all()
    assert db.session.get_one(BankLine, again).state == "open"


def test_a_line_of_another_agency_is_not_there(world: World, reference: str) -> None:
    line = came_in(world, "")
    with pytest.raises(Missing), transaction():
        record_from_line(line, reference, actor=world.person("maker.my"))


def test_the_case_is_read_from_what_the_payer_wrote(world: World, reference: str) -> None:
    line = came_in(world, f"loan {reference.lower()}, thanks")
    assert named(db.session.get_one(BankLine, line)) == reference
    other = came_in(world, "loan 12345", "1000000")
    assert named(db.session.get_one(BankLine, other)) == ""


def test_the_page_of_a_line_records_it(world: World, reference: str) -> None:
    line = came_in(world, reference)
    maker = Browser(world.app, "maker.vn")
    assert f"/payments/lines/{line}/receipt" in maker.get("/payments").text
    page = maker.get(f"/payments/lines/{line}/receipt")
    assert f'value="{reference}"' in page.text
    wrong = maker.post(f"/payments/lines/{line}/receipt", {"reference": "NOBODY-00001"})
    assert (wrong.status_code, "There is no application NOBODY-00001" in wrong.text) == (422, True)
    sent = maker.post(f"/payments/lines/{line}/receipt", {"reference": reference})
    assert sent.status_code == 303
    assert "Booked" in maker.get(sent.location).text
    again = maker.post(f"/payments/lines/{line}/receipt", {"reference": reference})
    assert again.status_code == 409
