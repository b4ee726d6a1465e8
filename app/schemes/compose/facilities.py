"""The facilities of the member states and the regional fund, each with the schemes that are published here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.countries.queries import country, served
from app.schemes import queries
from app.schemes.compose.telling import basis, figures, illustrative
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Scheme

REGIONAL = "regional"


@dataclass(frozen=True)
class Listed:
    """A scheme in its newest version; ``standing`` says in a sentence that it is suspended or closed, "" where it is open.

    ``place`` is the code of its page: that of the call that opened last, its own where it has none.
    """

    scheme: Scheme
    terms: SchemeTerms
    standing: str
    place: str


@dataclass(frozen=True)
class Facility:
    """A facility: ``code`` is that of its country, "regional" for the fund; ``schemes`` are empty where none is published."""

    code: str
    country: str
    name: str
    schemes: tuple[Listed, ...]

    @property
    def agencies(self) -> tuple[str, ...]:
        """Return the names of the agencies that run its schemes, each once."""
        return tuple(dict.fromkeys(one.scheme.agency.name for one in self.schemes))


def facilities() -> tuple[Facility, ...]:
    """Return the facility of each member state and the regional fund, published here or not."""
    held: dict[str, list[Listed]] = {}
    calls = {call.scheme.code: call.code for call in queries.calls()}
    for scheme in queries.newest_schemes():
        terms = queries.terms(scheme)
        code = REGIONAL if terms.regional else terms.country
        place = calls.get(scheme.code, scheme.code)
        held.setdefault(code, []).append(Listed(scheme, terms, queries.standing(scheme), place))
    return tuple(_facilities(held))


def _facilities(held: dict[str, list[Listed]]) -> Iterator[Facility]:
    by_name = sorted(served(), key=lambda code: country(code).name)
    for code in (*by_name, REGIONAL):
        schemes = tuple(held.get(code, ()))
        named = country(code).name if code != REGIONAL else ""
        usual = f"SME financing facility of {named}" if named else "Regional SME development fund"
        name = schemes[0].terms.facility if schemes else usual
        yield Facility(code, named, name, schemes)


def told(found: Facility) -> dict[str, Any]:
    """Return how the interface tells a facility."""
    return {
        "facility": found.code,
        "name": found.name,
        "country": found.country or None,
        "agencies": list(found.agencies),
        "schemes": [_told(one) for one in found.schemes],
    }


def _told(one: Listed) -> dict[str, Any]:
    terms = one.terms
    return {
        "code": terms.code,
        "version": terms.version,
        "name": terms.name,
        "agency": one.scheme.agency.name,
        "instrument": terms.instrument,
        "currency": terms.currency,
        "ceiling": str(terms.ceiling),
        "floor": str(terms.floor),
        "status": one.scheme.status,
        "standing": one.standing,
        "figures": [
            {"key": f.key, "label": f.label, "value": f.value, "source": _named(terms, f.key)}
            for f in figures(terms)
        ],
        "sources": [
            {
                "key": s.key,
                "grade": s.grade,
                "title": s.title,
                "address": s.address,
                "as_of": s.as_of,
            }
            for s in terms.sources
        ],
        "illustrative": list(illustrative(terms)),
        "assumed": list(terms.assumed),
    }


def _named(terms: SchemeTerms, key: str) -> str | None:
    """Return the key of the source of a figure, ``None`` for one that is illustrative or of which nobody said."""
    found = basis(terms, key)
    return found.source.key if found and found.source else None
