"""Between which bounds the terms of claims lie."""

from decimal import Decimal

import pytest

from app.schemes.compose.funding import ClaimTerms
from app.schemes.compose.reading import scheme_terms
from tests.schemes.texts import GRANT, LOAN, changed, refusals, table

CLAIMS = "[claims]\n"
ROWS = [
    pytest.param(
        changed(GRANT, table(CLAIMS, 'mode = "arrears"\n')),
        ["claims.mode: 'arrears' is not one of '', 'reimbursement', 'advance'."],
        id="an unknown mode",
    ),
    pytest.param(
        changed(LOAN, table(CLAIMS, 'mode = "reimbursement"\n')),
        ["claims.mode: a loan is drawn down, not claimed with invoices."],
        id="a loan",
    ),
    pytest.param(
        changed(GRANT, table(CLAIMS, 'mode = "advance"\nwindow_months = 121\nretention_pct = "100"\n')),
        [
            "claims.window_months: expected 0 to 120.",
            "claims.retention_pct: expected 0 or more and less than 100.",
        ],
        id="a window without an end, and nothing paid",
    ),
    pytest.param(
        changed(GRANT, table(CLAIMS, 'retention_pct = "5"\n')),
        ["claims.retention_pct: only of a claim that is verified with its invoices something is kept back."],
        id="something kept back of a plain request",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ROWS)
def test_how_a_grant_is_claimed_has_bounds(source: str, expected: list[str]) -> None:
    assert refusals(source) == expected


def test_what_lies_within_them_is_read() -> None:
    claims = ('mode = "reimbursement"', "window_months = 12", 'retention_pct = "10"\n')
    found = scheme_terms(changed(GRANT, table("[claims]", *claims))).claims
    assert found == ClaimTerms("reimbursement", 12, Decimal(10))
