"""A claim drawn from what was typed: its lines with what is wrong beside each, its sums, and what was found on them."""

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.claims.models import ClaimLine
from workflows.claims import ClaimRules, CostLine, Finding, Invoice, public_share, wrong
from workflows.evidence.chain import canonical
from workflows.money import LARGEST, to_minor, typed

Errors = dict[str, list[str]]
# Sentences of the arithmetic name their line by its number.
_LINE = re.compile(r"Line ([0-9]+): (.*)", re.DOTALL)
# Stands for what cannot be read, so that the rest of its line is still checked.
_SOME_COST = 1


@dataclass(frozen=True)
class TypedLine:
    """A line as it was typed: its day as 2026-11-22, its cost in units, the number of its document as text."""

    supplier: str = ""
    invoice: str = ""
    dated: str = ""
    description: str = ""
    cost: str = ""
    document: str = ""


@dataclass(frozen=True)
class TypedFinding:
    """What was entered of a line when it was verified; ``accepted`` is an amount as typed, asked for a reduced one."""

    line: int
    outcome: str = "accepted"
    accepted: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Drawn:
    """A claim as it is drawn: its lines, what is wrong by field ("lines.0.cost"; "" is the whole), and its sums.

    Amounts in minor units: ``cost`` of all lines that can be read, their public ``share``, and what would be ``claimed``.
    """

    lines: tuple[CostLine, ...]
    errors: Errors
    cost: int
    share: int
    claimed: int


def drawn(
    rows: Sequence[TypedLine],
    rules: ClaimRules,
    today: date,
    known: Iterable[Invoice],
    documents: Collection[str],
) -> Drawn:
    """Draw a claim from typed rows, with everything that is wrong at once.

    ``known`` are the invoices claimed before in the case, ``documents`` the numbers of those uploaded for claims of it.
    """
    errors: Errors = {}
    lines = [_line(place, row, rules, errors) for place, row in enumerate(rows)]
    for place, row in enumerate(rows):
        if row.document not in documents:
            _add(errors, f"lines.{place}.document", "Attach the invoice as a PDF, or choose one.")
    for sentence in wrong(lines, rules, today, known):
        _place(errors, sentence)
    unread = {place for place in range(len(rows)) if f"lines.{place}.cost" in errors}
    cost = sum(line.cost for place, line in enumerate(lines) if place not in unread)
    if cost > to_minor(LARGEST, rules.currency):
        _add(errors, "", "These costs are too large together.")
    share = public_share(cost, rules)
    claimed = max(min(share - rules.advanced, rules.room), 0)
    if not errors and not claimed:
        errors[""] = [_nothing(rules)]
    return Drawn(tuple(lines), errors, cost, share, claimed)


def _line(place: int, row: TypedLine, rules: ClaimRules, errors: Errors) -> CostLine:
    if not row.description:
        _add(errors, f"lines.{place}.description", "Say what was bought.")
    return CostLine(
        number=place + 1,
        supplier=row.supplier,
        invoice=row.invoice,
        dated=_day(place, row.dated, rules, errors),
        description=row.description,
        cost=_cost(place, row.cost, rules, errors),
        item="",
    )


def _day(place: int, text: str, rules: ClaimRules, errors: Errors) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        _add(errors, f"lines.{place}.dated", "Enter the day of the invoice, such as 2026-11-22.")
        return rules.window_from


def _cost(place: int, text: str, rules: ClaimRules, errors: Errors) -> int:
    try:
        return to_minor(typed(text, rules.currency), rules.currency)
    except ValueError as error:
        _add(errors, f"lines.{place}.cost", str(error))
        return _SOME_COST


def _place(errors: Errors, sentence: str) -> None:
    """Put a sentence of the arithmetic beside the line it names."""
    found = _LINE.fullmatch(sentence)
    if found is None:
        _add(errors, "", sentence)
        return
    _add(errors, f"lines.{int(found[1]) - 1}", f"{found[2][:1].upper()}{found[2][1:]}")


def _add(errors: Errors, field: str, sentence: str) -> None:
    errors.setdefault(field, []).append(sentence)


def _nothing(rules: ClaimRules) -> str:
    if rules.advanced:
        told = rules.told(rules.advanced)
        return f"The public share of these costs does not go beyond the open advance of {told}: add the other costs."
    return "Nothing of this tranche can be paid for these costs."


def cost_lines(lines: Sequence[ClaimLine]) -> list[CostLine]:
    """Return the kept lines of a claim for the arithmetic."""
    return [
        CostLine(
            number=line.number,
            supplier=line.supplier,
            invoice=line.invoice,
            dated=line.dated,
            description=line.description,
            cost=line.cost_minor,
            item="",
        )
        for line in lines
    ]


def findings(
    lines: Sequence[CostLine], entered: Sequence[TypedFinding], currency: str, errors: Errors
) -> list[Finding]:
    """Return one finding for each line that has none of its own: accepted; and what was entered for the others.

    What cannot be read is told in ``errors``, by field ("findings.0.accepted").
    """
    named = {one.line for one in entered}
    found = [
        Finding(line.number, "accepted", line.cost) for line in lines if line.number not in named
    ]
    costs = {line.number: line.cost for line in lines}
    for place, one in enumerate(entered):
        found.append(_finding(place, one, costs.get(one.line, 0), currency, errors))
    return found  # fmt: skip


def _finding(place: int, one: TypedFinding, cost: int, currency: str, errors: Errors) -> Finding:
    if one.outcome == "accepted":
        return Finding(one.line, "accepted", cost, one.reason)
    if one.outcome == "refused":
        return Finding(one.line, "refused", 0, one.reason)
    try:
        return Finding(
            one.line, "reduced", to_minor(typed(one.accepted, currency), currency), one.reason
        )
    except ValueError as error:
        _add(errors, f"findings.{place}.accepted", str(error))
        return Finding(one.line, "reduced", _SOME_COST, one.reason)


def placed(sentences: Iterable[str], entered: Sequence[TypedFinding], errors: Errors) -> None:
    """Put each sentence on findings beside what was entered for the line it names, unless something is wrong there already."""
    place_of = {one.line: place for place, one in enumerate(entered)}
    for sentence in sentences:
        found = _LINE.fullmatch(sentence)
        place = place_of.get(int(found[1])) if found else None
        if place is None or f"findings.{place}.accepted" not in errors:
            _add(errors, "" if place is None else f"findings.{place}.reason", sentence)


def digest(lines: Sequence[CostLine], documents: Sequence[str], salt: str) -> str:
    """Return the SHA-256 by which an event names the lines of a claim; without the salt what is erased could be guessed."""
    told = [
        {
            "supplier": line.supplier,
            "invoice": line.invoice,
            "dated": line.dated.isoformat(),
            "description": line.description,
            "cost": line.cost,
            "document": sha256,
        }
        for line, sha256 in zip(lines, documents, strict=True)
    ]
    return hashlib.sha256(canonical({"salt": salt, "lines": told}).encode()).hexdigest()


def private(lines: Sequence[CostLine]) -> str:
    """Return what the event of a claim only commits to: who was paid for what, by which invoice."""
    return "\n".join(
        f"{line.number}. {line.supplier}, {line.invoice}: {line.description}" for line in lines
    )


def reasons(found: Sequence[Finding]) -> str:
    """Return what the event of a verification only commits to: why less was accepted of which line."""
    return "\n".join(f"{one.line}. {one.reason}" for one in found if one.reason)
