"""From a request to a proceeding and back: the forms of its kinds, what a person sees of one, and may do in it."""

from dataclasses import dataclass
from typing import Any

from app.accounts.models import Person
from app.accounts.schemas import Input, read
from app.applications.access import outcome
from app.errors import Missing
from app.proceedings import commands
from app.proceedings.queries.seeing import Seen
from app.reviews.schemas import ReasonedInput
from app.trail.commands import Recorded


@dataclass(frozen=True)
class Form:
    """The form of a kind of proceeding: what is entered to propose one, and the template of its fields."""

    kind: str
    schema: type[Input]
    template: str


FORMS: dict[str, Form] = {}


def register(*forms: Form) -> None:
    """Make the forms of kinds known; each capability registers its own."""
    FORMS.update({form.kind: form for form in forms})


def propose(
    reference: str, kind: str, data: dict[str, Any], version: int | None, person: Person
) -> Recorded:
    """Propose a proceeding of a kind from what a form or a program sent."""
    form = FORMS.get(kind)
    if form is None:
        raise Missing(f"There is no proceeding called {kind}.")
    given = read(form.schema(), data)
    return commands.propose(reference, kind, **given, version=version, actor=person)


def act(
    reference: str,
    number: int,
    name: str,
    data: dict[str, Any],
    version: int | None,
    person: Person,
) -> Recorded:
    """Take an act on a proceeding from what a form or a program sent."""
    said = read(ReasonedInput(), data)["said"]
    return commands.take(reference, number, said, act=name, version=version, actor=person)


def told(recorded: Recorded) -> dict[str, Any]:
    """Return what the interface says after an act on a proceeding."""
    application: Any = recorded.stream
    return outcome(application, recorded)


def body(one: Seen) -> dict[str, Any]:
    """Return how the interface tells of a proceeding; amounts in minor units."""
    return {
        "number": one.row.number,
        "kind": one.row.kind,
        "state": one.row.state,
        "amount": one.row.amount_minor,
        "terms": one.row.terms,
        "acts": [
            {
                "act": option.act.name,
                "label": option.act.label,
                "allowed": option.allowed,
                "why_not": [vars(failure) for failure in option.failures],
            }
            for option in one.options
        ],
    }
