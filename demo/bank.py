"""The bank of the demonstration: it reads a payment file and answers with messages of ISO 20022."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

STATUS, BOOKINGS = "pain.002.001.12", "camt.054.001.08"


@dataclass(frozen=True)
class Order:
    """A payment that the bank was asked for; ``amount`` is in units of ``currency``, as it was written."""

    end_to_end_id: str
    amount: str
    currency: str


@dataclass(frozen=True)
class Sent:
    """A payment file as the bank received it, from an ``account`` that it keeps."""

    message_id: str
    batch_id: str
    account: str
    orders: tuple[Order, ...]


def received(file: bytes) -> Sent:
    """Return what a payment file (pain.001) with one batch asks for."""
    message = ET.fromstring(file).find("{*}CstmrCdtTrfInitn")  # noqa: S314 - the file was made by the system itself
    if message is None:
        raise ValueError("This is no pain.001.")
    return Sent(
        message_id=_text(message, "GrpHdr/MsgId"),
        batch_id=_text(message, "PmtInf/PmtInfId"),
        account=_text(message, "PmtInf/DbtrAcct/Id/Othr/Id"),
        orders=tuple(_order(found) for found in message.iterfind("{*}PmtInf/{*}CdtTrfTxInf")),
    )


def _order(found: ET.Element) -> Order:
    amount = found.find("{*}Amt/{*}InstdAmt")
    if amount is None:
        raise ValueError("A payment without an amount.")
    return Order(_text(found, "PmtId/EndToEndId"), amount.text or "", amount.get("Ccy", ""))


def _text(element: ET.Element, path: str) -> str:
    found = element.findtext("/".join(f"{{*}}{step}" for step in path.split("/")))
    if found is None:
        raise ValueError(f"There is no {path}.")
    return found


def status_report(sent: Sent, rejected: dict[str, str], now: datetime) -> bytes:
    """Return the status report (pain.002): a reason for each payment that is rejected, by identifier; the others are accepted."""
    payments = "".join(_status(order, rejected.get(order.end_to_end_id)) for order in sent.orders)
    return _document(
        STATUS,
        "CstmrPmtStsRpt",
        f"<GrpHdr><MsgId>CONTOH-{sent.message_id}</MsgId>"
        f"<CreDtTm>{now.isoformat(timespec='seconds')}</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{sent.message_id}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{sent.batch_id}</OrgnlPmtInfId>{payments}</OrgnlPmtInfAndSts>",
    )


def _status(order: Order, reason: str | None) -> str:
    told = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(order.end_to_end_id)}</OrgnlEndToEndId>"
        f"<TxSts>{'RJCT' if reason else 'ACSP'}</TxSts>{told}</TxInfAndSts>"
    )


def bookings(sent: Sent, paid: Order, now: datetime) -> bytes:
    """Return the notification of bookings (camt.054): a payment was booked on the local day of ``now``."""
    amount = f'<Amt Ccy="{paid.currency}">{paid.amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    return _document(
        BOOKINGS,
        "BkToCstmrDbtCdtNtfctn",
        f"<GrpHdr><MsgId>CONTOH-B-{sent.message_id}</MsgId>"
        f"<CreDtTm>{now.isoformat(timespec='seconds')}</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>1</Id><Acct><Id><Othr><Id>{sent.account}</Id></Othr></Id></Acct><Ntry>{amount}"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{now.date().isoformat()}</Dt></BookgDt>"
        f"<AcctSvcrRef>ILLUSTRATIVE-{sent.message_id}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{escape(paid.end_to_end_id)}</EndToEndId></Refs>{amount}</TxDtls></NtryDtls></Ntry></Ntfctn>",
    )


def _document(form: str, message: str, inside: str) -> bytes:
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{form}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{namespace}"><{message}>{inside}</{message}></Document>\n'
    ).encode()
