"""Plays a loan and a financing by sale that are repaid: a first repayment recorded by hand, then all that settles it early."""

import re
from dataclasses import dataclass

from demo.browser import Unexpected
from demo.cast import Cast
from demo.page import Page
from demo.played import Played, fine, says


@dataclass(frozen=True)
class Repaid:
    """What is repaid: its dossier, who records and who confirms, its currency, the first amount, and what its pages say."""

    dossier: str
    maker: str
    checker: str
    currency: str
    first: str
    told: str
    quoted: str


BOTH = (
    Repaid("09-loan-equal-principal", "payments1.vn", "payments2.vn", "VND", "90,000,000", "Principal", "Interest up to that day"),
    Repaid("30-financing-by-sale", "payments1.bank.my", "payments2.bank.my", "MYR", "4,008.00", "Selling price MYR 254,964.54", "Less: rebate (ibra')"),
)  # fmt: skip


def repay(cases: list[Played], cast: Cast) -> str:
    """Repay a loan and a financing by sale by hand in two parts, the second as an early settlement; return what came of it."""
    return "\n".join(_repaid(cases, cast, one) for one in BOTH)


def _repaid(cases: list[Played], cast: Cast, what: Repaid) -> str:
    case = next(found for found in cases if found.dossier.name == what.dossier)
    _received(case, cast, what, "0101", what.first)
    schedule = f"{case.path}/schedule"
    shown = cast.browser(what.maker).open(schedule)
    for sentence in (f"{what.currency} {what.first}", what.told):
        says(shown, sentence)
    quote = _quote(case, cast)
    says(quote, what.quoted)
    rest = re.search(rf"To pay {what.currency} ([\d,.]+)", quote.text)
    if rest is None:
        raise Unexpected(f"{schedule}/settlement names nothing to pay.")
    _received(case, cast, what, "0102", rest[1], settles="yes")
    says(cast.browser(what.maker).open(schedule), "settled early")
    paid = f"{what.currency} {what.first}, then {what.currency} {rest[1]}, which settled it early."
    return f"{case.reference} was repaid by hand: {paid}"


def _quote(case: Played, cast: Cast) -> Page:
    """Work out as the enterprise what settles it today."""
    today = case.today.isoformat()
    return cast.browser(case.dossier.applicant).open(f"{case.path}/schedule/settlement?on={today}")


def _received(
    case: Played, cast: Cast, what: Repaid, number: str, amount: str, **more: str
) -> None:
    """Record that money came in, and let a second person confirm it; who recorded it is not offered to."""
    maker, checker = cast.browser(what.maker), cast.browser(what.checker)
    path = f"{case.path}/proceedings/new/repayment"
    reference = f"ILLUSTRATIVE-{what.currency}-{number}"
    came = {"on": case.today.isoformat(), "bank_reference": reference}
    page = maker.act(maker.open(path), path, {"amount": amount, **came, **more})
    fine(page, path)
    says(page, "Recorded, a second person has to confirm")
    act = f"{page.path}/acts/confirm"
    if page.forms_to(act):
        raise Unexpected(f"{page.path} lets a person confirm what they recorded.")
    booked = checker.act(checker.open(page.path), act, {})
    fine(booked, act)
    says(booked, "Booked")
