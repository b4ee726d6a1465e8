"""What an amount in US dollars is in the currency of the enterprise's country, at the rate of the day it was handed in."""

from datetime import date
from typing import Any

from app.applications.models import Application
from app.applications.queries import today
from app.countries.queries import country
from app.rates.compose import DOLLAR, converted
from app.rates.models import ExchangeRate
from app.rates.queries import rate_for
from app.schemes import queries as schemes
from workflows.money import formatted


def counts(application: Application) -> bool:
    """Tell whether the amounts of a case are to be told in a second currency: in the regional fund, beside the dollar."""
    own = country(application.enterprise.country).currency
    regional = schemes.terms(application.scheme).regional
    return regional and application.currency == DOLLAR and own != DOLLAR


def newest(application: Application) -> ExchangeRate | None:
    """Return the newest rate for a case on the present day of its scheme, ``None`` where none counts or is known."""
    if not counts(application):
        return None
    return rate_for(country(application.enterprise.country).currency, today(application))


def rate_known(application: Application) -> bool:
    """Tell whether nothing is in the way of telling the amount in the second currency."""
    return not counts(application) or newest(application) is not None


def told(application: Application) -> dict[str, Any]:
    """Return what a frozen copy and its event say of the rate a case was handed in at; empty where none counts."""
    rate = application.rate
    if rate is None:
        return {}
    amount = converted(application.requested_minor or 0, rate)
    named = {"currency": rate.currency, "units": rate.units, "on": rate.on_day.isoformat()}
    return {"rate": {**named, "source": rate.source, "requested": amount}}


def beside(application: Application, minor: int | None) -> str:
    """Return an amount of US cents in the second currency, with the rate, its day and its source; "" where none counts."""
    rate = application.rate
    if rate is None or minor is None:
        return ""
    amount = formatted(converted(minor, rate), rate.currency).replace("\u00a0", " ")
    return f"{amount} at {rate.units} on {_day(rate.on_day)}, {rate.source}"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
