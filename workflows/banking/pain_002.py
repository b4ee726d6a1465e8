"""The bank's status report on a payment file, pain.002 of ISO 20022, versions 03 to 15.

What is said of the file holds for its batches and what is said of a batch for its payments, unless they have an answer of
their own. The status ``PART`` says nothing of a payment.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workflows.banking.answers import (
    ACCEPTED,
    BATCH,
    FILE,
    LONGEST_IDENTIFIER,
    PAID,
    PENDING,
    REJECTED,
    Answer,
    Report,
    doubts,
    identifier,
)
from workflows.banking.codes import PARTLY, meaning, outcome
from workflows.banking.figures import day, moment, valued
from workflows.banking.markup import first, text, texts

_AMOUNTS = (
    "OrgnlTxRef/Amt/InstdAmt",
    "OrgnlTxRef/Amt/EqvtAmt/Amt",
    "OrgnlTxRef/IntrBkSttlmAmt",
)


@dataclass(frozen=True)
class _Said:
    """A status with its reasons, at one of the three levels."""

    status: str
    reasons: list[str]
    words: list[str]

    @property
    def whole(self) -> bool:
        """Whether it holds for everything below."""
        return self.status not in ("", PARTLY)


def report(message: ET.Element, form: str, digest: str) -> Report:
    """Return what the status report ``CstmrPmtStsRpt`` says; elements that are not known are passed over."""
    problems: list[str] = []
    group = message.find("OrgnlGrpInfAndSts")
    if group is None:
        group = ET.Element("OrgnlGrpInfAndSts")
    file_id = identifier(group.findtext("OrgnlMsgId"))
    if not file_id:
        problems.append("The report does not say which file it answers.")
    of_file = _said(group, "GrpSts")
    answers = [*_of_file(message, of_file, file_id, problems)]
    for batch in message.iterfind("OrgnlPmtInfAndSts"):
        answers += _of_batch(batch, of_file, file_id, problems)
    return Report(
        message_id=text(message, "GrpHdr/MsgId"),
        format=form,
        created=moment(text(message, "GrpHdr/CreDtTm")),
        original_message_id=file_id,
        answers=tuple(answers),
        group_status=of_file.status,
        problems=(*problems, *doubts(answers)),
        digest=digest,
    )


def _of_file(
    message: ET.Element, said: _Said, file_id: str, problems: list[str]
) -> Iterator[Answer]:
    if said.whole:
        yield replace(_answer(said), kind=FILE, file_id=file_id)
    elif message.find("OrgnlPmtInfAndSts") is None:
        problems.append("The report says of no payment, batch or file how it fared.")


def _of_batch(
    batch: ET.Element, of_file: _Said, file_id: str, problems: list[str]
) -> Iterator[Answer]:
    batch_id = identifier(batch.findtext("OrgnlPmtInfId"))
    said, payments = _said(batch, "PmtInfSts"), batch.findall("TxInfAndSts")
    above = _below(of_file, said)
    if said.whole:
        yield replace(_answer(above), kind=BATCH, batch_id=batch_id, file_id=file_id)
    elif not payments and not above.whole:
        problems.append(f"The report does not say how the payments of the batch {batch_id} fared.")
    if said.whole and not batch_id:
        problems.append("The report speaks of a batch without naming it.")
    for payment in payments:
        answer = _of_payment(payment, above, problems)
        yield replace(answer, batch_id=batch_id, file_id=file_id)


def _of_payment(payment: ET.Element, above: _Said, problems: list[str]) -> Answer:
    said = _below(above, _said(payment, "TxSts"))
    answer = replace(
        _answer(said),
        end_to_end_id=identifier(payment.findtext("OrgnlEndToEndId")),
        bank_reference=first(payment, "AcctSvcrRef", "ClrSysRef"),
        account=first(payment, "OrgnlTxRef/DbtrAcct/Id/IBAN", "OrgnlTxRef/DbtrAcct/Id/Othr/Id"),
    )
    if answer.outcome == PAID:
        answer = replace(answer, booked_on=day(text(payment, "OrgnlTxRef/IntrBkSttlmDt")))
    problems += _odd(answer, above)
    amount = _amount(payment)
    if amount is None:
        return answer
    return valued(answer, text(amount, "."), amount.get("Ccy", ""), problems)


def _odd(answer: Answer, above: _Said) -> Iterator[str]:
    if not answer.end_to_end_id:
        yield f"An answer ({answer.status or 'without a status'}) does not name its payment."
    if outcome(above.status) == REJECTED and answer.outcome != REJECTED:
        yield (
            f"{answer.end_to_end_id}: the answer is {answer.outcome}, though its batch or file was rejected as a whole."
        )


def _below(above: _Said, said: _Said) -> _Said:
    """Return what is said at one level in the light of the level above: its status where none is given, its reasons likewise."""
    status = said.status or above.status
    if said.reasons or said.words or outcome(status) in (PAID, ACCEPTED, PENDING):
        return _Said(status, said.reasons, said.words)
    return _Said(status, above.reasons, above.words)


def _amount(payment: ET.Element) -> ET.Element | None:
    found = (payment.find(path) for path in _AMOUNTS)
    return next((one for one in found if one is not None), None)


def _said(element: ET.Element, status: str) -> _Said:
    reasons = [*texts(element, "StsRsnInf/Rsn/Cd"), *texts(element, "StsRsnInf/Rsn/Prtry")]
    return _Said(
        text(element, status).upper()[:LONGEST_IDENTIFIER],
        reasons,
        [*texts(element, "StsRsnInf/AddtlInf")],
    )


def _answer(said: _Said) -> Answer:
    return Answer(
        end_to_end_id="",
        outcome=outcome(said.status),
        status=said.status,
        reason=next(iter(said.reasons), "")[:LONGEST_IDENTIFIER],
        reason_text=meaning(said.status, said.reasons, said.words),
    )
