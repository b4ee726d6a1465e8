"""What holds for every schedule."""

from dataclasses import replace
from decimal import Context, Decimal, localcontext
from itertools import pairwise

from hypothesis import assume, given, settings

from tests.workflows.schedule.loans import Loan, loans
from workflows.schedule import Row, repayment_schedule


def made(loan: Loan) -> tuple[Row, ...]:
    """Return the rows; a loan that would stand still is no example."""
    try:
        return repayment_schedule(*loan)
    except ValueError as error:
        assume("no principal" not in str(error))
        raise


@given(loans(smallest=1))
@settings(deadline=None)
def test_every_schedule_repays_exactly_what_was_drawn_and_capitalised(loan: Loan) -> None:
    terms, drawdowns = loan
    rows = made(loan)
    drawn = sum(d.amount for d in drawdowns)
    capitalised = sum(row.capitalised for row in rows)
    assert sum(row.principal for row in rows) == drawn + capitalised
    assert rows[-1].closing == 0
    assert rows[-1].deferred == 0
    regular = [row for row in rows if row.number]
    assert [row.number for row in regular] == list(range(1, terms.instalments + 1))
    own = sum(row.principal for row in rows if not row.number)
    assert sum(row.principal for row in regular) == drawn - own + capitalised


@given(loans(smallest=1))
@settings(deadline=None)
def test_every_row_adds_up(loan: Loan) -> None:
    terms, _ = loan
    for row in (rows := made(loan)):
        assert row.total == row.principal + row.interest
        assert row.opening + row.drawn + row.capitalised - row.principal == row.closing
        figures = (row.principal, row.interest, row.opening, row.closing, row.accrued, row.deferred)
        assert min(figures) >= 0
        assert all(figure % terms.money_step == 0 for figure in figures)
    for earlier, later in pairwise(rows):
        assert earlier.due < later.due
        assert earlier.closing <= later.opening
        owed = earlier.deferred + later.accrued
        assert later.deferred == owed - later.capitalised - later.interest


@given(loans())
@settings(deadline=None)
def test_in_grace_nothing_is_due_that_was_not_agreed(loan: Loan) -> None:
    terms, _ = loan
    for row in made(loan):
        if not row.number:
            continue
        if row.number <= max(terms.grace_principal, terms.grace_capitalised):
            assert row.principal == 0
        if row.number <= max(terms.grace_deferred, terms.grace_capitalised, terms.grace_waived):
            assert row.interest == 0
        if row.number <= terms.grace_waived:
            assert row.accrued == 0


@given(loans(method="annuity"))
@settings(deadline=None)
def test_the_last_instalment_of_an_annuity_is_close_to_the_level_one(loan: Loan) -> None:
    plain = {"grace_deferred": 0, "instalment_step": None, "level_basis": "factors", "rates": ()}
    terms = replace(loan[0], **plain)  # type: ignore[arg-type]
    rows = made((terms, loan[1][:1]))[-(terms.instalments - terms.free) :]
    # Each row rounds at most one step away, and the difference bears interest until the end.
    growth = Decimal(1)
    for row in rows:
        growth *= 1 + terms.annual_rate_pct / 100 * row.year_fraction
    if all(row.principal for row in rows):
        assert abs(rows[-1].total - rows[0].total) <= len(rows) * terms.money_step * growth


@given(loans())
@settings(deadline=None, max_examples=25)
def test_a_schedule_depends_on_nothing_but_its_input(loan: Loan) -> None:
    rows = made(loan)
    with localcontext(Context(prec=3)):
        assert made(loan) == rows
