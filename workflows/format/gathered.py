"""Shapes that hold others: tables, lists, and values that may be of one kind or another."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workflows.format.lines import Place
from workflows.format.reading import Reader, nearest, shown
from workflows.format.shapes import Name, Schema, Shape, Words

REQUIRED = object()


@dataclass(frozen=True)
class Key:
    """A key of a table: its name, the kind of its value, what it means; without a default it must be there."""

    name: str
    shape: Shape
    about: str
    default: Any = REQUIRED

    @property
    def required(self) -> bool:
        """Tell whether the key must be there."""
        return self.default is REQUIRED


@dataclass(frozen=True)
class Table(Shape):
    """A table with known keys; ``told`` is how an example of it looks."""

    example: str
    keys: tuple[Key, ...]

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return self.example

    @cached_property
    def names(self) -> dict[str, Key]:
        """Return the keys by name."""
        return {key.name: key for key in self.keys}

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a table."""
        return isinstance(value, dict)

    def held(self, value: Any, place: Place, reader: Reader) -> dict[str, Any]:
        """Read every key; an unknown one and one that is missing are mistakes. A missing one has its default."""
        for name in value:
            if name not in self.names:
                sentence = f"unknown key {name!r}{nearest(name, self.names)}"
                reader.wrong(place, sentence, at=(*place, name))
        return {key.name: self._key(key, value, place, reader) for key in self.keys}

    def _key(self, key: Key, value: dict[str, Any], place: Place, reader: Reader) -> Any:
        here = (*place, key.name)
        if key.name in value:
            return key.shape.read(value[key.name], here, reader)
        if key.required:
            reader.wrong(here, f"missing; expected {key.shape.told}.")
            return key.shape.blank
        return key.default

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {
            "type": "object",
            "properties": {key.name: _described(key) for key in self.keys},
            "required": [key.name for key in self.keys if key.required],
            "additionalProperties": False,
        }


def _described(key: Key) -> Schema:
    return {"description": key.about, **key.shape.schema()}


@dataclass(frozen=True)
class Names(Shape):
    """A list of names or words, each once; one alone may stand without the brackets."""

    item: Shape
    least: int = 0
    blank = ()

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        many = f"a list of at least {self.least}" if self.least > 1 else "a list"
        return f"{self.item.told}, or {many}"

    @property
    def brief(self) -> str:
        """Return what is listed."""
        return f"{self.item.brief}, or a list"

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a list that is long enough, or one name where one is enough."""
        alone = isinstance(value, str) and self.least <= 1
        return alone or (isinstance(value, list) and len(value) >= self.least)

    def held(self, value: Any, place: Place, reader: Reader) -> tuple[str, ...]:
        """Read every name; those that are wrong are left out."""
        if isinstance(value, str):
            return tuple(filter(None, [self.item.read(value, place, reader)]))
        found: dict[str, None] = {}
        for number, member in enumerate(value):
            here = (*place, number)
            if isinstance(member, str) and member in found:
                reader.wrong(place, f"{shown(member)} is named twice.", at=here)
            else:
                found[self.item.read(member, here, reader)] = None
        return tuple(filter(None, found))

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        item = self.item.schema()
        listed = {"type": "array", "items": item, "minItems": self.least, "uniqueItems": True}
        return {"anyOf": [item, listed]} if self.least <= 1 else listed


@dataclass(frozen=True)
class Rights(Shape):
    """Who: a table of things and the duties each is for."""

    things: Words
    duties: Names
    blank = {}

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return "a table of things and duties"

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a table."""
        return isinstance(value, dict)

    def held(self, value: Any, place: Place, reader: Reader) -> dict[str, tuple[str, ...]]:
        """Read the duties of each thing."""
        found = {}
        for thing, duties in value.items():
            here = (*place, thing)
            if thing in self.things:
                found[thing] = self.duties.read(duties, here, reader)
                continue
            sentence = f"no thing is called {thing!r}{nearest(thing, self.things)}"
            reader.wrong(place, sentence, at=here)
        return found

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        properties = {
            thing: {"description": about, **self.duties.schema()}
            for thing, about in self.things.items()
        }
        return {"type": "object", "properties": properties, "additionalProperties": False}


@dataclass(frozen=True)
class Named(Shape):
    """A table whose keys are names and whose values are all of one kind; ``taken`` are names it may not have."""

    name: Name
    item: Shape
    example: str
    least: int = 0
    taken: tuple[str, ...] = ()
    why: str = ""
    blank = {}

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return self.example

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a table with enough in it."""
        return isinstance(value, dict) and len(value) >= self.least

    def held(self, value: Any, place: Place, reader: Reader) -> dict[str, Any]:
        """Read every value under its name; what is not even a table where one is expected is left out."""
        found = {}
        for name, item in value.items():
            here = (*place, name)
            if not self.name.fits(name):
                reader.wrong(here, f"expected {self.name.told}.")
            elif name in self.taken:
                reader.wrong(here, f"{name!r} {self.why}.")
            read = self.item.read(item, here, reader)
            if read is not None:
                found[name] = read
        return found

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        names = self.name.schema()
        if self.taken:
            names["not"] = {"enum": list(self.taken)}
        return {
            "type": "object",
            "propertyNames": names,
            "additionalProperties": self.item.schema(),
            "minProperties": self.least,
        }


@dataclass(frozen=True)
class Listed(Shape):
    """A list of values of one kind, at least one."""

    item: Shape
    example: str
    blank = ()

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return self.example

    def fits(self, value: Any) -> bool:
        """Tell whether a value is a list with something in it."""
        return isinstance(value, list) and bool(value)

    def held(self, value: Any, place: Place, reader: Reader) -> tuple[Any, ...]:
        """Read every member; one that is not of the kind is left out."""
        read = [self.item.read(item, (*place, n), reader) for n, item in enumerate(value)]
        return tuple(found for found in read if found is not None)

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"type": "array", "items": self.item.schema(), "minItems": 1}


@dataclass(frozen=True)
class Only(Shape):
    """One word alone."""

    word: str

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return f'"{self.word}"'

    def fits(self, value: Any) -> bool:
        """Tell whether a value is the word."""
        return bool(value == self.word)

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"const": self.word}


@dataclass(frozen=True)
class Either(Shape):
    """A value of the first of several kinds that it fits."""

    kinds: tuple[Shape, ...]

    @property
    def told(self) -> str:
        """Return in words what is expected."""
        return " or ".join(kind.told for kind in self.kinds)

    @property
    def brief(self) -> str:
        """Return the kinds in a few words."""
        return " or ".join(kind.brief for kind in self.kinds)

    def fits(self, value: Any) -> bool:
        """Tell whether a value is of one of the kinds."""
        return any(kind.fits(value) for kind in self.kinds)

    def held(self, value: Any, place: Place, reader: Reader) -> Any:
        """Read a value as the kind it fits."""
        return next(kind for kind in self.kinds if kind.fits(value)).read(value, place, reader)

    def schema(self) -> Schema:
        """Return the JSON Schema of the values."""
        return {"anyOf": [kind.schema() for kind in self.kinds]}
