"""Two sides beside each other: how two officers, or two agencies, decided like cases. Nothing is ranked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

# Below so many decisions a difference says little: the page says so.
FEW = 10


@dataclass(frozen=True)
class Outcome:
    """One decision: ``days`` are working days from the first submission, amounts are minor units of one currency."""

    outcome: str
    days: int
    requested: int | None
    approved: int | None
    reasons: tuple[str, ...]
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What one side decided; shares are in tenths of a per cent, ``None`` where there is nothing to tell."""

    name: str
    decisions: int
    approved: int
    declined: int
    approval: int | None
    days: int | None
    granted: int | None
    departed: int
    late: int
    delegated: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def few(self) -> bool:
        """Tell whether there are too few decisions to say much."""
        return self.decisions < FEW


def side(name: str, found: Iterable[Outcome]) -> Side:
    """Count the decisions of one side."""
    all_ = list(found)
    approved = [one for one in all_ if one.outcome == "approve"]
    held = Counter(finding for one in all_ for finding in one.findings)
    given = Counter(code for one in all_ for code in one.reasons)
    shares = [
        one.approved * 1000 // one.requested for one in approved if one.approved and one.requested
    ]
    return Side(
        name=name,
        decisions=len(all_),
        approved=len(approved),
        declined=len(all_) - len(approved),
        approval=len(approved) * 1000 // len(all_) if all_ else None,
        days=median_low([one.days for one in all_]) if all_ else None,
        granted=median_low(shares) if shares else None,
        departed=held["departs"],
        late=held["late"],
        delegated=held["delegated"],
        reasons=tuple(sorted(given.items())),
    )
