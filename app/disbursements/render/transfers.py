"""The customer credit transfer of ISO 20022, pain.001, as bytes: version 09, and 03 for banks that take no later one.

The bytes depend on the input alone, so that the person who releases a file can approve its digest.
"""

import hashlib
import re
import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from app.disbursements.render.payments import Account, Batch, Payment, PaymentFile, control_sum
from app.disbursements.render.refusals import refusals, unlike

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NAMESPACE_03 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"
# BICIdentifier of version 03 is narrower than that of 09.
_BIC_03 = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")


@dataclass(frozen=True)
class _Version:
    """Where the versions of the message differ in what is written here."""

    namespace: str
    bic: str
    execution: str
    with_uetr: bool


_V09 = _Version(NAMESPACE, bic="BICFI", execution="ReqdExctnDt/Dt", with_uetr=True)
_V03 = _Version(NAMESPACE_03, bic="BIC", execution="ReqdExctnDt", with_uetr=False)


def pain_001(file: PaymentFile) -> bytes:
    """Return the payment file as UTF-8 XML that is valid against the schema pain.001.001.09.

    Raises ``ValueError`` naming everything in the file that a bank would refuse or misread. Nothing is cut or rounded.
    """
    return _message(file, refusals(file), _V09)


def pain_001_03(file: PaymentFile) -> bytes:
    """Return the payment file as UTF-8 XML that is valid against the schema pain.001.001.03, which knows no UETR.

    Raises ``ValueError`` as ``pain_001`` does, and for a BIC that only later versions take.
    """
    narrower = (problem for account in _accounts(file) for problem in _too_new(account))
    return _message(file, list(dict.fromkeys([*refusals(file), *narrower])), _V03)


def uetr(end_to_end_id: str) -> str:
    """Return the unique end-to-end transaction reference: a UUID, always the same for the same identifier."""
    digest = hashlib.sha256(end_to_end_id.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _message(file: PaymentFile, problems: list[str], version: _Version) -> bytes:
    if problems:
        raise ValueError(" ".join(problems))
    document = ET.Element("Document", xmlns=version.namespace)
    initiation = ET.SubElement(document, "CstmrCdtTrfInitn")
    _header(initiation, file)
    for batch in file.batches:
        _information(initiation, batch, version)
    ET.indent(document)
    content: bytes = ET.tostring(document, encoding="UTF-8", xml_declaration=True)
    return content


def _header(parent: ET.Element, file: PaymentFile) -> None:
    header = ET.SubElement(parent, "GrpHdr")
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _totals(header, tuple(file.payments))
    _add(header, "InitgPty/Nm", file.initiator)


def _information(parent: ET.Element, batch: Batch, version: _Version) -> None:
    information = ET.SubElement(parent, "PmtInf")
    _add(information, "PmtInfId", batch.id)
    _add(information, "PmtMtd", "TRF")
    _add(information, "BtchBookg", "false")
    _totals(information, batch.payments)
    _add(information, "PmtTpInf/CtgyPurp/Cd", batch.category)
    _add(information, version.execution, batch.execution.isoformat())
    _party(information, "Dbtr", batch.debtor)
    account = _account(information, "DbtrAcct", batch.debtor)
    _add(account, "Ccy", batch.payments[0].currency)
    _agent(information, "DbtrAgt", batch.debtor, version)
    _add(information, "ChrgBr", "SHAR")
    for payment in batch.payments:
        _transaction(information, payment, version)


def _transaction(parent: ET.Element, payment: Payment, version: _Version) -> None:
    transaction = ET.SubElement(parent, "CdtTrfTxInf")
    identifiers = ET.SubElement(transaction, "PmtId")
    _add(identifiers, "InstrId", payment.instruction_id)
    _add(identifiers, "EndToEndId", payment.end_to_end_id)
    if version.with_uetr:
        _add(identifiers, "UETR", uetr(payment.end_to_end_id))
    amount = _add(transaction, "Amt/InstdAmt", payment.written)
    amount.set("Ccy", payment.currency)
    _agent(transaction, "CdtrAgt", payment.creditor, version)
    _party(transaction, "Cdtr", payment.creditor)
    _account(transaction, "CdtrAcct", payment.creditor)
    _add(transaction, "Purp/Cd", payment.purpose)
    _add(transaction, "RmtInf/Ustrd", payment.remittance)


def _totals(parent: ET.Element, payments: tuple[Payment, ...]) -> None:
    _add(parent, "NbOfTxs", str(len(payments)))
    _add(parent, "CtrlSum", control_sum(payments))


def _party(parent: ET.Element, tag: str, account: Account) -> None:
    party = ET.SubElement(parent, tag)
    _add(party, "Nm", account.name)
    address = ET.SubElement(party, "PstlAdr")
    _add(address, "TwnNm", account.town)
    _add(address, "Ctry", account.country)


def _account(parent: ET.Element, tag: str, account: Account) -> ET.Element:
    element = ET.SubElement(parent, tag)
    identification = ET.SubElement(element, "Id")
    if account.iban:
        _add(identification, "IBAN", account.number)
        return element
    other = ET.SubElement(identification, "Othr")
    _add(other, "Id", account.number)
    _add(other, "SchmeNm/Cd", "BBAN")
    return element


def _agent(parent: ET.Element, tag: str, account: Account, version: _Version) -> None:
    institution = _add(parent, f"{tag}/FinInstnId")
    _add(institution, version.bic, account.bic)
    if account.clearing_system and account.clearing_member:
        member = ET.SubElement(institution, "ClrSysMmbId")
        _add(member, "ClrSysId/Cd", account.clearing_system)
        _add(member, "MmbId", account.clearing_member)


def _add(parent: ET.Element, path: str, text: str | None = None) -> ET.Element:
    element = parent
    for tag in path.split("/"):
        element = ET.SubElement(element, tag)
    element.text = text
    return element


def _accounts(file: PaymentFile) -> Iterator[Account]:
    for batch in file.batches:
        yield batch.debtor
        yield from (payment.creditor for payment in batch.payments)


def _too_new(account: Account) -> Iterator[str]:
    yield from unlike(_BIC_03, "BIC", account.bic)
