"""Reading tables of a TOML file strictly: what is wrong is collected with its place, never raised one by one."""

from collections.abc import Collection, Iterator
from typing import Any


class Malformed(ValueError):
    """A definition with mistakes: ``mistakes`` lists every one, with its place and what was expected."""

    def __init__(self, name: str, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__(f"{name}: " + " ".join(mistakes))


class Reader:
    """Reads tables strictly and collects every mistake with its place."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def wrong(self, place: str, sentence: str) -> None:
        """Collect a mistake; ``place`` is the dotted path in the file."""
        self.mistakes.append(f"{place}: {sentence}")

    def tables(
        self, raw: dict[str, Any], key: str, *, least: int = 1
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Go through the named tables under a key; ``least`` is how many there must be."""
        found = raw.get(key, {})
        if not isinstance(found, dict) or len(found) < least:
            self.wrong(key, f"expected at least one table [{key}.NAME].")
            return
        for name, table in found.items():
            if isinstance(table, dict):
                yield name, table
            else:
                self.wrong(f"{key}.{name}", "expected a table.")

    def known(self, table: dict[str, Any], place: str, keys: Collection[str]) -> None:
        """Say which keys of a table nobody knows."""
        for key in table:
            if key not in keys:
                self.wrong(place, f"unknown key {key!r}.")

    def text(self, table: dict[str, Any], key: str, place: str, default: str | None = None) -> str:
        """Read a text; without a default it must be there and not empty."""
        value = table.get(key, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        self.wrong(place, f"{key} must be a text.")
        return ""

    def number(
        self, table: dict[str, Any], key: str, place: str, default: int | None = None
    ) -> int:
        """Read a whole number above 0; the default, when there is one, may be 0."""
        value = table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and (value > 0 or key not in table):
            return value
        self.wrong(place, f"{key} must be a whole number above 0.")
        return 0

    def flag(self, table: dict[str, Any], key: str, place: str) -> bool:
        """Read true or false; what is not there is false."""
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self.wrong(place, f"{key} must be true or false.")
        return False

    def choice(self, value: str, allowed: Collection[str], place: str) -> str:
        """Read one of the words that are allowed."""
        if value not in allowed:
            self.wrong(place, f"{value!r} is not one of {', '.join(sorted(allowed))}.")
        return value

    def option(
        self, table: dict[str, Any], key: str, place: str, allowed: Collection[str], default: str
    ) -> str:
        """Read one of the words that are allowed, or the default when the key is not there."""
        return self.choice(self.text(table, key, place, default=default), allowed, f"{place}.{key}")

    def names(self, table: dict[str, Any], key: str, place: str) -> tuple[str, ...]:
        """Read a list of names; a text alone is a list of one."""
        value = table.get(key, [])
        if isinstance(value, str) and value:
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(place, f"{key} must be a list of names.")
        return ()

    def labels(self, table: dict[str, Any], key: str, place: str) -> dict[str, str]:
        """Read a table of names and their labels."""
        value = table.get(key, {})
        if isinstance(value, dict) and all(
            isinstance(text, str) and text for text in value.values()
        ):
            return dict(value)
        self.wrong(place, f"{key} must be a table of names and labels.")
        return {}
