"""Reading decisions: the authority matrix and how votes count."""

from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.definition import Band, Decision
from workflows.money import DECIMALS, to_minor
from workflows.reading import Reader
from workflows.vocabulary import SHARES

_BAND = {"currency", "scheme", "above", "up_to", "by", "body", "of", "needed"}


class DecisionReader(Reader):
    """Reads the decisions of a definition."""

    def decision(self, name: str, table: dict[str, Any]) -> Decision:
        """Read one decision with its bands."""
        place = f"decisions.{name}"
        self.known(table, place, {"title", "bands", "present", "veto", "tie"})
        bands = table.get("bands")
        if not isinstance(bands, list) or not bands or not all(isinstance(b, dict) for b in bands):
            self.wrong(place, f"bands must be one table [[{place}.bands]] or more.")
            bands = []
        return Decision(
            name=name,
            title=self.text(table, "title", place),
            bands=tuple(self.band(band, f"{place}.bands[{n}]") for n, band in enumerate(bands, 1)),
            present=self.number(table, "present", place, default=1),
            veto=self.names(table, "veto", place),
            tie=self.text(table, "tie", place, default="against"),
        )

    def band(self, table: dict[str, Any], place: str) -> Band:
        """Read one row of the matrix; amounts are texts in units of the currency."""
        self.known(table, place, _BAND)
        currency = self.text(table, "currency", place, default="")
        if currency and currency not in DECIMALS:
            self.wrong(place, f"currency {currency!r} is not one that is served.")
            currency = ""
        return Band(
            currency=currency,
            scheme=self.text(table, "scheme", place, default=""),
            above=self.amount(table, "above", place, currency) or 0,
            up_to=self.amount(table, "up_to", place, currency),
            by=self.text(table, "by", place),
            body=self.text(table, "body", place, default=""),
            of=self.number(table, "of", place, default=1),
            needed=self.needed(table, place),
        )

    def needed(self, table: dict[str, Any], place: str) -> int | str:
        """Read how many votes are needed: a number, "majority" or "all"."""
        value = table.get("needed", 1)
        if isinstance(value, str):
            return self.choice(value, SHARES, f"{place}.needed")
        return self.number(table, "needed", place, default=1)

    def amount(self, table: dict[str, Any], key: str, place: str, currency: str) -> int | None:
        """Read an amount in minor units; ``None`` when the key is not there."""
        if key not in table:
            return None
        value = table[key]
        try:
            if isinstance(value, str) and currency:
                return to_minor(Decimal(value), currency)
        except (InvalidOperation, ValueError):
            pass
        self.wrong(place, f'{key} must be an amount of the band\'s currency, such as "100000.00".')
        return 0
