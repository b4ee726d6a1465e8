"""A walk of cases whose money goes wherever it can: what may come next, and that what is refused changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app import clock
from app.applications.models import Application
from app.awards.models import Award
from app.awards.queries import award, awarded, tranches
from app.db import db
from app.errors import Problem
from app.proceedings.queries import proceedings as proceedings_of
from app.schemes import queries as schemes
from tests.awards.books import written
from tests.factories import Days
from tests.world import World
from workflows.machine import Refused
from workflows.money import from_minor

WHOLE = 10_000
MOST_DAYS = 200
# Acts that are told apart by what is said with them.
SEVERAL = {
    "find": ("find", "find_unpaid"),
    "bank_pays": ("bank_pays", "bank_pends"),
    "verify": ("verify", "verify_in_part"),
}
ENDINGS = frozenset({"withdraw", "cancel", "screen_out", "cut", "time_passes"})
WITHOUT_CASE = ("move_budget", "move_budget_back", "refuse_transfer", "time_passes")
ASIDE = frozenset(
    {
        "raise",
        "lower",
        "plan",
        "change_take_back",
        "change_refuse",
        "change_disagree",
        "change_strike",
        "change_propose_waiver",
        "change_waive",
        "change_keep",
        "demand_back",
        "send_back",
        "take_out",
    }
    | {"refuse_file", "refuse_release", "undo_approval", "revise", "wait_list", *WITHOUT_CASE}
)
NUMBERS = (1, 2, 3)


@dataclass(frozen=True)
class Place:
    """What an act is about: a case, the number of its tranche or proceeding, and a share in ten-thousandths of the amount in question."""

    reference: str = ""
    number: int = 0
    share: int = WHOLE


class Walk:
    """Cases whose money goes wherever it can; ``taken`` are the acts that were."""

    def __init__(
        self, world: World, references: tuple[str, ...], days: Days, known: "Acts"
    ) -> None:
        """Begin on the day after everything that the cases went through before."""
        self.world, self.references, self.days, self.known = world, references, days, known
        self.begun = clock.today("Asia/Kuala_Lumpur") + timedelta(days=1)
        self.taken: set[str] = set()
        # Invoices and receipts are numbered on for ever: none is met twice.
        self.papers = 0
        self.restart()

    def restart(self) -> None:
        """Begin again, at noon of the first day."""
        self.passed, self.files = 0, 0
        self.days.noon(self.begun.isoformat())

    def tried(self, name: str, place: Place) -> bool:
        """Take an act, and tell whether it was possible; one that is refused has changed nothing."""
        before = written()
        try:
            if place.reference:
                self.world.country = place.reference[:2]
            self.known[name](self, place)
        except (Refused, Problem):
            assert written() == before, f"{name} was refused and changed something."
            return False
        self.taken.add(name)
        return True

    def acts(self, mood: str) -> list[tuple[str, Place]]:
        """Return the acts among which one is chosen in a mood.

        In all but the mood for "anything" they begin where a case, its tranches and proceedings stand: those that carry them
        "on", where there are some, those "aside" of it, or with those that "end" a case and leave little to walk through.
        """
        if mood == "anything":
            return [
                (name, Place(case, number))
                for name in self.known
                for case in self.references
                for number in NUMBERS
            ]
        found = self._fitting()
        if mood == "end":
            return found
        aside = [(name, place) for name, place in found if name not in ENDINGS]
        on = [(name, place) for name, place in aside if name not in ASIDE]
        return on if on and mood == "on" else aside

    def _fitting(self) -> list[tuple[str, Place]]:
        db.session.rollback()
        found = [(name, Place()) for name in WITHOUT_CASE]
        for reference in self.references:
            found += self._of_case(self.world.case(reference))
        return [(name, place) for name, place in found if name in self.known]

    def _of_case(self, case: Application) -> Iterator[tuple[str, Place]]:
        for act in schemes.workflow(case.workflow_digest).acts_from(case.state):
            # What is asked for later has been met by then.
            if act.name != "meet_condition" or case.state == "accepted":
                yield act.name, Place(case.reference)
        made = award(case)
        if made is not None and made.accepted_at is not None and made.ended_at is None:
            yield from self._of_award(case, made)

    def _of_award(self, case: Application, made: Award) -> Iterator[tuple[str, Place]]:
        yield from ((kind, Place(case.reference)) for kind in ("raise", "lower", "plan", "cut"))
        if made.disbursed_minor:
            yield from ((kind, Place(case.reference)) for kind in ("demand_back", "receive"))
        for row in proceedings_of(case):
            for act in schemes.workflow(row.workflow_digest).acts_from(row.state):
                yield f"change_{act.name}", Place(case.reference, row.number)
        life = schemes.workflow(case.scheme.tranche_digest)
        for part in tranches(made):
            for act in life.acts_from(part.state):
                for name in SEVERAL.get(act.name, (act.name,)):
                    yield name, Place(case.reference, part.number)

    def done(self, command: Any, place: Place, *args: Any, by: str, **more: Any) -> Any:
        """Run a command on a case as somebody of its agency or enterprise."""
        return self.world.do(command, place.reference, *args, actor=getattr(self.world, by), **more)

    def amount(self, place: Place, minor: int) -> str:
        """Return the share of an amount that a place names, as it is typed."""
        case = self.world.case(place.reference)
        return str(from_minor(minor * place.share // WHOLE, case.currency))

    def award(self, place: Place) -> Award:
        """Return the award of a case as it stands in the database."""
        return awarded(self.world.case(place.reference))

    @property
    def today(self) -> date:
        """Return the day the walk has come to."""
        return self.begun + timedelta(days=self.passed)


Taken = Callable[[Walk, Place], Any]
Acts = Mapping[str, Taken]
