"""What a bank said, as frozen records, whatever the form it was said in."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

ACCEPTED, PAID, PENDING, REJECTED = "accepted", "paid", "pending", "rejected"
RETURNED, RECEIVED, UNKNOWN = "returned", "received", "unknown"
OUTCOMES = (ACCEPTED, PAID, PENDING, REJECTED, RETURNED, RECEIVED, UNKNOWN)
# What an answer speaks of: one payment, or every payment of a batch or file that has no answer of its own.
PAYMENT, BATCH, FILE = "payment", "batch", "file"

# The longest identifier of ISO 20022 (Max35Text); what is longer was never ours.
LONGEST_IDENTIFIER = 35
LONGEST_TEXT = 1000
# More than any agency pays in a day; what holds more is made to keep a machine busy.
MOST_ANSWERS = 50_000
# How ISO 20022 says that there was none.
_NOT_PROVIDED = "NOTPROVIDED"
# Controls, and the signs that turn a text around on a screen.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


class Unreadable(ValueError):
    """What cannot be read as an answer of a bank; ``sentences`` say why and what to do."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class Answer:
    """What the bank says of a payment.

    ``outcome`` is one of ``OUTCOMES``: ``accepted`` is taken and not yet paid, ``paid`` has left the account, ``pending`` waits,
    ``rejected`` was never paid, ``returned`` was paid and came back, ``received`` came in from somebody else, ``unknown`` is for a
    person. ``status`` is the bank's own word for it. ``kind`` is ``payment``, ``batch`` or ``file``; the last two stand for every
    payment of ``batch_id`` or ``file_id`` that has no answer of its own (``spread`` gives each its answer).

    ``end_to_end_id`` is empty when the bank named none; of a ``received`` payment it is the payer's. ``amount`` is in units of
    ``currency`` (ISO 4217), ``None`` when the bank gave none or none that can be trusted. ``booked_on`` is the day in the bank's zone on which
    it was booked, or else from which it counts.
    ``reason`` is the bank's first code, ``reason_text`` what it means and what the bank wrote. ``account`` is the number of our account.
    The last four are filled for what came in: the text, the structured reference, who paid and from which account.
    """

    end_to_end_id: str
    outcome: str
    status: str = ""
    kind: str = PAYMENT
    reason: str = ""
    reason_text: str = ""
    amount: Decimal | None = None
    currency: str = ""
    booked_on: date | None = None
    bank_reference: str = ""
    account: str = ""
    batch_id: str = ""
    file_id: str = ""
    remittance: str = ""
    creditor_reference: str = ""
    payer: str = ""
    payer_account: str = ""


@dataclass(frozen=True)
class Report:
    """One file of a bank: its answers in their order, and what a person should look at in ``problems``.

    ``format`` is the message, such as ``pain.002.001.12``, or ``csv``. ``created`` carries the offset that the bank gave, and no zone when
    it gave none. ``original_message_id`` is the file that is answered, empty for bookings and tables. ``group_status`` is the bank's word
    for the file as a whole. ``digest`` is the SHA-256 of the bytes, in hexadecimal.
    """

    message_id: str
    format: str
    created: datetime | None
    original_message_id: str
    answers: tuple[Answer, ...]
    group_status: str
    problems: tuple[str, ...]
    digest: str


def spread(
    answers: Sequence[Answer], sent: Mapping[str, Mapping[str, Decimal]], file_id: str
) -> tuple[Answer, ...]:
    """Return an answer for every payment that the answers speak of: those of a batch or file are given to each of its payments.

    ``sent`` has the payments of the file ``file_id`` that wait for an answer: amounts by end-to-end identifier, by batch. A payment with
    an answer of its own keeps it alone, and what is said of its batch goes before what is said of the file. Where the bank booked one
    amount for many, it has to be the sum of those that have no answer of their own; else each becomes ``unknown``. Answers of batches and
    files that are not given here stay as they are.
    """
    named = _named(answers)
    spoken: list[Answer] = []
    for kind in (PAYMENT, BATCH, FILE):
        for answer in (one for one in answers if one.kind == kind):
            covered = _covered(answer, sent, file_id)
            rest = {name: amount for name, amount in covered.items() if name not in named}
            spoken += _for_each(answer, rest) if covered else [answer]
        named |= _named(spoken)
    return tuple(spoken)


def doubts(answers: Iterable[Answer]) -> Iterator[str]:
    """Yield a sentence for everything that is answered more than once, unless it was paid and then came back."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for answer in answers:
        name = _name(answer)
        if name and answer.outcome != RECEIVED:
            by_name[name].append(answer.outcome)
    for name, outcomes in by_name.items():
        if len(outcomes) == 1 or sorted(outcomes) == [PAID, RETURNED]:
            continue
        if len(set(outcomes)) > 1:
            told = ", ".join(dict.fromkeys(outcomes))
            yield f"{name} has answers that contradict each other: {told}."
            continue
        yield f"{name} is answered {len(outcomes)} times: {outcomes[0]}."


def countable(answers: int) -> None:
    """Raise ``Unreadable`` for a file with more answers than are read at once."""
    if answers > MOST_ANSWERS:
        raise Unreadable(
            f"The file has more than {MOST_ANSWERS:,} answers; ask the bank to split it."
        )


def tidied(text: str | None) -> str:
    """Return a text of a bank in one line, without what cannot be printed, at most ``LONGEST_TEXT`` characters."""
    line = " ".join(_UNPRINTABLE.sub(" ", text or "").split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def identifier(text: str | None) -> str:
    """Return an identifier, empty when the bank says that there was none, or when it is longer than any of ours."""
    found = tidied(text)
    known = found.upper() != _NOT_PROVIDED and len(found) <= LONGEST_IDENTIFIER
    return found if known else ""


def _name(answer: Answer) -> str:
    if answer.kind == BATCH:
        return answer.batch_id and f"The batch {answer.batch_id}"
    return answer.end_to_end_id if answer.kind == PAYMENT else ""


def _named(answers: Iterable[Answer]) -> set[str]:
    """Return the payments of ours that are answered one by one; the names of what came in are those of others."""
    ours = (one for one in answers if one.kind == PAYMENT and one.outcome != RECEIVED)
    return {one.end_to_end_id for one in ours}


def _covered(
    answer: Answer, sent: Mapping[str, Mapping[str, Decimal]], file_id: str
) -> Mapping[str, Decimal]:
    if answer.kind == FILE and answer.file_id == file_id:
        return {name: amount for batch in sent.values() for name, amount in batch.items()}
    if answer.kind == BATCH and answer.file_id in ("", file_id):
        return sent.get(answer.batch_id, {})
    return {}


def _for_each(answer: Answer, payments: Mapping[str, Decimal]) -> list[Answer]:
    together = sum(payments.values(), Decimal(0))
    if answer.amount is not None and answer.amount != together:
        told = (
            f"The bank has {answer.amount} {answer.currency} for payments of {together} together."
        )
        answer = replace(
            answer, outcome=UNKNOWN, reason_text=f"{told} {answer.reason_text}".strip()
        )
    known = answer.amount is not None and answer.outcome != UNKNOWN
    return [
        replace(answer, end_to_end_id=name, kind=PAYMENT, amount=amount if known else None)
        for name, amount in payments.items()
    ]
