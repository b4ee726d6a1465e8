"""On which line of a TOML text a key stands: what `tomllib` reads, but does not tell.

The text has been read as TOML before; what would not be TOML is not looked for here.
"""

import re
import tomllib
from dataclasses import dataclass

# Names of keys, and numbers (from 0) of the members of lists.
Place = tuple[str | int, ...]

_TOKEN = re.compile(
    r'''
    (?P<string> """(?:[^\\]|\\.)*?"{3,5} | \'\'\'.*?'{3,5} | "(?:[^"\\\n]|\\.)*" | '[^'\n]*' )
  | (?P<comment> \#[^\n]* )
  | (?P<newline> \n )
  | (?P<mark> [\[\]{},=] )
  | (?P<bare> [^\s\[\]{},=\#"']+ )
    ''',
    re.VERBOSE | re.DOTALL,
)

# No key of a definition has more than five parts; reading one of thousands takes minutes and gigabytes.
DEEPEST = 16
_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{{DEEPEST}}}")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


class Lines:
    """Where each key and each member of a list stands in a TOML text."""

    def __init__(self, source: str) -> None:
        self._at: dict[Place, int] = {(): 1}
        self._members: dict[Place, int] = {}
        self._tokens = _tokens(source)
        self._next = 0
        self._text()

    def of(self, place: Place) -> int:
        """Return the line of a place, counted from 1; of something that is not there, the line of what would hold it."""
        while place not in self._at:
            place = place[:-1]
        return self._at[place]

    def _look(self) -> str:
        """Return the next token's text, or its kind where the text is a matter of its own; empty at the end."""
        if self._next == len(self._tokens):
            return ""
        token = self._tokens[self._next]
        return token.text if token.kind == "mark" else token.kind

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _text(self) -> None:
        table: Place = ()
        while found := self._look():
            if found == "newline":
                self._take()
            elif found == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Place:
        """Read ``[table]`` or ``[[list of tables]]`` and return the place of what stands below it."""
        self._take()
        listed = self._look() == "["
        if listed:
            self._take()
        names, line = self._key("]")
        if listed:
            self._take()
        place: Place = ()
        for name in names[:-1]:
            place = (*place, name)
            if place in self._members:
                place = (*place, self._members[place] - 1)
        place = (*place, names[-1])
        if listed:
            number = self._members.get(place, 0)
            self._members[place] = number + 1
            place = (*place, number)
        self._record(place, line)
        return place

    def _pair(self, table: Place) -> None:
        names, line = self._key("=")
        place = (*table, *names)
        self._record(place, line)
        self._value(place)

    def _key(self, end: str) -> tuple[list[str], int]:
        """Read a key up to and with the mark that ends it: its dotted parts and its line."""
        line = self._tokens[self._next].line
        names: list[str] = []
        while (token := self._take()).text != end or token.kind != "mark":
            if token.kind == "string":
                names.append(_unquoted(token.text))
            else:
                names += [part for part in token.text.split(".") if part]
        return names, line

    def _value(self, place: Place) -> None:
        opened = self._take().text
        if opened == "[":
            self._list(place)
        elif opened == "{":
            self._inline(place)
        while self._look() == "bare":  # the time of a day, which may follow a blank
            self._take()

    def _list(self, place: Place) -> None:
        number = 0
        while (found := self._look()) != "]":
            if found in {"newline", ","}:
                self._take()
                number += found == ","
                continue
            member = (*place, number)
            self._record(member, self._tokens[self._next].line)
            self._value(member)
        self._take()

    def _inline(self, place: Place) -> None:
        while (found := self._look()) != "}":
            if found in {"newline", ","}:
                self._take()
                continue
            self._pair(place)
        self._take()

    def _record(self, place: Place, line: int) -> None:
        """Note the line of a place, and of what holds it where that was not named before."""
        for depth in range(1, len(place) + 1):
            self._at.setdefault(place[:depth], line)


def too_deep(source: str) -> int | None:
    """Return the line of a key with more parts than a definition can have, before anything else reads the text."""
    found = _DEEP.search(source)
    return source.count("\n", 0, found.start()) + 1 if found else None


def _tokens(source: str) -> list[_Token]:
    found, line = [], 1
    for match in _TOKEN.finditer(source):
        kind, text = str(match.lastgroup), match[0]
        if kind != "comment":
            found.append(_Token(kind, text, line))
        line += text.count("\n")
    return found


def _unquoted(text: str) -> str:
    return str(tomllib.loads(f"key = {text}")["key"])
