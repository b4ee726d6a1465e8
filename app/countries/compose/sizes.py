"""Of which size an enterprise is in its country: the definitions as data, read strictly, and figures as forms have them."""

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from app.countries.queries import country as of
from app.countries.queries import served
from workflows import size
from workflows.size import Bound, Definition, Standing

_TEXTS = ("law", "source", "address", "as_of", "note")
_KEYS = {*_TEXTS, "rule", "labels", "bounds", "sectors", "beyond", "unknown"}
_SAID = {"yes": True, "true": True, "no": False, "false": False}


def standing(
    country: str, measures: Mapping[str, Any], sector: str = "", *, currency: str = ""
) -> Standing:
    """Return of which size an enterprise of a country is, "undetermined" where that cannot be said here.

    ``measures`` are numbers, as text or not, by ``workflows.size.MEASURES``; flags are booleans, or "yes" and "no". What is
    neither counts as missing. Amounts are in units of the country's own currency: those in another ``currency`` do not count.
    """
    known = definition(country)
    figures = {name: _figure(name, value) for name, value in measures.items()}
    if currency and currency != known.currency:
        figures = {name: value for name, value in figures.items() if name not in size.AMOUNTS}
    return size.standing(
        known, {name: one for name, one in figures.items() if one is not None}, sector
    )


def measures(country: str) -> frozenset[str]:
    """Return the measures that the test of a country looks at; none where it has no test."""
    return size.measures(definition(country).rule)


def sectors(country: str) -> frozenset[str]:
    """Return the sectors that the test of a country tells apart, by all their names; none where they do not count."""
    known = definition(country)
    return frozenset({*known.bounds, *known.sectors}) - {size.EVERY}


def definition(country: str) -> Definition:
    """Return the definition of an SME in a country, by its ISO 3166 code; ``KeyError`` for one that is not served."""
    return _definitions()[country]


@cache
def _definitions() -> dict[str, Definition]:
    file = Path(__file__).parent.parent / "sizes.toml"
    return read(file.read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Definition]:
    """Read definitions of all the countries that are served; ``ValueError`` with every mistake in them."""
    raw = tomllib.loads(text)
    wrong = [f"{code}: no such country." for code in sorted(set(raw) - set(served()))]
    wrong += [f"{code}: there is no definition." for code in served() if code not in raw]
    wrong += [line for code, entry in raw.items() for line in _mistakes(code, entry)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return {code: _read(of(code).currency, entry) for code, entry in raw.items()}


def _mistakes(code: str, entry: dict[str, Any]) -> Iterator[str]:
    unknown = set(entry) - _KEYS
    yield from (f"{code}: {key} is not known." for key in sorted(unknown))
    yield from (
        f"{code}: {key} is a text." for key in _TEXTS if not isinstance(entry.get(key), str)
    )
    if "unknown" in entry:
        if {"rule", "bounds"} & entry.keys():
            yield f"{code}: what is unknown has no rule and no bounds."
        return
    found = list(size.mistakes(entry.get("rule"), f"{code}.rule"))
    yield from found
    if entry.get("beyond", size.LARGE) not in size.CLASSES:
        yield f"{code}.beyond: {entry['beyond']!r} is no class."
    if not found:
        yield from _unfit(code, entry, size.measures(entry["rule"]))


def _unfit(code: str, entry: dict[str, Any], asked: frozenset[str]) -> Iterator[str]:
    """Return what does not fit a well-written rule: labels and limits too many or too few."""
    if set(entry.get("labels", {})) != asked:
        yield f"{code}.labels: there is one for each of {', '.join(sorted(asked))}."
    figures, bounds = asked - size.FLAGS, entry.get("bounds", {})
    used = {measure for limits in bounds.values() for measure in limits}
    if used != figures:
        yield f"{code}.bounds: there are limits for {', '.join(sorted(figures))}, and for nothing else."
    for name, target in entry.get("sectors", {}).items():
        if target not in bounds:
            yield f"{code}.sectors.{name}: there are no limits for {target}."
    for sector, limits in bounds.items():
        for measure, listed in limits.items():
            yield from _unlimited(f"{code}.bounds.{sector}.{measure}", listed)


def _unlimited(place: str, listed: list[dict[str, Any]]) -> Iterator[str]:
    limits = []
    for n, one in enumerate(listed):
        ends = {"below", "up_to", "not_seen"} & one.keys()
        rest = one.keys() - ends - {"size"} - ({"from"} if n == 0 else set())
        if len(ends) != 1 or rest or one.get("size") not in size.CLASSES:
            yield f"{place}[{n}]: it has a size, and one of below, up_to and not_seen."
            continue
        limits += [one[end] for end in ends if end != "not_seen"]
    if limits != sorted(set(limits)):
        yield f"{place}: each limit is above the one before it."


def _read(currency: str, entry: dict[str, Any]) -> Definition:
    return Definition(
        currency=currency,
        rule=entry.get("rule", {}),
        bounds={
            sector: {measure: _bounds(listed) for measure, listed in limits.items()}
            for sector, limits in entry.get("bounds", {}).items()
        },
        labels=entry.get("labels", {}),
        sectors=entry.get("sectors", {}),
        beyond=entry.get("beyond", size.LARGE),
        unknown=entry.get("unknown", ""),
        **{key: entry[key] for key in _TEXTS},
    )


def _bounds(listed: list[dict[str, Any]]) -> tuple[Bound, ...]:
    return tuple(
        Bound(
            size=one["size"],
            limit=None
            if "not_seen" in one
            else Decimal(one["below" if "below" in one else "up_to"]),
            reached="below" not in one,
            least=Decimal(one["from"]) if "from" in one else None,
        )
        for one in listed
    )


def _figure(name: str, value: Any) -> Decimal | bool | None:
    if name in size.FLAGS:
        return value if isinstance(value, bool) else _SAID.get(str(value).lower())
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None
