"""What a member state is to the program: constants with their sources, no table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """A member state: ISO 3166 code, ISO 4217 currency, IANA time zone, registry number pattern.

    ``currencies`` are those in which public money is lent and granted there, the country's own first.
    """

    code: str
    name: str
    currencies: tuple[str, ...]
    zone: str
    languages: tuple[str, ...]
    registry_name: str
    registry_pattern: str
    registry_example: str
    bic_pattern: str
    source: str

    @property
    def currency(self) -> str:
        """Return the country's own currency, by ISO 4217 code."""
        return self.currencies[0]


@dataclass(frozen=True)
class Rule:
    """How long a kind of personal data is kept: ``years`` from a local day, and the law, standard or schedule that says so."""

    kind: str
    years: int
    law: str
    source: str

    @property
    def illustrative(self) -> bool:
        """Tell whether nobody has laid down this number: an agency has to put its own in its place."""
        return self.source == "illustrative"


@dataclass(frozen=True)
class Rights:
    """The law under which people may ask for the erasure of their data, what to mind about it, and where that was found."""

    law: str
    note: str
    source: str
