"""Plays one dossier: the form is filled in and sent, then every person takes their act on the page of the case."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from demo import budgeting, claiming
from demo.browser import Browser, Unexpected
from demo.cast import Cast
from demo.dossier import DOCUMENTS, Dossier, Step
from demo.page import Page, Unfillable, Value, plain
from demo.played import Played, fine, says

# Acts in which a person vouches for the payment file they have downloaded and looked at.
ON_THE_FILE = ("check", "release")
HAND_IN = ("submit", "resubmit")
# Nothing is done, the page is read.
READ = "read"
# How a step names a proceeding that it begins: by its kind after this.
BEGIN = "new/"
FORTNIGHT = timedelta(days=14)

# The page of an enterprise.
ENTERPRISE = re.compile(r"/enterprises/\d+")

Moved = Callable[[str], None]
# What is entered in a step, by field.
Entered = dict[str, str | list[str]]


def play(dossier: Dossier, cast: Cast, moved: Moved) -> Played:
    """Play a dossier to its last step; ``moved`` is called with a word on each step as it is taken.

    Raises ``Unexpected`` when the system does anything but what the dossier says.
    """
    browser = cast.browser(dossier.applicant)
    moved(f"{dossier.name}: {dossier.applicant}: apply")
    played = _apply(dossier, browser)
    for step in dossier.steps:
        moved(f"{dossier.name}: {step.who}: {step.act}")
        try:
            _take(played, step, cast.browser(step.who))
        except Unexpected as error:
            raise Unexpected(f"{dossier.name} ({played.reference}), {step.act}: {error}") from error
    return played


def _apply(dossier: Dossier, browser: Browser) -> Played:
    """Start an application under the call, fill in every section and attach every document."""
    scheme = browser.open(f"/schemes/{dossier.call}")
    page = browser.act(scheme, "/applications", {"call": dossier.call})
    played = Played(dossier, page.path.rsplit("/", 1)[-1])
    filled_in(played, page, browser)
    return played


def filled_in(played: Played, page: Page, browser: Browser) -> None:
    """Fill in every section that the page of a draft leads to, and attach every document."""
    dossier = played.dossier
    sections = [link for link in page.links if link.startswith(f"{played.path}/sections/")]
    left: dict[str, Value] = dict(dossier.answers)
    for section in dict.fromkeys(sections):
        # An answer may bring up further questions of the section: it is filled in until nothing more is asked.
        while given := _asked(browser, section, left):
            fine(browser.act(browser.open(section), section, given), f"{dossier.name}: {section}")
    if left:
        raise Unexpected(f"{dossier.name}: no section asks for {', '.join(left)}.")
    for kind, file in dossier.documents:
        _upload(played, browser, {"kind": kind, "file": file.name})


def _asked(browser: Browser, section: str, left: dict[str, Value]) -> dict[str, Value]:
    """Take out of the answers that are left those to what a section asks now."""
    named = {name for form in browser.open(section).forms_to(section) for name in form.controls}
    return {name: left.pop(name) for name in named & set(left)}


def _take(played: Played, step: Step, browser: Browser) -> None:
    beside = BESIDE.get(step.act)
    if beside is not None:
        beside(played, browser, step.fields)
    elif step.expect_refusal:
        _refused(played, step, browser)
    elif step.act == READ:
        says(_page(played, step, browser), step.shows)
    else:
        page = browser.act(
            _page(played, step, browser), _action(played, step), _fields(played, step, browser)
        )
        fine(page, step.act)
        if step.shows:
            says(page, step.shows)
    if step.act == "prepare":
        played.tranches.add(step.tranche)


def _page(played: Played, step: Step, browser: Browser) -> Page:
    """Return the page that has the form of an act: answers are checked on a page of their own before they are sent."""
    if step.proceeding:
        return browser.open(f"{played.path}/proceedings/{step.proceeding}")
    return browser.open(f"{played.path}/check" if step.act in HAND_IN else played.path)


def _action(played: Played, step: Step) -> str:
    if step.proceeding.startswith(BEGIN):
        return f"{played.path}/proceedings/{step.proceeding}"
    middle = f"/tranches/{step.tranche}" if step.tranche else ""
    middle = f"/proceedings/{step.proceeding}" if step.proceeding else middle
    return f"{played.path}{middle}/acts/{step.act}"


def _fields(played: Played, step: Step, browser: Browser) -> dict[str, Value]:
    fields = {name: played.dated(value) for name, value in step.fields.items()}
    if step.act in ON_THE_FILE and not step.expect_refusal:
        file = browser.download(f"{played.path}/tranches/{step.tranche}/payment-file")
        fields["sha256"] = hashlib.sha256(file.body).hexdigest()
    return fields


def _refused(played: Played, step: Step, browser: Browser) -> None:
    """Try an act that a rule forbids: either no form is shown for it, or sending the form is refused with a sentence."""
    page = _page(played, step, browser)
    action, fields = _action(played, step), _fields(played, step, browser)
    try:
        form = page.form(action, fields)
    except Unfillable:
        if page.forms_to(action):
            raise
    else:
        page = browser.send(page, form, fields)
        if not page.errors:
            raise Unexpected(f"{step.expect_refusal} should have refused this, and did not.")
    if plain(step.sentence) not in page.text:
        raise Unexpected(
            f"{step.expect_refusal} should say “{step.sentence}”. {page.errors or page.text}"
        )


def _upload(played: Played, browser: Browser, fields: Entered) -> None:
    path = f"{played.path}/documents"
    file = DOCUMENTS / str(fields["file"])
    page = browser.act(browser.open(path), path, {"kind": fields["kind"]}, ("file", file))
    fine(page, f"upload of {file.name}")
    if file.name not in page.text:
        raise Unexpected(f"{file.name} was uploaded and is not on the page.")


def _attach(played: Played, browser: Browser, fields: Entered) -> None:
    """Attach a document that an act asks its officer for."""
    path = f"{played.path}/acts/{fields['to']}/documents"
    file = DOCUMENTS / str(fields["file"])
    page = browser.act(browser.open(played.path), path, {"kind": fields["kind"]}, ("file", file))
    fine(page, f"upload of {file.name}")


def _delegate(played: Played, browser: Browser, fields: Entered) -> None:
    """Hand a duty to a colleague, from today for a fortnight of the scheme's own days."""
    today = played.today
    days = {"valid_from": today.isoformat(), "valid_to": (today + FORTNIGHT).isoformat()}
    page = browser.act(browser.open("/delegations"), "/delegations", {**fields, **days})
    fine(page, "delegation")


