"""How long one case is kept: what kind of case it is, since when nothing has changed in it, and when its time is over."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from app import clock
from app.applications import queries as applications
from app.applications.models import Application
from app.countries.compose.retention import rule, years_on
from app.countries.models import Rule
from app.countries.queries import country
from workflows.definition import State


@dataclass(frozen=True)
class Keeping:
    """Until when a case is kept: ``until`` is the last local day of that, ``since`` the day of its last change."""

    rule: Rule
    since: date
    until: date
    today: date

    @property
    def over(self) -> bool:
        """Tell whether the time is over."""
        return self.today > self.until


def kind_of(state: State, *, submitted: bool, paid: bool) -> str:
    """Return which retention rule a case falls under, "" for one that is still open.

    A draft that was never submitted is open to nobody but its applicant: its time runs from its last change.
    """
    if not submitted:
        return "unsubmitted"
    if not state.end:
        return ""
    return "completed" if paid or state.outcome == "completed" else "unsuccessful"


def keeping(application: Application, *, paid: bool) -> Keeping | None:
    """Return until when a case is kept, counted in the time zone of its country; ``None`` while it is open."""
    state = applications.workflow(application).states[application.state]
    kind = kind_of(state, submitted=application.submitted_at is not None, paid=paid)
    if not kind:
        return None
    terms = applications.terms(application)
    zone = country(terms.country).zone
    found = rule(kind, country=terms.country, agency=application.agency_code)
    since = application.updated_at.astimezone(ZoneInfo(zone)).date()
    return Keeping(found, since, years_on(since, found.years), clock.today(zone))
