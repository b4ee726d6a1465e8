"""Filling in a form from pages: a section in a language, what was sent for it, and what stands beside each field."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template, request

from app.accounts import access
from app.accounts.access import actor
from app.accounts.models import Person
from app.applications import queries as applications
from app.applications.models import Application
from app.db import transaction
from app.documents import commands as documents
from app.documents.commands import Upload
from app.documents.models import Document
from app.errors import Invalid, Missing
from app.schemes.access import language, tongue
from app.schemes.compose.applying import documents as asked_documents
from app.schemes.compose.asking import MOST_ROWS
from app.schemes.compose.speaking import in_language
from app.schemes.compose.terms import Question, SchemeTerms, Section
from app.schemes.schemas import Filled, by_question, shown, sums
from app.submissions import commands, queries

# So many blank rows a table shows beside those filled in, and so many more each time they are asked for.
BLANK_ROWS, MORE_ROWS = 3, 5


def current(reference: str) -> Application:
    """Return a case to write in; a draft goes over to the newest version of its scheme first."""
    application = applications.find(reference, actor=actor())
    if queries.outdated(application):
        with transaction():
            commands.follow(reference, actor=actor())
        application = applications.find(reference, actor=actor())
    return application


def readable(application: Application) -> dict[str, Any]:
    """Return what a page needs to show the answers of an applicant: sections, answers, totals, files, what is wrong."""
    terms, found = applications.terms(application), queries.form_of(application)
    answers = shown(terms, application.answers, application.enterprise.country)
    return {
        "sections": _asked(in_language(terms, language(terms)), found.asked),
        "answers": answers,
        "sums": sums(terms, answers),
        "files": files(application),
        "errors": by_question(terms, found.problems),
        "kinds": asked_documents(terms, found.values),
        **tongue(terms),
    }


def tasks(application: Application) -> dict[str, Any]:
    """Return what the task list of a draft needs: how far each section is, and the kinds of documents asked for."""
    terms, found = applications.terms(application), queries.form_of(application)
    wrong = by_question(terms, found.problems)
    given = {key for key, value in application.answers.items() if value}
    sections = _asked(in_language(terms, language(terms)), found.asked)
    return {
        "tasks": [
            {
                "section": section,
                "begun": any(q.key in given for q in section["questions"]),
                "wrong": [q.label for q in section["questions"] if q.key in wrong],
                "faulty": [q.label for q in section["questions"] if q.key in wrong.keys() & given],
            }
            for section in sections
        ],
        "kinds": asked_documents(terms, found.values),
        **tongue(terms),
    }


def files(application: Application) -> dict[str, Document]:
    """Return the documents attached to a case by their number as text: the answers to questions for a file."""
    found = queries.attachments(application)
    return {str(one.document.id): one.document for one in found}


def upload(field: str, *, by: Person) -> Document:
    """Keep a file that was sent; raises ``Invalid`` that says what is wrong with it."""
    file = request.files.get(field)
    sent = Upload(file.filename or "", file.read()) if file else Upload("", b"")
    settings = access.settings()
    return documents.keep(
        sent, store=settings.storage_dir, most_bytes=settings.max_upload_bytes, actor=by
    )


@dataclass(frozen=True)
class Sheet:
    """One section of a form, as it stands: its questions that apply are asked."""

    application: Application
    key: str

    @cached_property
    def terms(self) -> SchemeTerms:
        """Return the scheme."""
        return applications.terms(self.application)

    @cached_property
    def found(self) -> Filled:
        """Return the form with its answers."""
        return queries.form_of(self.application)

    @cached_property
    def section(self) -> Section:
        """Return the section in the language that was asked for; raises ``Missing`` where there is none such."""
        for section in in_language(self.terms, language(self.terms)):
            if section.key == self.key:
                return section
        raise Missing("The form has no such section.")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions that apply."""
        return tuple(q for q in self.section.questions if q.key in self.found.asked)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of the questions that apply."""
        return frozenset(question.key for question in self.questions)

    def on_page(self, form: dict[str, list[str]]) -> tuple[Question, ...]:
        """Return the questions a page sent answers to, and those that apply: a box not ticked sends nothing."""
        named = self.keys | {name.partition(".")[0] for name in form}
        return tuple(q for q in self.section.questions if q.key in named)

    def errors(self, *, missing: bool = True) -> dict[str, list[str]]:
        """Return what is wrong in the section, by field; without what is only ``missing`` while rows are added."""
        answers = self.application.answers
        return {
            place: said
            for place, said in self.found.problems.items()
            if place.partition(".")[0] in self.keys
            and (missing or answers.get(place.partition(".")[0]))
        }

    def begun(self) -> bool:
        """Tell whether anything in the section was answered."""
        return any(q.key in self.application.answers for q in self.section.questions)

    def page(
        self,
        errors: dict[str, list[str]],
        typed: dict[str, Any] | None = None,
        *,
        more: bool = False,
    ) -> str:
        """Return the page of the section; ``typed`` is what could not be saved, ``more`` says that further questions came up."""
        values = {**self.application.answers, **(typed or {})}
        known = shown(self.terms, self.application.answers, self.application.enterprise.country)
        rows = {q.key: self._rows(q, values) for q in self.questions if q.kind == "table"}
        return render_template(
            "submissions/section.html",
            application=self.application,
            section=self.section,
            questions=self.questions,
            values=values,
            answers=known,
            rows=rows,
            sums=sums(self.terms, known),
            files=files(self.application),
            errors=errors,
            labels=self._labels(rows),
            currency=self.application.currency,
            more=more,
            blank=self._blank + MORE_ROWS,
            **tongue(self.terms),
        )

    @property
    def _blank(self) -> int:
        return min(access.whole_number(request.args.get("blank", "0")), MOST_ROWS) or BLANK_ROWS

    def _rows(self, question: Question, values: dict[str, Any]) -> list[dict[str, Any]]:
        held = values.get(question.key)
        rows = [row for row in held if isinstance(row, dict)] if isinstance(held, list) else []
        least = max(self._blank, question.minimum - len(rows))
        room = (question.maximum or MOST_ROWS) - len(rows)
        return [*rows, *({} for _ in range(min(least, room)))]

    def _labels(self, rows: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
        """Return what each field is called, in the order of the page."""
        found: dict[str, str] = {}
        for question in self.questions:
            found[question.key] = question.label.rstrip("?.")
            for number in range(len(rows.get(question.key, ()))):
                for column in question.columns:
                    place = f"{question.key}.{number}.{column.key}"
                    found[place] = f"{found[question.key]}, row {number + 1}, {column.label}"
        return found


def _asked(sections: tuple[Section, ...], asked: frozenset[str]) -> list[dict[str, Any]]:
    """Return the sections with the questions that apply, without those in which none does."""
    found = [
        {
            "key": section.key,
            "title": section.title,
            "questions": [q for q in section.questions if q.key in asked],
        }
        for section in sections
    ]
    return [section for section in found if section["questions"]]


def keep_files(reference: str, questions: tuple[Question, ...]) -> dict[str, list[str]]:
    """Keep the files sent for questions that ask for one, each for itself; returns what is wrong with the others."""
    wrong: dict[str, list[str]] = {}
    for question in questions:
        file = request.files.get(question.key)
        if question.kind != "file" or not file or not file.filename:
            continue
        try:
            with transaction():
                document = upload(question.key, by=actor())
                commands.attach(reference, question.key, document, actor=actor())
        except Invalid as error:
            wrong[question.key] = [said for lines in error.errors.values() for said in lines]
    return wrong
