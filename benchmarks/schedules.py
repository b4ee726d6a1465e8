"""What exactness costs: repayment schedules to the cent, against a plain loop in binary floating point.

``python -m benchmarks.schedules``: 10,000 loans of 60 monthly instalments, each different, by actual days over 365. The peer
is the closed form of the level instalment and one multiplication a row, in floats, without dates, conventions or rounding:
the least that any program has to do, written here because no library of financial functions is a dependency. Batches
alternate and the best batch of each is taken, because a machine only ever adds time; figures are CPU time of this process.
Every published schedule of the tests is compared to the cent in the same run.
"""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from tests.workflows.schedule.published import PUBLISHED, drawdowns, printed, terms
from workflows.schedule import Drawdown, Terms, effective_rate, repayment_schedule, working

LOANS, BATCH, INSTALMENTS = 10_000, 500, 60
# CPU seconds: of a schedule, of a schedule with all its working, of an effective rate.
BARS = {"schedule": 0.002, "working": 0.005, "effective rate": 0.005}
BEGUN = dt.date(2026, 1, 31)
Loan = tuple[Terms, list[Drawdown]]


def main() -> None:
    """Measure and print."""
    loans = [_loan(number) for number in range(LOANS)]
    rows = [repayment_schedule(*loan) for loan in loans[:BATCH]]
    runs: dict[str, Callable[[int], object]] = {
        "peer": lambda n: _peer(loans[n]),
        "schedule": lambda n: repayment_schedule(*loans[n]),
    }
    best = _best(runs, range(LOANS))
    best |= _best({"working": lambda n: working(*loans[n])}, range(BATCH))
    best |= _best({"effective rate": lambda n: effective_rate(rows[n], loans[n][1])}, range(BATCH))
    print(f"{LOANS:,} loans of {INSTALMENTS} instalments, best batch of {BATCH}")
    print(f"{'float loop (the peer)':22} {best['peer'] * 1e3:8.3f} ms")
    for name, bar in BARS.items():
        held = "held" if best[name] <= bar else "MISSED"
        ratio = best[name] / best["peer"]
        figures = f"{best[name] * 1e3:8.3f} ms  ratio {ratio:7.1f}  (at most {bar * 1e3:.0f} ms)"
        print(f"{name:22} {figures}  {held}")
    _exact()


def _loan(number: int) -> Loan:
    """Return a loan that is like no other: amount, rate and first day differ."""
    rate = Decimal(300 + number % 900) / 100
    agreed = Terms("annuity", rate, INSTALMENTS, "ACT/365F", Decimal("0.01"))
    day = BEGUN + dt.timedelta(days=number % 365)
    return agreed, [Drawdown(day, Decimal(1_000_000 + 7919 * number) / 100)]


def _peer(loan: Loan) -> list[tuple[float, float, float]]:
    """Return principal, interest and balance of each instalment as floats."""
    agreed, (drawdown,) = loan
    rate, balance = float(agreed.annual_rate_pct) / 1200, float(drawdown.amount)
    level = balance * rate / (1 - (1 + rate) ** -INSTALMENTS)
    made = []
    for _ in range(INSTALMENTS):
        interest = balance * rate
        balance -= level - interest
        made.append((level - interest, interest, balance))
    return made


def _best(runs: dict[str, Callable[[int], object]], numbers: Sequence[int]) -> dict[str, float]:
    """Return the CPU seconds of one call in the best batch of each run; batches alternate."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for first in range(0, len(numbers), BATCH):
        batch = numbers[first : first + BATCH]
        for name, run in runs.items():
            began = time.process_time()
            for number in batch:
                run(number)
            found[name].append((time.process_time() - began) / len(batch))
    return {name: min(times) for name, times in found.items()}


def _exact() -> None:
    """Compare every published schedule to the cent."""
    wrong = [
        case["id"]
        for case in PUBLISHED["cases"]
        if printed(repayment_schedule(terms(case), drawdowns(case)), case) != case["rows"]
    ]
    held = "held" if not wrong else f"MISSED: {', '.join(wrong)}"
    print(f"{len(PUBLISHED['cases'])} published schedules, to the cent  {held}")


if __name__ == "__main__":
    main()
