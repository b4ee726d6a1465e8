"""Claims of a grant: what is wrong with one, what is warned of, and what it comes to, to the last unit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.claims import (
    ClaimRules,
    CostLine,
    Finding,
    Invoice,
    Settlement,
    compared,
    doubles,
    settle,
    unsettled,
    wrong,
    wrong_advance,
)

TODAY = date(2026, 11, 20)
RULES = ClaimRules(
    currency="SGD",
    public_share_pct=Decimal(50),
    cap=20_000_00,
    left=50_000_00,
    window_from=date(2026, 2, 1),
    window_to=date(2026, 10, 31),
    ineligible=frozenset({"entertainment"}),
)
ADVANCE = replace(RULES, mode="advance")
LINE = CostLine(
    1, "Tan & Sons Pte. Ltd.", "INV-0042", date(2026, 3, 1), "Kiln", 10_000_00, "machines"
)


def other(number: int = 2, **changes: Any) -> CostLine:
    return replace(LINE, number=number, **{"invoice": f"INV-1{number}", **changes})


def finding(line: CostLine, accepted: int) -> Finding:
    """Return the finding that accepts so much of a line."""
    if accepted == line.cost:
        return Finding(line.number, "accepted", accepted)
    return Finding(line.number, "reduced" if accepted else "refused", accepted, "As agreed.")


def plain(sentences: tuple[str, ...]) -> list[str]:
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


# Making a claim


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        pytest.param([LINE], [], id="a claim in order"),
        pytest.param([], ["A claim needs at least one cost line."], id="no line"),
        pytest.param(
            [LINE, other(1)], ["Line 1 stands 2 times: number the lines one by one."], id="one number twice"
        ),
        pytest.param([replace(LINE, dated=date(2026, 2, 1))], [], id="the first day of the project"),
        pytest.param([replace(LINE, dated=date(2026, 10, 31))], [], id="the last day of the project"),
        pytest.param(
            [replace(LINE, dated=date(2026, 1, 31))],
            ["Line 1: the invoice is dated 2026-01-31, outside the project, which is 2026-02-01 to 2026-10-31."],
            id="the day before the project",
        ),
        pytest.param(
            [replace(LINE, dated=date(2026, 11, 21))],
            [
                "Line 1: the invoice is dated 2026-11-21, which is in the future.",
                "Line 1: the invoice is dated 2026-11-21, outside the project, which is 2026-02-01 to 2026-10-31.",
            ],
            id="tomorrow",
        ),
        pytest.param([replace(LINE, cost=0)], ["Line 1: the cost must be more than zero."], id="no cost"),
        pytest.param([replace(LINE, cost=-1)], ["Line 1: the cost must be more than zero."], id="a credit note"),
        pytest.param(
            [replace(LINE, item="entertainment")],
            ["Line 1: entertainment is not paid for under this award."],
            id="an item that is not paid for",
        ),
        pytest.param(
            [replace(LINE, supplier=" . ", invoice="-"), other(2, supplier="", invoice="")],
            [f"Line {n}: {what}" for n in (1, 2) for what in ("name the supplier.", "give the number of the invoice.")],
            id="names of nothing but points, which are not the same invoice",
        ),
        pytest.param(
            [LINE, other(2, supplier="TAN & SONS PTE LTD", invoice="inv 0042")],
            ["Line 2: invoice inv 0042 of TAN & SONS PTE LTD is in line 1 already; claim it once."],
            id="the same invoice in other letters",
        ),
        pytest.param([LINE, other(2, supplier="Lim Brothers", invoice="INV-0042")], [], id="one number of two suppliers"),
        pytest.param([LINE, other(2)], [], id="two invoices of one supplier"),
        pytest.param(
            [replace(LINE, cost=0, item="entertainment"), other(2, cost=-5)],
            [
                "Line 1: the cost must be more than zero.",
                "Line 1: entertainment is not paid for under this award.",
                "Line 2: the cost must be more than zero.",
            ],
            id="everything that is wrong is named at once",
        ),
    ],
)  # fmt: skip
def test_a_claim_is_checked_line_by_line(lines: list[CostLine], sentences: list[str]) -> None:
    assert plain(wrong(lines, RULES, TODAY)) == sentences


def test_an_invoice_of_an_earlier_claim_is_not_claimed_again() -> None:
    known = [
        Invoice("Tan and Sons", "INV-0042", "claim 1"),
        Invoice("tan & sons pte ltd", "Inv/0042", "claim 2"),
    ]
    assert plain(wrong([LINE], RULES, TODAY, known)) == [
        "Line 1: invoice INV-0042 of Tan & Sons Pte. Ltd. is in claim 2 already; claim it once."
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "refused"),
    [
        pytest.param(replace(RULES, left=5_000_00), False, id="as much as is left"),
        pytest.param(replace(RULES, left=4_999_99), True, id="a cent more than is left"),
        pytest.param(replace(RULES, cap=3_000_00, left=3_000_00), False, id="costs beyond the tranche are no fault"),
        pytest.param(replace(RULES, left=0, used=20_000_00), False, id="the tranche was paid: nothing is asked"),
        pytest.param(replace(ADVANCE, left=0, used=20_000_00, advanced=20_000_00), False, id="it accounts for an advance"),
        pytest.param(replace(ADVANCE, left=0, advanced=4_999_99), True, id="a cent beyond the advance"),
    ],
)  # fmt: skip
def test_a_claim_above_what_is_left_names_both_amounts(rules: ClaimRules, refused: bool) -> None:
    asked = "SGD 5,000.00" if rules.mode == "reimbursement" else "SGD 0.01"
    left = f"SGD {Decimal(rules.left) / 100:,.2f}"
    sentence = f"{asked} is claimed, the public share of these costs, but only {left} of the award is left."
    assert plain(wrong([LINE], rules, TODAY)) == ([sentence] if refused else [])


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        pytest.param("Tan & Sons Pte. Ltd.", "TAN SONS PTE LTD", True, id="case, points and signs"),
        pytest.param("INV-00 42/A", "inv0042a", True, id="an invoice number"),
        pytest.param("INV-42", "INV-042", False, id="noughts in front are another number"),
        pytest.param("ร้านไทย", "ร้านไทย ", True, id="Thai with a blank"),
        pytest.param("ปีใหม่", "ปาใหม่", False, id="Thai vowels tell names apart"),
        pytest.param("Công ty Má", "Công ty Mả", False, id="Vietnamese tones tell names apart"),
        pytest.param("Công ty", "Co\u0302ng ty", True, id="one letter or a letter and its mark"),
        pytest.param("INV ๔๒", "INV 42", True, id="Thai digits"),
        pytest.param("\uff21\uff22\uff23", "abc", True, id="wide letters"),
        pytest.param("A\u200bB", "AB", True, id="a sign that is not seen"),
    ],
)
def test_names_are_compared(one: str, two: str, same: bool) -> None:
    assert (compared(one) == compared(two)) == same


def test_an_invoice_of_another_case_is_a_warning() -> None:
    elsewhere = [
        Invoice("TAN SONS PTE LTD", "inv 0042", "SG-EDG-2026-0007"),
        Invoice("", "", "SG-EDG-2026-0008"),
    ]
    lines = [LINE, other(2), other(3, supplier="", invoice="")]
    assert doubles(lines, elsewhere) == (
        "Line 1: invoice INV-0042 of Tan & Sons Pte. Ltd. is also claimed in SG-EDG-2026-0007.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "rules", "sentences"),
    [
        pytest.param(20_000_00, ADVANCE, [], id="the whole tranche"),
        pytest.param(20_000_01, ADVANCE, ["SGD 20,000.01 is asked in advance, but only SGD 20,000.00 of the tranche can be paid."], id="a cent more"),
        pytest.param(5_00, replace(ADVANCE, left=4_00), ["SGD 5.00 is asked in advance, but only SGD 4.00 of the tranche can be paid."], id="more than is left"),
        pytest.param(5_00, replace(ADVANCE, advanced=1_00), ["Account for the open advance of SGD 1.00 with invoices first."], id="one advance after the other"),
        pytest.param(5_50, replace(ADVANCE, currency="IDR"), ["Amounts in IDR are whole: ask for an amount that can be paid."], id="sen that nobody pays"),
        pytest.param(0, RULES, ["This award pays costs that were met: claim them with their invoices.", "The amount asked in advance must be more than zero."], id="two reasons at once"),
    ],
)  # fmt: skip
def test_money_goes_in_advance(asked: int, rules: ClaimRules, sentences: list[str]) -> None:
    assert plain(wrong_advance(asked, rules)) == sentences


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"public_share_pct": Decimal(0)}, "are per cent", id="no public share"),
        pytest.param({"public_share_pct": Decimal("100.01")}, "are per cent", id="more than all"),
        pytest.param({"retention_pct": Decimal(-1)}, "are per cent", id="a negative retention"),
        pytest.param({"window_to": date(2026, 1, 1)}, "ends before it begins", id="no window"),
        pytest.param({"mode": "arrears"}, "'arrears' is not known", id="an unknown mode"),
        pytest.param({"left": -1}, "below zero", id="less than nothing is left"),
        pytest.param({"advanced": 1}, "Nothing is advanced", id="an advance on costs met"),
        pytest.param(
            {"mode": "advance", "currency": "IDR", "advanced": 150},
            "An advance in IDR is an amount that can be paid",
            id="an advance with sen that nobody pays",
        ),
    ],
)
def test_rules_that_no_award_can_have_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(RULES, **change)


# Settling a claim


@pytest.mark.parametrize(
    ("findings", "sentences"),
    [
        pytest.param([Finding(1, "accepted", 10_000_00)], [], id="accepted"),
        pytest.param([Finding(1, "reduced", 1, "Half was for another project.")], [], id="reduced with a reason"),
        pytest.param([Finding(1, "refused", 0, "Not part of the project.")], [], id="refused with a reason"),
        pytest.param([], ["Line 1: give one finding; there are none."], id="no finding"),
        pytest.param([Finding(1, "accepted", 10_000_00)] * 2, ["Line 1: give one finding; there are 2."], id="two findings"),
        pytest.param([Finding(1, "accepted", 10_000_00), Finding(7, "refused", 0, "?")], ["Line 7: there is a finding, but no such line."], id="no such line"),
        pytest.param([Finding(1, "reduced", 10_000_01, "?")], ["Line 1: SGD 10,000.01 is accepted of a cost of SGD 10,000.00."], id="more than the cost"),
        pytest.param([Finding(1, "reduced", 5_000_00, " ")], ["Line 1: give the reason for accepting less than was claimed."], id="reduced without a reason"),
        pytest.param([Finding(1, "refused", 0)], ["Line 1: give the reason for accepting less than was claimed."], id="refused without a reason"),
        pytest.param([Finding(1, "accepted", 5_00)], ["Line 1: SGD 5.00 of SGD 10,000.00 is not accepted: accept all, reduce it, or refuse it whole."], id="accepted in part"),
        pytest.param([Finding(1, "reduced", 0, "?")], ["Line 1: SGD 0.00 of SGD 10,000.00 is not reduced: accept all, reduce it, or refuse it whole."], id="reduced to nothing"),
        pytest.param([Finding(1, "refused", 5_00, "?")], ["Line 1: SGD 5.00 of SGD 10,000.00 is not refused: accept all, reduce it, or refuse it whole."], id="refused, but for a part"),
    ],
)  # fmt: skip
def test_findings_are_checked(findings: list[Finding], sentences: list[str]) -> None:
    assert plain(unsettled([LINE], findings, RULES)) == sentences


def test_a_claim_is_not_settled_before_every_line_is_found_on() -> None:
    with pytest.raises(ValueError, match=r"Line 1: give one finding.* Line 2: give one finding"):
        settle([LINE, other(2)], [], RULES)


ROWS = [
    pytest.param(RULES, 10_000_00, (5_000_00, 0, 0, 5_000_00, 0, 0), id="half of the cost"),
    pytest.param(RULES, 10_01, (5_00, 0, 0, 5_00, 0, 0), id="half a cent is not paid"),
    pytest.param(replace(RULES, currency="IDR"), 301_00, (150_00, 0, 0, 150_00, 0, 0), id="half a rupiah is not paid"),
    pytest.param(replace(RULES, cap=3_000_00), 10_000_00, (3_000_00, 2_000_00, 0, 3_000_00, 0, 0), id="the tranche is a limit"),
    pytest.param(replace(RULES, used=18_000_00), 10_000_00, (2_000_00, 3_000_00, 0, 2_000_00, 0, 0), id="a tranche claimed in part"),
    pytest.param(replace(RULES, left=1_00), 10_000_00, (1_00, 4_999_00, 0, 1_00, 0, 0), id="what is left is a limit"),
    pytest.param(replace(RULES, retention_pct=Decimal(10)), 10_000_00, (5_000_00, 0, 500_00, 4_500_00, 0, 0), id="a tenth is held back"),
    pytest.param(replace(RULES, retention_pct=Decimal(10)), 30, (15, 0, 2, 13, 0, 0), id="retention takes the rounding"),
    pytest.param(replace(ADVANCE, advanced=8_000_00), 10_000_00, (5_000_00, 0, 0, 0, 5_000_00, 3_000_00), id="an advance not all spent"),
    pytest.param(replace(ADVANCE, advanced=4_000_00, retention_pct=Decimal(10)), 10_000_00, (5_000_00, 0, 100_00, 900_00, 4_000_00, 0), id="more spent than advanced"),
    pytest.param(replace(ADVANCE, advanced=4_000_00, cap=4_000_00, used=4_000_00, left=0), 10_000_00, (4_000_00, 1_000_00, 0, 0, 4_000_00, 0), id="the advance was the whole tranche"),
    pytest.param(replace(ADVANCE, advanced=8_000_00), 0, (0, 0, 0, 0, 0, 8_000_00), id="nothing of an advance accounted for"),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "accepted", "expected"), ROWS)
def test_a_claim_is_settled(
    rules: ClaimRules, accepted: int, expected: tuple[int, int, int, int, int, int]
) -> None:
    found = settle([LINE], [finding(LINE, accepted)], rules)
    share, capped, retained, paid, cleared, unspent = expected
    assert found == Settlement(
        LINE.cost, accepted, LINE.cost - accepted, share, capped, retained, paid, cleared, unspent
    )


AMOUNTS = st.integers(0, 10**13)


@given(
    costs=st.lists(st.tuples(st.integers(1, 10**12), st.integers(0, 100)), min_size=1, max_size=6),
    currency=st.sampled_from(["SGD", "IDR", "VND"]),
    percents=st.tuples(st.integers(1, 10_000), st.integers(0, 10_000)),
    limits=st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS),
)
def test_every_settlement_adds_up(
    costs: list[tuple[int, int]], currency: str, percents: tuple[int, int], limits: tuple[int, ...]
) -> None:
    cap, left, used, money = limits
    unit = 100 if currency == "IDR" else 1
    # What was advanced was paid, and so is an amount that can be paid.
    advanced = money // unit * unit
    share, retention = (Decimal(percent) / 100 for percent in percents)
    rules = replace(ADVANCE, currency=currency, public_share_pct=share, retention_pct=retention)
    rules = replace(rules, cap=cap, left=left, used=used, advanced=advanced)
    lines = [other(n, cost=cost) for n, (cost, _) in enumerate(costs, 1)]
    taken = [cost * part // 100 for cost, part in costs]
    found = settle(lines, [finding(*pair) for pair in zip(lines, taken, strict=True)], rules)
    assert (found.claimed, found.accepted_cost) == (sum(line.cost for line in lines), sum(taken))
    assert found.accepted_cost + found.refused_cost == found.claimed
    entitled = int(sum(taken) * share / 100) // unit * unit
    assert found.public_share + found.capped == entitled
    assert found.advance_cleared + found.retained + found.payable == found.public_share
    assert found.advance_cleared + found.unspent == advanced
    fresh = found.retained + found.payable
    assert 0 <= fresh <= max(min(cap - used, left), 0)
    assert fresh % unit == found.payable % unit == 0
    assert min(vars(found).values()) >= 0
