"""A filter over cases and their decisions as conditions for the database."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, and_, cast, exists, or_, select

from app import clock
from app.accounts import queries as accounts
from app.accounts.models import Agency, Authority, Person
from app.analysis.queries.findings import FINDINGS
from app.analysis.queries.said import said
from app.applications.models import Application
from app.applications.queries import visible
from app.db import db
from app.decisions.models import Ballot, Decision
from app.schemes.models import Scheme
from app.trail.models import Event
from workflows.vocabulary import AWARD


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" and ``None`` narrow nothing.

    ``officer`` is a person's number; with ``duty`` it is that officer under that duty. ``least`` and ``most`` bound what was
    approved, in minor units of ``currency``. ``first`` and ``last`` are local days where the auditor is at home, of what
    ``by`` says: received or decided. ``longer`` is how many working days at least a case stayed in ``state`` at one time,
    and one more. Of one and the same decision all of ``findings`` and ``flags`` must hold.
    """

    scheme: str = ""
    agency: str = ""
    officer: int | None = None
    duty: str = ""
    instrument: str = ""
    reason: str = ""
    outcome: str = ""
    currency: str = ""
    least: int | None = None
    most: int | None = None
    by: str = "received"
    first: date | None = None
    last: date | None = None
    state: str = ""
    longer: int | None = None
    findings: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def deep(self) -> bool:
        """Tell whether rules decide that the database cannot ask: the time in a state, and the flags."""
        return bool(self.flags) or self.longer is not None

    @property
    def decided(self) -> bool:
        """Tell whether only cases with a decision that fits are looked for."""
        asked = (self.instrument, self.outcome, self.findings, self.flags)
        amounts = (self.least, self.most)
        period = self.by == "decided" and (self.first or self.last)
        return any(asked) or bool(period) or any(amount is not None for amount in amounts)


def moments(first: date | None, last: date | None, zone: str) -> tuple[Any, Any]:
    """Return the moments from which and before which a period of local days lies, ``None`` where it is open."""
    begin = clock.start_of(first, zone) if first else None
    end = clock.end_of(last, zone) if last else None
    return begin, end


def narrowed(actor: Person, wanted: Wanted) -> Select[Application]:
    """Return the query of the cases an auditor may see, narrowed by what costs nothing to ask of each."""
    query = visible(actor)
    if wanted.scheme:
        query = query.where(
            Application.scheme_id.in_(select(Scheme.id).where(Scheme.code == wanted.scheme))
        )
    if wanted.agency:
        found = accounts.agency_by_code(wanted.agency)
        query = query.where(Application.agency_id == (found.id if found else -1))
    if wanted.by == "received":
        query = query.where(
            *within(Application.submitted_at, wanted.first, wanted.last, accounts.zone_of(actor))
        )
    return query


def within(column: Any, first: date | None, last: date | None, zone: str) -> list[Any]:
    """Return the conditions that a moment lies in a period of local days."""
    begin, end = moments(first, last, zone)
    return [c for c in (begin and column >= begin, end and column < end) if c is not None]


def conditions(actor: Person, wanted: Wanted) -> list[Any]:
    """Return what else the database asks of each case, all of it through an index of the case's own rows."""
    found = []
    if wanted.officer is not None or wanted.duty:
        found.append(_acted(wanted))
    if wanted.reason:
        found.append(_reason(wanted.reason))
    if wanted.decided:
        found.append(
            exists().where(Decision.application_id == Application.id, *of_decision(actor, wanted))
        )
    return found


def of_decision(actor: Person, wanted: Wanted) -> list[Any]:
    """Return what is asked of one decision; all of it must hold of the same one."""
    asked: list[Any] = [f.condition for f in FINDINGS if f.name in wanted.findings]
    if wanted.by == "decided":
        asked += within(Decision.at, wanted.first, wanted.last, accounts.zone_of(actor))
    if wanted.outcome:
        # What a committee or another institution decided on the way is not how the case was decided.
        asked += [Decision.outcome == wanted.outcome, Decision.name == AWARD]
    if wanted.instrument:
        under = select(Authority.id).where(Authority.instrument == wanted.instrument)
        voted = exists().where(
            Ballot.application_id == Decision.application_id,
            Ballot.decision == Decision.name,
            Ballot.round == Decision.round,
            Ballot.authority_id.in_(under),
        )
        asked.append(or_(Decision.authority_id.in_(under), voted))
    if wanted.least is not None:
        asked.append(Decision.amount_minor >= wanted.least)
    if wanted.most is not None:
        asked.append(Decision.amount_minor <= wanted.most)
    if wanted.currency:
        asked.append(Application.currency == wanted.currency)
    return asked


def _acted(wanted: Wanted) -> Any:
    asked = [Event.stream == Application.reference]
    if wanted.officer is not None:
        asked.append(Event.actor == f"officer:{wanted.officer}")
    if wanted.duty:
        asked.append(said(Event.entry, "duty") == wanted.duty)
    return exists().where(and_(*asked))


def _reason(code: str) -> Any:
    """Return the condition that an act of the case gives a coded reason: in the list it names its reasons in."""
    quoted = '%"' + code.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + '"%'
    given = cast(said(Event.entry, "reasons"), String)
    return exists().where(Event.stream == Application.reference, given.like(quoted, escape="\\"))


def agencies(actor: Person) -> list[tuple[str, str]]:
    """Return the agencies an auditor may read, by code and name."""
    codes = accounts.audited(actor, accounts.day_of(actor))
    query = select(Agency.code, Agency.name).order_by(Agency.code)
    if codes is not None:
        query = query.where(Agency.code.in_(codes))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def schemes(actor: Person) -> list[tuple[str, str]]:
    """Return the schemes of the agencies an auditor may read, each once, by code and name."""
    query = select(Scheme.code, Scheme.name).join(Scheme.agency)
    query = query.where(Agency.code.in_([code for code, _ in agencies(actor)]))
    return sorted({row[0]: row[1] for row in db.session.execute(query.order_by(Scheme.id))}.items())
