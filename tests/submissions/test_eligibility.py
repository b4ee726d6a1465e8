"""Eligibility when an application is handed in: three outcomes, what each asks, and what is kept of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.awards import commands as awards
from app.awards.queries import awarded, conditions
from app.checkpoints.commands import advance
from app.db import transaction
from app.letters.compose import compose
from app.letters.render import Offer
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.submissions import commands, queries
from app.submissions.models import EligibilityCheck
from app.trail.queries import events_of
from tests.factories import last_event
from tests.interface import Interface
from tests.pages.browser import Browser
from tests.registry.asking import asking, certify, look
from tests.world import World
from workflows.machine import Refused


def submit(world: World, reference: str) -> None:
    world.do(commands.submit, reference, actor=world.applicant)


def kept(world: World, reference: str) -> list[EligibilityCheck]:
    return queries.checks(world.case(reference))


def found(check: EligibilityCheck, rule: str) -> str:
    return next(str(one["result"]) for one in check.results if one["rule"] == rule)


def ruled(world: World, rule: str, what: str = "") -> str:
    """Return a draft under a scheme with one rule more, of an enterprise of which something is known."""
    if what:
        # Officers know of an enterprise by a case of it.
        world.at("submitted")
    asking(world, *rule.split())
    for word in what.split():
        if word == "certificate":
            certify(world)
        elif word != "other":
            look(world, word)
    return world.draft()


@pytest.mark.parametrize(
    ("rule", "what", "outcome"),
    [
        pytest.param("right_size", "", "eligible", id="the size of its sector by its figures"),
        pytest.param("at_home", "", "eligible", id="an enterprise of the country"),
        pytest.param("in_registry", "", "eligible", id="only the form of the number was checked"),
        pytest.param("in_registry", "verified", "eligible", id="the registry has it"),
        pytest.param("in_registry", "struck_off", "not_eligible", id="it was struck off"),
        pytest.param(
            "in_registry", "struck_off verified", "eligible", id="it was, by mistake: newest counts"
        ),
        pytest.param(
            "looked_up", "", "eligible_with_conditions", id="still to be looked up before the money"
        ),
        pytest.param("looked_up", "verified", "eligible", id="looked up"),
        pytest.param(
            "course_passed", "", "eligible_with_conditions", id="a course before the money"
        ),
        pytest.param("course_passed", "certificate", "eligible", id="the course is passed"),
        pytest.param("course_first", "", "not_eligible", id="a course before applying"),
        pytest.param("course_first", "certificate", "eligible", id="the course was passed before"),
        pytest.param("one_at_a_time", "other", "not_eligible", id="another case is under way"),
        pytest.param(
            "few_people", "", "eligible_with_conditions", id="an answer that leaves a condition"
        ),
    ],
)
def test_an_application_is(world: World, rule: str, what: str, outcome: str) -> None:
    reference = ruled(world, rule, what)
    if outcome == "not_eligible":
        with pytest.raises(Refused) as caught:
            submit(world, reference)
        (failure,) = caught.value.failures
        assert (failure.rule, failure.sentence) == ("eligible", f"{rule} is not so.")
        assert kept(world, reference) == []
        return
    submit(world, reference)
    (check,) = kept(world, reference)
    assert (check.occasion, check.outcome) == ("submission", outcome)
    assert found(check, rule) == ("condition" if "conditions" in outcome else "holds")
    event = last_event(reference)
    assert (check.event_id, event.record["detail"]["eligibility"]) == (event.id, outcome)
    criteria = {one["rule"]: one["holds"] for one in event.record["detail"]["criteria"]}
    assert criteria[rule] == ("false" if "conditions" in outcome else "true")
    assert (
        queries.submissions(world.case(reference))[0].frozen["eligibility"]
        == (event.record["detail"]["criteria"])
    )


def test_only_what_speaks_against_it_refuses_and_all_of_it_is_said(world: World) -> None:
    reference = ruled(world, "in_registry course_first few_people", "struck_off")
    with pytest.raises(Refused) as caught:
        submit(world, reference)
    (failure,) = caught.value.failures
    assert failure.sentence == "in_registry is not so. course_first is not so."


def test_conditions_are_told_before_it_is_sent_and_kept_with_the_case(world: World) -> None:
    reference = ruled(world, "course_passed few_people right_size")
    applicant = Browser(world.app, "applicant.my")
    for path in (f"/cases/{reference}", f"/cases/{reference}/check"):
        page = applicant.get(path).text
        for said in ("course_passed is not so.", "few_people is not so.", "Clause of few_people"):
            assert said in page, path
        assert "right_size is not so." not in page
    submit(world, reference)
    for name in ("desk.my", "applicant.my", "auditor.my"):
        page = Browser(world.app, name).get(f"/cases/{reference}").text
        for said in (
            "When it was handed in",
            "Eligible with conditions",
            "few_people is not so.",
            "a small enterprise",
            "SME definition",
        ):
            assert said in page, (name, said)
    told = Interface(world.app, "desk.my").case(reference)["eligibility"]
    assert [(one["occasion"], one["outcome"]) for one in told] == [
        ("submission", "eligible_with_conditions")
    ]


def test_what_is_kept_holds_nothing_of_the_answers(world: World) -> None:
    reference = ruled(world, "right_size looked_up one_at_a_time")
    submit(world, reference)
    (check,) = kept(world, reference)
    assert {key: check.facts[key] for key in ("size", "registry", "other_applications")} == {
        "size": "small",
        "registry": "format_checked",
        "other_applications": 0,
    }
    assert set(check.facts) == {"size", "size_law", "registry", "other_applications"}
    assert {frozenset(one) for one in check.results} == {
        frozenset({"rule", "result", "sentence", "clause"})
    }
    assert not {"2,400,000", "2400000", "Kopi"} & set(str(check.results).split())


def test_information_that_is_sent_later_is_checked_again(world: World) -> None:
    reference = ruled(world, "few_people")
    submit(world, reference)
    world.do(reviews.move, reference, Reasoned(), act="take_up", actor=world.desk)
    said = Reasoned(("INC-DOC",), "Please send it again.")
    world.do(reviews.return_for_information, reference, said, actor=world.desk)
    with transaction():
        commands.answer(reference, {"employees": "9"}, version=None, actor=world.applicant)
    world.do(commands.resubmit, reference, "Fewer now.", actor=world.applicant)
    assert [check.outcome for check in kept(world, reference)] == [
        "eligible_with_conditions",
        "eligible",
    ]
    # The newest submission is the one that counts.
    assert queries.conditions(world.case(reference)) == ()


def test_a_condition_is_one_of_the_award_and_stands_in_the_letter(world: World) -> None:
    asking(world, "course_passed", "few_people", "right_size")
    reference = world.at("accepted")
    award = awarded(world.case(reference))
    assert [(one.key, one.sentence) for one in conditions(award)][2:] == [
        ("course_passed", "course_passed is not so."),
        ("few_people", "few_people is not so."),
    ]
    (offer,) = (event for event in events_of(reference) if event.kind == "approve")
    with transaction():
        advance()
    body = compose("offer", world.case(reference), offer).body
    assert isinstance(body, Offer)
    assert body.conditions[2:] == (
        "Condition precedent: course_passed is not so.",
        "Condition precedent: few_people is not so.",
    )
    for key in ("agreement", "account", "few_people"):
        world.do(awards.meet_condition, reference, key, "Seen.", actor=world.desk)
        assert world.case(reference).state == "accepted"
    world.do(awards.meet_condition, reference, "course_passed", "Seen.", actor=world.desk)
    assert world.case(reference).state == "disbursing"


@contextmanager
def asked_for(*tables: str) -> Iterator[dict[str, int]]:
    """Count how often tables are read meanwhile."""
    seen = dict.fromkeys(tables, 0)

    def note(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        for table in tables:
            seen[table] += f"FROM {table} " in statement.replace("\n", " ")

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.one_database
def test_a_scheme_that_asks_nothing_beside_the_answers_looks_nothing_up(world: World) -> None:
    reference = world.draft()
    with asked_for("registry_check", "certificate") as seen:
        submit(world, reference)
    assert seen == {"registry_check": 0, "certificate": 0}
    (check,) = kept(world, reference)
    assert (check.outcome, check.facts) == ("eligible", {})
