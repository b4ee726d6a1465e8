"""Reading tables of a TOML file strictly: what is wrong is collected with its place, never raised one by one."""

from collections.abc import Iterator
from typing import Any


class Reader:
    """Reads tables strictly and collects every mistake with its place."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def tables(self, raw: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
        found = raw.get(key)
        if not isinstance(found, dict) or not found:
            self.mistakes.append(f"{key}: expected at least one table [{key}.NAME].")
            return
        for name, table in found.items():
            if isinstance(table, dict):
                yield name, table
            else:
                self.mistakes.append(f"{key}.{name}: expected a table.")

    def known(self, table: dict[str, Any], place: str, keys: set[str]) -> None:
        self.mistakes += [f"{place}: unknown key {key!r}." for key in table if key not in keys]

    def text(self, table: dict[str, Any], key: str, place: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if isinstance(value, str) and (value or default is not None):
            return value
        self.mistakes.append(f"{place}: {key} must be a text.")
        return ""

    def number(self, table: dict[str, Any], key: str, place: str) -> int:
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.mistakes.append(f"{place}: {key} must be a whole number above 0.")
        return 0

    def flag(self, table: dict[str, Any], key: str, place: str) -> bool:
        value = table.get(key, False)
        if isinstance(value, bool):
            return value
        self.mistakes.append(f"{place}: {key} must be true or false.")
        return False

    def choice(self, value: str, allowed: frozenset[str], place: str) -> str:
        if value not in allowed:
            self.mistakes.append(f"{place}: {value!r} is not one of {', '.join(sorted(allowed))}.")
        return value

    def names(self, table: dict[str, Any], key: str, place: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.mistakes.append(f"{place}: {key} must be a list of names.")
        return ()
