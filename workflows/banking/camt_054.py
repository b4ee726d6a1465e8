"""The bank's notification of what it booked on our account, camt.054 of ISO 20022, versions 02 to 12.

A debit is a payment of ours that was made; a credit is a payment of ours that came back, or money from somebody else. An entry may
stand for many payments: with details, each is an answer; without, it answers for the batch or file that it names.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.banking.answers import (
    BATCH,
    FILE,
    LONGEST_IDENTIFIER,
    PAID,
    PENDING,
    RECEIVED,
    RETURNED,
    UNKNOWN,
    Answer,
    Report,
    doubts,
    identifier,
)
from workflows.banking.codes import explained
from workflows.banking.figures import day, moment, valued
from workflows.banking.incoming import with_payer
from workflows.banking.markup import first, text, texts

DEBIT, CREDIT = "DBIT", "CRDT"
_BOOKED = "BOOK"
# ExternalEntryStatus1Code: waiting, in the future, for information only. None of them has moved money.
_UNBOOKED = ("PDNG", "FUTR", "INFO")
# ExternalBankTransactionSubFamily1Code: a payment that came back, or was called back.
_RETURNS = ("RRTN", "RPCR")
# The day it was booked, or else the day from which it counts.
_DAYS = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")


@dataclass(frozen=True)
class _Entry:
    """An entry of the account, with what holds for all its details."""

    element: ET.Element
    status: str
    account: str

    @property
    def direction(self) -> str:
        return text(self.element, "CdtDbtInd").upper()

    @property
    def reference(self) -> str:
        return first(self.element, "AcctSvcrRef", "NtryRef")


def report(message: ET.Element, form: str, digest: str) -> Report:
    """Return what the notification ``BkToCstmrDbtCdtNtfctn`` says; elements that are not known are passed over."""
    problems: list[str] = []
    answers: list[Answer] = []
    for notification in message.iterfind("Ntfctn"):
        account = first(notification, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
        for element in notification.iterfind("Ntry"):
            status = first(element, "Sts/Cd", "Sts/Prtry", "Sts").upper()[:LONGEST_IDENTIFIER]
            answers += _of_entry(_Entry(element, status, account), problems)
    if not answers:
        problems.append("The notification holds no entry.")
    return Report(
        message_id=text(message, "GrpHdr/MsgId"),
        format=form,
        created=moment(text(message, "GrpHdr/CreDtTm")),
        original_message_id="",
        answers=tuple(answers),
        group_status="",
        problems=(*problems, *doubts(answers)),
        digest=digest,
    )


def _of_entry(entry: _Entry, problems: list[str]) -> list[Answer]:
    details = entry.element.findall("NtryDtls/TxDtls")
    batches = entry.element.findall("NtryDtls/Btch")
    if not details:
        return _whole(entry, batches, problems)
    answers = [_of_detail(entry, detail, problems, alone=len(details) == 1) for detail in details]
    problems += _unequal(entry, details, answers)
    problems += _uncounted(entry, batches, len(details))
    return answers


def _of_detail(entry: _Entry, detail: ET.Element, problems: list[str], *, alone: bool) -> Answer:
    answer = replace(
        _booked(entry, detail),
        end_to_end_id=identifier(detail.findtext("Refs/EndToEndId")),
        bank_reference=first(detail, "Refs/AcctSvcrRef") or entry.reference,
    )
    if answer.outcome == RECEIVED:
        answer = with_payer(answer, detail)
    else:
        answer = replace(
            answer,
            batch_id=identifier(detail.findtext("Refs/PmtInfId")),
            file_id=identifier(detail.findtext("Refs/MsgId")),
        )
    problems += _odd(answer, _direction(entry, detail))
    amount = _amount(detail)
    if amount is None and alone:
        amount = entry.element.find("Amt")
    return _with_amount(answer, amount, problems)


def _whole(entry: _Entry, batches: list[ET.Element], problems: list[str]) -> list[Answer]:
    """Return the answers of an entry without details: for its batches, else for itself, which names no payment."""
    answer, amount = _booked(entry, entry.element), entry.element.find("Amt")
    if answer.outcome == RECEIVED:
        problems += _odd(answer, entry.direction)
        return [_with_amount(with_payer(answer, entry.element), amount, problems)]
    # Whether all of a batch came back cannot be told without details.
    named = [] if answer.outcome == RETURNED else [*_for_batches(answer, batches, problems)]
    if named and len(batches) > 1:
        return named
    problems += [] if named else _odd(answer, entry.direction)
    return [_with_amount(named[0] if named else answer, amount, problems)]


def _for_batches(
    answer: Answer, batches: list[ET.Element], problems: list[str]
) -> Iterator[Answer]:
    for batch in batches:
        batch_id = identifier(batch.findtext("PmtInfId"))
        file_id = identifier(batch.findtext("MsgId"))
        if batch_id or file_id:
            kind = BATCH if batch_id else FILE
            said = replace(answer, kind=kind, batch_id=batch_id, file_id=file_id)
            alone = len(batches) == 1
            yield said if alone else _with_amount(said, batch.find("TtlAmt"), problems)


def _booked(entry: _Entry, element: ET.Element) -> Answer:
    """Return what an entry or one of its details says, without whose payment it is and without its amount."""
    direction = _direction(entry, element)
    back = _comes_back(entry, element)
    reasons = [*texts(element, "RtrInf/Rsn/Cd"), *texts(element, "RtrInf/Rsn/Prtry")]
    said = [*texts(element, "RtrInf/AddtlInf")]
    outcome = _outcome(entry.status, direction, back=back)
    return Answer(
        end_to_end_id="",
        outcome=outcome,
        status=f"{entry.status} {direction}".strip(),
        reason=next(iter(reasons), "")[:LONGEST_IDENTIFIER],
        reason_text=explained(reasons, [*said, *_for_a_person(outcome, entry.status, direction)]),
        booked_on=day(first(entry.element, *_DAYS)),
        bank_reference=entry.reference,
        account=entry.account,
    )


def _outcome(status: str, direction: str, *, back: bool) -> str:
    if direction not in (DEBIT, CREDIT):
        return UNKNOWN
    if status in _UNBOOKED:
        return PENDING
    if status != _BOOKED or (direction == DEBIT and back):
        return UNKNOWN
    if direction == DEBIT:
        return PAID
    return RETURNED if back else RECEIVED


def _for_a_person(outcome: str, status: str, direction: str) -> Iterator[str]:
    if outcome != UNKNOWN:
        return
    if status == _BOOKED and direction == DEBIT:
        yield "Money that had come in was taken back; this is for a person to read."
        return
    told = f"{status} {direction}".strip() or "nothing"
    yield f"The entry says {told}, which does not tell whether money moved; this is for a person to read."


def _comes_back(entry: _Entry, element: ET.Element) -> bool:
    reversed_entry = text(entry.element, "RvslInd") in ("true", "1")
    kind = "BkTxCd/Domn/Fmly/SubFmlyCd"
    kinds = (text(element, kind), text(entry.element, kind))
    return reversed_entry or element.find("RtrInf") is not None or bool({*kinds} & {*_RETURNS})


def _direction(entry: _Entry, element: ET.Element) -> str:
    return text(element, "CdtDbtInd").upper() or entry.direction


def _odd(answer: Answer, direction: str) -> Iterator[str]:
    where = f"The entry {answer.bank_reference or 'without a reference'} ({answer.status})"
    coming = answer.outcome == PENDING and direction == CREDIT
    if not answer.end_to_end_id and answer.outcome != RECEIVED and not coming:
        yield f"{where} does not name its payment."
    if answer.outcome in (PAID, RETURNED, RECEIVED) and answer.booked_on is None:
        yield f"{where} does not say on which day it was booked."


def _amount(element: ET.Element) -> ET.Element | None:
    found = (element.find(path) for path in _AMOUNTS)
    return next((one for one in found if one is not None), None)


def _with_amount(answer: Answer, amount: ET.Element | None, problems: list[str]) -> Answer:
    written = "" if amount is None else text(amount, ".")
    return valued(answer, written, "" if amount is None else amount.get("Ccy", ""), problems)


def _unequal(entry: _Entry, details: list[ET.Element], answers: list[Answer]) -> Iterator[str]:
    """Yield that the details of an entry do not make its amount, where both can be known."""
    written = entry.element.find("Amt")
    whole = Answer("", UNKNOWN) if written is None else _with_amount(Answer("", PAID), written, [])
    if whole.amount is None or any(answer.currency != whole.currency for answer in answers):
        return
    together = Decimal(0)
    for detail, answer in zip(details, answers, strict=True):
        sign = 1 if _direction(entry, detail) == entry.direction else -1
        together += sign * (answer.amount or 0)
    if together != whole.amount:
        yield (
            f"The entry {entry.reference} is {whole.amount} {whole.currency} and its payments make {together}; "
            "look for charges or a payment that is missing."
        )


def _uncounted(entry: _Entry, batches: list[ET.Element], listed: int) -> Iterator[str]:
    counts = [text(batch, "NbOfTxs") for batch in batches]
    told = sum(int(count) for count in counts if count.isascii() and count.isdigit())
    if all(counts) and counts and told != listed:
        yield f"The entry {entry.reference} is of {told} payments and lists {listed}."
