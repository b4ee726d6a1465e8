"""The facts of the eleven countries: complete, with their sources, and the page about them says the same."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.bootstrap.environment import ROOT
from app.countries.compose.retention import rights
from app.countries.compose.sizes import definition
from app.countries.models import Account, Country, Fact, FiscalYear, Phone, Registry
from app.countries.queries import MEMBERS, calendar_of, calendars, country, served
from workflows.money import DECIMALS, WHOLE_UNITS, paid

PAGE = (ROOT / "docs" / "countries.md").read_text(encoding="utf-8")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


def test_all_member_states_are_served() -> None:
    assert served() == MEMBERS


@pytest.mark.parametrize("code", MEMBERS)
def test_every_fact_says_where_it_is_from(code: str) -> None:
    found = country(code)
    assert len(found.facts) == 10
    for name, fact in found.facts.items():
        assert fact.verified in ("yes", "partly", "no"), name
        assert fact.source, name
        # What was not seen says what it rests on.
        assert fact.verified == "yes" or fact.note, name


@pytest.mark.parametrize("code", MEMBERS)
def test_a_country_can_be_worked_with(code: str) -> None:
    found = country(code)
    assert found.currency == found.currencies[0]
    assert set(found.currencies) <= DECIMALS.keys()
    for zone in found.time.zones:
        ZoneInfo(zone)
    assert found.zone == found.time.zones[0]
    assert all(LANGUAGE.fullmatch(language) for language in found.languages)
    assert all(re.fullmatch("[A-Z][a-z]{3}", script) for script in found.speech.scripts)
    assert code in calendars()
    assert (found.account.kind == "iban") is (code == "TL")


def test_nobody_pays_in_units_that_are_out_of_use() -> None:
    assert {code: paid(code) for code in DECIMALS if paid(code) == 0} == dict.fromkeys(
        WHOLE_UNITS, 0
    )
    assert {currency for currency, decimals in DECIMALS.items() if decimals == 0} == {"VND"}


@pytest.mark.parametrize(
    ("code", "day", "year", "named"),
    [
        pytest.param(
            "MY", date(2026, 12, 31), 2026, "2026", id="the calendar year to its last day"
        ),
        pytest.param("SG", date(2026, 3, 31), 2025, "2025/26", id="March is still the year before"),
        pytest.param("SG", date(2026, 4, 1), 2026, "2026/27", id="April begins a year"),
        pytest.param("TH", date(2026, 10, 1), 2026, "2026/27", id="October begins a year"),
        pytest.param("BN", date(2100, 1, 1), 2099, "2099/00", id="a century turns inside a year"),
    ],
)
def test_a_day_falls_in_a_fiscal_year(code: str, day: date, year: int, named: str) -> None:
    found = country(code)
    assert (found.fiscal_year_of(day), found.fiscal_year_named(year)) == (year, named)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.mark.parametrize("code", MEMBERS)
def test_the_weekend_in_words_is_that_of_the_calendar(code: str) -> None:
    # Ordinary days of a year that has been: the most frequent answer for each day of the week.
    calendar = calendar_of(code, date(2026, 1, 1))
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(364)]
    worked = {
        name: sum(calendar.works(day) for day in days if day.weekday() == n)
        for n, name in enumerate(DAYS)
    }
    closed = [name for name in DAYS if worked[name] < 10]
    assert country(code).week.closed == " and ".join(closed)


def test_a_right_to_erasure_is_claimed_only_where_a_law_was_found() -> None:
    claimed = {code for code in MEMBERS if rights(code)}
    assert claimed == {"ID", "LA", "MY", "PH", "TH", "VN"}
    assert all(country(code).data_protection.verified != "no" for code in claimed)


def row(name: str, what: str, fact: Fact) -> str:
    """Return the row of the page about a fact."""
    said = f"{fact.source}. {fact.note}" if fact.note else f"{fact.source}."
    return f"| {name.replace('_', ' ')} | {what} | {fact.verified} | {said} |"


def rows(found: Country) -> list[str]:
    """Return the rows of the page about a country."""
    size = definition(found.code)
    lines = [row(name, words(fact), fact) for name, fact in found.facts.items()]
    ends = [one for limits in size.bounds.values() for bounds in limits.values() for one in bounds]
    partly = "partly" if any(one.limit is None for one in ends) else "yes"
    known = "no" if size.unknown else partly
    as_of = f" ({size.as_of})" if size.as_of else ""
    return [
        *lines,
        f"| size | {size.law}{as_of} | {known} | {size.source}, {size.address}. {size.note} |",
    ]


def words(fact: Fact) -> str:
    """Return what a fact says, for people."""
    if isinstance(fact, Registry):
        check = f"check digit as in python-stdnum, {fact.check}" if fact.check else "no check digit"
        return f"{fact.name}: {fact.shape}, such as {fact.example}; {check}"
    if isinstance(fact, Phone):
        trunk = f"{fact.trunk} before it at home" if fact.trunk else "nothing before it at home"
        many = "" if fact.shortest == fact.longest else f" to {fact.longest}"
        return f"+{fact.code} and {fact.shortest}{many} digits; {trunk}"
    if isinstance(fact, Account):
        return fact.shape
    if isinstance(fact, FiscalYear):
        return f"from {date.fromisoformat(f'2026-{fact.begins}'):%-d %B}"
    own = {
        key: value
        for key, value in vars(fact).items()
        if key not in vars(Fact(source="", verified=""))
    }
    own.pop("pattern", None)
    texts = (", ".join(one) if isinstance(one, tuple) else one for one in own.values())
    return "; ".join(texts)


@pytest.mark.parametrize("code", MEMBERS)
def test_the_page_has_every_fact(code: str) -> None:
    found = country(code)
    lines = PAGE.splitlines()
    assert f"## {found.name}" in lines
    assert [line for line in rows(found) if line not in lines] == []
