"""The payment file: an ISO 20022 customer credit transfer, pain.001.001.09, as bytes.

The bytes depend on the input alone, so that the person who releases a file can approve its digest. What the schema of
ISO 20022 cannot see (decimals of a currency, identifiers given twice) is refused here.
"""

import hashlib
import re
import uuid
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

# The character set X of SWIFT. Many banks cut or reject identifiers outside it, and then a payment cannot be matched.
_IDENTIFIER = re.compile(r"(?![/ ])(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<![/ ])")
# Patterns of the simple types of the schema.
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Za-z0-9]{1,30}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_CLEARING_SYSTEM = re.compile(r"[A-Z0-9]{1,5}")
# XML 1.0 has no way to carry these, and a line break has no place in a name.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# ActiveCurrencyAndAmount of the schema: 18 digits in all, 5 of them decimals.
_MOST_DIGITS, _MOST_DECIMALS = 18, 5


@dataclass(frozen=True)
class Account:
    """An account, who holds it and the bank that keeps it.

    The name is kept as written, in any script, as UTF-8. ISO 20022 allows that; some banks take Latin letters only,
    and then the Latin name has to be given here. ``clearing_member`` is the bank's number in the national
    ``clearing_system`` (ISO external code, such as MY or SGIBG), where the paying bank wants it. ``country`` is ISO
    3166 alpha-2; ``iban`` tells that the number is an IBAN.
    """

    name: str
    country: str
    town: str
    number: str
    bic: str
    clearing_system: str | None
    clearing_member: str | None
    iban: bool = False


@dataclass(frozen=True)
class Payment:
    """One credit transfer: an amount in an ISO 4217 currency with so many payment decimals.

    ``end_to_end_id`` stays the same on every send of one payment. ``purpose`` is an ISO external purpose code:
    LOAN for a loan to its borrower, GOVG for a government grant.
    """

    end_to_end_id: str
    instruction_id: str
    amount: Decimal
    currency: str
    decimals: int
    creditor: Account
    purpose: str
    remittance: str


@dataclass(frozen=True)
class PaymentFile:
    """Payments from one account in one currency, to be executed on one day.

    ``created`` is in UTC, written to the second. ``category`` is an ISO external category purpose code: LOAN, or GOVT for grants.
    """

    message_id: str
    created: datetime
    execution: date
    category: str
    debtor: Account
    payments: tuple[Payment, ...]


def pain_001(file: PaymentFile) -> bytes:
    """Return the payment file as UTF-8 XML that is valid against the schema pain.001.001.09.

    Raises ``ValueError`` naming everything in the file that a bank would refuse or misread. Nothing is cut or rounded.
    """
    problems = (*_wrong_file(file), *(p for one in file.payments for p in _wrong_payment(one)))
    if problems:
        raise ValueError(" ".join(problems))
    document = ET.Element("Document", xmlns=NAMESPACE)
    initiation = ET.SubElement(document, "CstmrCdtTrfInitn")
    _header(initiation, file)
    _information(initiation, file)
    ET.indent(document)
    content: bytes = ET.tostring(document, encoding="UTF-8", xml_declaration=True)
    return content


