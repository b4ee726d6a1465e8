"""The kinds of values a definition is made of: each reads a value strictly, describes itself to editors and to people.

What a loader reads, what the JSON Schema (https://json-schema.org/draft/2020-12/schema) says and what the reference table
shows come from the same shape, so they cannot differ.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.format.lines import Place
from workflows.format.reading import Reader, near, nearest, shown

Schema = dict[str, Any]
Words = Mapping[str, str]

NAME = "[A-Za-z][A-Za-z0-9_-]*"
# Line breaks and tabs may stand in a text, other control characters may not: no database or page takes them.
TEXT = r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*"
FULL_TEXT = TEXT + r"[^\u0000-\u0020\u007f]" + TEXT
LONGEST = 500


class Shape(ABC):
    """A kind of value: ``told`` says what is expected, ``blank`` stands for a value that is not in order."""

    blank: Any = None

    @property
    @abstractmethod
    def told(self) -> str:
        """Return in words what is expected."""

    @property
    def brief(self) -> str:
        """Return what is expected in a few words, for a table."""
        return self.told

    @abstractmethod
    def fits(self, value: Any) -> bool:
        """Tell whether a value is of this kind; what it holds may still be wrong."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""

    def read(self, value: Any, place: Place, reader: Reader) -> Any:
        """Read a value, collecting what is wrong with it."""
        if self.fits(value):
            return self.held(value, place, reader)
        reader.wrong(place, f"expected {self.told}, found {shown(value)}.")
        return self.blank

    def held(self, value: Any, place: Place, reader: Reader) -> Any:  # noqa: ARG002 - others look inside
        """Read what a value of this kind holds."""
        return value


@dataclass(frozen=True)
class Text(Shape):
    """Words for people; ``empty`` allows none."""

    empty: bool = False
    blank = ""

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return "a text"

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a text without control characters."""
        form = TEXT if self.empty else FULL_TEXT
        return isinstance(value, str) and bool(re.fullmatch(form, value))

    def held(self, value: Any, place: Place, reader: Reader) -> Any:
        """Refuse a text that no page has room for."""
        if len(value) > LONGEST:
            reader.wrong(place, f"expected at most {LONGEST} characters, found {len(value):,}.")
        return value

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        form = TEXT if self.empty else FULL_TEXT
        return {"type": "string", "maxLength": LONGEST, "pattern": f"^{form}$"}


@dataclass(frozen=True)
class Name(Shape):
    """The name of something declared; ``offered`` are names that are there without being declared."""

    most: int = 60
    offered: Words | None = None
    what: str = "a name"
    form: str = NAME
    blank = ""

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        form = f"(letters, digits, _ and -, beginning with a letter, at most {self.most})"
        return f"{self.what} {form}"

    @property
    def brief(self) -> str:
        """Return what is named."""
        return self.what

    def fits(self, value: Any) -> bool:
        """Tell whether a value has the form of a name."""
        formed = isinstance(value, str) and re.fullmatch(self.form, value)
        return bool(formed) and len(value) <= self.most

    def schema(self) -> Schema:
        """Return the JSON Schema of the values; the names on offer are there for editors to complete."""
        form = {"type": "string", "pattern": f"^{self.form}$", "maxLength": self.most}
        if self.offered is None:
            return form
        return {"anyOf": [*constants(self.offered), form]}


@dataclass(frozen=True)
class Word(Shape):
    """One of a closed list of words, each with its meaning."""

    words: Words
    called: str = ""
    blank = ""

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return "one of " + ", ".join(f'"{word}"' for word in self.words)

    @property
    def brief(self) -> str:
        """Return what the words are called, else the words."""
        return f"a word of “{self.called}” below" if self.called else self.told

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a text; which one, `held` looks at."""
        return isinstance(value, str)

    def held(self, value: Any, place: Place, reader: Reader) -> Any:
        """Read one of the words."""
        if value in self.words:
            return value
        known = [word for word in self.words if word]
        if self.called:
            reader.wrong(place, f"no {self.called} is called {value!r}{nearest(value, known)}")
        else:
            listed = ", ".join(known)
            reader.wrong(place, f"{value!r} is not one of {listed}{near(value, known)}")
        return self.blank

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "string", "oneOf": constants(self.words)}


@dataclass(frozen=True)
class Guard(Word):
    """A guard of the program, or ``switch:NAME`` for a rule that a scheme switches on."""

    called: str = "guard"
    switch: str = "switch:"

    def held(self, value: Any, place: Place, reader: Reader) -> Any:
        """Read a guard; whether the switch is declared is seen later."""
        if re.fullmatch(self.switch + NAME, value):
            return value
        return super().held(value, place, reader)

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        declared = {
            "pattern": f"^{self.switch}{NAME}$",
            "description": "A rule declared under [switches].",
        }
        return {"type": "string", "anyOf": [*constants(self.words), declared]}


@dataclass(frozen=True)
class Number(Shape):
    """A whole number from ``least`` to ``most``."""

    least: int
    most: int
    blank = 0

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return f"a whole number from {self.least} to {self.most}"

    def fits(self, value: Any) -> bool:
        """Tell whether a value is such a number; true and false are none."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole and self.least <= value <= self.most

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Flag(Shape):
    """True or false."""

    blank = False

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return "true or false"

    def fits(self, value: Any) -> bool:
        """Tell whether a value is one of both."""
        return isinstance(value, bool)

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "boolean"}


@dataclass(frozen=True)
class Amount(Shape):
    """An amount in units of the currency, written as text so that it is exact."""

    form: str = r"[0-9]{1,15}(\.[0-9]{1,2})?"

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return 'an amount as text, such as "100000.00"'

    def fits(self, value: Any) -> bool:
        """Tell whether a value has the form of an amount."""
        return isinstance(value, str) and bool(re.fullmatch(self.form, value, re.ASCII))

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "string", "pattern": f"^{self.form}$"}


def constants(words: Words) -> list[Schema]:
    """Return the JSON Schema of each word, with its meaning."""
    return [
        {"const": word, **({"description": meaning} if meaning else {})}
        for word, meaning in words.items()
    ]
