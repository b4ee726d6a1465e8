"""Looking for cases: a page at a time, or all of them as the population of a sample; always up to a bound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Person
from app.analysis.queries import taken, wanted
from app.analysis.queries.taken import Shares, Taken
from app.analysis.queries.wanted import Wanted
from app.applications.models import Application
from app.applications.queries import visible
from app.db import db
from app.schemes.models import Scheme

PAGE = 25
# How many cases one request looks at: through the database alone, and case by case with the rules.
MOST_LOOKED = 20_000
MOST_DEEP = 2_000
BATCH = 200


@dataclass(frozen=True)
class Found:
    """A case with its decisions; those that fit the filter are ``fits``."""

    case: Application
    decisions: tuple[Taken, ...]


@dataclass(frozen=True)
class Page:
    """A page of what was found; ``after`` is where the next begins, 0 when there is none.

    ``looked_up_to`` is the last case that was looked at when the bound was reached before the page was full.
    """

    rows: list[Found]
    after: int = 0
    looked_up_to: str = ""


def find(actor: Person, asked: Wanted, after: int = 0) -> Page:
    """Return a page of the cases that fit, the oldest first, with their decisions, findings and flags."""
    window = Window(actor, asked, after)
    kept: list[Found] = []
    for found in window.found():
        kept.append(found)
        if len(kept) > PAGE:
            return Page(kept[:PAGE], kept[PAGE - 1].case.id)
    return Page(kept, *window.rest())


def named(actor: Person, references: Sequence[str]) -> list[Found]:
    """Return those of some cases that an auditor may see, with their decisions."""
    query = _told(visible(actor).where(Application.reference.in_(references)))
    rows = list(db.session.scalars(query))
    decisions = taken.of_cases(rows, Shares())
    return [Found(row, decisions.get(row.id, ())) for row in rows]


def _told(query: Select[Application]) -> Select[Application]:
    """Let a query of cases bring what a list says of each."""
    return (
        query.join(Application.enterprise)
        .join(Application.scheme)
        .join(Scheme.agency)
        .options(
            contains_eager(Application.enterprise),
            contains_eager(Application.scheme).contains_eager(Scheme.agency),
        )
    )


class Window:
    """The cases after a number that one request looks at: so many at most, however few of them fit."""

    def __init__(self, actor: Person, asked: Wanted, after: int, most: int | None = None) -> None:
        self.actor = actor
        self.asked = asked
        self.after = after
        # A page is soon full; a whole population is not.
        self.batch = BATCH if asked.deep or most else PAGE + 1
        most = most or (MOST_DEEP if asked.deep else MOST_LOOKED)
        seen = wanted.narrowed(actor, asked).where(Application.id > after)
        ids = seen.with_only_columns(Application.id).order_by(Application.id).limit(most).subquery()
        count, last = db.session.execute(select(func.count(), func.max(ids.c.id))).one()
        self.last: int = last or after
        self.full: bool = count == most
        self.shares = Shares()

    def query(self) -> Select[Application]:
        """Return the query of the cases of the window that fit as far as the database can tell."""
        return (
            wanted.narrowed(self.actor, self.asked)
            .where(Application.id > self.after, Application.id <= self.last)
            .where(*wanted.conditions(self.actor, self.asked))
            .order_by(Application.id)
        )

    def found(self) -> Iterator[Found]:
        """Go through the cases that fit, a batch at a time."""
        after = self.after
        size = self.batch
        query = _told(self.query())
        while True:
            rows = list(db.session.scalars(query.where(Application.id > after).limit(size)))
            yield from self._fitting(rows)
            if len(rows) < size:
                return
            after = rows[-1].id

    def rest(self) -> tuple[int, str]:
        """Return where the next window begins and the last case of this one; nothing when there is no next."""
        if not self.full:
            return 0, ""
        last = db.session.get_one(Application, self.last)
        return self.last, last.reference

    def _fitting(self, rows: Sequence[Application]) -> Iterator[Found]:
        decisions = taken.of_cases(rows, self.shares)
        long = self.asked.longer is None or taken.stayed(rows, self.asked.state, self.asked.longer)
        flags = set(self.asked.flags)
        fitting = taken.fitting(self.actor, self.asked, rows) if flags else set()
        for row in rows:
            of_case = decisions.get(row.id, ())
            flagged = not flags or any(
                one.id in fitting and flags <= set(one.flags) for one in of_case
            )
            if flagged and (long is True or row.id in long):
                yield Found(row, of_case)
