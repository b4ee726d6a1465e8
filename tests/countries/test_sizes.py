"""The definitions of eleven countries: the cases of the rules, every limit from both sides, strict reading."""

import re
from pathlib import Path
from typing import Any

import pytest

from app.countries.compose import sizes
from app.countries.compose.sizes import definition, measures, read, sectors, standing
from app.countries.queries import MEMBERS
from workflows.size import MEASURES

FILE = Path(sizes.__file__).parent.parent / "sizes.toml"
TEXT = FILE.read_text(encoding="utf-8")

# Derived from the cited rules, not quoted. Where a law measures capital, the figure stands under that name here.
DERIVED = [
    ("TH", "services", {"employees": 4, "turnover": 2000000}, "small"),
    ("TH", "manufacturing", {"employees": 60, "turnover": 90000000}, "medium"),
    ("MY", "services", {"employees": 6, "turnover": 250000}, "micro"),
    ("MY", "manufacturing", {"employees": 250, "turnover": 40000000}, "medium"),
    (
        "MY",
        "manufacturing",
        {"employees": 10, "turnover": 1000000, "listed_parent": True},
        "not_sme",
    ),
    ("BN", "", {"employees": 12, "turnover": 90000, "assets": 50000}, "micro"),
    ("BN", "", {"employees": 5, "turnover": 2000000, "assets": 100000}, "medium"),
    (
        "BN",
        "",
        {"employees": 5, "turnover": 50000, "assets": 10000, "international_parent": True},
        "large",
    ),
    (
        "VN",
        "trade_services",
        {"employees": 40, "turnover": 120000000000, "capital": 45000000000},
        "small",
    ),
    ("ID", "", {"new_firm": True, "capital": 3000000000}, "small"),
    ("PH", "", {"employees": 30, "assets": 2900000}, "micro"),
    ("SG", "", {"employees": 150, "turnover": 150000000}, "sme"),
    ("SG", "", {"employees": 250, "turnover": 150000000}, "not_sme"),
    ("MM", "manufacturing", {"employees": 45, "capital": 700000000}, "small"),
]


@pytest.mark.parametrize(("country", "sector", "given", "wanted"), DERIVED)
def test_the_rule_of_a_country_gives(
    country: str, sector: str, given: dict[str, Any], wanted: str
) -> None:
    found = standing(country, given, sector)
    assert found.size == wanted
    assert found.decided_by
    assert found.law
    assert found.missing == ()


