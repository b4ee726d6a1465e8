"""The instalments of a schedule, one after the other."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from workflows.schedule import level as plans
from workflows.schedule.checks import Impossible, refuse, wrong_drawdowns
from workflows.schedule.level import Ahead, FlatAhead, Plan, Rounds
from workflows.schedule.periods import Period, fraction, last_due, per_year, periods
from workflows.schedule.rounding import ARITHMETIC, ZERO
from workflows.schedule.row import Part, Row, Step, accrual
from workflows.schedule.terms import Drawdown, RateChange, Terms


def repayment_schedule(terms: Terms, drawdowns: Sequence[Drawdown]) -> tuple[Row, ...]:
    """Return the instalments that repay the drawdowns exactly, led by row number 0 when there is a down payment.

    The earliest drawdown is the seed of the due dates, unless the terms name the first one. A later drawdown bears
    interest from its day and changes the instalments from the next due date on; one on a due date belongs to the period
    that begins there; so do later rates. Interest of a period is summed over its parts and rounded once. An instalment
    never falls below its own interest, and the last one clears the balance.

    Raises ``Impossible``, a ``ValueError``, when there is no drawdown, an amount is not positive or finer than the money
    step, a drawdown falls on or after the last due date, or nothing would be repaid before the last instalment.
    """
    return tuple(step.row for step in steps(terms, drawdowns))


def steps(terms: Terms, drawdowns: Sequence[Drawdown]) -> tuple[Step, ...]:
    """Return the rows with what each was computed from; raises as ``repayment_schedule`` does."""
    with localcontext(ARITHMETIC):
        in_order = tuple(sorted(drawdowns, key=lambda drawdown: drawdown.date))
        if not in_order:
            raise Impossible("A repayment schedule needs at least one drawdown.")
        begun = in_order[0].date
        refuse(*wrong_drawdowns(terms, in_order, last_due(terms, begun)))
        made = tuple(_Walk(terms, in_order).steps())
        _refuse_standstill(terms, made)
        return made


class _Walk:
    """A schedule while it is made, period by period."""

    def __init__(self, terms: Terms, drawdowns: Sequence[Drawdown]) -> None:
        self.terms = terms
        self.rounds = Rounds.of(terms)
        self.zero = self.rounds.money(ZERO)
        self.begun = drawdowns[0].date
        self.periods = periods(terms, self.begun)
        first = [d for d in drawdowns if d.date == self.begun]
        self.later = drawdowns[len(first) :]
        self.drawn = self.rounds.money(sum((d.amount for d in first), ZERO))
        share = self.drawn * terms.down_payment_pct / 100
        self.own = self.rounds.money(terms.down_payment + share)
        self.balance = self.drawn - self.own
        self.equal = fraction(per_year(terms))
        self.rate = _rate_on(terms, self.begun)
        self.plan: Plan | None = None
        # Interest deferred while the level instalment ran, and while no principal was due.
        self.within, self.on_top = self.zero, self.zero
        self.charge = ZERO

    def steps(self) -> Iterator[Step]:
        """Go through the rows."""
        if self.own:
            yield self._down_payment()
        for period in self.periods:
            yield self._step(period)

    def _down_payment(self) -> Step:
        period = Period(0, self.begun, self.begun, 0, self.terms.day_count, 0, 1, "0")
        row = Row(
            number=0,
            due=self.begun,
            days=0,
            year_fraction=ZERO,
            opening=self.drawn,
            drawn=self.zero,
            principal=self.own,
            interest=self.zero,
            total=self.own,
            closing=self.balance,
            accrued=self.zero,
            deferred=self.zero,
            capitalised=self.zero,
        )
        return Step(row, period, (), ZERO, None)

    def _step(self, period: Period) -> Step:
        terms, number = self.terms, period.number
        drawn = [d for d in self.later if period.start <= d.date < period.due]
        changes = [c for c in terms.rates if period.start <= c.date < period.due]
        parts = self._parts(period, drawn, changes)
        opening = self.balance + sum((d.amount for d in drawn if d.date == period.start), ZERO)
        later = sum((d.amount for d in drawn if d.date > period.start), self.zero)
        owed = self.rounds.money(opening + later)
        if terms.method == "flat":
            parts = tuple(self._charges(period, drawn))
        waived = terms.method != "flat" and number <= terms.grace_waived
        accrued = ZERO if waived or not parts else accrual(parts)
        plan = None
        anew = changes and terms.method == "annuity"
        if drawn or anew or number in {1, terms.free + 1}:
            plan = self._planned(period, parts, owed, accrued)
            self.plan = plan or self.plan
        own = self._own_interest(number, accrued)
        row = self._row(period, owed, own, later)
        self.balance = row.closing
        return Step(row, period, parts, accrued, plan)

    def _parts(
        self, period: Period, drawn: Sequence[Drawdown], changes: Sequence[RateChange]
    ) -> tuple[Part, ...]:
        """Cut a period where the balance or the rate changes, and remember the rate at its end."""
        if not drawn and not changes:
            year = period.year(period.start, period.due)
            return (Part(period.start, period.due, self.balance, self.rate, year),)
        cuts = sorted({period.start, *(d.date for d in drawn), *(c.date for c in changes)})
        made = []
        for start, end in zip(cuts, [*cuts[1:], period.due], strict=True):
            balance = self.balance + sum((d.amount for d in drawn if d.date <= start), ZERO)
            self.rate = _rate_on(self.terms, start)
            made.append(Part(start, end, balance, self.rate, period.year(start, end)))
        return tuple(made)

    def _planned(
        self, period: Period, parts: Sequence[Part], owed: Decimal, accrued: Decimal
    ) -> Plan | None:
        terms, number = self.terms, period.number
        left, free = terms.instalments - number + 1, number <= terms.free
        if terms.method == "flat":
            bearing = min(left, terms.instalments - terms.grace_waived)
            repaying = min(left, terms.instalments - terms.free)
            ahead = FlatAhead(number, owed, self.charge, bearing, repaying, free)
            return plans.flat(terms, self.rounds, ahead)
        if free or terms.method == "bullet":
            return None
        if terms.method == "equal_principal":
            return plans.equal_principal(self.rounds, number, owed, left)
        return plans.level(terms, self.rounds, self._ahead(period, parts, owed, accrued))

    def _ahead(
        self, period: Period, parts: Sequence[Part], owed: Decimal, accrued: Decimal
    ) -> Ahead:
        """Return what an annuity has to repay, by the basis of its level instalment."""
        to_come, rate = self.periods[period.number :], self.rate / 100
        factors = self._borne(period, [rate * fraction(p.year(p.start, p.due)) for p in to_come])
        if self.terms.level_basis == "factors":
            return Ahead(period.number, owed, accrued, factors, accrued, factors)
        level = self._borne(period, [rate * self.equal] * len(to_come))
        days = sum((p.balance * p.rate_pct * (p.end - p.start).days for p in parts), ZERO)
        equal = days * self.equal / (100 * period.days) if accrued else ZERO
        return Ahead(period.number, owed, accrued, factors, equal, level)

    def _borne(self, period: Period, factors: Sequence[Decimal]) -> list[Decimal]:
        """Return the factors after a period, zero where interest is waived."""
        waived = self.terms.grace_waived - period.number
        return [ZERO if n < waived else factor for n, factor in enumerate(factors)]

    def _own_interest(self, number: int, accrued: Decimal) -> Decimal:
        """Return the interest of a period alone, rounded; of a flat loan its part of the charge."""
        if self.terms.method != "flat":
            return self.rounds.money(accrued)
        if number <= self.terms.grace_waived:
            return self.zero
        whole = self.rounds.money(self.charge)
        wanted = self.plan.interest if self.plan else None
        own = whole if number == self.terms.instalments else min(wanted or self.zero, whole)
        self.charge -= own
        return own

    def _row(self, period: Period, owed: Decimal, own: Decimal, later: Decimal) -> Row:
        terms, number = self.terms, period.number
        interest, capitalised, principal = own, self.zero, self.zero
        if number <= terms.grace_capitalised:
            interest, capitalised = self.zero, own
        elif number <= terms.grace_deferred:
            principal = self._principal(number, self.zero, owed)
            interest = self._deferred(number, own)
        else:
            principal = self._principal(number, own + self.within, owed)
            interest = own + self.within + self.on_top
            self.within, self.on_top = self.zero, self.zero
        return Row(
            number=number,
            due=period.due,
            days=period.days,
            year_fraction=fraction(period.year(period.start, period.due)),
            opening=owed - later,
            drawn=later,
            principal=principal,
            interest=interest,
            total=principal + interest,
            closing=owed + capitalised - principal,
            accrued=own,
            deferred=self.within + self.on_top,
            capitalised=capitalised,
        )

    def _deferred(self, number: int, own: Decimal) -> Decimal:
        if self.terms.method == "annuity" and number > self.terms.free:
            self.within += own
        else:
            self.on_top += own
        return self.zero

    def _principal(self, number: int, interest: Decimal, owed: Decimal) -> Decimal:
        """Return the principal of an instalment, given the interest that a level one has to cover."""
        if number == self.terms.instalments:
            return owed
        if number <= self.terms.free or self.plan is None:
            return self.zero
        wanted = self.plan.principal
        if wanted is None:
            wanted = (self.plan.total or self.zero) - interest
        return min(max(wanted, self.zero), owed)

    def _charges(self, period: Period, drawn: Sequence[Drawdown]) -> Iterator[Part]:
        """Add the flat interest on what is drawn in a period, each from its day to the end of the term."""
        if period.number == 1:
            drawn = [Drawdown(self.begun, self.balance), *drawn]
        for drawdown in drawn:
            day, years = drawdown.date, Fraction(0)
            for one in self.periods[self.terms.grace_waived :]:
                if one.due > day:
                    years += Fraction(*one.year(max(one.start, day), one.due))
            year = (years.numerator, years.denominator)
            part = Part(day, self.periods[-1].due, drawdown.amount, self.rate, year)
            self.charge += accrual((part,))
            yield part


def _rate_on(terms: Terms, day: dt.date) -> Decimal:
    """Return the rate a year in per cent that holds on a day."""
    rate = terms.annual_rate_pct
    for change in terms.rates:
        if change.date <= day:
            rate = change.annual_rate_pct
    return rate


def _refuse_standstill(terms: Terms, made: Sequence[Step]) -> None:
    """Refuse a schedule in which instalments that should repay principal repay none before the last one."""
    rows = [step.row for step in made if terms.free < step.row.number < terms.instalments]
    if rows and not any(row.principal for row in rows):
        first = rows[0]
        raise Impossible(
            f"These terms repay no principal before the last instalment: the instalment of {first.due} is "
            f"{first.total} and its interest {first.interest}. Choose fewer instalments, a lower rate, a finer step or "
            "a bullet loan."
        )
