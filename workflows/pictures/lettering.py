"""How wide a text is drawn, and where it is broken: an estimate on the safe side, for pictures without a font at hand."""

import unicodedata

_NARROW = frozenset("iljtfrI.,;:'|!()[]{} \u00a0·-“”`")
_WIDE = frozenset("mwMW@%—…→↻")
# Shares of the type size. Bold type is wider; so are the fonts a reader may have in place of ours.
_SHARES = {"narrow": 0.31, "plain": 0.57, "capital": 0.68, "wide": 0.92, "full": 1.05}
_BOLD = 1.06
# From here on scripts have no small letters; from there on, pictures and rare ideographs.
_TALL = 0x0590
_PICTURES = 0x1_0000
ELLIPSIS = "…"


def width(text: str, size: int, *, bold: bool = False) -> int:
    """Return the width of a text in pixels, rounded up, at a type size in pixels."""
    found = sum(_SHARES[_kind(char)] for char in text if not unicodedata.combining(char)) * size
    return int(found * (_BOLD if bold else 1)) + 1


def wrapped(text: str, size: int, room: int, *, bold: bool = False, most: int = 4) -> list[str]:
    """Return a text in lines no wider than the room in pixels, broken at plain spaces; what does not fit in ``most`` lines ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in (
        part for whole in text.split(" ") for part in _parts(whole, size, room, bold=bold)
    ):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold=bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last + ELLIPSIS, size, bold=bold) > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip() + ELLIPSIS]


def _parts(word: str, size: int, room: int, *, bold: bool) -> list[str]:
    """Break a word that is wider than the room, behind a stroke if it has one there."""
    parts = [""]
    for char in word:
        if parts[-1] and width(parts[-1] + char, size, bold=bold) > room:
            head, stroke, tail = parts[-1].rpartition("_")
            parts[-1:] = [head + stroke, tail] if head else [parts[-1], ""]
        parts[-1] += char
    return parts


def _kind(char: str) -> str:
    if unicodedata.east_asian_width(char) in "WF" or ord(char) >= _PICTURES:
        return "full"
    if char in _NARROW:
        return "narrow"
    if char in _WIDE:
        return "wide"
    return "capital" if char.isupper() or ord(char) >= _TALL else "plain"
