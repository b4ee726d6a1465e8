"""Mistakes of a file, collected with their places: every one is named, each with its line, none twice."""

import difflib
import json
import re
import tomllib
from collections.abc import Collection, Sequence
from typing import Any

from workflows.format.lines import Lines, Place

LONGEST_SHOWN = 40
# Nobody mends more at once, and a text of a few hundred kilobytes can hold a hundred thousand.
MOST_MISTAKES = 500
MOST_LISTED = 30
# Below this likeness (difflib's ratio) a suggestion is a guess, not a help.
NEAR = 0.7
_TOML_LINE = re.compile(r"\(at line (\d+)")


class Malformed(ValueError):
    """A file with mistakes: ``mistakes`` lists every one up to ``MOST_MISTAKES``, with its line, its place and what was expected."""

    def __init__(self, name: str, mistakes: Sequence[str], lines: Sequence[int] = ()) -> None:
        self._sentences = tuple(mistakes)
        self._lines = tuple(lines)
        super().__init__(f"{name}: " + " ".join(self.mistakes))

    @property
    def mistakes(self) -> list[str]:
        """Return the mistakes in the order of their lines: "line 12: acts.approve: by: ..."."""
        return self._told("line {}: ", "")

    def of_file(self, file: object) -> list[str]:
        """Return the mistakes as editors and terminals find them: "FILE:12: acts.approve: by: ..."."""
        return self._told(f"{file}:{{}}: ", f"{file}: ")

    def _told(self, located: str, otherwise: str) -> list[str]:
        heads = [located.format(line) for line in self._lines] or [otherwise] * len(self._sentences)
        return [head + sentence for head, sentence in zip(heads, self._sentences, strict=True)]


class Reader:
    """Collects mistakes with their places."""

    def __init__(self) -> None:
        self._found: list[tuple[Place, str]] = []
        self._left_out = 0

    def wrong(self, place: Place, sentence: str, *, at: Place | None = None) -> None:
        """Collect a mistake; ``at`` is where to look for its line when that is not the place it is told of."""
        if len(self._found) == MOST_MISTAKES:
            self._left_out += 1
            return
        self._found.append((place if at is None else at, f"{told(place)}: {sentence}"))

    def refuse(self, name: str, source: str) -> None:
        """Raise ``Malformed`` with all mistakes in the order of the source's lines, when there are any."""
        if not self._found:
            return
        lines = Lines(source)
        found = dict.fromkeys((lines.of(place), sentence) for place, sentence in self._found)
        ordered = sorted(found, key=lambda mistake: mistake[0])
        if self._left_out:
            more = f"And {self._left_out:,} more: these are the first {MOST_MISTAKES}."
            ordered.append((source.count("\n") + 1, more))
        raise Malformed(name, [s for _, s in ordered], [line for line, _ in ordered])


def told(place: Place) -> str:
    """Return a place as people read it: "acts.approve: to[2].when"; counted from 1."""
    text = ""
    for depth, part in enumerate(place):
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif depth:
            text += f": {part}" if depth == 2 else f".{part}"  # noqa: PLR2004 - a table's name ends
        else:
            text = part
    return text or "the file"


def shown(value: Any) -> str:
    """Return a value of the file as a sentence quotes it, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def near(word: str, known: Collection[str]) -> str:
    """Return the end of a sentence about an unknown word: the nearest known one, else a full stop."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=NEAR)
    return f": did you mean {found[0]!r}?" if found else "."


def nearest(word: str, known: Collection[str]) -> str:
    """Return the end of a sentence about an unknown word: the nearest known one, else those there are."""
    end = near(word, known)
    if end != "." or not known:
        return end
    listed = ", ".join(list(known)[:MOST_LISTED])
    return f"; there are {listed}{', …' if len(known) > MOST_LISTED else ''}."


def not_toml(error: ValueError, name: str, source: str) -> Malformed:
    """Return the mistake of a text that is no TOML, at the line the reader of TOML names."""
    if not isinstance(error, tomllib.TOMLDecodeError):
        return Malformed(name, ["Not TOML: a number or a character that cannot be read."], [1])
    said = _TOML_LINE.search(str(error))
    line = int(said[1]) if said else source.rstrip("\n").count("\n") + 1
    return Malformed(name, [f"Not TOML: {error}."], [line])
