"""The population of a sample, samples that were drawn, and whether they would be drawn again."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.analysis.compose.sampling import METHODS, Impossible, Unit, digest
from app.analysis.models import Sample
from app.analysis.queries.cases import Found, Window, named
from app.analysis.queries.taken import Taken
from app.analysis.queries.wanted import Wanted
from app.applications.models import Application
from app.db import db
from app.errors import Missing

# The largest population one request goes through: by reference alone, and with decisions; and the largest sample.
MOST_POPULATION = 20_000
MOST_WEIGHED = 5_000
MOST_DRAWN = 500


@dataclass(frozen=True)
class Redrawn:
    """A sample compared with what would be drawn now: from the same population the cases must be the same."""

    population: int
    sha256: str
    same_population: bool
    same_cases: bool | None


def population(actor: Person, wanted: Wanted, method: str) -> list[Unit]:
    """Return the cases that fit a filter in the order of their references; raises ``Impossible`` when there are too many."""
    plain = method == "random" and not wanted.deep
    most = MOST_POPULATION if plain else MOST_WEIGHED
    window = Window(actor, wanted, 0, most=most + 1)
    if window.full:
        raise Impossible(
            f"The filter leaves more than {most:,} cases to look at: narrow scheme, agency or period."
        )
    if plain:
        query = window.query().with_only_columns(Application.reference)
        units = [Unit(reference) for reference in db.session.scalars(query)]
    else:
        units = [unit(found) for found in window.found()]
    return sorted(units, key=lambda unit: unit.reference)


def drawn(units: list[Unit], method: str, size: int, seed: str) -> list[str]:
    """Return the cases that a method draws; raises ``Impossible`` when there is nothing to draw, or too much."""
    if not units:
        raise Impossible("No case fits the filter.")
    chosen = METHODS[method].draw(units, size, seed)
    if not chosen:
        raise Impossible("The method finds nothing to draw among these cases.")
    if len(chosen) > MOST_DRAWN:
        raise Impossible(f"That would be {len(chosen)} cases; a sample has {MOST_DRAWN} at most.")
    return chosen


def redrawn(sample: Sample, actor: Person) -> Redrawn | None:
    """Draw a sample again from the population as it is now; ``None`` when the population has become too large."""
    asked = sample.asked
    wanted = restored(asked["filter"])
    try:
        units = population(actor, wanted, asked["method"])
    except Impossible:
        return None
    sha256 = digest([unit.reference for unit in units])
    same = sha256 == sample.population_sha256
    again = None
    if same:
        again = drawn(units, asked["method"], asked["size"], sample.seed) == sample.cases
    return Redrawn(len(units), sha256, same, again)


def samples(actor: Person, most: int = 50) -> list[Sample]:
    """Return the newest samples an auditor drew."""
    found = select(Sample).where(Sample.person_id == actor.id).order_by(Sample.id.desc())
    return list(db.session.scalars(found.limit(most)))


def sample(number: int, actor: Person) -> Sample:
    """Return a sample of an auditor; raises ``Missing`` for that of another."""
    found = db.session.get(Sample, number)
    if found is None or found.person_id != actor.id:
        raise Missing("There is no such sample, or not for you.")
    return found


def cases(sample: Sample, actor: Person) -> list[Found]:
    """Return the cases of a sample that the auditor may still see, in the order they were drawn, with their decisions."""
    order = {reference: n for n, reference in enumerate(sample.cases)}
    return sorted(named(actor, sample.cases), key=lambda found: order[found.case.reference])


def kept(wanted: Wanted) -> dict[str, Any]:
    """Return a filter as it is kept with a sample and recorded: only what narrows."""
    return {
        name: _plain(value) for name, value in asdict(wanted).items() if value not in ("", None, ())
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def restored(found: dict[str, Any]) -> Wanted:
    """Return a filter that was kept."""
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in found.items()}
    values |= {n: date.fromisoformat(found[n]) for n in ("first", "last") if n in found}
    return Wanted(**values)


def unit(found: Found) -> Unit:
    """Return a case as the methods look at it: the amount of the approval that stands, officers, flags."""
    standing = [one for one in found.decisions if _stands(one)]
    flags = {flag for one in found.decisions for flag in one.flags}
    officers = {f"officer:{one.officer_id}" for one in found.decisions}
    return Unit(
        reference=found.case.reference,
        amount=(standing[-1].amount or 0) if standing else 0,
        officers=tuple(sorted(officers)),
        flags=tuple(sorted(flags)),
    )


def _stands(one: Taken) -> bool:
    return one.outcome == "approve" and "voided" not in one.findings