def uetr(end_to_end_id: str) -> str:
    """Return the unique end-to-end transaction reference: a UUID, always the same for the same identifier."""
    digest = hashlib.sha256(end_to_end_id.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def _header(parent: ET.Element, file: PaymentFile) -> None:
    header = ET.SubElement(parent, "GrpHdr")
    _add(header, "MsgId", file.message_id)
    _add(header, "CreDtTm", file.created.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _totals(header, file)
    _add(header, "InitgPty/Nm", file.debtor.name)


def _information(parent: ET.Element, file: PaymentFile) -> None:
    information = ET.SubElement(parent, "PmtInf")
    _add(information, "PmtInfId", file.message_id)
    _add(information, "PmtMtd", "TRF")
    _add(information, "BtchBookg", "false")
    _totals(information, file)
    _add(information, "PmtTpInf/CtgyPurp/Cd", file.category)
    _add(information, "ReqdExctnDt/Dt", file.execution.isoformat())
    _party(information, "Dbtr", file.debtor)
    account = _account(information, "DbtrAcct", file.debtor)
    _add(account, "Ccy", file.payments[0].currency)
    _agent(information, "DbtrAgt", file.debtor)
    _add(information, "ChrgBr", "SHAR")
    for payment in file.payments:
        _transaction(information, payment)


def _transaction(parent: ET.Element, payment: Payment) -> None:
    transaction = ET.SubElement(parent, "CdtTrfTxInf")
    identifiers = ET.SubElement(transaction, "PmtId")
    _add(identifiers, "InstrId", payment.instruction_id)
    _add(identifiers, "EndToEndId", payment.end_to_end_id)
    _add(identifiers, "UETR", uetr(payment.end_to_end_id))
    amount = _add(transaction, "Amt/InstdAmt", _written(payment.amount, payment.decimals))
    amount.set("Ccy", payment.currency)
    _agent(transaction, "CdtrAgt", payment.creditor)
    _party(transaction, "Cdtr", payment.creditor)
    _account(transaction, "CdtrAcct", payment.creditor)
    _add(transaction, "Purp/Cd", payment.purpose)
    _add(transaction, "RmtInf/Ustrd", payment.remittance)


def _totals(parent: ET.Element, file: PaymentFile) -> None:
    total = sum((payment.amount for payment in file.payments), Decimal(0))
    _add(parent, "NbOfTxs", str(len(file.payments)))
    _add(parent, "CtrlSum", _written(total, file.payments[0].decimals))


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


def _agent(parent: ET.Element, tag: str, account: Account) -> None:
    institution = _add(parent, f"{tag}/FinInstnId")
    _add(institution, "BICFI", account.bic)
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


def _written(amount: Decimal, decimals: int) -> str:
    return f"{amount:.{decimals}f}"


def _wrong_file(file: PaymentFile) -> Iterator[str]:
    if not file.payments:
        yield "A payment file needs at least one payment."
    if len({(payment.currency, payment.decimals) for payment in file.payments}) > 1:
        yield "All payments of a file must be in one currency with the same decimals."
    total = sum((p.amount for p in file.payments if p.amount.is_finite()), Decimal(0))
    if any(total.adjusted() + 1 + payment.decimals > _MOST_DIGITS for payment in file.payments):
        yield f"The payments add up to more than {_MOST_DIGITS} digits; split the file."
    if file.created.utcoffset() != timedelta(0):
        yield "The time of creation must be in UTC."
    yield from _unlike(_IDENTIFIER, "message identifier", file.message_id)
    yield from _unlike(_CODE, "category purpose", file.category)
    yield from _wrong_account(file.debtor)
    yield from _twice("end-to-end identifier", [p.end_to_end_id for p in file.payments])
    yield from _twice("instruction identifier", [p.instruction_id for p in file.payments])


def _wrong_payment(payment: Payment) -> Iterator[str]:
    yield from _unlike(_IDENTIFIER, "end-to-end identifier", payment.end_to_end_id)
    yield from _unlike(_IDENTIFIER, "instruction identifier", payment.instruction_id)
    yield from _unlike(_CURRENCY, "currency", payment.currency)
    yield from _unlike(_CODE, "purpose", payment.purpose)
    yield from _unfit("remittance information", payment.remittance, 140)
    yield from _wrong_amount(payment)
    yield from _wrong_account(payment.creditor)


def _wrong_amount(payment: Payment) -> Iterator[str]:
    amount, decimals = payment.amount, payment.decimals
    whose = f"{payment.end_to_end_id}: {amount} {payment.currency}"
    if not 0 <= decimals <= _MOST_DECIMALS:
        yield f"{whose} cannot have {decimals} decimals."
    elif not amount.is_finite() or amount <= 0:
        yield f"{whose} is not a positive amount."
    elif amount.adjusted() + 1 + decimals > _MOST_DIGITS:
        yield f"{whose} has more than {_MOST_DIGITS} digits."
    elif amount.scaleb(decimals) % 1:
        yield f"{whose} is finer than {decimals} decimals."


def _wrong_account(account: Account) -> Iterator[str]:
    yield from _unfit("name", account.name, 140)
    yield from _unfit("town", account.town, 35)
    yield from _unlike(_COUNTRY, "country", account.country)
    yield from _unlike(_BIC, "BIC", account.bic)
    if account.iban:
        yield from _unlike(_IBAN, "IBAN", account.number)
    else:
        yield from _unfit("account number", account.number, 34)
    if (account.clearing_system is None) != (account.clearing_member is None):
        yield f"The bank of {account.name!r} needs both its clearing system and its number there."
    if account.clearing_system is not None:
        yield from _unlike(_CLEARING_SYSTEM, "clearing system", account.clearing_system)
    if account.clearing_member is not None:
        yield from _unfit("clearing number", account.clearing_member, 35)


def _unlike(pattern: re.Pattern[str], what: str, value: str) -> Iterator[str]:
    if not pattern.fullmatch(value):
        yield f"The {what} {value!r} is not of the form that banks accept."


def _unfit(what: str, value: str, longest: int) -> Iterator[str]:
    if not value.strip():
        yield f"The {what} is empty."
    elif len(value) > longest:
        yield f"The {what} {value!r} is longer than {longest} characters."
    elif _UNPRINTABLE.search(value):
        yield f"The {what} {value!r} contains a character that cannot be printed."


def _twice(what: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"The {what} {value!r} is given {count} times."
