"""Plays a loan that is repaid: a first repayment recorded by hand, then all that settles it early, each confirmed by a second person."""

import re

from demo.browser import Unexpected
from demo.cast import Cast
from demo.page import Page
from demo.played import Played, fine, says

MAKER, CHECKER = "payments1.vn", "payments2.vn"
# The dossier whose loan was drawn at once.
LOAN = "09-loan-equal-principal"
FIRST = "90,000,000"
TO_PAY = re.compile(r"To pay VND ([\d,]+)")


def repay(cases: list[Played], cast: Cast) -> str:
    """Repay a loan by hand in two parts, the second as an early settlement; return what came of it, in a line."""
    case = next(found for found in cases if found.dossier.name == LOAN)
    _received(case, cast, "0101", FIRST)
    schedule = f"{case.path}/schedule"
    maker = cast.browser(MAKER)
    says(maker.open(schedule), f"VND {FIRST}")
    rest = TO_PAY.search(_quote(case, cast).text)
    if rest is None:
        raise Unexpected(f"{schedule}/settlement names nothing to pay.")
    _received(case, cast, "0102", rest[1], settles="yes")
    says(maker.open(schedule), "settled early")
    return f"The loan of {case.reference} was repaid by hand: VND {FIRST}, then VND {rest[1]}, which settled it early."


def _quote(case: Played, cast: Cast) -> Page:
    """Work out as the enterprise what settles the loan today."""
    today = case.today.isoformat()
    return cast.browser(case.dossier.applicant).open(f"{case.path}/schedule/settlement?on={today}")


def _received(case: Played, cast: Cast, number: str, amount: str, **more: str) -> None:
    """Record that money came in, and let a second person confirm it; who recorded it is not offered to."""
    maker, checker = cast.browser(MAKER), cast.browser(CHECKER)
    path = f"{case.path}/proceedings/new/repayment"
    came = {"on": case.today.isoformat(), "bank_reference": f"ILLUSTRATIVE-VN-{number}"}
    page = maker.act(maker.open(path), path, {"amount": amount, **came, **more})
    fine(page, path)
    says(page, "Recorded, a second person has to confirm")
    act = f"{page.path}/acts/confirm"
    if page.forms_to(act):
        raise Unexpected(f"{page.path} lets a person confirm what they recorded.")
    booked = checker.act(checker.open(page.path), act, {})
    fine(booked, act)
    says(booked, "Booked")
