"""What an evidence bundle is asked for."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from app import clock

KINDS = ("cases", "agency", "period", "all")


@dataclass(frozen=True)
class Scope:
    """Cases by reference; every case of an agency; a period of local days, both inclusive; or all that may be read.

    A period may be narrowed to an ``agency``. ``zone`` is where its days begin and end. ``documents`` says whether
    submissions, documents and letters come along. ``checkpoint`` is the older signed note the auditor holds, "" for none.
    """

    kind: str
    cases: tuple[str, ...] = ()
    agency: str = ""
    first: date | None = None
    last: date | None = None
    zone: str = "UTC"
    documents: bool = True
    checkpoint: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        days = {name: day.isoformat() if day else None for name, day in self.days().items()}
        return asdict(self) | {"cases": list(self.cases)} | days

    def days(self) -> dict[str, date | None]:
        """Return first and last day by name."""
        return {"first": self.first, "last": self.last}

    @classmethod
    def restored(cls, found: dict[str, Any]) -> "Scope":
        """Return it from JSON."""
        days = {
            name: date.fromisoformat(found[name]) if found[name] else None
            for name in ("first", "last")
        }
        return cls(**(found | {"cases": tuple(found["cases"])} | days))

    def told(self) -> dict[str, Any]:
        """Return what the trail and the manifest say of it."""
        found: dict[str, Any] = {"kind": self.kind, "documents": "yes" if self.documents else "no"}
        if self.cases:
            found["cases"] = list(self.cases)
        if self.agency:
            found["agency"] = self.agency
        if self.first and self.last:
            found |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
            found["zone"] = self.zone
        return found

    def words(self) -> str:
        """Return it in words, for people."""
        if self.kind == "cases":
            many = len(self.cases)
            return f"Case {self.cases[0]}" if many == 1 else f"{many} cases"
        whose = f" of {self.agency}" if self.agency else ""
        if self.kind == "period":
            return f"Events{whose} from {self.first} to {self.last} ({self.zone})"
        return f"All cases{whose}" if self.kind == "agency" else "Everything that may be read"

    def moments(self) -> tuple[datetime, datetime]:
        """Return when the period begins and when it is over, aware, in UTC."""
        first, last = self.first or date.min, self.last or date.max
        return clock.start_of(first, self.zone), clock.end_of(last, self.zone)
