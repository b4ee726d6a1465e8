"""Words and figures on paper: what is refused, what is made uniform, how money and days are written."""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.letters.render.letter import KINDS, Letter

MAX_CHARACTERS: Final = 300
MAX_ITEMS: Final = 480
# What stands in the address window cannot run over to the next page; reasons and notes can.
CHARACTERS: Final[Mapping[str, int]] = {
    "enterprise": 200,
    "contact_name": 120,
    "address_lines": 80,
    "registry_number": 60,
    "note": 4000,
    "how_to_ask_again": 4000,
    "conditions": 1500,
    "sentence": 1000,
    "purpose": 1000,
    "reason": 1000,
    "changes": 1000,
}
ITEMS: Final[Mapping[str, int]] = {"address_lines": 6}
# After NFC, Vietnamese, Tamil and vocalised Jawi need at most two combining marks on one letter.
MAX_STACKED_MARKS: Final = 3

NO_BREAK_SPACE: Final = "\u00a0"
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# Signs that reorder or hide text without showing: a name must read on paper as it was checked on screen.
_INVISIBLE: Final[Mapping[int, str | None]] = dict.fromkeys(
    [0x000D, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF]
) | {0x0009: " "}


class UnprintableText(ValueError):
    """The letter holds characters that cannot be shown; the message names each of them."""

    @classmethod
    def naming(cls, characters: set[str]) -> "UnprintableText":
        """Build the error with the code point and Unicode name of every character."""
        named = (f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in sorted(characters))
        return cls("No letter can show " + ", ".join(named))


def checked(letter: Letter) -> Letter:
    """Return `letter` with its text in NFC, without invisible signs that reorder text.

    Raises ValueError for a kind that does not fit its body or language, and for fields and lists that are
    too long; UnprintableText for a pile of combining marks.
    """
    if letter.language != "en":
        raise ValueError(f"No letters are written in {letter.language!r}")
    if KINDS.get(letter.kind) is not type(letter.body):
        raise ValueError(
            f"A letter of kind {letter.kind!r} has no body {type(letter.body).__name__}"
        )
    clean: Letter = _clean(letter, "letter")
    return clean


def figures(amount: Decimal, decimals: int) -> str:
    """Write an amount in major units with its currency's decimals: 120,000.00 or 900,000,000.

    Raises ValueError for a negative, infinite or too fine amount; rounding belongs to whoever decided.
    """
    if not amount.is_finite() or amount < 0 or amount != round(amount, decimals):
        raise ValueError(f"{amount} is no amount of money with {decimals} decimals")
    return f"{amount:,.{decimals}f}"


def money(amount: Decimal, currency: str, decimals: int) -> str:
    """Write an amount behind its ISO 4217 code, never broken between lines: MYR 120,000.00."""
    return f"{currency}{NO_BREAK_SPACE}{figures(amount, decimals)}"


def day(date_: date) -> str:
    """Write a local day as in 3 March 2026, whatever the locale of the process."""
    return NO_BREAK_SPACE.join((str(date_.day), MONTHS[date_.month - 1], str(date_.year)))


def percent(rate: Decimal) -> str:
    """Write a rate given in per cent without idle zeros: 5.25%."""
    return f"{rate.normalize():f}%"


def _clean(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return _clean_text(value, name)
    if isinstance(value, tuple):
        if len(value) > (most := ITEMS.get(name, MAX_ITEMS)):
            raise ValueError(f"{name} has {len(value)} entries; a letter takes {most}")
        return tuple(_clean(each, name) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: getattr(value, each.name) for each in fields(value)}
        return replace(value, **{part: _clean(parts[part], part) for part in parts})
    return value


def _clean_text(text: str, name: str) -> str:
    if len(text) > (most := CHARACTERS.get(name, MAX_CHARACTERS)):
        raise ValueError(f"{name} has {len(text)} characters; a letter takes {most}")
    text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > MAX_STACKED_MARKS:
            raise UnprintableText.naming({character})
    return text
