"""A claim of a tranche of a grant: its cost lines, what was found on each, and what of it is paid.

Amounts are integer minor units of the rules' currency. Public shares and payments are rounded down to the smallest amount
that is paid (a sen; a whole rupiah): nobody gets more than the share. Retention takes what that leaves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args
from unicodedata import category, decimal, normalize

from workflows.money import WHOLE, formatted, payable, share, to_minor

Mode = Literal["reimbursement", "advance"]
Outcome = Literal["accepted", "reduced", "refused"]
# Supplier and invoice number as they are compared, and where the invoice was met.
_Register = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class CostLine:
    """One cost of a claim: an invoice of a supplier, its local date, its cost, and the budget item it belongs to."""

    number: int
    supplier: str
    invoice: str
    dated: date
    description: str
    cost: int
    item: str


@dataclass(frozen=True)
class Invoice:
    """An invoice that was claimed before: ``reference`` is the claim or the case, as people are to read it."""

    supplier: str
    invoice: str
    reference: str


@dataclass(frozen=True)
class ClaimRules:
    """What a claim is held to.

    ``public_share_pct`` is the share of eligible cost that is paid. ``cap`` is the planned amount of the tranche, ``used``
    what of that was paid or granted by earlier claims, an advance with it; ``left`` what of the award was not drawn before
    this claim. Invoices are dated within the project window, both days included; ``ineligible`` budget items are not paid for.
    In the mode "advance" money goes first, and ``advanced`` is what was paid and is not yet accounted for with invoices.
    ``retention_pct`` is held back from what is paid.

    Raises ``ValueError``, naming everything that is wrong, for rules that no award can have.
    """

    currency: str
    public_share_pct: Decimal
    cap: int
    left: int
    window_from: date
    window_to: date
    mode: Mode = "reimbursement"
    ineligible: frozenset[str] = frozenset()
    retention_pct: Decimal = Decimal(0)
    used: int = 0
    advanced: int = 0

    def __post_init__(self) -> None:
        """Refuse nonsense before anything is reckoned with it."""
        _refuse(_wrong_rules(self))

    @property
    def room(self) -> int:
        """Return what can still be paid of the tranche: never more than is left of the award."""
        return max(min(self.cap - self.used, self.left), 0)

    def told(self, amount: int) -> str:
        """Return an amount as people read it."""
        return formatted(amount, self.currency)


@dataclass(frozen=True)
class Finding:
    """What was found on a line: the cost accepted of it, and the reason where that is not all of it."""

    line: int
    outcome: Outcome
    accepted: int
    reason: str = ""


@dataclass(frozen=True)
class Settlement:
    """What a claim comes to, in minor units.

    - accepted cost + refused cost = claimed
    - public share + capped = accepted cost x the public share in per cent, rounded down to what can be paid
    - advance cleared + retained + payable = public share
    - advance cleared + unspent = what was advanced

    Without an advance the public share is never above the tranche nor what is left of the award. An advance is cleared
    first; only what goes beyond it is held to the two limits. ``unspent`` is set off against the next payment or returned.
    """

    claimed: int
    accepted_cost: int
    refused_cost: int
    public_share: int
    capped: int
    retained: int
    payable: int
    advance_cleared: int
    unspent: int


def wrong(
    lines: Sequence[CostLine], rules: ClaimRules, today: date, known: Iterable[Invoice] = ()
) -> tuple[str, ...]:
    """Return everything that keeps a claim from being made, as sentences; nothing when it can be.

    ``known`` are the invoices of earlier claims of the same case, those of refused claims left out.
    """
    return tuple(_wrong(lines, rules, today, _register(known)))


def wrong_advance(asked: int, rules: ClaimRules) -> tuple[str, ...]:
    """Return everything that keeps money from being paid in advance, as sentences: the amount asked is in minor units."""
    return tuple(_wrong_advance(asked, rules))


def doubles(lines: Sequence[CostLine], elsewhere: Iterable[Invoice]) -> tuple[str, ...]:
    """Return a warning for each line whose invoice stands in another case: a person has to look at both."""
    met = _register(elsewhere)
    return tuple(
        f"Line {line.number}: invoice {line.invoice} of {line.supplier} is also claimed in {met[_key(line)]}."
        for line in lines
        if all(_key(line)) and _key(line) in met
    )


def unsettled(
    lines: Sequence[CostLine], findings: Sequence[Finding], rules: ClaimRules
) -> tuple[str, ...]:
    """Return everything that keeps a claim from being settled by these findings, as sentences."""
    return tuple(_unsettled({line.number: line for line in lines}, findings, rules))


def settle(lines: Sequence[CostLine], findings: Sequence[Finding], rules: ClaimRules) -> Settlement:
    """Return what a claim comes to. Raises ``ValueError`` with every sentence of ``unsettled``."""
    _refuse(unsettled(lines, findings, rules))
    claimed = sum(line.cost for line in lines)
    accepted = sum(finding.accepted for finding in findings)
    entitled = public_share(accepted, rules)
    cleared = min(entitled, rules.advanced)
    fresh = min(entitled - cleared, _payable(rules.room, rules.currency))
    paid = _payable(share(fresh, WHOLE - rules.retention_pct), rules.currency)
    return Settlement(
        claimed=claimed,
        accepted_cost=accepted,
        refused_cost=claimed - accepted,
        public_share=cleared + fresh,
        capped=entitled - cleared - fresh,
        retained=fresh - paid,
        payable=paid,
        advance_cleared=cleared,
        unspent=rules.advanced - cleared,
    )


def public_share(cost: int, rules: ClaimRules) -> int:
    """Return the public share of a cost before any limit, rounded down to what can be paid."""
    return _payable(share(cost, rules.public_share_pct), rules.currency)


def compared(name: str) -> str:
    """Return a supplier's name or an invoice number as it is compared: without case, spaces and punctuation.

    Digits of every script are one; letters keep their marks, without which Thai or Vietnamese names run together.
    """
    kept = (c for c in normalize("NFKC", name).casefold() if category(c)[0] in "LMN")
    return "".join(str(decimal(c, c)) for c in kept)


def _wrong(
    lines: Sequence[CostLine], rules: ClaimRules, today: date, known: _Register
) -> Iterator[str]:
    if not lines:
        yield "A claim needs at least one cost line."
    for number, times in Counter(line.number for line in lines).items():
        if times > 1:
            yield f"Line {number} stands {times} times: number the lines one by one."
    met = dict(known)
    for line in lines:
        found = (*_wrong_line(line, rules, today), *_met_before(line, met))
        yield from (f"Line {line.number}: {what}" for what in found)
        met.setdefault(_key(line), f"line {line.number}")
    yield from _above_the_award(lines, rules)


def _above_the_award(lines: Sequence[CostLine], rules: ClaimRules) -> Iterator[str]:
    entitled = public_share(sum(line.cost for line in lines), rules)
    asked = min(entitled - rules.advanced, rules.cap - rules.used)
    if asked > rules.left:
        left = f"but only {rules.told(rules.left)} of the award is left"
        yield f"{rules.told(asked)} is claimed, the public share of these costs, {left}."


def _wrong_line(line: CostLine, rules: ClaimRules, today: date) -> Iterator[str]:
    if not compared(line.supplier):
        yield "name the supplier."
    if not compared(line.invoice):
        yield "give the number of the invoice."
    if line.cost <= 0:
        yield "the cost must be more than zero."
    if line.dated > today:
        yield f"the invoice is dated {line.dated}, which is in the future."
    if not rules.window_from <= line.dated <= rules.window_to:
        window = f"{rules.window_from} to {rules.window_to}"
        yield f"the invoice is dated {line.dated}, outside the project, which is {window}."
    if line.item in rules.ineligible:
        yield f"{line.item} is not paid for under this award."


def _met_before(line: CostLine, met: _Register) -> Iterator[str]:
    if all(_key(line)) and _key(line) in met:
        yield f"invoice {line.invoice} of {line.supplier} is in {met[_key(line)]} already; claim it once."


def _wrong_advance(asked: int, rules: ClaimRules) -> Iterator[str]:
    if rules.mode != "advance":
        yield "This award pays costs that were met: claim them with their invoices."
    if rules.advanced:
        yield f"Account for the open advance of {rules.told(rules.advanced)} with invoices first."
    if asked <= 0:
        yield "The amount asked in advance must be more than zero."
    elif asked != _payable(asked, rules.currency):
        yield f"Amounts in {rules.currency} are whole: ask for an amount that can be paid."
    if asked > rules.room:
        room = rules.told(rules.room)
        yield f"{rules.told(asked)} is asked in advance, but only {room} of the tranche can be paid."


def _unsettled(
    lines: Mapping[int, CostLine], findings: Sequence[Finding], rules: ClaimRules
) -> Iterator[str]:
    times = Counter(finding.line for finding in findings)
    for number in lines:
        if times[number] != 1:
            yield f"Line {number}: give one finding; there are {times[number] or 'none'}."
    for finding in findings:
        if finding.line not in lines:
            yield f"Line {finding.line}: there is a finding, but no such line."
            continue
        found = _wrong_finding(finding, lines[finding.line].cost, rules)
        yield from (f"Line {finding.line}: {what}" for what in found)


def _wrong_finding(finding: Finding, cost: int, rules: ClaimRules) -> Iterator[str]:
    taken, told, of = finding.accepted, rules.told(finding.accepted), rules.told(cost)
    fits = {"accepted": taken == cost, "reduced": 0 < taken < cost, "refused": taken == 0}
    if taken > cost:
        yield f"{told} is accepted of a cost of {of}."
    elif not fits.get(finding.outcome):
        yield f"{told} of {of} is not {finding.outcome}: accept all, reduce it, or refuse it whole."
    if finding.outcome != "accepted" and not finding.reason.strip():
        yield "give the reason for accepting less than was claimed."


def _wrong_rules(rules: ClaimRules) -> Iterator[str]:
    if not (0 < rules.public_share_pct <= WHOLE and 0 <= rules.retention_pct <= WHOLE):
        yield "The public share and the retention are per cent: more than 0 and 0 or more, at most 100."
    if rules.window_from > rules.window_to:
        yield "The project ends before it begins."
    if rules.mode not in get_args(Mode):
        yield f"The mode {rules.mode!r} is not known."
    if min(rules.cap, rules.left, rules.used, rules.advanced) < 0:
        yield "No amount of an award is below zero."
    if rules.advanced != _payable(rules.advanced, rules.currency):
        yield f"An advance in {rules.currency} is an amount that can be paid."
    if rules.mode == "reimbursement" and rules.advanced:
        yield "Nothing is advanced where costs are reimbursed."


def _register(invoices: Iterable[Invoice]) -> _Register:
    return {(compared(one.supplier), compared(one.invoice)): one.reference for one in invoices}


def _key(line: CostLine) -> tuple[str, str]:
    return compared(line.supplier), compared(line.invoice)


def _payable(amount: int, currency: str) -> int:
    return amount - amount % to_minor(payable(currency), currency)


def _refuse(found: Iterable[str]) -> None:
    if told := " ".join(found):
        raise ValueError(told)
