"""Reading a scheme: its TOML text into frozen records, strictly, with every mistake named at once."""

import hashlib
import re
import tomllib
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from app.schemes.compose.checking import inconsistent, unpublishable
from app.schemes.compose.terms import SchemeTerms
from workflows.format.reading import Malformed


@cache
def scheme_terms(source: str) -> SchemeTerms:
    """Read a scheme's text; raises ``workflows.format.reading.Malformed`` with all mistakes. An unknown key is one."""
    terms = as_written(source)
    found = inconsistent(terms)
    if found:
        raise Malformed(terms.code, found)
    return terms


def publishable_terms(source: str) -> SchemeTerms:
    """Read the text of a scheme that is to be published; raises ``Malformed`` also with what it still lacks for that."""
    terms = as_written(source)
    found = [*inconsistent(terms), *unpublishable(terms)]
    if found:
        raise Malformed(terms.code, found)
    return terms


def as_written(source: str) -> SchemeTerms:
    """Read a text as records; whether they hold together is not looked at. Raises ``Malformed`` for what is no record."""
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("scheme", [f"Not TOML: {error}."]) from error
    found = ["digest: unknown key."] if "digest" in raw else []
    digest = hashlib.sha256(source.encode()).hexdigest()
    terms = _build(SchemeTerms, {**raw, "digest": digest}, "", found)
    if found:
        raise Malformed(str(raw.get("code", "scheme")), found)
    return typing.cast("SchemeTerms", terms)


def _build(kind: Any, table: Any, place: str, found: list[str]) -> Any:
    if not isinstance(table, dict):
        found.append(f"{place or 'the file'}: expected a table.")
        return None
    known = {entry.name: entry for entry in fields(kind)}
    hints = _hints(kind)
    dot = f"{place}." if place else ""
    found += [f"{dot}{key}: unknown key." for key in table if key not in known]
    values = {}
    for name, entry in known.items():
        if name in table:
            values[name] = _value(hints[name], table[name], dot + name, found)
        elif entry.default is MISSING and entry.default_factory is MISSING:
            found.append(f"{dot}{name}: missing.")
            values[name] = None
    return kind(**values)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _value(hint: Any, value: Any, place: str, found: list[str]) -> Any:
    if isinstance(hint, types.UnionType):
        hint = _chosen(typing.get_args(hint), value)
    shape = typing.get_origin(hint) or hint
    if shape in _GATHERED and isinstance(value, _GATHERED[shape]):
        return _gathered(typing.get_args(hint), value, place, found)
    if is_dataclass(hint):
        return _build(hint, value, place, found)
    if hint is Decimal:
        return _decimal(value, place, found)
    if not isinstance(value, shape) or (hint is int and isinstance(value, bool)):
        found.append(f"{place}: expected {_NAMES.get(shape, shape.__name__)}.")
        return shape() if shape in _NAMES else value
    return value


# No more digits than an amount or a rate has: neither "NaN" nor "1e99" is one.
_AMOUNT = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,6})?", re.ASCII)
_GATHERED: dict[Any, type] = {tuple: list, dict: dict}


def _gathered(inner: tuple[Any, ...], value: Any, place: str, found: list[str]) -> Any:
    """Read what a list or a table holds."""
    if isinstance(value, list):
        return tuple(_value(inner[0], item, f"{place}[{n}]", found) for n, item in enumerate(value))
    if inner[1] is Any:
        return value
    return {name: _value(inner[1], item, f"{place}.{name}", found) for name, item in value.items()}


def _chosen(kinds: tuple[Any, ...], value: Any) -> Any:
    """Return the kind of several that a value is of, the first where it is of none."""
    return next((kind for kind in kinds if type(value) is kind), kinds[0])


_NAMES: dict[Any, str] = {
    tuple: "a list",
    dict: "a table",
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}


def _decimal(value: Any, place: str, found: list[str]) -> Decimal:
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return Decimal(value)
    found.append(f'{place}: expected an amount written as text, such as "200000.00".')
    return Decimal(0)
