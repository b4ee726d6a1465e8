"""What a member state is to the program: constants with their sources, no table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Country:
    """A member state: ISO 3166 code, ISO 4217 currency, IANA time zone, registry number pattern."""

    code: str
    name: str
    currency: str
    zone: str
    languages: tuple[str, ...]
    registry_name: str
    registry_pattern: str
    registry_example: str
    bic_pattern: str
    source: str
