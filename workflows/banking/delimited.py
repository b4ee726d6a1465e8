"""The plain table (CSV) that banks answer with who send no XML: a head, and a row for each payment.

Columns: end_to_end_id, status, reason, amount, currency, booked_on, bank_reference; the first two must be there. Their order, their case,
blanks and underscores in their names do not matter, and other columns are passed over.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from workflows.banking.answers import (
    ACCEPTED,
    LONGEST_IDENTIFIER,
    MOST_ANSWERS,
    PAID,
    PENDING,
    REJECTED,
    RETURNED,
    UNKNOWN,
    Answer,
    Report,
    Unreadable,
    countable,
    doubts,
    identifier,
    tidied,
)
from workflows.banking.codes import explained, meaning, outcome
from workflows.banking.figures import day, valued

NEEDED = ("end_to_end_id", "status")
COLUMNS = (*NEEDED, "reason", "amount", "currency", "booked_on", "bank_reference")
# "received" is not among them: some banks say it of a payment that they have only taken.
_WORDS = {one.upper(): one for one in (ACCEPTED, PAID, PENDING, REJECTED, RETURNED)}
_KEPT_IN_A_NAME = re.compile("[^a-z0-9]")


def report(content: bytes, digest: str) -> Report:
    """Return what a plain table says; ``Unreadable`` when it is no such table."""
    rows = _rows(content)
    if not rows:
        raise Unreadable("The table is empty.")
    (_, head), *body = rows
    columns = _columns(head)
    problems: list[str] = []
    answers = [_answer(columns, len(head), line, row, problems) for line, row in body]
    if not answers:
        problems.append("The table has a head and no row.")
    return Report(
        message_id="",
        format="csv",
        created=None,
        original_message_id="",
        answers=tuple(answers),
        group_status="",
        problems=(*problems, *doubts(answers)),
        digest=digest,
    )


def _rows(content: bytes) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        filled = ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))
        rows = list(islice(filled, MOST_ANSWERS + 2))
    except UnicodeDecodeError:
        raise Unreadable(
            "This is neither XML nor a table in UTF-8; save a table as CSV in UTF-8."
        ) from None
    except csv.Error as wrong:
        raise Unreadable(f"The table cannot be read: {wrong}.") from None
    countable(len(rows) - 1)
    return rows


def _columns(head: list[str]) -> dict[str, int]:
    """Return where each column stands; ``Unreadable`` names those that are missing or there twice."""
    names = [_plain(name) for name in head]
    known = {name: _plain(name) for name in COLUMNS}
    counts = Counter(names)
    missing = [name for name in NEEDED if not counts[known[name]]]
    wrong = [
        *(
            f"The column {name} is missing; the columns are {', '.join(COLUMNS)}."
            for name in missing
        ),
        *(f"The column {name} is there twice." for name in COLUMNS if counts[known[name]] > 1),
    ]
    if wrong:
        told = "This is neither XML of a bank nor a table of answers, separated by commas."
        raise Unreadable(*([told] if len(missing) == len(NEEDED) else []), *wrong)
    return {name: names.index(plain) for name, plain in known.items() if plain in counts}


def _plain(name: str) -> str:
    return _KEPT_IN_A_NAME.sub("", name.lower())


def _answer(
    columns: dict[str, int], width: int, line: int, row: list[str], problems: list[str]
) -> Answer:
    cells = {
        name: tidied(row[place]) if place < len(row) else "" for name, place in columns.items()
    }
    status = cells["status"].upper()
    reasons = [cells["reason"]] if cells.get("reason") else []
    answer = Answer(
        end_to_end_id=identifier(cells["end_to_end_id"]),
        outcome=_WORDS.get(status) or outcome(status),
        status=cells["status"][:LONGEST_IDENTIFIER],
        reason=cells.get("reason", "")[:LONGEST_IDENTIFIER],
        reason_text=explained(reasons, []) if status in _WORDS else meaning(status, reasons, []),
        booked_on=day(cells.get("booked_on", "")),
        bank_reference=cells.get("bank_reference", ""),
    )
    if len(row) != width:
        problems.append(f"Line {line} has {len(row)} cells and the head has {width}.")
        return Answer(answer.end_to_end_id, UNKNOWN, answer.status)
    problems += _odd(answer, cells, line)
    if not cells.get("amount"):
        return answer
    return valued(answer, cells["amount"], cells.get("currency", "").upper(), problems)


def _odd(answer: Answer, cells: dict[str, str], line: int) -> Iterator[str]:
    if not answer.end_to_end_id:
        yield (
            f"Line {line} does not name its payment: an identifier has 1 to {LONGEST_IDENTIFIER} characters."
        )
    if cells.get("booked_on") and answer.booked_on is None:
        yield f"Line {line}: {cells['booked_on']!r} is not a day; write 2026-11-17."
