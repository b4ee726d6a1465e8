"""The figures of a scheme as people read them, each with where it comes from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.schemes.compose.funding import LoanTerms
from app.schemes.compose.terms import ILLUSTRATIVE, SchemeTerms, Source
from workflows.authority import bands_of
from workflows.definition import Band, Workflow
from workflows.money import DECIMALS, formatted, to_minor
from workflows.rules import duty_label
from workflows.sale import PRINCIPLES, WORDS
from workflows.schedule.conventions import frequency_text
from workflows.soundness.matrix import amounts

# How a grant is claimed.
MODES = {
    "reimbursement": "With the invoices that were paid: we pay our share of them back",
    "advance": "In advance: the next claim accounts for it with invoices",
}


@dataclass(frozen=True)
class Basis:
    """Where a figure comes from: the number of a source in the scheme's list, 0 for an illustrative one, and what is to be said."""

    number: int
    source: Source | None
    words: str


@dataclass(frozen=True)
class Figure:
    """A figure by its key in ``basis``, what it is called, and what it is; ``basis`` is ``None`` where nobody said."""

    key: str
    label: str
    value: str
    basis: Basis | None


def basis(terms: SchemeTerms, key: str) -> Basis | None:
    """Return where a figure comes from, ``None`` in a scheme of an earlier program that does not say it."""
    if key not in terms.basis:
        return None
    source, words = terms.basis_of(key)
    number = terms.sources.index(source) + 1 if source else 0
    return Basis(number, source, words)


def illustrative(terms: SchemeTerms) -> tuple[str, ...]:
    """Return the figures of a scheme that no source says, by their key."""
    return tuple(k for k, said in terms.basis.items() if said.partition(":")[0] == ILLUSTRATIVE)


def given(terms: SchemeTerms) -> tuple[Figure, ...]:
    """Return what a scheme gives, each figure with its basis."""
    return _based(terms, (*_money(terms), *_claims(terms), *_loan(terms), *_guarantee(terms)))


def figures(terms: SchemeTerms) -> tuple[Figure, ...]:
    """Return what a scheme gives and how long things take, each figure with its basis."""
    return (*given(terms), *_based(terms, _days(terms)))


def _based(terms: SchemeTerms, told: Iterable[tuple[str, str, str]]) -> tuple[Figure, ...]:
    return tuple(Figure(key, label, value, basis(terms, key)) for key, label, value in told)


def units(amount: Decimal, currency: str) -> str:
    """Return an amount of a scheme with its currency, to the smallest unit: "MYR 200,000.00"."""
    if currency not in DECIMALS:
        return f"{currency}\u00a0{amount:,}"
    return formatted(to_minor(amount, currency), currency)


def _money(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    yield "ceiling", "At most", units(terms.ceiling, terms.currency)
    yield "floor", "At least", units(terms.floor, terms.currency)
    yield "share_max_pct", "Share", f"At most {terms.share_max_pct} % of the cost of the project"


def _claims(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    """Tell how a grant is claimed, where that is not by a plain request."""
    claims = terms.claims
    told = {
        "claim_mode": ("Claims", MODES.get(claims.mode, claims.mode)),
        "window_months": ("Costs count for", f"{claims.window_months} months from the acceptance"),
        "retention_pct": (
            "Kept back",
            f"{claims.retention_pct} % of each claim, paid as the last tranche",
        ),
    }
    yield from ((key, *told[key]) for key in claims.figures)


def _loan(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    loan = terms.loan
    if loan is None:
        return
    words = WORDS if loan.sale else {}
    interest = words.get("interest", "interest").capitalize()
    yield "rate_pct", interest, f"{loan.rate_pct} % a year"
    yield "day_count", f"{interest} is counted by", loan.day_count
    yield from _late(loan)
    monthly = (loan.every, loan.unit) == (1, "months")
    often = "monthly instalments" if monthly else f"instalments, {often_of(loan)}"
    yield "instalments_max", "Repayment", f"At most {loan.instalments_max} {often}"
    period = "month" if monthly else "instalment"
    grace = (
        f"Principal from {period} {loan.grace_principal + 1}"
        if loan.grace_principal
        else "No grace"
    )
    yield "grace_principal", f"Grace on {words.get('principal', 'principal')}", grace


def _late(loan: LoanTerms) -> Iterator[tuple[str, str, str]]:
    """Tell what only some loans have: what lateness costs, and at which rate a selling price is fixed."""
    overdue = "a year of what is overdue"
    if loan.late_rate_pct is not None:
        yield "late_rate_pct", "Late payment", f"{loan.late_rate_pct} % {overdue}"
    sale = loan.sale
    if sale is None:
        return
    contract = PRINCIPLES.get(sale.principle, sale.principle)
    yield (
        "ceiling_rate_pct",
        "Selling price",
        f"Fixed by {contract} at {sale.ceiling_rate_pct} % a year; what it is above the instalments is given back as rebate",
    )
    late = ("compensation_pct", "late-payment charge"), ("penalty_pct", "penalty")
    for name, word in late:
        if getattr(sale, name) is not None:
            yield name, WORDS[word].capitalize(), f"{getattr(sale, name)} % {overdue}"


def often_of(loan: LoanTerms) -> str:
    """Return how often an instalment of a loan falls due: every month, every 2 weeks."""
    return frequency_text(loan.every, loan.unit)


def _guarantee(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    cover = terms.guarantee
    if cover is None:
        return
    least = "" if cover.cover_min_pct == cover.cover_max_pct else f"{cover.cover_min_pct} % to "
    yield "cover_pct", "Guaranteed", f"{least}{cover.cover_max_pct} % of the loan"
    yield "fee_pct", "Guarantee fee", f"{cover.fee_pct} % a year of what is guaranteed"


def _days(terms: SchemeTerms) -> Iterator[tuple[str, str, str]]:
    yield "target_days", "We aim to decide within", f"{terms.target_days} working days"
    yield "reply_within_days", "You reply to a question within", f"{terms.reply_within_days} days"
    yield "accept_within_days", "You accept an offer within", f"{terms.accept_within_days} days"
    yield "assessments", "Assessors who read an application", str(terms.assessments)


def matrix(terms: SchemeTerms, workflow: Workflow) -> tuple[tuple[str, str, str], ...]:
    """Return who decides, as rows of decision, amount, and people, in the currency of the scheme."""
    return tuple(
        (
            decision.title,
            amounts(band.currency, band.above, band.up_to),
            _people(band, workflow, each=bool(decision.per)),
        )
        for decision in workflow.decisions.values()
        for band in bands_of(decision, terms.currency, terms.code)
    )


def _people(band: Band, workflow: Workflow, *, each: bool) -> str:
    who = duty_label(workflow, band.by)
    if band.body and band.body.lower() not in who:
        who += f" of the {band.body}"
    if each:
        return f"one {who} for each that is asked, and all of them"
    if band.of == 1:
        return f"one {who}"
    needed = {"majority": "a majority", "all": "all"}.get(str(band.needed), str(band.needed))
    present = f", at least {band.present} present" if band.present > 1 else ""
    return f"{needed} of {band.of}, each {who}{present}"
