"""How long things are kept: the shipped rules with their sources, and what an agency may put in their place."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.countries.compose import retention
from app.countries.compose.retention import KINDS, install, rights, rule, years_on
from app.countries.queries import MEMBERS, country

LONGER = '[MY-SMECORP.completed]\nyears = 12\nlaw = "Records Act"\nsource = "Gazette 1"\n'


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    install(None)


def written(folder: Path, text: str) -> Path:
    file = folder / "retention.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("code", MEMBERS)
def test_every_kind_has_a_rule_that_says_where_it_is_from(code: str) -> None:
    for kind in KINDS:
        found = rule(kind, country=country(code).code, agency="X")
        assert found.years > 0
        assert found.source
        assert found.illustrative is ("illustrative" in found.law)
    law = rights(code)
    assert law is None or law.source


def test_singapore_keeps_for_as_long_as_its_law_says() -> None:
    found = rule("completed", country="SG", agency="X")
    assert (found.years, found.illustrative) == (6, False)
    assert "five years from the end of the financial year" in found.law
    assert rule("unsuccessful", country="SG", agency="X").illustrative


def test_nothing_shipped_is_below_what_the_program_asks_for() -> None:
    raw = tomllib.loads((Path(retention.__file__).parent.parent / "retention.toml").read_text())
    for kind in KINDS:
        assert raw["default"][kind]["years"] >= raw["least"][kind]["years"]


def test_an_agency_keeps_longer(tmp_path: Path) -> None:
    install(written(tmp_path, LONGER))
    own = rule("completed", country="MY", agency="MY-SMECORP")
    assert (own.years, own.law, own.illustrative) == (12, "Records Act", False)
    assert rule("completed", country="MY", agency="OTHER").years == 7
    assert rule("unsuccessful", country="MY", agency="MY-SMECORP").years == 7


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(LONGER.replace("12", "4"), "FATF Recommendation 11", id="below the least"),
        pytest.param(LONGER.replace("12", "true"), "whole number", id="no number"),
        pytest.param(LONGER.replace("12", "101"), "to 100", id="for ever"),
        pytest.param(
            LONGER.replace("completed", "gifts"), "no such kind", id="a kind nobody knows"
        ),
        pytest.param("[X.completed]\nyears = 9", "and nothing else", id="no law"),
        pytest.param("X = 1", "expected tables", id="no table"),
        pytest.param(LONGER.replace("Records Act", ""), "law is a text", id="an empty law"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_at_the_start(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        install(written(tmp_path, text))


@pytest.mark.parametrize(
    ("day", "years", "wanted"),
    [
        (date(2026, 11, 23), 7, date(2033, 11, 23)),
        (date(2028, 2, 29), 1, date(2029, 3, 1)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(2028, 2, 29), -1, date(2027, 3, 1)),
    ],
)
def test_years_are_counted_by_the_calendar(day: date, years: int, wanted: date) -> None:
    assert years_on(day, years) == wanted
