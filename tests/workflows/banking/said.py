"""What banks answer, in the shapes that different banks use. Every bank, account and name in it is invented."""

from functools import cache
from pathlib import Path

import xmlschema

from workflows.banking.answers import Answer, Report
from workflows.banking.reading import read

SCHEMA = Path(__file__).parents[2] / "disbursements" / "data" / "pain.002.001.12.xsd"
STATUS, BOOKING = "CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn"


def document(message: str, inside: str, form: str) -> bytes:
    """Return a document of ISO 20022 with one message in it."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{form}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="{namespace}"><{message}>{inside}</{message}></Document>'
    ).encode()


def status_report(
    *batches: str, group: str = "<GrpSts>PART</GrpSts>", form: str = "pain.002.001.12"
) -> bytes:
    """Return a status report on the file CONTOH-1."""
    return document(
        STATUS,
        "<GrpHdr><MsgId>BANK-77</MsgId><CreDtTm>2026-11-17T11:02:03+08:00</CreDtTm></GrpHdr>"
        "<OrgnlGrpInfAndSts><OrgnlMsgId>CONTOH-1</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>"
        + "".join(batches),
        form,
    )


def batch(*inside: str, name: str = "LN-1") -> str:
    """Return what a status report says of a batch."""
    return (
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{name}</OrgnlPmtInfId>"
        f"{''.join(inside)}</OrgnlPmtInfAndSts>"
    )


def payment(status: str = "", *inside: str, name: str = "T-1") -> str:
    """Return what a status report says of a payment."""
    named = f"<OrgnlEndToEndId>{name}</OrgnlEndToEndId>" if name else ""
    told = f"<TxSts>{status}</TxSts>" if status else ""
    return f"<TxInfAndSts>{named}{told}{''.join(inside)}</TxInfAndSts>"


def because(code: str = "", *words: str) -> str:
    """Return a reason: a code, words, or both."""
    coded = f"<Rsn><Cd>{code}</Cd></Rsn>" if code else ""
    told = "".join(f"<AddtlInf>{one}</AddtlInf>" for one in words)
    return f"<StsRsnInf>{coded}{told}</StsRsnInf>"


def ordered(amount: str, currency: str = "MYR") -> str:
    """Return the amount that was ordered, as a status report repeats it."""
    return f'<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt></OrgnlTxRef>'


def notification(*entries: str, form: str = "camt.054.001.08") -> bytes:
    """Return a notification of bookings on the account 512345678901."""
    return document(
        BOOKING,
        "<GrpHdr><MsgId>BOOK-9</MsgId><CreDtTm>2026-11-17T18:00:00</CreDtTm></GrpHdr>"
        "<Ntfctn><Id>N-1</Id><Acct><Id><Othr><Id>512345678901</Id></Othr></Id></Acct>"
        f"{''.join(entries)}</Ntfctn>",
        form,
    )


def entry(
    *inside: str,
    amount: str = '<Amt Ccy="MYR">18750.00</Amt>',
    way: str = "DBIT",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    day: str = "<BookgDt><Dt>2026-11-17</Dt></BookgDt>",
) -> str:
    """Return an entry of the account; ``inside`` are its details and what else it says."""
    return (
        f"<Ntry><NtryRef>E-1</NtryRef>{amount}<CdtDbtInd>{way}</CdtDbtInd>{status}{day}"
        f"<AcctSvcrRef>REF-5</AcctSvcrRef>{''.join(inside)}</Ntry>"
    )


def details(*inside: str) -> str:
    """Return the details of an entry."""
    return f"<NtryDtls>{''.join(inside)}</NtryDtls>"


def detail(*inside: str, name: str = "T-1") -> str:
    """Return one payment of an entry."""
    named = f"<EndToEndId>{name}</EndToEndId>" if name else ""
    return f"<TxDtls><Refs>{named}</Refs>{''.join(inside)}</TxDtls>"


def table(*lines: str) -> bytes:
    """Return a plain table of these lines."""
    return "\r\n".join([*lines, ""]).encode()


def only(content: bytes) -> Answer:
    """Return the one answer of a file."""
    (answer,) = read(content).answers
    return answer


def outcomes(report: Report) -> list[tuple[str, str]]:
    """Return whose answers a report holds, and what they are."""
    return [
        (answer.end_to_end_id or answer.batch_id or answer.file_id, answer.outcome)
        for answer in report.answers
    ]


@cache
def schema() -> xmlschema.XMLSchema:
    """Return the schema of the status report, version 12."""
    return xmlschema.XMLSchema(SCHEMA)
