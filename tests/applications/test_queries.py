"""Who sees which case: one agency never sees another's, a draft is the enterprise's own."""

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.applications import queries
from app.applications.models import Application
from app.applications.queries import Filter
from app.db import db
from app.errors import Missing
from tests.answers import LOAN
from tests.factories import Days
from tests.world import World


@pytest.mark.parametrize(
    ("state", "name", "seen"),
    [
        pytest.param("draft", "applicant.my", True, id="an applicant sees the own draft"),
        pytest.param("draft", "desk.my", False, id="an officer sees no draft"),
        pytest.param("draft", "auditor.my", False, id="an auditor sees no draft"),
        pytest.param("draft", "rival.my", False, id="another enterprise sees no draft"),
        pytest.param("submitted", "applicant.my", True, id="an applicant sees the own case"),
        pytest.param("submitted", "rival.my", False, id="another enterprise sees nothing"),
        pytest.param("submitted", "desk.my", True, id="an officer of the agency sees it"),
        pytest.param("submitted", "auditor.my", True, id="an auditor of the agency sees it"),
        pytest.param("submitted", "desk.vn", False, id="an officer of another agency does not"),
        pytest.param("submitted", "auditor.vn", False, id="an auditor of another agency does not"),
        pytest.param("submitted", "applicant.vn", False, id="an applicant elsewhere does not"),
    ],
)
def test_a_case_is_seen(world: World, state: str, name: str, seen: bool) -> None:
    reference, person = world.at(state), world.person(name)
    listed = [case.reference for case in queries.page(person, Filter())[0]]
    assert (reference in listed) is seen
    assert bool(queries.by_state(person)) is seen
    if seen:
        assert queries.find(reference, actor=person).reference == reference
    else:
        with pytest.raises(Missing, match="or not for you"):
            queries.find(reference, actor=person)


def test_a_withdrawn_draft_was_never_the_agencys(world: World) -> None:
    reference = world.draft()
    with pytest.raises(Missing):
        queries.find(reference, actor=world.desk)
    assert queries.locked(reference).reference == reference


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        pytest.param(Filter(), 2, id="everything"),
        pytest.param(Filter(state="screening"), 1, id="one state"),
        pytest.param(Filter(scheme="MY-BAP"), 2, id="one scheme"),
        pytest.param(Filter(scheme="VN-SMEDF"), 0, id="a scheme of another agency"),
        pytest.param(Filter(search="kopi contoh"), 2, id="a part of the name, in any case"),
        pytest.param(Filter(search="201901000005"), 2, id="the registry number"),
        pytest.param(Filter(search="%"), 0, id="a per cent sign is no wildcard"),
        pytest.param(Filter(search="_"), 0, id="an underscore is no wildcard"),
        pytest.param(Filter(search="\\"), 0, id="a backslash"),
        pytest.param(Filter(search="'; DROP TABLE event; --"), 0, id="a statement"),
        pytest.param(Filter(late=True), 0, id="nothing is late"),
    ],
)
def test_a_list_is_narrowed(world: World, narrowed: Filter, found: int) -> None:
    world.at("submitted")
    world.at("screening")
    assert len(queries.page(world.desk, narrowed)[0]) == found


def test_late_cases_are_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = world.at("submitted")
    days = Days(monkeypatch)
    days.moment(f"{world.case(reference).due_on}T12:00:00")
    assert queries.page(world.desk, Filter(late=True))[0] == []
    days.moment("2027-06-01T12:00:00")
    assert [c.reference for c in queries.page(world.desk, Filter(late=True))[0]] == [reference]


def test_a_list_comes_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    wanted = [world.at("submitted") for _ in range(3)]
    rows, more = queries.page(world.desk, Filter())
    rest, no_more = queries.page(world.desk, Filter(after=rows[-1].id))
    assert [case.reference for case in (*rows, *rest)] == wanted
    assert (more, no_more) == (True, False)


def test_an_application_keeps_the_workflow_it_was_made_under(world: World) -> None:
    case = queries.find(world.at("submitted"), actor=world.desk)
    assert queries.workflow(case).digest == case.workflow_digest == case.scheme.workflow_digest


def test_the_facts_say_who_acts_and_where_the_person_stands(world: World) -> None:
    reference = world.at("screening")
    case = queries.find(reference, actor=world.desk)
    facts = queries.facts(case, world.desk)
    assert (facts.actor.part, facts.actor.related) == ("desk_officer", False)
    assert queries.facts(case, world.assessor).actor.part is None
    assert queries.facts(case, world.applicant).actor.related
    assert queries.facts(case, None).actor.duties == {"system"}
    assert facts.version == case.version


def test_nobody_is_in_two_homes(world: World) -> None:
    people = db.session.scalars(select(Person)).all()
    assert all((p.agency_id is None) != (p.enterprise_id is None) for p in people)


def test_the_heads_are_the_ends_of_the_trails(world: World) -> None:
    first, draft = world.at("screening"), world.draft()
    found = queries.heads()
    case = world.case(first)
    assert found[first] == (case.trail_seq, case.trail_hash)
    assert found[draft] == (0, "")
    assert set(found) == set(db.session.scalars(select(Application.reference)))


def test_dong_are_told_without_decimals(world: World) -> None:
    case = queries.find(world.at("submitted", LOAN), actor=world.desk)
    assert queries.amounts(case, amount=1_500_000_000, limit=None) == {
        "amount": "VND\u00a01,500,000,000"
    }
