"""Money through every act there is, in any order: after each the books agree, and what is refused has changed nothing."""

import re
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection

from app.audit import queries as audit
from app.awards import commands as awards
from app.budgets.commands import Place as Of
from app.budgets.commands import allot
from app.budgets.models import WHOLE_LIFE
from app.db import db, transaction
from tests.answers import GRANT, LOAN
from tests.awards.acting import ACTS
from tests.awards.books import problems
from tests.awards.walking import WHOLE, Place, Walk
from tests.budgets.transfers import FACILITY, OTHER, SCHEME
from tests.claims import claiming
from tests.factories import Days
from tests.world import World

pytestmark = pytest.mark.one_database

BOUNDED = settings(
    max_examples=6,
    stateful_step_count=40,
    derandomize=True,
    deadline=None,
    # A walk that fails is told as it was: to make it shorter takes minutes.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
SHARES = st.one_of(st.sampled_from((1, WHOLE // 2, WHOLE)), st.integers(0, WHOLE + WHOLE // 5))
CASES = ("grant", "other", "loan", "costs")
# How the next act is chosen: most go on, some begin something else, few end a case or are tried in vain.
MOODS = ("on", "on", "on", "on", "aside", "aside", "end", "anything")


@pytest.fixture
def walk(world: World, monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Give a grant in disbursement, another one to be decided for which its call has a quarter of the budget, and a loan.

    And a grant that is claimed by its costs, in advance and with a part kept back.
    """
    plain = (world.at("disbursing"), world.at("decision"), world.at("disbursing", LOAN))
    references = (*plain, by_costs(world))
    agency = world.person("desk.my").agency
    assert agency is not None
    with transaction():
        for call, amount in ((GRANT, 120_000_00), (OTHER, 90_000_00)):
            allot(Of(FACILITY, SCHEME, call, "MYR", agency), {WHOLE_LIFE: amount})
    return Walk(world, references, Days(monkeypatch), ACTS)


def by_costs(world: World) -> str:
    """Return a grant of MYR 20,000.00 in three tranches: the first in advance, the others by costs, a tenth of them kept back."""
    claiming.scheme('mode = "advance"\nwindow_months = 12\nretention_pct = "10"')
    reference = world.at("recommendation", amount="20000.00", project_cost="40000.00")
    world.recommend(reference, (30, 40, 30))
    world.approve(reference)
    world.do(awards.accept, reference, actor=world.applicant)
    world.meet_conditions(reference)
    return reference


# Each act on the way of some road: all of it is possible, "act number @share" by case.
PAYING = "prepare 1, check 1, release 1"
ROADS = [
    pytest.param(
        "grant: claim 1, send_back 1, claim 1, verify 1, prepare 1, refuse_file 1, prepare 1, take_out 1, prepare 1, check 1,"
        f"refuse_release 1, {PAYING}, bank_pends 1, report_unknown 1, find 1, disagree 1, find_unpaid 1, agree 1, {PAYING},"
        f"report_rejected 1, {PAYING}, bank_rejects 1, {PAYING}, confirm 1, bank_returns 1, {PAYING}, bank_pays 1,"
        "claim 2, verify 2, prepare 2, check 2, release 2, report_unknown 2, find 2, agree 2, bank_returns 2, prepare 2",
        id="a payment goes every way there is, and is paid again after the end of the case",
    ),
    pytest.param(
        "other: wait_list; budget: move_budget_back; other: take_from_list, approve @5000, revise @5000, undo_approval,"
        "approve @5000, accept, meet_condition, meet_condition, raise @5000, change_approve 1, change_agree 1, lower @5000,"
        "change_refuse 2, plan, change_take_back 3, plan, change_approve 4, change_disagree 4, claim 1, cut, change_approve 5,"
        f"verify 1, {PAYING}, confirm 1; budget: move_budget @5000, refuse_transfer @5000",
        id="a case waits for budget, is raised, and has its rest cut",
    ),
    pytest.param(
        "loan: draw_down 1, verify 1, lower @5000, change_approve 1, change_agree 1",
        id="a loan is lowered while a part of it is drawn",
    ),
    pytest.param(
        "costs: claim 1, verify 1, prepare 1, check 1, release 1, confirm 1, claim 2, send_back 2, claim 2, verify_in_part 2 @8000,"
        "prepare 2, check 2, release 2, confirm 2, claim 3 @5000, verify 3, prepare 3, check 3, release 3, confirm 3,"
        "claim 4, verify 4, prepare 4, check 4, release 4, confirm 4",
        id="costs are claimed, an advance is accounted for, and what was kept back is paid last",
    ),
    pytest.param(
        f"grant: claim 1, verify 1, {PAYING}, confirm 1, demand_back @2500, change_refuse 1, demand_back @5000, change_approve 2,"
        "receive @2500, change_strike 3, receive @2500, change_confirm 4, change_propose_waiver 2, change_keep 2,"
        "change_propose_waiver 2, change_waive 2, demand_back, change_approve 5, receive, change_confirm 6",
        id="money is demanded back, comes in, is waived, and demanded again until all of it came",
    ),
    pytest.param("other: approve @2500, time_passes", id="an offer lapses"),
    pytest.param("other: approve @2500, accept, cancel", id="an award is cancelled"),
    pytest.param("other: wait_list, screen_out", id="a case is declined while it waits"),
    pytest.param("other: approve @2500, withdraw", id="an offer is withdrawn from"),
]  # fmt: skip


def steps(road: str) -> list[tuple[str, Place]]:
    """Read a road."""
    ways = (way.split(":") for way in road.split(";"))
    return [
        (name, Place(case.strip(), int(number or 0), int(share or WHOLE)))
        for case, acts in ways
        for name, number, share in re.findall(r"([a-z_]+)(?: (\d+))?(?: @(\d+))?", acts)
    ]


# Where a walk begins: an advance is paid, and a claim by costs verified; money is demanded back of another grant.
BEGINNING = (
    f"costs: claim 1, verify 1, {PAYING}, confirm 1, claim 2 @7500, verify_in_part 2 @8000;"
    f"grant: claim 1, verify 1, {PAYING}, confirm 1, demand_back @5000, change_approve 1"
)


def go(walk: Walk, road: str) -> None:
    """Take each act of a road."""
    references = dict(zip(CASES, walk.references, strict=True))
    for name, place in steps(road):
        here = Place(references.get(place.reference, ""), place.number, place.share)
        assert walk.tried(name, here), (name, place)
        assert problems() == [], (name, place)


@pytest.mark.parametrize("road", ROADS)
def test_money_goes_along_this_road(walk: Walk, road: str) -> None:
    go(walk, road)
    assert audit.verify() == []


def test_every_act_is_on_some_road() -> None:
    assert {name for road in ROADS for name, _ in steps(str(road.values[0]))} == set(ACTS)


class Walking(RuleBasedStateMachine):
    """A walk that goes where the acts lead, and now and then tries anything anywhere."""

    def __init__(self, walk: Walk, connection: Connection) -> None:
        """Stand in a savepoint of its own: the next walk begins where this one began."""
        super().__init__()
        db.session.remove()
        self.walk, self.savepoint = walk, connection.begin_nested()
        walk.restart()

    @rule(data=st.data(), mood=st.sampled_from(MOODS), share=SHARES)
    def go_on(self, data: st.DataObject, mood: str, share: int) -> None:
        """Take an act, mostly one that begins where something stands."""
        name, place = data.draw(st.sampled_from(self.walk.acts(mood)))
        self.walk.tried(name, Place(place.reference, place.number, share))

    @invariant()
    def books_agree(self) -> None:
        """Look into the books after each act."""
        assert problems() == []

    def teardown(self) -> None:
        """Leave everything as it was found."""
        db.session.remove()
        self.savepoint.rollback()


def test_whatever_is_done_the_books_agree(walk: Walk) -> None:
    go(walk, BEGINNING)
    walk.taken.clear()
    connection = db.session.connection()
    begin: Any = partial(Walking, walk, connection)
    run_state_machine_as_test(begin, settings=BOUNDED)
    assert len(walk.taken) > len(ACTS) // 2
