"""The people of the demonstration at their browsers: each signs in once and stays signed in."""

import tomllib
from pathlib import Path

from demo.browser import Browser, Unexpected
from demo.dossier import DOMAIN

PEOPLE = Path(__file__).parent / "people"


class Cast:
    """Everybody who takes part, by the part of the e-mail address before the @."""

    def __init__(self, base_url: str) -> None:
        """Know everybody; nobody has signed in yet."""
        self._base_url = base_url
        self._people = {
            person["email"]: person
            for file in PEOPLE.glob("*.toml")
            for person in tomllib.loads(file.read_text(encoding="utf-8"))["people"]
        }
        self._browsers: dict[str, Browser] = {}

    def browser(self, who: str) -> Browser:
        """Return the browser of a person, signed in."""
        if who not in self._browsers:
            self._browsers[who] = self._signed_in(who)
        return self._browsers[who]

    def knows(self, who: str) -> bool:
        """Tell whether somebody takes part under this name."""
        return f"{who}@{DOMAIN}" in self._people

    def sign_in_again(self) -> None:
        """Let everybody sign in anew at the next turn: sessions do not outlive a jump of the clock."""
        self._browsers.clear()

    def _signed_in(self, who: str) -> Browser:
        email = f"{who}@{DOMAIN}"
        browser = Browser(self._base_url, email)
        known = {"email": email, "password": self._people[email]["password"]}
        page = browser.act(browser.open("/sign-in"), "/sign-in", known)
        if page.errors:
            raise Unexpected(f"{email} cannot sign in: {page.errors}")
        return browser
