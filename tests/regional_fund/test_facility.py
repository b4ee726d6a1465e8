"""Money of the regional fund that goes through the facility of the enterprise's country: to it, and on from it."""

import re

import pytest
from sqlalchemy import select

from app.awards.queries import awarded, tranche
from app.checkpoints.commands import advance
from app.db import db, transaction
from app.disbursements.queries import instruction
from app.letters.compose import compose
from app.letters.render.letter import DisbursementAdvice
from app.trail.models import OutboxEntry
from tests.factories import last_event, refused
from tests.regional import Fund

FACILITY = {"pay_through": "facility"}


def creditor(fund: Fund, reference: str) -> str:
    """Return who is paid by the payment file of the first tranche."""
    fund.release(reference, 1)
    found = instruction(tranche(awarded(fund.world.case(reference)), 1))
    assert found is not None
    name = re.search(rb"<Cdtr>\s*<Nm>([^<]+)</Nm>", found.batch.file)
    assert name is not None
    return name[1].decode()


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        pytest.param({}, "Kopi Contoh Sdn Bhd", id="directly"),
        pytest.param(FACILITY, "Agency MY", id="through the facility"),
    ],
)
def test_the_file_names_who_is_paid(fund: Fund, answers: dict[str, str], name: str) -> None:
    assert creditor(fund, fund.at("disbursing", **answers)) == name


def test_a_tranche_is_paid_once_the_facility_has_paid_it_on(fund: Fund) -> None:
    reference = fund.at("disbursing", **FACILITY)
    fund.pay(reference, 1)
    assert fund.world.tranche_state(reference, 1) == "with_facility"
    with refused("earlier_tranches_paid"):
        fund.pay(reference, 2)
    fund.forward(reference, 1)
    fund.pay(reference, 2)
    assert fund.state(reference) == "disbursing"
    fund.forward(reference, 2)
    assert fund.state(reference) == "reporting"


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        pytest.param("maker.fund", {"separate_hands", "institution"}, id="who prepared the payment of the fund"),
        pytest.param("maker.vn", {"institution"}, id="the payment officer of another member state"),
        pytest.param("focal.my", {"duty", "separate_hands"}, id="the focal point at home"),
    ],
)  # fmt: skip
def test_only_the_facility_at_home_pays_on(fund: Fund, name: str, rules: set[str]) -> None:
    reference = fund.at("disbursing", **FACILITY)
    fund.pay(reference, 1)
    with refused(*rules):
        fund.forward(reference, 1, name)


def test_the_applicant_is_told_when_the_facility_has_paid(fund: Fund) -> None:
    reference = fund.at("disbursing", **FACILITY)
    fund.pay(reference, 1)
    assert "letter" not in _work(reference)
    fund.forward(reference, 1)
    with transaction():
        advance()
    found = last_event(reference)
    body = compose("disbursement_advice", fund.world.case(reference), found).body
    assert isinstance(body, DisbursementAdvice)
    assert (body.bank_reference, found.record["detail"]["through"]) == ("ON-1", "MY-SMECORP")


def _work(reference: str) -> set[str]:
    """Return the work that the last event of a case entails."""
    found = select(OutboxEntry.duty).where(OutboxEntry.event_id == last_event(reference).id)
    return set(db.session.scalars(found))
