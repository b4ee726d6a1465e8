"""The payment file as a plain table, for banks that take no XML: RFC 4180, UTF-8, a head, a row a payment, a control row."""

from collections.abc import Iterator

from app.delimited import MARK, cell, line
from app.disbursements.render.payments import Batch, Payment, PaymentFile, control_sum
from app.disbursements.render.refusals import refusals

COLUMNS = (
    "row", "message_id", "created", "initiator", "batch_id", "category", "execution_date",
    "debtor_name", "debtor_account", "debtor_bic",
    "end_to_end_id", "instruction_id", "amount", "currency",
    "creditor_name", "creditor_account", "creditor_bic", "clearing_system", "clearing_member",
    "creditor_town", "creditor_country", "purpose", "remittance", "payments",
)  # fmt: skip
PAYMENT, CONTROL = "payment", "control"


def table(file: PaymentFile) -> bytes:
    """Return the payment file as a table; the last row has the number of all payments and the sum of all amounts.

    The sum is over all currencies, as the control sum of ISO 20022 is. Raises ``ValueError`` naming everything that a
    bank would refuse or misread, a text among it that a spreadsheet would run as a formula: the mark that would keep it
    from running would become part of a name or number at the bank.
    """
    problems = [*refusals(file), *_marked(file)]
    if problems:
        raise ValueError(" ".join(problems))
    rows = [*_rows(file), _control(file)]
    text = line(COLUMNS) + "".join(line(row.get(name) for name in COLUMNS) for row in rows)
    return text.encode()


def _rows(file: PaymentFile) -> Iterator[dict[str, str]]:
    for batch in file.batches:
        shared = {**_head(file), **_batch(batch)}
        for payment in batch.payments:
            yield {**shared, **_payment(payment)}


def _head(file: PaymentFile) -> dict[str, str]:
    return {
        "row": PAYMENT,
        "message_id": file.message_id,
        "created": file.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "initiator": file.initiator,
    }


def _batch(batch: Batch) -> dict[str, str]:
    return {
        "batch_id": batch.id,
        "category": batch.category,
        "execution_date": batch.execution.isoformat(),
        "debtor_name": batch.debtor.name,
        "debtor_account": batch.debtor.number,
        "debtor_bic": batch.debtor.bic,
    }


def _payment(payment: Payment) -> dict[str, str]:
    return {**_told(payment), "amount": payment.written, "currency": payment.currency}


def _told(payment: Payment) -> dict[str, str]:
    creditor = payment.creditor
    return {
        "end_to_end_id": payment.end_to_end_id,
        "instruction_id": payment.instruction_id,
        "creditor_name": creditor.name,
        "creditor_account": creditor.number,
        "creditor_bic": creditor.bic,
        "clearing_system": creditor.clearing_system or "",
        "clearing_member": creditor.clearing_member or "",
        "creditor_town": creditor.town,
        "creditor_country": creditor.country,
        "purpose": payment.purpose,
        "remittance": payment.remittance,
    }


def _control(file: PaymentFile) -> dict[str, str]:
    payments = tuple(file.payments)
    return {
        **_head(file),
        "row": CONTROL,
        "amount": control_sum(payments),
        "payments": str(len(payments)),
    }


def _marked(file: PaymentFile) -> list[str]:
    rows = [_head(file)]
    for batch in file.batches:
        rows += [_batch(batch), *map(_told, batch.payments)]
    marked = [
        f"The {name.replace('_', ' ')} {text!r} begins with a sign that a spreadsheet takes for a formula; "
        "write it without."
        for row in rows
        for name, text in row.items()
        if cell(text).removeprefix('"').startswith(MARK)
    ]
    return list(dict.fromkeys(marked))
