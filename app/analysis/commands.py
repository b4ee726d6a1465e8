"""What can happen in the analysis: a sample is drawn. Everything else only reads."""

import secrets
from dataclasses import dataclass

from app import clock
from app.accounts.commands import locked_agency
from app.accounts.models import Person
from app.analysis.compose.sampling import METHODS, Impossible, digest
from app.analysis.models import Sample
from app.analysis.queries import samples
from app.analysis.queries.wanted import Wanted
from app.db import db
from app.errors import Invalid, Missing
from app.trail.commands import Entry, record


@dataclass(frozen=True)
class Draw:
    """A sample as it is asked for: from which cases, by which method, how many; without a seed one is made."""

    wanted: Wanted
    method: str
    size: int
    seed: str = ""


def draw(asked: Draw, *, actor: Person) -> Sample:
    """Draw a sample and record it on the trail of the auditor's agency, with all that is needed to draw it again.

    The references stay off the trail: their digest binds them. Raises ``Invalid`` for what cannot be drawn.
    """
    if actor.agency is None:
        raise Missing
    if METHODS[asked.method].valued and not asked.wanted.currency:
        raise Invalid({"currency": ["Choose a currency: amounts of several cannot be added up."]})
    seed = asked.seed or secrets.token_hex(32)
    try:
        units = samples.population(actor, asked.wanted, asked.method)
        cases = samples.drawn(units, asked.method, asked.size, seed)
    except Impossible as error:
        raise Invalid({"method": [str(error)]}) from error
    kept = {
        "filter": samples.kept(asked.wanted),
        "method": asked.method,
        "size": asked.size,
    }
    population_sha256 = digest([unit.reference for unit in units])
    agency = locked_agency(actor.agency.id)
    detail = {
        **kept,
        "seed": seed,
        "population": len(units),
        "population_sha256": population_sha256,
        "cases": len(cases),
        "cases_sha256": digest(cases),
    }
    recorded = record(agency, Entry("draw_sample", actor.mark, {"detail": detail}))
    found = Sample(
        person_id=actor.id,
        asked=kept,
        seed=seed,
        population=len(units),
        population_sha256=population_sha256,
        cases=cases,
        event_id=recorded.id,
        at=clock.now(),
    )
    db.session.add(found)
    db.session.flush()
    return found
