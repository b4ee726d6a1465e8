"""The page of the facilities shows the catalogue as it is: nobody has to compare it with a scheme by eye."""

from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from app.bootstrap.environment import ROOT
from app.schemes.commands import CATALOGUE
from app.schemes.compose.documenting import page
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.compose.whole import whole

AGAIN = (
    "Make the page again: SALURAN_DATABASE_URL=sqlite:// SALURAN_REDIS_URL=unix:///none SALURAN_SECRET_KEY=none "
    "SALURAN_STORAGE_DIR=. .venv/bin/flask --app wsgi scheme document docs/facilities.md"
)
PAGE = (ROOT / "docs" / "facilities.md").read_text("utf-8")
FILES = {file.stem: file for file in sorted(CATALOGUE.glob("*.toml"))}


@cache
def terms(name: str) -> SchemeTerms:
    return scheme_terms(whole(FILES[name].read_text("utf-8")))


def test_the_page_of_the_facilities_is_what_the_catalogue_gives() -> None:
    # Their lines are compared nowhere: to tell how two texts of this length differ takes too long.
    same = page(map(terms, FILES)) == PAGE
    assert same, AGAIN


def test_the_order_in_which_schemes_are_read_does_not_matter() -> None:
    some = [terms(name) for name in ("regional", "la_fund", "bn_mfs", "bn_efs")]
    assert page(some) == page(reversed(some))


def test_the_command_writes_the_page(application: Flask, tmp_path: Path) -> None:
    file = tmp_path / "facilities.md"
    answer = application.test_cli_runner().invoke(args=["scheme", "document", str(file)])
    assert (answer.exit_code, answer.output) == (0, "")
    same = file.read_text("utf-8") == page(map(terms, FILES))
    assert same


def test_it_goes_through_the_countries_by_name_and_ends_with_the_fund() -> None:
    heads = [line[3:] for line in PAGE.splitlines() if line.startswith("## ")]
    assert heads == [*sorted(heads[:-1]), "Regional fund"]
    assert len(heads) == 12


@pytest.mark.parametrize("name", FILES)
def test_it_has_a_row_for_every_figure_and_names_every_source(name: str) -> None:
    found = terms(name)
    _, _, rest = PAGE.partition(f"### {found.code}: {found.name}\n")
    told = rest.partition("\n##")[0]
    rows = [line for line in told.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(found.basis)
    assert "| not said |" not in told
    assert [source.address for source in found.sources if source.address not in told] == []
    assert [sentence for sentence in found.assumed if sentence not in told] == []


def test_a_country_without_schemes_says_so() -> None:
    assert "| [Brunei Darussalam](#brunei-darussalam) | 0 | 0 | 0 |" in page([])
