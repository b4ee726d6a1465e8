"""The bounds of a scheme: how long its names are, what stands once only, between which numbers its figures lie."""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

from app.schemes.compose import lending
from app.schemes.compose.terms import SchemeTerms
from workflows.money import DECIMALS, LARGEST, to_minor
from workflows.schedule import DayCount

WHOLE = 100
# A plain request, costs that were met, or money before its invoices.
CLAIM_MODES = ("", "reimbursement", "advance")
MOST_MONTHS = 120
LONGEST_NAME = 200
# With the name of its template a scheme's code makes the name of its workflow, which has at most 40 characters.
CODE = re.compile(r"[A-Z][A-Z0-9-]{1,23}", re.ASCII)
# With a hyphen and five digits the code of a call makes a reference, which has at most 40 characters.
CALL = re.compile(r"[A-Z][A-Z0-9-]{1,33}", re.ASCII)
# A fiscal year is named by the calendar year in which it begins.
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
AT_LEAST_ONE = (
    "version",
    "accept_within_days",
    "reply_within_days",
    "assessments",
    "target_days",
)


def mistakes(terms: SchemeTerms) -> Iterator[str]:
    """Find everything that is too long, too high or too low, or stands twice."""
    yield from _names(terms)
    yield from _twice(terms)
    yield from _numbers(terms)
    if terms.currency in DECIMALS:
        yield from _amounts(terms)
    yield from _years(terms)
    yield from _claims(terms)


def _names(terms: SchemeTerms) -> Iterator[str]:
    if not CODE.fullmatch(terms.code):
        yield f"code: expected at most 24 capital letters, digits and hyphens, not {terms.code!r}."
    if len(terms.name) > LONGEST_NAME:
        yield f"name: expected at most {LONGEST_NAME} characters."
    for call in terms.calls:
        if not CALL.fullmatch(call.code):
            yield f"calls: expected at most 34 capital letters, digits and hyphens, not {call.code!r}."
        if len(call.title) > LONGEST_NAME:
            yield f"calls: {call.code!r}: expected a title of at most {LONGEST_NAME} characters."


def _twice(terms: SchemeTerms) -> Iterator[str]:
    """Find keys that stand twice where the second would hide the first."""
    held = {
        "sections": [section.key for section in terms.sections],
        "sections: question": [question.key for question in terms.questions],
        "sources": [source.key for source in terms.sources if source.key],
        "documents": [kind.key for kind in terms.documents],
        "rules": [rule.name for rule in terms.rules],
        "criteria": [criterion.key for criterion in terms.criteria],
        "reasons": [reason.code for reason in terms.reasons],
        "conditions": [condition.key for condition in terms.conditions],
        "courses": [course.key for course in terms.courses],
    }
    for question in terms.questions:
        held[f"sections: question {question.key!r}: column"] = [c.key for c in question.columns]
    for place, keys in held.items():
        mark = "" if place.endswith(("question", "column")) else ":"
        for key, times in Counter(keys).items():
            if times > 1:
                yield f"{place}{mark} {key!r} stands twice."


def _numbers(terms: SchemeTerms) -> Iterator[str]:
    for name in AT_LEAST_ONE:
        if getattr(terms, name) < 1:
            yield f"{name}: expected at least 1."
    for kind in terms.documents:
        if kind.minimum < 0:
            yield f"documents: {kind.key!r}: expected a minimum of 0 or more."
    for course in terms.courses:
        if course.valid_months < 0:
            yield f"courses: {course.key!r}: expected a validity of 0 months or more."
    yield from _loan(terms)
    yield from _guarantee(terms)


def _guarantee(terms: SchemeTerms) -> Iterator[str]:
    cover = terms.guarantee
    if cover is None:
        return
    if not 0 < cover.cover_min_pct <= cover.cover_max_pct <= WHOLE:
        yield "guarantee: cover_min_pct and cover_max_pct lie above 0 and up to 100, in this order."
    if not 0 <= cover.fee_pct <= WHOLE:
        yield "guarantee.fee_pct: expected 0 to 100."


def _loan(terms: SchemeTerms) -> Iterator[str]:
    loan = terms.loan
    if loan is None:
        return
    if not 0 <= loan.rate_pct <= WHOLE:
        yield "loan.rate_pct: expected 0 to 100."
    if loan.instalments_max < 1:
        yield "loan.instalments_max: expected at least 1."
    elif not 0 <= loan.grace_principal < loan.instalments_max:
        yield "loan.grace_principal: the principal must begin before the last instalment."
    if loan.day_count not in get_args(DayCount):
        yield f"loan.day_count: {loan.day_count!r} is not one of {', '.join(get_args(DayCount))}."
    yield from lending.mistakes(terms, loan)


def _amounts(terms: SchemeTerms) -> Iterator[str]:
    amounts = {"ceiling": (terms.ceiling, 1), "floor": (terms.floor, 0)}
    for call in terms.calls:
        amounts[f"calls: {call.code!r}: budget"] = (call.budget, 0)
        for year, amount in call.years.items():
            amounts[f"calls: {call.code!r}: years: {year}"] = (amount, 0)
    for place, (amount, least) in amounts.items():
        if not least <= amount <= LARGEST:
            yield f"{place}: expected at least {least} and at most {LARGEST:,}."
            continue
        wrong = _finer(amount, terms.currency)
        if wrong:
            yield f"{place}: {wrong}"


def _claims(terms: SchemeTerms) -> Iterator[str]:
    """Yield what is wrong with how a grant is claimed."""
    claims = terms.claims
    if claims.mode not in CLAIM_MODES:
        yield f"claims.mode: {claims.mode!r} is not one of {', '.join(repr(m) for m in CLAIM_MODES)}."
    if claims.mode and terms.loan is not None:
        yield "claims.mode: a loan is drawn down, not claimed with invoices."
    if not 0 <= claims.window_months <= MOST_MONTHS:
        yield f"claims.window_months: expected 0 to {MOST_MONTHS}."
    if not 0 <= claims.retention_pct < WHOLE:
        yield "claims.retention_pct: expected 0 or more and less than 100."
    if claims.retention_pct and not claims.mode:
        yield "claims.retention_pct: only of a claim that is verified with its invoices something is kept back."


def _years(terms: SchemeTerms) -> Iterator[str]:
    """Yield what is wrong with the budgets of a call by fiscal year."""
    for call in terms.calls:
        if any(not _YEAR.fullmatch(year) for year in call.years):
            yield f'calls: {call.code!r}: years: name each by the year in which it begins, such as "2026".'
        if call.years and sum(call.years.values()) != call.budget:
            yield f"calls: {call.code!r}: years: they do not sum to the budget of the call."


def _finer(amount: Decimal, currency: str) -> str:
    try:
        to_minor(amount, currency)
    except ValueError as error:
        return str(error)
    return ""
