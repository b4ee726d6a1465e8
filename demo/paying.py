"""Plays payments of several cases in one file: three hands, the bank's files with its answers, and a second attempt."""

import hashlib
import time
from pathlib import Path

from demo.bank import Order, Sent, bookings, received, status_report
from demo.browser import Browser, Unexpected
from demo.cast import Cast
from demo.page import Page
from demo.played import Played, fine, says

MAKER, CHECKER, RELEASER = "payments1.my", "payments2.my", "releaser.my"
PAYMENTS, BANK_FILES = "/payments", "/payments/bank-files"
BOTH = 2
# There was not enough money in the paying account (ISO 20022, ExternalStatusReason1Code).
REASON = "AM04"
APPLIED_SECONDS = 60.0
PAUSE_SECONDS = 0.3


def pay_together(cases: list[Played], cast: Cast, folder: Path) -> str:
    """Pay the two cases that wait in one file; return what came of it, in a line. The bank's files are left in a folder.

    The bank rejects the first payment and accepts the second, then books it. The first is prepared again, as a new attempt,
    and booked as well. Raises ``Unexpected`` when the system does anything else.
    """
    waiting = _waiting(cases, cast)
    if len(waiting) != BOTH:
        raise Unexpected(f"{PAYMENTS} should offer two payments, not {len(waiting)}.")
    one, other = waiting
    sent = _sent(waiting, cast)
    first, second = sent.orders
    told = status_report(sent, {first.end_to_end_id: REASON}, one.now)
    _answered(cast, folder / f"{sent.message_id}.pain.002.xml", told, "1 applied, 1 noted")
    _stands(one, cast, "Rejected by the bank")
    _stands(other, cast, "Released to the bank")
    _booked(cast, folder, sent, second, other)
    again = _sent([one], cast)
    _booked(cast, folder, again, again.orders[0], one)
    return (
        f"{one.reference} and {other.reference} went to the bank in one file, {sent.message_id}. Its status report (pain.002) rejected "
        f"the first;\n  that was paid by {again.message_id}. Both were confirmed by notifications of bookings (camt.054)."
    )


def _waiting(cases: list[Played], cast: Cast) -> list[Played]:
    """Return the cases whose payments may be prepared now, in the order of the page."""
    form = cast.browser(MAKER).open(PAYMENTS).form(PAYMENTS)
    references = [value.split("/")[0] for value in form.controls["payments"].offered]
    return [case for reference in references for case in cases if case.reference == reference]


def _sent(waiting: list[Played], cast: Cast) -> Sent:
    """Prepare one file of the payments of these cases, check and release it; return it as the bank receives it."""
    maker = cast.browser(MAKER)
    home = maker.open(PAYMENTS)
    offered = home.form(PAYMENTS).controls["payments"].offered
    chosen = [one for case in waiting for one in offered if one.startswith(f"{case.reference}/")]
    page = maker.act(home, PAYMENTS, {"payments": chosen})
    fine(page, PAYMENTS)
    says(page, "The payment file is prepared.")
    _vouched(cast.browser(CHECKER), page.path, "check", "The payment file is checked.")
    _vouched(cast.browser(RELEASER), page.path, "release", "The release is recorded.")
    for case, value in zip(waiting, chosen, strict=True):
        case.tranches.add(int(value.split("/")[1]))
    return received(cast.browser(RELEASER).download(f"{page.path}/file").body)


def _vouched(browser: Browser, path: str, act: str, said: str) -> None:
    """Take an act on a file that the person has downloaded and looked at."""
    file = browser.download(f"{path}/file")
    seen = {"sha256": hashlib.sha256(file.body).hexdigest()}
    page = browser.act(browser.open(path), f"{path}/{act}", seen)
    fine(page, f"{path}/{act}")
    says(page, said)


def _booked(cast: Cast, folder: Path, sent: Sent, order: Order, case: Played) -> None:
    """Let the bank say that it has booked a payment, and see the case completed."""
    told = bookings(sent, order, case.now)
    name = f"{sent.message_id}.camt.054.xml"
    _answered(cast, folder / name, told, "1 applied")
    _stands(case, cast, "Completed")


def _answered(cast: Cast, file: Path, content: bytes, counts: str) -> None:
    """Hand in a file of the bank, and wait until each of its lines is applied or noted."""
    file.write_bytes(content)
    maker = cast.browser(MAKER)
    page = maker.act(maker.open(PAYMENTS), BANK_FILES, {}, ("file", file))
    fine(page, BANK_FILES)
    ends = time.monotonic() + APPLIED_SECONDS
    while counts not in _row(page, file.name):
        if time.monotonic() > ends:
            raise Unexpected(f"{file.name}: {_row(page, file.name)}, and not {counts}.")
        time.sleep(PAUSE_SECONDS)
        page = maker.open(PAYMENTS)


def _row(page: Page, name: str) -> str:
    return next((row for row in page.rows if name in row), "")


def _stands(case: Played, cast: Cast, state: str) -> None:
    says(cast.browser(MAKER).open(case.path), state)
