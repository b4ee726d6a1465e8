"""Decimal arithmetic of its own, and rounding to whole steps of money."""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Final, cast

# A context of our own: a schedule may not depend on what the calling thread did to its decimal context.
ARITHMETIC: Final = Context(prec=50, rounding=ROUND_HALF_EVEN)
MODES: Final = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP}
ZERO: Final = Decimal(0)

Round = Callable[[Decimal], Decimal]


def to_steps(step: Decimal, mode: str, money_step: Decimal) -> Round:
    """Return what rounds an amount to whole steps, written with the decimals of the money step."""
    exponent = cast("int", money_step.normalize().as_tuple().exponent)
    written = Decimal(1).scaleb(min(exponent, 0))
    if step == written:
        return lambda amount: amount.quantize(written, mode)
    return lambda amount: ((amount / step).to_integral_value(mode) * step).quantize(written)
