"""What a member state is to the program: constants with their sources, no table."""

from dataclasses import dataclass
from datetime import date

YES, PARTLY, NO = "yes", "partly", "no"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Where something was found, and whether it was seen there: "yes", "partly" or "no"; ``note`` is what to mind about it."""

    source: str
    verified: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Money(Fact):
    """The currencies, by ISO 4217 code, in which public money is lent and granted: the country's own first."""

    currencies: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Speech(Fact):
    """Languages that are written to agencies (BCP 47), and the scripts they are written in (ISO 15924)."""

    languages: tuple[str, ...]
    scripts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Time(Fact):
    """The IANA time zones of the country: that of its capital first."""

    zones: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Week(Fact):
    """The days of the week on which agencies close, in words; clocks count by the calendar, not by these."""

    closed: str


@dataclass(frozen=True, kw_only=True)
class FiscalYear(Fact):
    """The day on which the government's fiscal year ``begins``, as month and day: "04-01"."""

    begins: str


@dataclass(frozen=True, kw_only=True)
class Registry(Fact):
    """The number of an enterprise: ``pattern`` of its normal form, ``shape`` in words, an example.

    ``check`` names the module of python-stdnum that knows its check digit, "" where no algorithm is public.
    """

    name: str
    pattern: str
    shape: str
    example: str
    check: str


@dataclass(frozen=True, kw_only=True)
class Phone(Fact):
    """Country code, the trunk prefix that is dialled inside the country only, and how many digits follow it."""

    code: str
    trunk: str
    shortest: int
    longest: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Postcode(Fact):
    """What a postcode matches, in words, and an example; where ``verified`` is "no" the pattern takes almost anything."""

    pattern: str
    shape: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Account(Fact):
    """How bank accounts are numbered: "iban" or "local", the pattern without spaces, in words, an example."""

    kind: str
    pattern: str
    shape: str
    example: str


@dataclass(frozen=True, kw_only=True)
class DataProtection(Fact):
    """The law on personal data, or that none was found."""

    law: str


@dataclass(frozen=True)
class Country:
    """A member state, by its ISO 3166 code."""

    code: str
    name: str
    money: Money
    speech: Speech
    time: Time
    week: Week
    fiscal_year: FiscalYear
    registry: Registry
    phone: Phone
    postcode: Postcode
    account: Account
    data_protection: DataProtection

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies in which public money is lent and granted there, the country's own first."""
        return self.money.currencies

    @property
    def currency(self) -> str:
        """Return the country's own currency, by ISO 4217 code."""
        return self.currencies[0]

    @property
    def zone(self) -> str:
        """Return the IANA time zone of the capital."""
        return self.time.zones[0]

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that are written to agencies."""
        return self.speech.languages

    def fiscal_year_of(self, day: date) -> int:
        """Return the fiscal year a local day falls in, by the calendar year in which it begins."""
        month, first = map(int, self.fiscal_year.begins.split("-"))
        return day.year if (day.month, day.day) >= (month, first) else day.year - 1

    def fiscal_year_named(self, year: int) -> str:
        """Return how people call the fiscal year that begins in a calendar year: "2026", or "2026/27" across two."""
        return str(year) if self.fiscal_year.begins == "01-01" else f"{year}/{(year + 1) % 100:02}"

    @property
    def facts(self) -> dict[str, Fact]:
        """Return everything that was found about the country, by name."""
        return {name: one for name, one in vars(self).items() if isinstance(one, Fact)}


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
