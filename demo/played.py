"""A case of the demonstration while it is played, and what pages are asked about it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app import clock
from app.countries.queries import country
from demo.browser import Unexpected
from demo.dossier import Dossier
from demo.page import Page, Value, plain

# Where the regional fund is at home.
SEAT = "ID"
# How a dossier names a day.
DAY = re.compile(r"today|in (\d+) days")


@dataclass
class Played:
    """A dossier that was played, and the case it became."""

    dossier: Dossier
    reference: str
    tranches: set[int] = field(default_factory=set)

    @property
    def path(self) -> str:
        """The page of the case."""
        return f"/cases/{self.reference}"

    @property
    def country(self) -> str:
        """The country of the scheme, ISO 3166 alpha-2 in lower case: the people of its agency bear it."""
        return self.dossier.call[:2].lower()

    @property
    def now(self) -> datetime:
        """The moment as the clocks have it where the scheme is at home."""
        home = country(SEAT if self.dossier.call.startswith("ASEAN") else self.country.upper())
        return clock.now().astimezone(ZoneInfo(home.zone))

    @property
    def today(self) -> date:
        """The day where the scheme is at home: the bank pays on a local day there."""
        return self.now.date()

    def dated(self, value: Value) -> Value:
        """Return what is entered, a day that is named "today" or "in 14 days" as its date."""
        found = DAY.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return value
        return (self.today + timedelta(days=int(found[1] or 0))).isoformat()


def fine(page: Page, what: str) -> None:
    """Raise ``Unexpected`` when a page says that something was not taken."""
    if page.errors:
        raise Unexpected(f"{what} was refused: {page.errors}")


def says(page: Page, sentence: str) -> None:
    """Raise ``Unexpected`` unless a page says this."""
    if plain(sentence) not in page.text:
        raise Unexpected(f"{page.path} should say “{sentence}”: {page.text[:900]}")


def letters_on(page: Page, reference: str) -> list[str]:
    """Return the paths of the letters that a case page offers."""
    letter = re.compile(re.escape(f"/cases/{reference}/letters/") + r"\d+\.pdf")
    return list(dict.fromkeys(link for link in page.links if letter.fullmatch(link)))
