"""Payment files that the tests send: plainly invented payers, payees and numbers."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import xmlschema

from app.disbursements.render import NAMESPACE, Account, Batch, Payment, PaymentFile

AGENCY = Account(
    "Agensi Pembiayaan PKS Contoh", "MY", "Kuala Lumpur", "512345678901", "TESTMYKLXXX", "MY", "99"
)
FUND = Account(
    "Lembaga Dana UMKM Contoh", "ID", "Jakarta", "0700012345678", "TESTIDJAXXX", None, None
)
SHOP = Account(
    "Kedai Contoh Sdn Bhd", "MY", "George Town", "98765432109876", "TESTMYPN", None, None
)
FIRST = Payment(
    end_to_end_id="MY-2026-000123-T1",
    instruction_id="MY-2026-000123-T1-1",
    amount=Decimal("18750.00"),
    currency="MYR",
    decimals=2,
    creditor=SHOP,
    purpose="LOAN",
    remittance="MY-2026-000123 tranche 1 of 3",
)
SECOND = replace(
    FIRST,
    end_to_end_id="MY-2026-000140-T2",
    instruction_id="MY-2026-000140-T2-1",
    amount=Decimal("6250.5"),
    creditor=replace(SHOP, name="Usahawan Contoh Enterprise", number="11122233344"),
)
GRANT = replace(
    FIRST,
    end_to_end_id="ID-2026-000077-T1",
    instruction_id="ID-2026-000077-T1-1",
    amount=Decimal(250000000),
    currency="IDR",
    decimals=None,
    creditor=replace(SHOP, name="CV Contoh Jaya", country="ID", town="Bandung"),
    purpose="GOVG",
    remittance="ID-2026-000077 milestone 1",
)
LOANS = Batch("CONTOH-LN-1", date(2026, 11, 17), "LOAN", AGENCY, (FIRST, SECOND))
GRANTS = Batch("CONTOH-GR-1", date(2026, 11, 18), "GOVT", FUND, (GRANT,))
FILE = PaymentFile(
    message_id="CONTOH-20261116-0001",
    created=datetime(2026, 11, 16, 9, 30, 15, 123456, tzinfo=UTC),
    initiator=AGENCY.name,
    batches=(LOANS,),
)
TWO_BATCHES = replace(FILE, batches=(LOANS, GRANTS))


def paying(**change: Any) -> PaymentFile:
    """Return a file with one payment that is changed."""
    return batched(payments=(replace(FIRST, **change),))


def paid_to(**change: Any) -> PaymentFile:
    """Return a file with one payment to an account that is changed."""
    return paying(creditor=replace(SHOP, **change))


def paid_from(**change: Any) -> PaymentFile:
    """Return a file from an account that is changed."""
    return batched(debtor=replace(AGENCY, **change))


def batched(**change: Any) -> PaymentFile:
    """Return a file whose batch is changed."""
    return replace(FILE, batches=(replace(LOANS, **change),))


def many(count: int) -> PaymentFile:
    """Return a file with so many payments."""
    payments = tuple(
        replace(FIRST, end_to_end_id=f"MANY-{number}", instruction_id=f"MANY-{number}")
        for number in range(count)
    )
    return batched(payments=payments)


def read(content: bytes, path: str, namespace: str = NAMESPACE) -> list[str | None]:
    """Return the texts at a path of a file."""
    names = {"": namespace}
    return [element.text for element in ET.fromstring(content).iterfind(path, names)]  # noqa: S314 - our own bytes


@cache
def schema(version: str = "09") -> xmlschema.XMLSchema:
    """Return the schema of ISO 20022 for a version of pain.001."""
    with as_file(files("sepaxml") / "schemas" / f"pain.001.001.{version}.xsd") as path:
        return xmlschema.XMLSchema(path)


def faults(content: bytes, version: str = "09") -> list[str | None]:
    """Return what the schema finds wrong in a file."""
    return [error.reason for error in schema(version).iter_errors(content)]
