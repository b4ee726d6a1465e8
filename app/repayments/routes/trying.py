"""What a loan of a scheme would cost: an indicative schedule for anybody, before anything is asked for; nothing is stored."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from app import clock
from app.accounts.access import requires
from app.accounts.schemas import read
from app.errors import Invalid, Missing
from app.repayments.compose import basis as making
from app.repayments.compose.basis import Plain
from app.repayments.compose.pricing import LOAN_WORDS, words_of
from app.repayments.compose.telling import METHODS
from app.repayments.routes.blueprints import pages
from app.repayments.routes.schedules import dated, totals
from app.repayments.schemas import TriedInput
from app.schemes import queries as schemes
from app.schemes.compose.lending import methods
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Scheme
from workflows.money import formatted, to_minor, typed
from workflows.pictures.instalments import svg
from workflows.sale import CONFIRMATION, WORDS
from workflows.schedule import Drawdown, Impossible


@dataclass(frozen=True)
class Tried:
    """A loan that was worked out: its basis and its instalments in minor units."""

    basis: Plain
    rows: list[Plain]


@pages.get("/schemes/<code>/schedule")
@requires("anyone")
def preview(code: str) -> str | tuple[str, int]:
    """Show what a loan of a scheme would cost by amount, instalments and method; the code is that of a call or a scheme."""
    scheme = _scheme(code)
    terms = schemes.terms(scheme)
    if terms.loan is None:
        raise Missing("This scheme gives no loans.")
    values, tried, errors = request.args.to_dict(), None, {}
    if values:
        try:
            tried = _tried(terms, values, clock.today(schemes.zone_of(scheme)))
        except Invalid as error:
            errors = error.errors
        except Impossible as error:
            errors = {"": list(error.sentences)}
    currency = terms.currency
    page = render_template(
        "repayments/preview.html",
        code=code,
        terms=terms,
        methods=[(name, METHODS[name].capitalize()) for name in methods(terms)],
        values=values,
        errors=errors,
        tried=tried,
        rows=dated(tried.rows) if tried else [],
        totals=totals(tried.rows) if tried else {},
        picture=_picture(tried, currency) if tried else "",
        words=LOAN_WORDS if terms.loan.sale is None else WORDS,
        price=making.price_of(tried.basis, currency) if tried else None,
        confirmation=CONFIRMATION,
        conventions=making.conventions(tried.basis, currency) if tried else [],
        effective=making.effective(tried.basis, currency) if tried else None,
        working=making.worked(tried.basis, currency) if tried else [],
    )
    return (page, 422) if errors else page


def _picture(tried: Tried, currency: str) -> Markup:
    words = words_of(tried.basis["terms"])
    return Markup(svg(making.computed(tried.basis, currency), currency, words))  # noqa: S704 - made here, and escaped


def _scheme(code: str) -> Scheme:
    call = schemes.call(code)
    found = call.scheme if call else schemes.newest_scheme(code)
    if found is None:
        raise Missing(f"There is no scheme or call {code}.")
    return found


def _tried(terms: SchemeTerms, values: dict[str, str], today: date) -> Tried:
    """Return the loan that is asked for; raises ``Invalid`` where the scheme gives none such, ``Impossible`` where nobody can."""
    given = read(TriedInput(), values)
    errors: dict[str, list[str]] = {}
    amount = _amount(terms, given["amount"], errors)
    loan = terms.loan
    if loan is not None and not 1 <= given["instalments"] <= loan.instalments_max:
        errors["instalments"] = [f"Enter 1 to {loan.instalments_max} instalments."]
    offered = methods(terms)
    method = given["method"] or (offered[0] if len(offered) == 1 else "")
    if method not in offered:
        errors["method"] = ["Choose how you would repay."]
    if errors or loan is None:
        raise Invalid(errors)
    agreed: dict[str, Any] = loan.agreed(given["instalments"], method)
    basis = making.basis_of(agreed, [Drawdown(given["begun"] or today, amount)])
    return Tried(basis, making.rows_of(basis, terms.currency))


def _amount(terms: SchemeTerms, text: str, errors: dict[str, list[str]]) -> Decimal:
    try:
        amount = typed(text, terms.currency)
    except ValueError as error:
        errors["amount"] = [str(error)]
        return Decimal(0)
    least, most = (to_minor(one, terms.currency) for one in (terms.floor, terms.ceiling))
    if not least <= to_minor(amount, terms.currency) <= most or not amount:
        told = (formatted(one, terms.currency) for one in (least, most))
        errors["amount"] = [f"This scheme gives {' to '.join(told)}."]
    return amount
