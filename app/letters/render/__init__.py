"""A letter as a PDF file.

Printing is a pure function of a `Letter`: no database, clock, network or system font takes part, and the
same letter gives the same bytes under the same `fingerprint()`.
"""

import gc
from datetime import date
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.letters.render.letter import (
    Acknowledgement,
    Addressee,
    ArrearsNotice,
    Body,
    ChangeOffer,
    Decline,
    Demand,
    DisbursementAdvice,
    Guarantee,
    InformationRequest,
    Instalment,
    Lapse,
    Letter,
    Letterhead,
    LoanTerms,
    Offer,
    Overdue,
    Place,
    Reason,
    SaleTerms,
    WaitingList,
)
from app.letters.render.press import (
    TEMPLATES,
    ForbiddenAddress,
    fingerprint,
    missing_glyphs,
    set_up,
)
from app.letters.render.text import UnprintableText, checked, day, figures, money, percent
from workflows.sale import CONFIRMATION, WORDS

__all__ = [
    "Acknowledgement",
    "Addressee",
    "ArrearsNotice",
    "Body",
    "ChangeOffer",
    "Decline",
    "Demand",
    "DisbursementAdvice",
    "ForbiddenAddress",
    "Guarantee",
    "InformationRequest",
    "Instalment",
    "Lapse",
    "Letter",
    "Letterhead",
    "LoanTerms",
    "Offer",
    "Overdue",
    "Place",
    "Reason",
    "SaleTerms",
    "UnprintableText",
    "WaitingList",
    "fingerprint",
    "missing_glyphs",
    "render",
    "warm",
]


def render(letter: Letter) -> bytes:
    """Print `letter` as a tagged PDF (PDF/UA-1, ISO 14289-1:2014).

    Raises ValueError for a kind that does not fit its body, a field or list that is too long, an amount
    finer than its currency, or too many pages; UnprintableText, naming them, for characters without a glyph.
    """
    page = _page(checked(letter))
    if missing := missing_glyphs(page):
        raise UnprintableText.naming(missing)
    return set_up().print(page)


def warm() -> None:
    """Make the press ready, once, in the process that later forks one child per letter.

    A child that inherits a used press starts printing at once; freezing keeps the collector from touching,
    and so copying, the memory it inherits.
    """
    render(
        Letter(
            kind="lapse",
            reference="0",
            event_digest="0" * 64,
            place=Place(0, 1, "A" * 44, "log"),
            issued_on=date(2000, 1, 1),
            language="en",
            letterhead=Letterhead("Agency", "Facility", ("Street 1",), "Contact", "Country"),
            addressee=Addressee("Ltd நிறுவனம் شركة", "0", "Ệ", ("Street 2",)),
            scheme="Scheme",
            subject="Warming up",
            body=Lapse(date(2000, 1, 1), date(2000, 1, 2)),
        )
    )
    gc.collect()
    gc.freeze()


def _page(letter: Letter) -> str:
    template = letter.kind
    if isinstance(letter.body, Offer):
        template = _OFFERS[_offered(letter.body)]
    return _templates().get_template(f"{template}.html").render(letter=letter, body=letter.body)


_OFFERS = {"grant": "offer_grant", "loan": "offer_loan", "sale": "offer_sale"}


def _offered(offer: Offer) -> str:
    if offer.loan is None:
        return "grant"
    return "sale" if offer.loan.sale else "loan"


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Functions rather than filters, so that the pages of the application can be compiled beside the letters.
    templates.globals.update(day=day, figures=figures, money=money, percent=percent)
    # What letters about financing by sale say in place of the words of a loan.
    templates.globals.update(sale_words=WORDS, confirmation=CONFIRMATION)
    return templates
