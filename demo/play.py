"""Plays one dossier: the form is filled in and sent, then every person takes their act on the page of the case."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from app import clock
from demo.browser import Browser, Unexpected
from demo.cast import Cast
from demo.dossier import DOCUMENTS, Dossier, Step
from demo.page import Page, Unfillable, Value, plain

# Where a scheme is at home: the bank pays on a local day there.
ZONES = {"MY": "Asia/Kuala_Lumpur", "VN": "Asia/Ho_Chi_Minh"}
# Acts in which a person vouches for the payment file they have downloaded and looked at.
ON_THE_FILE = ("check", "release")
HAND_IN = ("submit", "resubmit")
FORTNIGHT = timedelta(days=14)

Moved = Callable[[str], None]


@dataclass
class Played:
    """A dossier that was played, and the case it became."""

    dossier: Dossier
    reference: str
    tranches: set[int] = field(default_factory=set)

    @property
    def path(self) -> str:
        """The page of the case."""
        return f"/cases/{self.reference}"

    @property
    def country(self) -> str:
        """The country of the scheme, ISO 3166 alpha-2 in lower case: the people of its agency bear it."""
        return self.dossier.call[:2].lower()


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
    sections = [link for link in page.links if link.startswith(f"{played.path}/sections/")]
    left = dict(dossier.answers)
    for section in dict.fromkeys(sections):
        shown = browser.open(section)
        asked = {name for form in shown.forms_to(section) for name in form.controls}
        given: dict[str, Value] = {name: left.pop(name) for name in asked & set(left)}
        _fine(browser.act(shown, section, given), f"{dossier.name}: {section}")
    if left:
        raise Unexpected(f"{dossier.name}: no section asks for {', '.join(left)}.")
    for kind, file in dossier.documents:
        _upload(played, browser, {"kind": kind, "file": file.name})
    return played


def _take(played: Played, step: Step, browser: Browser) -> None:
    if step.act == "upload":
        _upload(played, browser, step.fields)
    elif step.act == "attach":
        _attach(played, browser, step.fields)
    elif step.act == "delegate":
        _delegate(played, browser, step.fields)
    elif step.act == "declare_interest":
        _declare(played, browser, step.fields)
    elif step.expect_refusal:
        _refused(played, step, browser)
    else:
        page = browser.act(
            _page(played, step, browser), _action(played, step), _fields(played, step, browser)
        )
        _fine(page, step.act)
    if step.act == "prepare":
        played.tranches.add(step.tranche)


def _page(played: Played, step: Step, browser: Browser) -> Page:
    """Return the page that has the form of an act: answers are checked on a page of their own before they are sent."""
    return browser.open(f"{played.path}/check" if step.act in HAND_IN else played.path)


def _action(played: Played, step: Step) -> str:
    middle = f"/tranches/{step.tranche}" if step.tranche else ""
    return f"{played.path}{middle}/acts/{step.act}"


def _fields(played: Played, step: Step, browser: Browser) -> dict[str, Value]:
    fields: dict[str, Value] = dict(step.fields)
    if fields.get("paid_on") == "today":
        fields["paid_on"] = clock.today(ZONES[played.dossier.call[:2]]).isoformat()
    if step.act in ON_THE_FILE and not step.expect_refusal:
        file = browser.download(f"{played.path}/tranches/{step.tranche}/payment.xml")
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


def _upload(played: Played, browser: Browser, fields: dict[str, str | list[str]]) -> None:
    path = f"{played.path}/documents"
    file = DOCUMENTS / str(fields["file"])
    page = browser.act(browser.open(path), path, {"kind": fields["kind"]}, ("file", file))
    _fine(page, f"upload of {file.name}")
    if file.name not in page.text:
        raise Unexpected(f"{file.name} was uploaded and is not on the page.")


def _attach(played: Played, browser: Browser, fields: dict[str, str | list[str]]) -> None:
    """Attach a document that an act asks its officer for."""
    path = f"{played.path}/acts/{fields['to']}/documents"
    file = DOCUMENTS / str(fields["file"])
    page = browser.act(browser.open(played.path), path, {"kind": fields["kind"]}, ("file", file))
    _fine(page, f"upload of {file.name}")


def _delegate(played: Played, browser: Browser, fields: dict[str, str | list[str]]) -> None:
    """Hand a duty to a colleague, from today for a fortnight of the scheme's own days."""
    today = clock.today(ZONES[played.dossier.call[:2]])
    days = {"valid_from": today.isoformat(), "valid_to": (today + FORTNIGHT).isoformat()}
    page = browser.act(browser.open("/delegations"), "/delegations", {**fields, **days})
    _fine(page, "delegation")


def _declare(played: Played, browser: Browser, fields: dict[str, str | list[str]]) -> None:
    """Declare an interest; from then on the person may not even know of the case."""
    _fine(
        browser.act(browser.open(played.path), f"{played.path}/interest", dict(fields)), "interest"
    )
    if browser.status(played.path) != HTTPStatus.NOT_FOUND:
        raise Unexpected(f"{played.reference} is still shown to a person with an interest in it.")


def letters_on(page: Page, reference: str) -> list[str]:
    """Return the paths of the letters that a case page offers."""
    letter = re.compile(re.escape(f"/cases/{reference}/letters/") + r"\d+\.pdf")
    return list(dict.fromkeys(link for link in page.links if letter.fullmatch(link)))


def _fine(page: Page, what: str) -> None:
    if page.errors:
        raise Unexpected(f"{what} was refused: {page.errors}")
