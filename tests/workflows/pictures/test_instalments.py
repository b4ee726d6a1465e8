"""The picture of a repayment schedule: every amount in its place, nothing by colour alone, safe and always the same."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import assume, given, settings

from tests.workflows.schedule.loans import SEED, TERMS, Loan, drawn, loans
from workflows.pictures.instalments import HIGH, MOST_BARS, WIDE, svg
from workflows.schedule import Row, repayment_schedule

SVG = "{http://www.w3.org/2000/svg}"


def rows(**change: Any) -> tuple[Row, ...]:
    return repayment_schedule(replace(TERMS, **change), [drawn("1200")])


def read(made: tuple[Row, ...]) -> ET.Element:
    return ET.fromstring(svg(made, "MYR"))  # noqa: S314 - our own text


def bars(picture: ET.Element) -> list[ET.Element]:
    return picture.findall(f"{SVG}g")


def heights(picture: ET.Element) -> list[list[int]]:
    """Return the heights of principal and interest of each bar."""
    return [[int(r.attrib["height"]) for r in bar.iter(f"{SVG}rect")] for bar in bars(picture)]


def words(picture: ET.Element) -> list[str]:
    return [text.text or "" for text in picture.iter(f"{SVG}text")]


def told(bar: ET.Element) -> str:
    title = bar.find(f"{SVG}title")
    assert title is not None
    return title.text or ""


def test_each_bar_has_its_amounts_in_height_and_in_words() -> None:
    picture = read(rows(annual_rate_pct=Decimal(12), method="bullet", grace_deferred=6))
    # 84.00 of interest with the seventh, 1,212.00 with the last; the grid goes to 2,000 in 252 pixels.
    assert heights(picture)[0] == [0, 0]
    assert heights(picture)[6] == [0, 11]
    assert heights(picture)[11] == [151, 2]
    assert told(bars(picture)[6]) == (
        "Instalment 7, due 2026-08-31: principal 0.00, interest 84.00, balance 1,200.00"
    )
    assert {"2,000", "1,500", "1,000", "500", "0"} <= set(words(picture))


def test_the_balance_falls_to_the_foot_of_the_picture() -> None:
    picture = read(rows(method="equal_principal"))
    dots = [int(dot.attrib["cy"]) for dot in picture.iter(f"{SVG}circle")][:-1]
    assert len(dots) == 12
    assert dots == sorted(dots)
    grid = [line for line in picture.iter(f"{SVG}path") if "H" in line.attrib["d"]]
    foot = max(int(line.attrib["d"].partition("H")[0].split()[1]) for line in grid[:5])
    assert dots[-1] == foot


@pytest.mark.parametrize(
    ("change", "labels"),
    [
        pytest.param({}, ["Instalment 1", "Instalment 12"], id="one for each instalment"),
        pytest.param(
            {"down_payment_pct": Decimal(25)}, ["Instalment 0", "Instalment 12"], id="and one for the down payment"
        ),
        pytest.param({"instalments": 60}, ["Instalment 1", "Instalment 60"], id="as many as sixty"),
        pytest.param({"instalments": 61}, ["2026", "2031"], id="more by year"),
        pytest.param(
            {"instalments": 100, "unit": "years"}, ["2027 to 2028", "2125 to 2126"], id="very many by several years"
        ),
    ],
)  # fmt: skip
def test_the_bars_are(change: dict[str, Any], labels: list[str]) -> None:
    made = rows(**change)
    found = [told(bar).split(",")[0] for bar in bars(read(made))]
    assert [found[0], found[-1]] == labels
    assert len(found) <= MOST_BARS


def test_bars_of_a_year_add_up_its_instalments() -> None:
    made = rows(instalments=61)
    first = told(bars(read(made))[0])
    principal = sum(row.principal for row in made if row.due.year == SEED.year)
    assert first.startswith(f"2026, 11 instalments: principal {principal:,f}, interest ")


def test_who_does_not_see_it_reads_what_it_shows() -> None:
    picture = read(rows(annual_rate_pct=Decimal(0)))
    title, description = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert picture.attrib["aria-labelledby"].split() == [
        title.attrib["id"],
        description.attrib["id"],
    ]
    assert description.text == (
        "12 instalments from 2026-02-28 to 2027-01-31, in MYR: principal 1,200.00 and interest 0.00. The highest, "
        "100.00, is due on 2026-02-28. The balance begins at 1,200.00 and ends at 0.00. Every figure is in the table."
    )


def test_principal_interest_and_balance_differ_in_more_than_colour() -> None:
    picture = read(rows())
    fills = {rect.attrib["fill"] for rect in bars(picture)[0].iter(f"{SVG}rect")}
    assert "url(#schedule-interest)" in fills
    assert picture.find(f"{SVG}defs/{SVG}pattern[@id='schedule-interest']/{SVG}path") is not None
    assert {"Principal", "Interest"} <= set(words(picture))
    assert any(text.startswith("Balance after it") for text in words(picture))


def test_the_name_of_the_currency_cannot_break_out() -> None:
    drawn_ = svg(rows(), '"><script>')
    assert "<script" not in drawn_
    assert "&quot;&gt;&lt;script&gt;" in drawn_


def test_nothing_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="without instalments"):
        svg((), "MYR")


@given(loans())
@settings(deadline=None, max_examples=40)
def test_every_schedule_fits_into_its_picture(loan: Loan) -> None:
    try:
        made = repayment_schedule(*loan)
    except ValueError as error:
        assume("no principal" not in str(error))
        raise
    picture = read(made)
    with localcontext(Context(prec=3)):
        assert svg(made, "MYR") == svg(made, "MYR")
        assert ET.tostring(read(made)) == ET.tostring(picture)
    assert 1 <= len(bars(picture)) <= MOST_BARS
    for rect in picture.iter(f"{SVG}rect"):
        if "x" in rect.attrib:
            x, y, wide, high = (int(rect.attrib[name]) for name in ("x", "y", "width", "height"))
            assert min(x, y, wide, high) >= 0
            assert x + wide <= WIDE
            assert y + high <= HIGH
    assert all(0 <= int(dot.attrib["cy"]) <= HIGH for dot in picture.iter(f"{SVG}circle"))