# The last figure of a class with that class, and the first of the next.
LIMITS = [
    ("BN", "", "turnover", "99999.99 micro", "100000 small"),
    ("BN", "", "turnover", "999999.99 small", "1000000 medium"),
    ("BN", "", "turnover", "4999999.99 medium", "5000000 large"),
    ("BN", "", "employees", "9 micro", "10 small"),
    ("BN", "", "employees", "29 small", "30 medium"),
    ("BN", "", "employees", "99 medium", "100 large"),
    ("BN", "", "assets", "59999.99 micro", "60000 small"),
    ("BN", "", "assets", "599999.99 small", "600000 medium"),
    ("BN", "", "assets", "2999999.99 medium", "3000000 large"),
    ("KH", "priority", "turnover", "249999999 undetermined", "250000000 small"),
    ("KH", "priority", "turnover", "700000000 small", "700000000.01 medium"),
    ("KH", "priority", "turnover", "4000000000 medium", "4000000000.01 large"),
    ("KH", "priority", "employees", "9 undetermined", "10 small"),
    ("KH", "priority", "employees", "50 small", "51 medium"),
    ("KH", "priority", "employees", "100 medium", "101 large"),
    ("ID", "", "turnover", "2000000000 micro", "2000000000.01 small"),
    ("ID", "", "turnover", "15000000000 small", "15000000000.01 medium"),
    ("ID", "", "turnover", "50000000000 medium", "50000000000.01 large"),
    ("ID", "", "capital", "1000000000 micro", "1000000000.01 small"),
    ("ID", "", "capital", "5000000000 small", "5000000000.01 medium"),
    ("ID", "", "capital", "10000000000 medium", "10000000000.01 large"),
    ("MY", "manufacturing", "turnover", "299999.99 micro", "300000 small"),
    ("MY", "manufacturing", "turnover", "14999999.99 small", "15000000 medium"),
    ("MY", "manufacturing", "turnover", "50000000 medium", "50000000.01 large"),
    ("MY", "manufacturing", "employees", "4 micro", "5 small"),
    ("MY", "manufacturing", "employees", "74 small", "75 medium"),
    ("MY", "manufacturing", "employees", "200 medium", "201 large"),
    ("MY", "services", "turnover", "2999999.99 small", "3000000 medium"),
    ("MY", "services", "turnover", "20000000 medium", "20000000.01 large"),
    ("MY", "other", "employees", "29 small", "30 medium"),
    ("MY", "other", "employees", "75 medium", "76 large"),
    ("MM", "manufacturing", "employees", "50 small", "51 medium"),
    ("MM", "manufacturing", "employees", "300 medium", "301 large"),
    ("MM", "manufacturing", "capital", "500000000 small", "500000001 medium"),
    ("MM", "manufacturing", "capital", "1000000000 medium", "1000000001 large"),
    ("MM", "labour_intensive", "employees", "300 small", "301 undetermined"),
    ("MM", "wholesale", "turnover", "100000000 small", "100000001 undetermined"),
    ("MM", "retail", "turnover", "50000000 small", "50000001 undetermined"),
    ("MM", "services", "employees", "30 small", "31 undetermined"),
    ("MM", "other", "turnover", "50000000 small", "50000001 undetermined"),
    ("PH", "", "assets", "3000000 micro", "3000000.01 small"),
    ("PH", "", "assets", "15000000 small", "15000000.01 medium"),
    ("PH", "", "assets", "100000000 medium", "100000000.01 large"),
    ("SG", "", "turnover", "100000000 sme", "100000000.01 not_sme"),
    ("SG", "", "employees", "200 sme", "201 not_sme"),
    ("TH", "manufacturing", "turnover", "1800000 micro", "1800000.01 small"),
    ("TH", "manufacturing", "turnover", "100000000 small", "100000000.01 medium"),
    ("TH", "manufacturing", "turnover", "500000000 medium", "500000000.01 large"),
    ("TH", "manufacturing", "employees", "5 micro", "6 small"),
    ("TH", "manufacturing", "employees", "50 small", "51 medium"),
    ("TH", "manufacturing", "employees", "200 medium", "201 large"),
    ("TH", "trade", "turnover", "50000000 small", "50000000.01 medium"),
    ("TH", "services", "turnover", "300000000 medium", "300000000.01 large"),
    ("TH", "services", "employees", "30 small", "31 medium"),
    ("TH", "services", "employees", "100 medium", "101 large"),
    ("VN", "manufacturing", "employees", "10 micro", "11 small"),
    ("VN", "agriculture", "employees", "100 small", "101 medium"),
    ("VN", "construction", "employees", "200 medium", "201 large"),
    ("VN", "services", "employees", "10 micro", "11 small"),
    ("VN", "services", "employees", "50 small", "51 medium"),
    ("VN", "trade", "employees", "100 medium", "101 large"),
    ("VN", "industry", "turnover", "3000000000 micro", "3000000001 small"),
    ("VN", "industry", "turnover", "50000000000 small", "50000000001 medium"),
    ("VN", "industry", "capital", "20000000000 small", "20000000001 medium"),
    ("VN", "industry", "turnover", "200000000000 medium", "200000000001 large"),
    ("VN", "trade", "turnover", "10000000000 micro", "10000000001 small"),
    ("VN", "trade", "capital", "3000000000 micro", "3000000001 small"),
    ("VN", "trade", "turnover", "100000000000 small", "100000000001 medium"),
    ("VN", "trade", "capital", "50000000000 small", "50000000001 medium"),
    ("VN", "trade", "turnover", "300000000000 medium", "300000000001 large"),
    ("VN", "trade", "capital", "100000000000 medium", "100000000001 large"),
]
HUGE = 10**13
NOTHING = {"turnover": 0, "employees": 0}
LARGE = {"turnover": HUGE, "employees": HUGE, "capital": HUGE}
# What else is known, so that the one figure decides.
OTHERS: dict[Any, dict[str, Any]] = {
    "BN": {},
    "TH": NOTHING,
    "PH": {},
    "KH": LARGE,
    "MM": LARGE,
    "MY": LARGE,
    "SG": LARGE,
    ("ID", "turnover"): {"new_firm": False},
    ("ID", "capital"): {"new_firm": True},
    ("VN", "employees"): {"turnover": 0},
    ("VN", "turnover"): {"employees": 0, "capital": HUGE},
    ("VN", "capital"): {"employees": 0, "turnover": HUGE},
}
# Another figure that stands in the middle of each class: with it two of the three agree.
AGREEING = {"micro": 5, "small": 20, "medium": 50, "large": HUGE}
BESIDE = {"micro": 1, "small": 500_000, "medium": 2_000_000, "large": HUGE}


