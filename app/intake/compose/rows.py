"""A row of a file as an application: what can be told of it from the file and the scheme alone."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from app.countries.compose.shapes import registry_normal, registry_problem
from app.errors import Invalid
from app.intake.compose.columns import COUNTRY, FIXED, HINTED, expected, of_answers, of_documents
from app.intake.compose.table import Line, Table
from app.schemes.compose.applying import as_text, documents, files
from app.schemes.compose.terms import SchemeTerms
from app.schemes.schemas import Filled, draft, filled, sent
from workflows.evidence.chain import canonical

_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_REFERENCE = re.compile(r"[^\s|](?:[^\n|]*[^\s|])?")
_MOST_SHEETS = 999
# As long as the tables have room.
_LONGEST = {
    "paper_reference": 60,
    "archive": 400,
    "registry_number": 60,
    "enterprise_name": 200,
    "enterprise_language": 12,
    "enterprise_address": 1000,
    "contact_name": 120,
    "contact_email": 254,
}


@dataclass(frozen=True)
class Fault:
    """What is wrong: in which row (1 is that of the names), in which column ("": the row as a whole), in a sentence.

    ``spoilt`` says that the cell could not be taken from the file at all. ``reference`` is the case that the sentence speaks
    of as "{case}": not everybody who reads it may know of that case.
    """

    row: int
    column: str
    sentence: str
    spoilt: bool = False
    reference: str = ""


@dataclass(frozen=True)
class Row:
    """An application as a row has it. What is wrong with it stands in ``faults``; what could not be read is empty.

    ``answers`` are as a draft holds them, ``values`` as they are understood; ``asked`` are the questions that apply, and
    ``complete`` says that all of them are answered. ``documents`` are how many were seen of each
    kind, ``missing`` the kinds of which there are too few.
    """

    number: int
    cells: dict[str, str]
    country: str
    registry_number: str
    received_at: datetime | None
    answers: dict[str, Any]
    values: dict[str, Any]
    asked: frozenset[str]
    complete: bool
    documents: dict[str, int]
    missing: tuple[str, ...]
    faults: list[Fault] = field(default_factory=list)

    @property
    def paper_reference(self) -> str:
        """Return the number under which the office files the paper."""
        return self.cells["paper_reference"]

    @property
    def email(self) -> str:
        """Return the e-mail address of the contact as it is kept."""
        return self.cells["contact_email"].lower()

    @property
    def sha256(self) -> str:
        """Return the digest of what the row says: the same however the file was written."""
        said = {name: self.cells[name] for name in FIXED if name not in ("received_at", "archive")}
        said |= {"contact_email": self.email, "registry_number": self.registry_number}
        received = self.received_at.isoformat() if self.received_at else ""
        whole = {
            "fixed": {**said, "archive": self.cells["archive"], "country": self.country},
            "received_at": received,
            "answers": as_text(self.values),
            "documents": self.documents,
        }
        return sha256(canonical(whole).encode()).hexdigest()

    def fault(self, column: str, sentence: str, reference: str = "") -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.number, column, sentence, reference=reference))


class Reader:
    """Reads the rows of one file for one scheme. ``zone`` is the time zone of its days, ``now`` the present moment."""

    def __init__(self, found: Table, terms: SchemeTerms, *, zone: str, now: datetime) -> None:
        self._terms = terms
        self._zone = ZoneInfo(zone)
        self._now = now
        self._header = found.header
        self._answers = {name: place[0] for name, place in of_answers(terms).items()}
        self._documents = of_documents(terms)
        # What a file question asks for is counted with the documents.
        self._files = {question.key for question in terms.questions if question.kind == "file"}
        there = set(found.header)
        lacking = {column.name for column in expected(terms) if column.needed} - there
        # A column the file must have and has not is named once, not in each row.
        self._unasked = {self._answers[name] for name in lacking if name in self._answers}
        self._uncounted = {self._documents[name] for name in lacking if name in self._documents}
        self.lines = [line for line in found.lines if not self._hints(line)]

    def row(self, line: Line) -> Row:
        """Return what a line says, with everything that is wrong with it."""
        cells = dict(zip(self._header, line.cells, strict=False))
        fixed = {name: _clean(cells.get(name, "")) for name in (*FIXED, COUNTRY)}
        country = fixed[COUNTRY] if len(self._terms.countries) > 1 else self._terms.countries[0]
        served = country in self._terms.countries
        kept, form, refused = self._form(cells, country if served else "")
        counted, missing = self._papers(cells, form)
        row = Row(
            number=line.number,
            cells=fixed,
            country=country,
            registry_number=registry_normal(country, fixed["registry_number"]) if served else "",
            received_at=self._moment(fixed["received_at"]),
            answers=kept,
            values=form.values,
            asked=form.asked,
            complete=form.problems.keys() <= self._files,
            documents=counted,
            missing=missing,
        )
        for place, sentence in line.faults.items():
            named = self._header[place] if place < len(self._header) else ""
            row.faults.append(Fault(row.number, named, sentence, spoilt=bool(named)))
        if any(line.cells[len(self._header) :]):
            row.fault("", "The row has more cells than the first row has columns.")
        self._check_fixed(row, served=served)
        self._check_form(row, form, refused)
        self._check_papers(row, cells)
        return _once(row)

    def _hints(self, line: Line) -> bool:
        return HINTED in line.cells

    def _form(
        self, cells: dict[str, str], country: str
    ) -> tuple[dict[str, Any], Filled, dict[str, list[str]]]:
        form: dict[str, list[str]] = {}
        several = {q.key for q in self._terms.questions if q.kind == "choices"}
        for name, key in self._answers.items():
            text = cells.get(name, "")
            parts = [part.strip() for part in text.split("|")] if key in several else [text]
            form[name.removeprefix("answers.")] = [part for part in parts if part] or [""]
        answers = sent(self._terms.questions, form)
        for key in several:
            answers[key] = [part for part in answers[key] if part]
        refused: dict[str, list[str]] = {}
        kept: dict[str, Any] = {}
        try:
            kept = draft(self._terms, answers)
        except Invalid as error:
            refused = error.errors
        return kept, filled(self._terms, answers, country), refused

    def _papers(
        self, cells: dict[str, str], form: Filled
    ) -> tuple[dict[str, int], tuple[str, ...]]:
        counted = {
            kind: int(cells[name])
            for name, kind in self._documents.items()
            if _counts(cells.get(name, "")) and int(cells[name])
        }
        asked = {kind.key: kind.minimum for kind in documents(self._terms, form.values)}
        asked |= {q.key: 1 for q in files(self._terms, form.asked) if q.required}
        lacking = (k for k, least in asked.items() if counted.get(k, 0) < least)
        return counted, tuple(kind for kind in lacking if kind not in self._uncounted)

    def _moment(self, text: str) -> datetime | None:
        found = _MOMENT.fullmatch(text)
        try:
            local = datetime.fromisoformat(f"{found[1]}T{found[2]}") if found else None
        except ValueError:
            return None
        return local.replace(tzinfo=self._zone).astimezone(UTC) if local else None

    def _check_fixed(self, row: Row, *, served: bool) -> None:
        for name in FIXED:
            if name not in self._header:
                continue
            text = row.cells[name]
            if not text:
                row.fault(name, "This is empty.")
            elif len(text) > _LONGEST.get(name, 60):
                row.fault(name, f"Use at most {_LONGEST.get(name, 60)} characters.")
            elif not _printable(text):
                row.fault(name, "Remove the control characters from the text.")
            elif said := self._fixed(name, row):
                row.fault(name, said)
        if not served and COUNTRY in self._header:
            row.fault(COUNTRY, f"The scheme is open to {', '.join(self._terms.countries)}.")

    def _fixed(self, name: str, row: Row) -> str | None:
        text = row.cells[name]
        if name == "received_at":
            return self._received(row.received_at)
        if name == "registry_number" and row.country in self._terms.countries:
            return registry_problem(row.country, text)
        shape, said = {
            "paper_reference": (_REFERENCE, "Write the number on one line, without |."),
            "contact_email": (_EMAIL, "Enter one e-mail address."),
            "enterprise_language": (_LANGUAGE, "Enter a language tag such as ms or zh-Hans."),
        }.get(name, (None, ""))
        return said if shape and not shape.fullmatch(text) else None

    def _received(self, moment: datetime | None) -> str | None:
        if moment is None:
            return "Enter the local day and time, such as 2026-11-20 16:45."
        return "This is in the future." if moment > self._now else None

    def _check_form(self, row: Row, form: Filled, refused: dict[str, list[str]]) -> None:
        for place, sentences in {**form.problems, **refused}.items():
            key = place.partition(".")[0]
            if key in self._files or key in self._unasked:
                continue
            name = f"answers.{place}" if place in FIXED else place
            for sentence in sentences:
                row.fault(name, sentence)

    def _check_papers(self, row: Row, cells: dict[str, str]) -> None:
        labels = {kind.key: kind for kind in self._terms.documents}
        for name, kind in self._documents.items():
            text = cells.get(name, "")
            if text and not _counts(text):
                row.fault(name, f"Enter how many were seen, from 0 to {_MOST_SHEETS}.")
            elif kind in row.missing:
                least = labels[kind].minimum if kind in labels else 1
                row.fault(name, f"The scheme asks for at least {least}.")


def doubled(rows: Iterable[Row]) -> None:
    """Note the rows whose paper stands in the file before."""
    first: dict[str, int] = {}
    for row in rows:
        name = row.paper_reference
        if name in first:
            row.fault("paper_reference", f"Row {first[name]} has the same number.")
        elif name:
            first[name] = row.number


def _counts(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}", text))


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _printable(text: str) -> bool:
    return all(letter.isprintable() or letter in "\n\t" for letter in text)


def _once(row: Row) -> Row:
    """Leave of a cell that cannot be taken only why: that it is empty besides says nothing."""
    spoilt = {fault.column for fault in row.faults if fault.spoilt}
    row.faults[:] = dict.fromkeys(f for f in row.faults if f.spoilt or f.column not in spoilt)
    return row
