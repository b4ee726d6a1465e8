"""What came of a file, row by row: for the page, and as a table to download in which no text runs as a formula."""

from collections.abc import Collection, Iterable
from typing import Any

from app.delimited import line
from app.intake.compose.rows import Fault

NAMES = ("row", "column", "result")
# What a report holds at most; a file with more to mend is sent again anyway.
MOST = 20_000


def of_faults(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return the report on a file that is refused, in the order of its rows."""
    found = sorted(faults, key=lambda fault: fault.row)
    told = [_line(fault) for fault in found[:MOST]]
    if len(found) > MOST:
        more = f"There are {len(found) - MOST:,} more mistakes. Mend these first."
        told.append(_line(Fault(0, "", more)))
    return told


def _line(fault: Fault) -> dict[str, Any]:
    line_ = {"row": fault.row, "column": fault.column, "sentence": fault.sentence}
    return {**line_, "reference": fault.reference} if fault.reference else line_


def imported(row: int, reference: str, *, known: bool) -> dict[str, Any]:
    """Return the line of the report on a row that became a case, or had become one before."""
    said = "Already imported as {case}" if known else "Imported as {case}"
    return {"row": row, "column": "", "sentence": said, "reference": reference, "known": known}


def told_to(report: Iterable[dict[str, Any]], seen: Collection[str]) -> list[dict[str, Any]]:
    """Return a report for a person who may know of some cases: the others are not named."""
    found = []
    for told in report:
        case = told.get("reference", "")
        named = case if case in seen else "a case that is not for you"
        kept = {k: v for k, v in told.items() if k != "reference" or v in seen}
        said = told["sentence"].replace("{case}", named) if case else told["sentence"]
        found.append({**kept, "sentence": said})
    return found


def as_csv(report: Iterable[dict[str, Any]]) -> str:
    """Return a report as CSV."""
    rows = ((found["row"] or "", found["column"], found["sentence"]) for found in report)
    return line(NAMES) + "".join(line(row) for row in rows)
