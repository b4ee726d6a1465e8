"""Money through every act there is, in any order: after each the books agree, and what is refused has changed nothing."""


import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.budgets.commands import Place as Of
from app.budgets.commands import allot
from app.budgets.models import WHOLE_LIFE
from app.db import db, transaction
from tests.answers import GRANT, LOAN
from tests.awards.books import problems
from tests.awards.walking import ACTS, WHOLE, Place, Walk
from tests.budgets.transfers import FACILITY, OTHER, SCHEME
from tests.factories import Days
from tests.world import World

pytestmark = pytest.mark.one_database

BOUNDED = settings(
    max_examples=10,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SHARES = st.one_of(st.sampled_from((1, WHOLE // 2, WHOLE)), st.integers(0, WHOLE + WHOLE // 5))
NUMBERS = st.integers(1, 4)


@pytest.fixture
def walk(world: World, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Give two grants of a call that has budget for little more than one of them, and a loan of another, all to be decided."""
    references = (world.at("decision"), world.at("decision"), world.at("decision", LOAN))
    agency = world.person("desk.my").agency
    assert agency is not None
    with transaction():
        for call, amount in ((GRANT, 100_000_00), (OTHER, 90_000_00)):
            allot(Of(FACILITY, SCHEME, call, "MYR", agency), {WHOLE_LIFE: amount})
    return Walk(world, references, Days(monkeypatch))


class Walking(RuleBasedStateMachine):
    """A walk that goes where the acts lead, and now and then tries anything anywhere."""

    def __init__(self, walk: Walk) -> None:
        """Stand in a savepoint of its own: the next walk begins where this one began."""
        super().__init__()
        self.walk = walk
        db.session.remove()
        self.savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]  # the connection of the test
        walk.restart()

    @rule(data=st.data(), share=SHARES)
    def go_on(self, data: st.DataObject, share: int) -> None:
        """Take an act that begins where something stands."""
        name, place = data.draw(st.sampled_from(self.walk.fitting()))
        self.walk.tried(name, Place(place.reference, place.number, share))

    @rule(name=st.sampled_from(sorted(ACTS)), case=st.integers(0, 2), number=NUMBERS, share=SHARES)
    def try_anything(self, name: str, case: int, number: int, share: int) -> None:
        """Take any act on any case, tranche or proceeding, mostly in vain."""
        self.walk.tried(name, Place(self.walk.references[case], number, share))

    @invariant()
    def books_agree(self) -> None:
        """Look into the books after each act."""
        assert problems() == []

    def teardown(self) -> None:
        """Leave everything as it was found."""
        db.session.remove()
        self.savepoint.rollback()


def test_whatever_is_done_the_books_agree(walk: Walk) -> None:
    run_state_machine_as_test(lambda: Walking(walk), settings=BOUNDED)
    print(sorted(set(ACTS) - walk.taken))
