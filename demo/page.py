"""What a browser makes of a page: its text, its error summary, its links, and forms that can be filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Value = str | Sequence[str]
Attributes = Mapping[str, str | None]

# Elements that have no end tag and so never count towards the depth of what encloses them.
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path", "wbr"})
_CHOSEN = ("radio", "checkbox")
_NOT_SENT = ("submit", "button", "reset", "image", "file")


class Unfillable(Exception):
    """A form cannot be filled in as asked; the message says which field stands against it."""


@dataclass
class Control:
    """A field of a form: for radios, checkboxes and a select one control holds every value that is offered.

    ``labels`` are what a select shows for its values, in their order.
    """

    name: str
    kind: str
    values: list[str]
    offered: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def filled(self, value: Value) -> list[str]:
        """Return the values to send; raises ``Unfillable`` for what a person could not enter here."""
        given = [value] if isinstance(value, str) else list(value)
        wanted = [self._chosen(one) for one in given]
        if self.kind == "hidden" and wanted != self.values:
            raise Unfillable(f"{self.name} is fixed to {', '.join(self.values)}")
        if self.kind in (*_CHOSEN, "select") and not set(wanted) <= set(self.offered):
            raise Unfillable(f"{self.name} offers only {', '.join(self.labels or self.offered)}")
        return wanted

    def _chosen(self, value: str) -> str:
        """Return a value, also where it is named by what people read."""
        labels = [plain(label) for label in self.labels]
        return self.offered[labels.index(value)] if value in labels else value


@dataclass
class Form:
    """A form of a page. ``action`` is a path; an empty one means the page itself."""

    action: str
    multipart: bool
    controls: dict[str, Control] = field(default_factory=dict)

    def fill(self, fields: Mapping[str, Value]) -> list[tuple[str, str]]:
        """Return what a browser would send with these fields filled in and the others left as they are.

        A button is sent when it is named: that is the one pressed.

        Raises ``Unfillable`` for a field that the form does not have.
        """
        unknown = [name for name in fields if name not in self.controls]
        if unknown:
            known = ", ".join(self.controls)
            raise Unfillable(f"there is no field {', '.join(unknown)}, only {known}")
        return [
            (name, value)
            for name, control in self.controls.items()
            if control.kind not in _NOT_SENT or name in fields
            for value in (control.filled(fields[name]) if name in fields else control.values)
        ]


@dataclass
class Page:
    """A page as it was shown.

    ``text`` is that of its main part; ``errors`` that of its error summary, empty when there is none.
    """

    path: str
    text: str
    errors: str
    links: list[str]
    rows: list[str]
    forms: list[Form]

    def form(self, action: str, fields: Mapping[str, Value] | None = None) -> Form:
        """Return the form with this action that takes these fields.

        Raises ``Unfillable`` when the page has none; the message says why.
        """
        found = self.forms_to(action)
        if not found:
            raise Unfillable(f"the page has no form for {action}")
        refusals = []
        for form in found:
            try:
                form.fill(fields or {})
            except Unfillable as refusal:
                refusals.append(str(refusal))
            else:
                return form
        raise Unfillable(f"the form for {action}: {'; '.join(refusals)}")

    def forms_to(self, action: str) -> list[Form]:
        """Return every form with this action."""
        return [form for form in self.forms if (form.action or self.path) == action]


def read(path: str, html: str) -> Page:
    """Return what a browser makes of a page at a path."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Page(
        path=path,
        text=plain("".join(reader.text)),
        errors=plain("".join(reader.errors)),
        links=reader.links,
        rows=[plain("".join(row)) for row in reader.rows],
        forms=reader.forms,
    )


def plain(text: str) -> str:
    """Return text with every run of blanks, also no-break ones, as one space: as a person reads it."""
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Collects text, error summary, links, table rows and forms while the page is read from top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.errors: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._area: Control | None = None
        self._in_row = False
        self._in_option = False
        self._past_main = False
        # How many elements are open inside the error summary; 0 outside of it.
        self._summary = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in _VOID:
            begins = "govuk-error-summary" in (given.get("class") or "").split()
            self._summary += 1 if self._summary or begins else 0
        self._space(tag)
        if tag == "main":
            self.text.clear()
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        elif tag == "tr":
            self.rows.append([])
            self._in_row = True
        elif tag == "form":
            self._begin_form(given)
        elif self._form is not None:
            self._begin_control(self._form, tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._summary and tag not in _VOID:
            self._summary -= 1
        self._space(tag)
        if tag == "main":
            self._past_main = True
        elif tag == "tr":
            self._in_row = False
        elif tag == "form":
            self._form = None
        elif tag == "option":
            self._in_option = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A browser drops the one line break that may follow the tag.
            self._area.values[0] += data.removeprefix("\n") if not self._area.values[0] else data
            return
        if self._in_option and self._select is not None:
            self._select.labels[-1] += data
        if not self._past_main:
            self.text.append(data)
        if self._summary:
            self.errors.append(data)
        if self._in_row:
            self.rows[-1].append(data)

    def _space(self, tag: str) -> None:
        if tag not in ("a", "span", "strong", "b", "em", "bdi", "time", "code"):
            self.text.append(" ")
            self.errors.extend(" " if self._summary else "")
            if self._in_row:
                self.rows[-1].append(" ")

    def _begin_form(self, given: Attributes) -> None:
        multipart = given.get("enctype") == "multipart/form-data"
        self._form = Form(given.get("action") or "", multipart)
        self.forms.append(self._form)

    def _begin_control(self, form: Form, tag: str, given: Attributes) -> None:
        if tag == "option" and self._select is not None:
            self._option(self._select, given)
            return
        name = given.get("name")
        if not name or "disabled" in given:
            return
        value = given.get("value") or ""
        if tag == "input":
            self._input(form, name, given.get("type") or "text", value, chosen="checked" in given)
        elif tag == "textarea":
            self._area = form.controls[name] = Control(name, "textarea", [""])
        elif tag == "button":
            form.controls.setdefault(name, Control(name, "submit", [value]))
        elif tag == "select":
            self._select = form.controls[name] = Control(name, "select", [])

    def _option(self, select: Control, given: Attributes) -> None:
        value = given.get("value") or ""
        select.offered.append(value)
        select.labels.append("")
        self._in_option = True
        # Until one is marked as selected a browser sends the first.
        if "selected" in given or not select.values:
            select.values = [value]

    def _input(self, form: Form, name: str, kind: str, value: str, *, chosen: bool) -> None:
        if kind not in _CHOSEN:
            form.controls[name] = Control(name, kind, [value])
            return
        control = form.controls.setdefault(name, Control(name, kind, []))
        control.offered.append(value)
        if chosen:
            control.values.append(value)
