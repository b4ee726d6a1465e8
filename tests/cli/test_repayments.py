"""A repayment schedule on the command line: table, totals, effective rate, working, JSON, and every reason it is refused."""

import json
from decimal import Decimal

import pytest
from click.testing import CliRunner, Result

from app.cli.repayments import repayments

LOAN = {
    "--amount": "12,000.00",
    "--currency": "MYR",
    "--rate": "24",
    "--instalments": "4",
    "--day-count": "PERIODIC",
    "--from": "2011-09-20",
}


def preview(*more: str, **changed: str | None) -> Result:
    """Preview the plain loan, with options changed or left out (``None``)."""
    options = LOAN | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    words = [word for pair in options.items() if pair[1] is not None for word in pair]
    return CliRunner().invoke(repayments, ["preview", *map(str, words), *more])


def test_a_preview_shows_conventions_table_totals_and_effective_rate() -> None:
    answer = preview()
    lines = answer.output.splitlines()
    assert answer.exit_code == 0
    assert lines[0] == "Repayment schedule in MYR, a preview: nothing is agreed."
    assert "4 instalments, every month, counted from the first drawdown" in answer.output
    table = [line.split() for line in lines if line.startswith((" ", "Total"))]
    assert table == [
        ["No.", "Due", "Days", "Balance", "Principal", "Interest", "Instalment", "Left"],
        ["1", "2011-10-20", "30", "12,000.00", "2,911.49", "240.00", "3,151.49", "9,088.51"],
        ["2", "2011-11-20", "31", "9,088.51", "2,969.72", "181.77", "3,151.49", "6,118.79"],
        ["3", "2011-12-20", "30", "6,118.79", "3,029.11", "122.38", "3,151.49", "3,089.68"],
        ["4", "2012-01-20", "31", "3,089.68", "3,089.68", "61.79", "3,151.47", "0.00"],
        ["Total", "12,000.00", "605.94", "12,605.94"],
    ]
    assert lines[-1].startswith("Effective rate: 26.8427 % a year")


@pytest.mark.parametrize(
    ("more", "line"),
    [
        pytest.param(["--working"], "Interest 20 Sep to 20 Oct 2011: 12,000.00 x 24 % x 1/12 = 240.00", id="the working"),
        pytest.param(["--method", "equal-principal"], "3,000.00", id="equal principal"),
        pytest.param(["--method", "flat"], "Effective rate: 45.14", id="flat interest with its effective rate"),
        pytest.param(["--every", "2", "--unit", "weeks"], "2011-10-04", id="every two weeks"),
        pytest.param(["--drawdown", "2011-11-01=5000", "--drawdown", "2011-10-25=1,000.00"], "6,000.00", id="later drawdowns"),
        pytest.param(["--later-rate", "2011-10-20=12"], "From 2011-10-20 interest is 12 % a year.", id="a later rate"),
        pytest.param(["--grace-principal", "2"], "No principal is due with the first 2 instalments.", id="grace for principal"),
        pytest.param(["--grace-deferred", "1"], "Deferred", id="deferred interest has a column"),
        pytest.param(["--grace-capitalised", "1"], "Capitalised", id="capitalised interest has a column"),
        pytest.param(["--grace-waived", "1"], "No interest is charged for the first period.", id="waived interest"),
        pytest.param(["--down-payment", "25%"], "  0  2011-09-20     0  12,000.00", id="a down payment as a share"),
        pytest.param(["--down-payment", "3,000"], "9,000.00", id="a down payment as an amount"),
        pytest.param(["--instalment-step", "50", "--instalment-rounding", "up"], "3,200.00", id="instalments in fifties"),
        pytest.param(["--money-step", "1", "--rounding", "half-up"], "3,151", id="amounts in whole units"),
        pytest.param(["--first-due", "2011-10-05"], "2011-12-05", id="another first due date"),
        pytest.param(["--from", "2011-10-31", "--month-end", "first-of-next"], "2011-12-01", id="a missing day rolls on"),
        pytest.param(["--day-count", "act/360", "--level-basis", "equal-periodic-rate", "--smooth-last"], "ACT/360: actual days over 360.", id="a level instalment of equal periods"),
    ],
)  # fmt: skip
def test_an_option_of_the_schedule_shows(more: list[str], line: str) -> None:
    answer = preview(*more)
    assert answer.exit_code == 0, answer.output
    assert line in answer.output


def test_json_has_the_same_schedule_as_text_amounts() -> None:
    told = json.loads(preview("--json", "--working").output)
    assert told["currency"] == "MYR"
    assert told["rows"][0]["total"] == "3151.49"
    assert Decimal(told["totals"]["interest"]) == Decimal("605.94")
    assert told["effective_rate_pct"] == "26.8427"
    assert len(told["conventions"]) == 5
    assert "working" in told
    assert "working" not in json.loads(preview("--json").output)


@pytest.mark.parametrize(
    ("changed", "sentences"),
    [
        pytest.param(
            dict.fromkeys(("amount", "currency", "rate", "instalments", "day_count", "from")),
            ["--amount is missing.", "--currency is missing.", "--rate is missing.", "--instalments is missing.", "--day-count is missing.", "--from is missing."],
            id="nothing said",
        ),
        pytest.param(
            {"currency": "EUR", "rate": "six", "instalments": "0", "day_count": "ACT/3", "from": "soon", "method": "balloon"},
            ["--currency: choose one of BND,", "--rate: expected a number such as 7.5, not 'six'.", "There must be at least one instalment.", "The day count 'ACT/3' is not known", "--from: expected a day such as 2026-01-31, not 'soon'.", "The repayment method 'balloon' is not known"],
            id="everything wrong",
        ),
        pytest.param({"amount": "12000.005"}, ["--amount: MYR amounts have 2 decimals."], id="a fraction of a sen"),
        pytest.param({"amount": "0"}, ["The drawdown of 2011-09-20 must be more than zero."], id="nothing drawn"),
        pytest.param({"drawdown": "tomorrow"}, ["--drawdown: expected DAY=FIGURE, not 'tomorrow'."], id="a drawdown without an amount"),
        pytest.param({"drawdown": "2011-01-01=5"}, ["none can be before the first one, of 2011-09-20."], id="a drawdown before the first"),
        pytest.param({"drawdown": "2012-01-20=5"}, ["must be before the last due date, 2012-01-20."], id="a drawdown after the end"),
        pytest.param({"later_rate": "then=x"}, ["--later-rate: expected a day", "--later-rate: expected a number"], id="a rate that is none"),
        pytest.param({"down_payment": "x%"}, ["--down-payment: expected a number"], id="a share that is none"),
        pytest.param({"rate": "999999999999", "method": "bullet"}, ["No effective rate up to 1,000,000,000 % fits."], id="a rate beyond reason"),
        pytest.param({"grace_waived": "1", "grace_deferred": "-1"}, ["--grace-deferred: expected a whole number, not '-1'."], id="a negative grace"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_refused_with_every_reason(
    changed: dict[str, str | None], sentences: list[str]
) -> None:
    answer = preview(**changed)
    assert answer.exit_code == 2
    assert [sentence for sentence in sentences if sentence not in answer.output] == []