def _declare(played: Played, browser: Browser, fields: Entered) -> None:
    """Declare an interest; from then on the person may not even know of the case."""
    fine(
        browser.act(browser.open(played.path), f"{played.path}/interest", dict(fields)), "interest"
    )
    if browser.status(played.path) != HTTPStatus.NOT_FOUND:
        raise Unexpected(f"{played.reference} is still shown to a person with an interest in it.")


def _look_up(played: Played, browser: Browser, fields: Entered) -> None:
    """Record that the enterprise was looked up in its registry."""
    _known(played, browser, "checks", fields, "The check is recorded.")


def _certify(played: Played, browser: Browser, fields: Entered) -> None:
    """Record a certificate of somebody of the enterprise."""
    _known(played, browser, "certificates", fields, "The certificate is recorded.")


def _known(played: Played, browser: Browser, what: str, fields: Entered, said: str) -> None:
    """Record something of the enterprise on its own page, which the page of the case leads to."""
    links = browser.open(played.path).links
    path = next((link for link in links if ENTERPRISE.fullmatch(link)), "")
    page = browser.act(browser.open(path or played.path), f"{path}/{what}", fields)
    fine(page, what)
    if said not in page.text:
        raise Unexpected(f"{path} should say “{said}”.")


# What people do on pages of their own beside taking acts of the workflow.
BESIDE: dict[str, Callable[[Played, Browser, Entered], None]] = {
    "upload": _upload,
    "attach": _attach,
    "delegate": _delegate,
    "declare_interest": _declare,
    "look_up": _look_up,
    "certify": _certify,
    "claim_with_invoices": claiming.claim,
    "verify_line_by_line": claiming.verify,
    "propose_transfer": budgeting.propose_transfer,
    "authorise_transfer": budgeting.authorise_transfer,
}
