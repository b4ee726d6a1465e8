"""The picture of a repayment schedule as an SVG: a bar for each instalment, a line for the balance; text stays text.

SVG 1.1 as browsers and printers read it (https://www.w3.org/TR/SVG11/), without script or style. Principal is plain,
interest is hatched, the balance is a line with dots: colour only repeats that. Every figure is in the table beside it.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import groupby
from types import MappingProxyType

from workflows.pictures.blocks import SMALL
from workflows.pictures.lettering import width
from workflows.pictures.picture import INK
from workflows.schedule import Row
from workflows.schedule.rounding import ARITHMETIC

# What the parts are called, unless it is said otherwise.
WORDS: Mapping[str, str] = MappingProxyType(
    {"principal": "principal", "interest": "interest", "balance": "balance"}
)
MOST_BARS = 60
WIDE, HIGH = 720, 368
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
_TOP, _FOOT, _GAP = 64, 316, 8
_GRID, _PRINCIPAL, _INTEREST, _BALANCE = "#c9d4e3", "#12305c", "#8a6508", "#a1221b"
_TICKS = 4
_LABELS = 12
_DOT = 2.5


@dataclass(frozen=True)
class Bar:
    """One bar: an instalment, or all of some years; ``balance`` is what is left after it."""

    label: str
    told: str
    principal: Decimal
    interest: Decimal
    balance: Decimal


@dataclass(frozen=True)
class _Scale:
    """How an amount becomes a height; ``step`` is the amount from one line of the grid to the next."""

    step: Decimal

    @classmethod
    def reaching(cls, most: Decimal) -> "_Scale":
        """Return a scale on which the amount fits, with round figures at the grid: 1, 2 or 5 and zeros."""
        wanted = most / _TICKS if most else Decimal(1)
        power = Decimal(1).scaleb(wanted.adjusted())
        return cls(next(n * power for n in (1, 2, 5, 10) if n * power >= wanted))

    def y(self, amount: Decimal) -> int:
        """Return the height at which an amount is drawn."""
        return _FOOT - round(amount / (self.step * _TICKS) * (_FOOT - _TOP))


def svg(rows: Sequence[Row], currency: str, words: Mapping[str, str] = WORDS) -> str:
    """Return the picture of a schedule in a currency (ISO 4217); the same rows always give the same bytes.

    ``words`` say what principal, interest and balance are called. More than sixty instalments are drawn by year, or by so many years that sixty bars are enough. A page has one such
    picture: the ids in it begin with ``schedule-``. Raises ``ValueError`` when there is no row.
    """
    if not rows:
        raise ValueError("A schedule without instalments cannot be drawn.")
    with localcontext(ARITHMETIC):
        return "\n".join([*_lines(rows, currency, words), "</svg>"]) + "\n"


def _lines(rows: Sequence[Row], currency: str, words: Mapping[str, str]) -> Iterator[str]:
    made = _made(rows, words)
    left = _Scale.reaching(max(bar.principal + bar.interest for bar in made))
    right = _Scale.reaching(max(rows[0].opening, *(bar.balance for bar in made)))
    sides = _sides(left, right)
    yield from _head(rows, made, currency, words)
    yield from _grid((left, right), sides)
    yield from _bars(made, left, sides)
    yield from _balance(made, right, sides)
    yield from _labels(made, sides)
    yield from _key(sides[0], words)


def _made(rows: Sequence[Row], words: Mapping[str, str]) -> tuple[Bar, ...]:
    """Return what is drawn as a bar: each row, or when there are many the rows of a year or of several."""
    if len(rows) <= MOST_BARS:
        return tuple(
            _bar(str(row.number), f"Instalment {row.number}", [row], words) for row in rows
        )
    first = rows[0].due.year
    years = -(-(rows[-1].due.year - first + 1) // MOST_BARS)
    made = []
    for number, found in groupby(rows, key=lambda row: (row.due.year - first) // years):
        begin = first + number * years
        label = str(begin) if years == 1 else f"{begin} to {begin + years - 1}"
        made.append(_bar(label, label, list(found), words))
    return tuple(made)


def _described(rows: Sequence[Row], currency: str, words: Mapping[str, str]) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    principal = sum((row.principal for row in rows), Decimal(0))
    interest = sum((row.interest for row in rows), Decimal(0))
    highest = max(rows, key=lambda row: row.total)
    return (
        f"{len(rows)} instalments from {rows[0].due} to {rows[-1].due}, in {currency}: "
        f"{words['principal']} {principal:,f} and {words['interest']} {interest:,f}. The highest, {highest.total:,f}, is due "
        f"on {highest.due}. The {words['balance']} begins at {rows[0].opening:,f} and ends at {rows[-1].closing:,f}. Every figure is in the table."
    )


def _bar(label: str, told: str, rows: Sequence[Row], words: Mapping[str, str]) -> Bar:
    principal = sum((row.principal for row in rows), Decimal(0))
    interest = sum((row.interest for row in rows), Decimal(0))
    balance = rows[-1].closing
    until = f"due {rows[-1].due}" if len(rows) == 1 else f"{len(rows)} instalments"
    parts = {"principal": principal, "interest": interest, "balance": balance}
    said = f"{told}, {until}: " + ", ".join(f"{words[n]} {one:,f}" for n, one in parts.items())
    return Bar(label, said, principal, interest, balance)


def _sides(left: _Scale, right: _Scale) -> tuple[int, int]:
    """Return where the bars begin and end, so that the widest figure beside them has room."""
    room = [width(f"{scale.step * _TICKS:,f}", SMALL) + 2 * _GAP for scale in (left, right)]
    return room[0], WIDE - room[1]


def _head(
    rows: Sequence[Row], made: Sequence[Bar], currency: str, words: Mapping[str, str]
) -> Iterator[str]:
    each = "each instalment" if len(made) == len(rows) else "the instalments of each bar"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-labelledby="schedule-title schedule-desc" font-family="{_FONT}" font-size="{SMALL}">'
    )
    yield (
        f'<title id="schedule-title">Repayment schedule: {words["principal"]} and {words["interest"]} of {each}, and the '
        f"{words['balance']}</title>"
    )
    yield f'<desc id="schedule-desc">{_escaped(_described(rows, currency, words))}</desc>'
    yield (
        '<defs><pattern id="schedule-interest" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="#fdf6e0"/><path d="M0 6L6 0" stroke="{_INTEREST}" stroke-width="1.6"/>'
        "</pattern></defs>"
    )
    yield f'<rect width="{WIDE}" height="{HIGH}" fill="#ffffff"/>'
    one = "Instalment" if len(made) == len(rows) else "Instalments"
    yield _text(f"{one}, {currency}", (_GAP, _TOP - 14))
    yield _text(f"{words['balance'].capitalize()}, {currency}", (WIDE - _GAP, _TOP - 14), "end")


def _grid(scales: tuple[_Scale, _Scale], sides: tuple[int, int]) -> Iterator[str]:
    """Draw the lines of the grid, with the instalment at their left and the balance at their right."""
    for tick in range(_TICKS + 1):
        amounts = [scale.step * tick for scale in scales]
        y = scales[0].y(amounts[0])
        yield f'<path d="M{sides[0]} {y}H{sides[1]}" stroke="{_GRID}"/>'
        yield _text(f"{amounts[0]:,f}", (sides[0] - _GAP, y + 4), "end")
        yield _text(f"{amounts[1]:,f}", (sides[1] + _GAP, y + 4))


def _bars(made: Sequence[Bar], scale: _Scale, sides: tuple[int, int]) -> Iterator[str]:
    """Draw each bar: principal below, interest on top of it."""
    for number, bar in enumerate(made):
        begin, end = _place(number, made, sides)
        wide = max(end - begin - 2, 2)
        between, top = scale.y(bar.principal), scale.y(bar.principal + bar.interest)
        yield f"<g><title>{_escaped(bar.told)}</title>"
        yield _rect((begin + 1, between), (wide, _FOOT - between), _PRINCIPAL)
        yield _rect((begin + 1, top), (wide, between - top), "url(#schedule-interest)")
        yield "</g>"


def _balance(made: Sequence[Bar], scale: _Scale, sides: tuple[int, int]) -> Iterator[str]:
    """Draw the line of the balance, with a dot after each instalment."""
    points = [
        (sum(_place(number, made, sides)) // 2, scale.y(bar.balance))
        for number, bar in enumerate(made)
    ]
    joined = "L".join(f"{x} {y}" for x, y in points)
    yield f'<path d="M{joined}" fill="none" stroke="#ffffff" stroke-width="4"/>'
    yield f'<path d="M{joined}" fill="none" stroke="{_BALANCE}" stroke-width="1.6"/>'
    for x, y in points:
        yield f'<circle cx="{x}" cy="{y}" r="{_DOT}" fill="{_BALANCE}" stroke="#ffffff"/>'


def _labels(made: Sequence[Bar], sides: tuple[int, int]) -> Iterator[str]:
    """Write below the bars which they are: all of them, or as many as there is room for."""
    room = max(width(bar.label, SMALL) for bar in made) + _GAP
    fit = max(min((sides[1] - sides[0]) // room, _LABELS), 1)
    every = -(-len(made) // fit)
    for number in range(0, len(made), every):
        middle = sum(_place(number, made, sides)) // 2
        yield _text(made[number].label, (middle, _FOOT + 18), "middle")


def _key(start: int, words: Mapping[str, str]) -> Iterator[str]:
    """Say what is what, each with its sign."""
    y = HIGH - 12
    yield _rect((start, y - 10), (14, 10), _PRINCIPAL)
    yield _text(words["principal"].capitalize(), (start + 20, y))
    yield _rect((start + 100, y - 10), (14, 10), "url(#schedule-interest)")
    yield _text(words["interest"].capitalize(), (start + 120, y))
    line = f"M{start + 190} {y - 5}H{start + 210}"
    yield f'<path d="{line}" stroke="{_BALANCE}" stroke-width="1.6"/>'
    yield f'<circle cx="{start + 200}" cy="{y - 5}" r="{_DOT}" fill="{_BALANCE}"/>'
    yield _text(
        f"{words['balance'].capitalize()} after it, by the scale at the right", (start + 216, y)
    )


def _place(number: int, made: Sequence[Bar], sides: tuple[int, int]) -> tuple[int, int]:
    """Return where the share of a bar in the width begins and ends."""
    wide = sides[1] - sides[0]
    return sides[0] + wide * number // len(made), sides[0] + wide * (number + 1) // len(made)


def _rect(at: tuple[int, int], size: tuple[int, int], fill: str) -> str:
    return f'<rect x="{at[0]}" y="{at[1]}" width="{size[0]}" height="{size[1]}" fill="{fill}"/>'


def _text(words: str, at: tuple[int, int], anchor: str = "start") -> str:
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{at[0]}" y="{at[1]}"{side} fill="{INK}">{_escaped(words)}</text>'


def _escaped(words: str) -> str:
    return html.escape(words, quote=True)
