"""A finished payment file, read again as a bank would: what the schema of ISO 20022 lets through and a bank would not."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from workflows.banking.answers import Unreadable
from workflows.banking.markup import parsed, text
from workflows.money import DECIMALS, step

# At most the 18 digits of ISO 20022 on either side of the point.
_WRITTEN = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")
_ONCE = ("InstrId", "EndToEndId", "UETR")


def check(xml: bytes) -> list[str]:
    """Return a sentence for everything that is wrong in a finished pain.001 of version 03 or 09, in its order; none when it is right.

    Looks at the counts and control sums of file and batches, identifiers given twice, amounts finer than ISO 4217 has the currency,
    several currencies or accounts in a batch, and days of execution before the file was made (in UTC). The schema is not looked at.
    """
    try:
        root, _ = parsed(xml)
    except Unreadable as wrong:
        return list(wrong.sentences)
    file = root if root.tag == "CstmrCdtTrfInitn" else root.find("CstmrCdtTrfInitn")
    if file is None:
        return ["This is no pain.001, the payment file of ISO 20022."]
    header = file.find("GrpHdr")
    created = text(file, "GrpHdr/CreDtTm")[:10]
    if header is None or not created:
        return ["The file has no header with the time of its creation."]
    found = [*_totals(header, file.findall("PmtInf/CdtTrfTxInf"), "The file")]
    found += _twice("PmtInfId", [text(batch, "PmtInfId") for batch in file.iterfind("PmtInf")])
    for name in _ONCE:
        found += _twice(name, [text(one, ".") for one in file.iterfind(f".//PmtId/{name}")])
    for batch in file.iterfind("PmtInf"):
        found += _of_batch(batch, created)
    return found


def _of_batch(batch: ET.Element, created: str) -> Iterator[str]:
    name = f"The batch {text(batch, 'PmtInfId')}"
    payments = batch.findall("CdtTrfTxInf")
    yield from _totals(batch, payments, name)
    currencies = [one.get("Ccy", "") for one in batch.iterfind("CdtTrfTxInf/Amt/InstdAmt")]
    of_account = [text(batch, "DbtrAcct/Ccy")] if batch.find("DbtrAcct/Ccy") is not None else []
    if len({*currencies, *of_account}) > 1:
        yield f"{name} has several currencies: {', '.join(dict.fromkeys([*of_account, *currencies]))}."
    if len(batch.findall("DbtrAcct")) != 1:
        yield f"{name} has {len(batch.findall('DbtrAcct'))} paying accounts; it needs one."
    execution = text(batch, "ReqdExctnDt/Dt") or text(batch, "ReqdExctnDt")
    if execution[:10] < created:
        yield f"{name} is to be executed on {execution or 'no day'}, before the file was made on {created}."
    for payment in payments:
        yield from _too_fine(payment)


def _totals(level: ET.Element, payments: list[ET.Element], whose: str) -> Iterator[str]:
    count, total = text(level, "NbOfTxs"), text(level, "CtrlSum")
    together = sum((_number(text(one, "Amt/InstdAmt")) for one in payments), Decimal(0))
    if count != str(len(payments)):
        yield f"{whose} says NbOfTxs {count or 'nothing'}; counted are {len(payments)}."
    if _number(total) != together or not total:
        yield f"{whose} says CtrlSum {total or 'nothing'} and its payments make {together}."


def _too_fine(payment: ET.Element) -> Iterator[str]:
    amount = payment.find("Amt/InstdAmt")
    name = text(payment, "PmtId/EndToEndId")
    if amount is None:
        yield f"{name} has no amount."
        return
    written, currency = (amount.text or "").strip(), amount.get("Ccy", "")
    number = _number(written)
    if number <= 0:
        yield f"{name}: {written!r} is not an amount that can be paid."
    elif currency not in DECIMALS:
        yield f"{name}: the currency {currency!r} is none that is paid in here."
    elif number % step(currency):
        yield f"{name}: {written} {currency} has more decimals than the currency."


def _number(written: str) -> Decimal:
    """Return the number, nought for what is none; the amount that is none is named where it stands."""
    return Decimal(written) if _WRITTEN.fullmatch(written) else Decimal(0)


def _twice(what: str, values: list[str]) -> Iterator[str]:
    for value, count in Counter(values).items():
        if count > 1:
            yield f"The {what} {value} is given {count} times."
