"""There and back: what a bank answers to a file that was written here finds each of its payments again."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.disbursements.render import PaymentFile, pain_001
from tests.disbursements.sending import TWO_BATCHES, many, read
from tests.workflows.banking.said import batch, detail, details, entry, notification, payment
from tests.workflows.banking.said import status_report as report_on
from workflows.banking import reading
from workflows.banking.answers import spread

OUTCOMES = {"ACSC": "paid", "ACSP": "accepted", "PDNG": "pending", "RJCT": "rejected", "ZZZZ": "unknown"}  # fmt: skip


def names(file: PaymentFile) -> list[str]:
    """Return the end-to-end identifiers as they stand in the file that the bank gets."""
    return [text or "" for text in read(pain_001(file), ".//EndToEndId")]


def sent(file: PaymentFile) -> dict[str, dict[str, Decimal]]:
    """Return what waits for an answer."""
    return {
        one.id: {payment.end_to_end_id: payment.amount for payment in one.payments}
        for one in file.batches
    }


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=20))
def test_a_status_report_finds_every_payment(statuses: list[str]) -> None:
    file = many(len(statuses))
    ordered = names(file)
    told = [payment(status, name=name) for status, name in zip(statuses, ordered, strict=True)]
    report = reading.read(report_on(batch(*told)))
    assert [one.end_to_end_id for one in report.answers] == ordered
    assert [one.outcome for one in report.answers] == [OUTCOMES[status] for status in statuses]
    assert report.problems == ()


def test_a_notification_finds_every_payment_with_its_amount() -> None:
    entries = [
        entry(
            details(detail(name=one.end_to_end_id)),
            amount=f'<Amt Ccy="{one.currency}">{one.written}</Amt>',
        )
        for one in TWO_BATCHES.payments
    ]
    report = reading.read(notification(*entries))
    assert [(one.end_to_end_id, one.amount, one.currency) for one in report.answers] == [
        (one.end_to_end_id, one.amount, one.currency) for one in TWO_BATCHES.payments
    ]


def test_a_rejected_file_rejects_every_payment() -> None:
    group = "<GrpSts>RJCT</GrpSts>"
    content = report_on(group=group).replace(b"CONTOH-1", TWO_BATCHES.message_id.encode())
    report = reading.read(content)
    answers = spread(report.answers, sent(TWO_BATCHES), TWO_BATCHES.message_id)
    assert [one.end_to_end_id for one in answers] == names(TWO_BATCHES)
    assert {one.outcome for one in answers} == {"rejected"}


def test_a_batch_that_is_booked_in_one_sum_pays_each_of_its_payments() -> None:
    total = "<Btch><PmtInfId>CONTOH-LN-1</PmtInfId></Btch>"
    booked = entry(details(total), amount='<Amt Ccy="MYR">25000.50</Amt>')
    report = reading.read(notification(booked))
    answers = spread(report.answers, sent(TWO_BATCHES), TWO_BATCHES.message_id)
    assert [(one.end_to_end_id, one.outcome, one.amount) for one in answers] == [
        ("MY-2026-000123-T1", "paid", Decimal("18750.00")),
        ("MY-2026-000140-T2", "paid", Decimal("6250.5")),
    ]
