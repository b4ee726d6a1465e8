"""Files of banks: who hands them in, what cannot be read, whose payments they answer, and how a line is settled."""

import pytest
from sqlalchemy import select

from app.applications import commands as applications
from app.audit.queries import verify
from app.awards.queries import awarded, tranche
from app.db import db, transaction
from app.disbursements.commands import answers
from app.disbursements.models import BankLine, BankReport
from app.disbursements.queries import instruction
from app.errors import Conflict, Forbidden, Invalid, Missing
from app.trail.queries import events_of
from tests.disbursements import banks
from tests.disbursements.banks import answered, day, lines, money, released, said, shift, take
from tests.factories import do_the_work
from tests.workflows.banking.said import batch, because, payment, status_report, table
from tests.world import World

pytestmark = pytest.mark.one_database

WITH_THE_BANK = {"undrawn": 3000, "instructed": 2000}


@pytest.fixture
def sent(world: World) -> str:
    """Return a case whose first tranche is with the bank."""
    (reference,) = banks.verified(world)
    released(world, [reference])
    return reference


# Other agencies


def test_a_payment_of_another_agency_is_not_known(world: World, sent: str) -> None:
    report = take(world, table(banks.HEAD, said(sent, "ACSC")), world.person("maker.vn"))
    do_the_work()
    (line,) = lines(report)
    assert (line.state, line.why) == ("open", "No payment of this agency has this number.")
    assert money(world, sent) == WITH_THE_BANK
    with pytest.raises(Missing):
        settle(world, line.id, actor="maker.my")
    assert settle(world, line.id, actor="maker.vn").state == "settled"


def test_a_file_of_another_agency_is_not_answered(world: World) -> None:
    references = banks.verified(world, 2)
    file = released(world, references)
    content = status_report(group="<GrpSts>RJCT</GrpSts>")
    other = take(
        world, content.replace(b"CONTOH-1", file.message_id.encode()), world.person("maker.vn")
    )
    do_the_work()
    assert [line.state for line in lines(other)] == ["open"]
    assert [world.tranche_state(one, 1) for one in references] == ["released"] * 2


# Taken in, and settled


def settle(
    world: World, number: int, note: str = "Asked the bank.", actor: str = "maker.my"
) -> BankLine:
    with transaction():
        return answers.settle(number, note, actor=world.person(actor))


def test_a_line_is_settled_once_with_what_was_done(world: World, sent: str) -> None:
    (line,) = answered(world, said(sent, "ACSC", amount="1.00"))
    found = settle(world, line.id)
    assert (found.state, found.settled_by) == ("settled", world.maker.id)
    event = events_of("agency:MY-SMECORP")[-1]
    assert (event.kind, event.disclosed) == ("settle_bank_line", {"note": "Asked the bank."})
    assert "Asked" not in str(event.record["detail"])
    with pytest.raises(Conflict):
        settle(world, line.id)
    assert verify() == []


def test_a_line_that_was_applied_is_not_settled(world: World, sent: str) -> None:
    (line,) = answered(world, said(sent, "ACSC"))
    with pytest.raises(Conflict):
        settle(world, line.id)


def test_a_line_of_a_case_that_is_hidden_is_not_settled(world: World, sent: str) -> None:
    (line,) = answered(world, said(sent, "ACSC", amount="1.00"))
    with transaction():
        applications.declare(sent, "My brother owns it.", whole=True, actor=world.checker)
    with pytest.raises(Missing):
        settle(world, line.id, actor="checker.my")
    assert settle(world, line.id).state == "settled"


@pytest.mark.parametrize("name", ["desk.my", "releaser.my", "auditor.my", "applicant.my"])
def test_files_of_the_bank_are_not_taken_in_by(world: World, sent: str, name: str) -> None:
    (line,) = answered(world, said(sent, "ACSC", amount="1.00"))
    with pytest.raises(Forbidden):
        take(world, table(banks.HEAD, said(sent, "ACSC")), world.person(name))
    with pytest.raises(Forbidden):
        settle(world, line.id, actor=name)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\xff\xfe", id="no text"),
        pytest.param(b"%PDF-1.7", id="a PDF"),
        pytest.param(b"<Document><CstmrCdtTrfInitn/></Document>", id="a payment file"),
        pytest.param(b"<Document><unclosed>", id="XML that does not end"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Document>&b;</Document>',
            id="XML that reaches for files",
        ),
        pytest.param(table("name,amount", "a,1"), id="another table"),
    ],
)
def test_what_cannot_be_read_is_refused_in_sentences(world: World, content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        take(world, content)
    assert caught.value.errors["file"]
    assert all(sentence.endswith((".", "?")) for sentence in caught.value.errors["file"])
    assert db.session.scalars(select(BankReport)).all() == []


def test_the_day_of_a_file_is_that_of_the_agency(world: World, sent: str) -> None:
    """A bank that stamps its files in UTC names the day before for the first eight hours of a Malaysian day."""
    stamp = f"{shift(-1)}T16:30:00Z"
    answer = payment("RJCT", because("AC01"), name=f"{sent}-T1-1")
    made = status_report(batch(answer)).replace(b"2026-11-17T11:02:03+08:00", stamp.encode())
    paid = instruction(tranche(awarded(world.case(sent)), 1))
    assert paid is not None
    report = take(world, made.replace(b"CONTOH-1", paid.batch.message_id.encode()))
    do_the_work()
    (line,) = lines(report)
    assert (line.told["reported_on"], line.state) == (day(), "applied")