def given(country: str, measure: str, value: str, wanted: str) -> dict[str, Any]:
    """Return the figures of an enterprise in which one decides."""
    if country == "BN":
        beside = (
            {"turnover": BESIDE[wanted]}
            if measure == "employees"
            else {"employees": AGREEING[wanted]}
        )
        return {**beside, measure: value}
    if wanted == "undetermined" and country == "KH":
        return {**NOTHING, measure: value}
    return {**OTHERS.get(country, OTHERS.get((country, measure), {})), measure: value}


@pytest.mark.parametrize(("country", "sector", "measure", "last", "first"), LIMITS)
def test_a_class_ends_exactly_at(
    country: str, sector: str, measure: str, last: str, first: str
) -> None:
    for value, wanted in (last.split(), first.split()):
        figures = given(country, measure, value, wanted)
        assert standing(country, figures, sector).size == wanted


def test_every_limit_of_the_file_is_tried() -> None:
    tried: dict[tuple[str, str], set[int]] = {
        (country, measure): set() for country, _, measure, *_ in LIMITS
    }
    for country, _, measure, *ends in LIMITS:
        tried[country, measure] |= {int(float(end.split()[0])) for end in ends}
    for country in MEMBERS:
        for limits in definition(country).bounds.values():
            for measure, bounds in limits.items():
                limited = {int(bound.limit) for bound in bounds if bound.limit is not None}
                assert limited <= tried[country, measure], (country, measure)


@pytest.mark.parametrize("country", ["LA", "TL"])
def test_nothing_is_determined_where_no_numbers_were_seen(country: str) -> None:
    found = standing(country, {"employees": 3, "turnover": 1, "assets": 1}, "production")
    assert (found.size, found.missing) == ("undetermined", ())
    assert found.decided_by[0].startswith("This cannot be determined here: ")
    assert measures(country) == frozenset() == sectors(country)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param({"assets": "2,900,000.50"}, "micro", id="text with commas"),
        pytest.param({"assets": "many"}, "undetermined", id="no number"),
        pytest.param({"assets": "-1"}, "undetermined", id="a negative number"),
        pytest.param({"assets": "NaN"}, "undetermined", id="not a number"),
        pytest.param({"assets": True}, "undetermined", id="yes is no amount"),
        pytest.param({"assets": None}, "undetermined", id="nothing"),
        pytest.param({"assets": 1, "large_parent": "yes"}, "not_sme", id="yes in words"),
        pytest.param({"assets": 1, "large_parent": "no"}, "micro", id="no in words"),
        pytest.param({"assets": 1, "large_parent": ""}, "micro", id="no word at all"),
    ],
)
def test_figures_are_taken_as_forms_have_them(given: dict[str, Any], wanted: str) -> None:
    assert standing("PH", given).size == wanted


def test_amounts_of_another_currency_do_not_count() -> None:
    figures = {"turnover": 300_000_000, "employees": 200}
    assert standing("KH", figures, "priority", currency="KHR").size == "small"
    found = standing("KH", figures, "priority", currency="USD")
    assert (found.size, found.missing) == ("undetermined", ("turnover",))


def test_every_country_says_where_its_definition_is_from() -> None:
    for country in MEMBERS:
        found = definition(country)
        assert found.law
        assert found.source
        assert found.address.startswith("http")
        assert measures(country) <= MEASURES


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("[LA]", "[XX]", "XX: no such country", id="a country that is none"),
        pytest.param("[LA]", "[XX]", "LA: there is no definition", id="a country left out"),
        pytest.param('[KH]\nlaw = "', "[KH]\nlaw = 1 #", "KH: law is a text", id="no law"),
        pytest.param(
            "up_to = 700_", "up_to = 7000_", "above the one before", id="limits in disorder"
        ),
        pytest.param("up_to = 700_", "upto = 700_", "one of below", id="a limit misspelt"),
        pytest.param(
            'beyond = "not_sme"', 'beyond = "x"', "SG.beyond", id="beyond what is a class"
        ),
        pytest.param('trade = "', 'mines = "x"\ntrade = "', "sectors.mines", id="no such sector"),
        pytest.param("[BN.labels]\nturn", "[BN.labels]\nburn", "BN.labels", id="labels of others"),
        pytest.param('assets = "Assets"\n', "", "BN.labels", id="a label left out"),
        pytest.param("{agree = 2, of", "{agree = 2, from", "not the form", id="a rule misspelt"),
        pytest.param("unknown = ", "rule = {}\nunknown = ", "has no rule", id="unknown and known"),
        pytest.param("[PH.bounds.all]\nassets", "[PH.bounds.all]\nturnover", "PH.bounds", id="odd"),
    ],
)
def test_a_file_of_definitions_is_refused(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError, match=re.escape(said)):
        read(TEXT.replace(old, new, 1))
