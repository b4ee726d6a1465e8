"""The kinds of proceedings: what each asks for, by which life it goes, and what it does once it comes to a state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.accounts.models import Person
from app.applications.models import Application
from app.awards.models import Award
from app.proceedings.models import Proceeding
from app.trail.commands import Recorded
from workflows.definition import Workflow
from workflows.format.loading import shipped
from workflows.machine import Step


@dataclass(frozen=True)
class Draft:
    """What is proposed: ``terms`` as events tell it, ``private`` what they only commit to, amounts in minor units.

    ``amount`` decides who may approve it; ``more`` is what it takes of the budget of the call beside what is committed.
    """

    terms: dict[str, Any]
    private: dict[str, str] = field(default_factory=dict)
    amount: int | None = None
    more: int = 0


@dataclass(frozen=True)
class Entered:
    """A proceeding that has come to a state: the case and the award are locked, the event is recorded."""

    application: Application
    award: Award
    proceeding: Proceeding
    step: Step
    recorded: Recorded
    actor: Person | None


@dataclass(frozen=True)
class Kind:
    """A kind of proceeding: ``title`` for people, ``definition`` the life it goes by.

    ``open_to`` returns why it cannot be proposed in a case now, "" where it can; ``draw`` makes the draft of what a person
    entered, and raises ``Invalid``. ``effects`` are done on entering a state, by its name; ``words`` tell of the terms, as
    pairs of a label and a text. ``waits`` are how many days the clock of a state runs where the scheme says it.
    """

    name: str
    title: str
    definition: str
    open_to: Callable[[Application, Award], str]
    draw: Callable[[Application, Award, Any, Person], Draft]
    effects: Mapping[str, Callable[[Entered], None]]
    words: Callable[[Proceeding], list[tuple[str, str]]]
    waits: Mapping[str, Callable[[Application], int]] = field(default_factory=dict)

    @property
    def workflow(self) -> Workflow:
        """Return the life that new proceedings of the kind go by."""
        return shipped(self.definition)


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds of proceedings known; each capability registers its own."""
    KINDS.update({kind.name: kind for kind in kinds})
