"""A claim drawn from what was typed: everything that is wrong beside its line, at once, and what the rest comes to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.claims.compose import TypedFinding, TypedLine, digest, drawn, findings
from tests.claims.claiming import plain
from workflows.claims import ClaimRules, Invoice

TODAY = date(2026, 11, 22)
RULES = ClaimRules(
    currency="MYR",
    public_share_pct=Decimal(50),
    cap=32_000_00,
    left=80_000_00,
    window_from=date(2026, 3, 1),
    window_to=date(2027, 2, 28),
)
LINE = TypedLine("Besi Contoh", "INV-42", "2026-11-01", "Drum", "40,000.00", "7")


WRONG: list[Any] = [
    pytest.param({"dated": "2026-02-28"}, "lines.0", "The invoice is dated 2026-02-28, outside the project, which is 2026-03-01 to 2027-02-28.", id="an invoice of before the acceptance"),
    pytest.param({"dated": "2026-11-23"}, "lines.0", "The invoice is dated 2026-11-23, which is in the future.", id="an invoice of tomorrow"),
    pytest.param({"dated": ""}, "lines.0.dated", "Enter the day of the invoice, such as 2026-11-22.", id="no day"),
    pytest.param({"dated": "22.11.2026"}, "lines.0.dated", "Enter the day of the invoice, such as 2026-11-22.", id="a day in another order"),
    pytest.param({"cost": "0.00"}, "lines.0", "The cost must be more than zero.", id="no cost"),
    pytest.param({"cost": ""}, "lines.0.cost", "Enter an amount in MYR, such as 120,000.00.", id="an empty cost"),
    pytest.param({"cost": "-5.00"}, "lines.0.cost", "Enter an amount in MYR, such as 120,000.00.", id="a credit note"),
    pytest.param({"cost": "5.001"}, "lines.0.cost", "MYR amounts have 2 decimals.", id="too many decimals"),
    pytest.param({"cost": "USD 5"}, "lines.0.cost", "Amounts here are in MYR, not USD.", id="another currency"),
    pytest.param({"document": ""}, "lines.0.document", "Attach the invoice as a PDF, or choose one.", id="no invoice attached"),
    pytest.param({"document": "8"}, "lines.0.document", "Attach the invoice as a PDF, or choose one.", id="a document of another case"),
    pytest.param({"supplier": " - "}, "lines.0", "Name the supplier.", id="no supplier"),
    pytest.param({"invoice": ""}, "lines.0", "Give the number of the invoice.", id="no number"),
    pytest.param({"invoice": "inv 7"}, "lines.0", "Invoice inv 7 of Besi Contoh is in claim 1 already; claim it once.", id="claimed before"),
    pytest.param({"description": ""}, "lines.0.description", "Say what was bought.", id="nothing bought"),
    pytest.param({"cost": "0.01"}, "", "Nothing of this tranche can be paid for these costs.", id="a cost of which half is nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "field", "sentence"), WRONG)
def test_a_line_that_is_not_in_order_is_refused(
    changed: dict[str, str], field: str, sentence: str
) -> None:
    known = [Invoice("BESI CONTOH", "INV-7", "claim 1")]
    found = drawn([replace(LINE, **changed)], RULES, TODAY, known, {"7"})
    assert plain(found.errors) == {field: [sentence]}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    lines = [
        replace(LINE, cost="USD 5", dated="2026-02-28"),
        replace(LINE, invoice="inv 42", supplier="BESI CONTOH.", document="", description=""),
    ]
    found = drawn(lines, RULES, TODAY, [], {"7"})
    assert {name: len(said) for name, said in found.errors.items()} == {
        "lines.0.cost": 1,
        "lines.0": 1,
        "lines.1.description": 1,
        "lines.1.document": 1,
        "lines.1": 1,
    }
    # What can be read is summed all the same.
    assert (found.cost, found.share, found.claimed) == (40_000_00, 20_000_00, 20_000_00)


SUMS = [
    pytest.param({}, (20_000_00, 20_000_00), id="half of the cost"),
    pytest.param({"cap": 5_000_00}, (20_000_00, 5_000_00), id="up to the tranche"),
    pytest.param({"mode": "advance", "advanced": 4_000_00}, (20_000_00, 16_000_00), id="what goes beyond the advance"),
    pytest.param({"currency": "IDR"}, (20_000_00, 20_000_00), id="whole rupiah"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "sums"), SUMS)
def test_what_a_claim_comes_to(changed: dict[str, Any], sums: tuple[int, int]) -> None:
    cost = "40.000" if changed.get("currency") == "IDR" else LINE.cost
    found = drawn([replace(LINE, cost=cost)], replace(RULES, **changed), TODAY, [], {"7"})
    assert found.errors == {}
    assert (found.share, found.claimed) == sums


def test_a_claim_that_only_accounts_for_the_advance_is_told_so() -> None:
    rules = replace(RULES, mode="advance", advanced=20_000_00)
    found = drawn([LINE], rules, TODAY, [], {"7"})
    assert plain(found.errors) == {
        "": ["The public share of these costs does not go beyond the open advance of MYR 20,000.00: add the other costs."]
    }  # fmt: skip


def test_costs_that_no_account_holds_are_refused() -> None:
    lines = [replace(LINE, invoice=f"INV-{n}", cost="999999999999999.00") for n in range(100)]
    found = drawn(lines, RULES, TODAY, [], {"7"})
    assert "These costs are too large together." in found.errors[""]


def test_a_line_of_which_nothing_is_said_is_accepted() -> None:
    errors: dict[str, list[str]] = {}
    lines = drawn([LINE, replace(LINE, invoice="INV-43")], RULES, TODAY, [], {"7"}).lines
    found = findings(lines, [TypedFinding(2, "refused", "", "Not ours.")], "MYR", errors)
    assert [(one.line, one.outcome) for one in found] == [(1, "accepted"), (2, "refused")]
    assert errors == {}


def test_the_digest_of_lines_changes_with_each_of_them_and_with_the_salt() -> None:
    lines = drawn([LINE], RULES, TODAY, [], {"7"}).lines
    other = drawn([replace(LINE, supplier="Other")], RULES, TODAY, [], {"7"}).lines
    found = {
        digest(lines, ["ab"], "salt"),
        digest(lines, ["cd"], "salt"),
        digest(lines, ["ab"], "pepper"),
        digest(other, ["ab"], "salt"),
    }
    assert len(found) == 4
