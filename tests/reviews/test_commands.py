"""Screening, assessment, recommendation: what each leaves behind, and what is refused."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.decisions.commands import Cast
from app.decisions.models import Decision
from app.decisions.queries import decision
from app.reviews import commands
from app.reviews.commands import Advice, Reasoned, Scores
from app.reviews.models import Assessment, Recommendation
from app.reviews.queries import assessments, recommendation
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import Criterion, SchemeTerms
from app.trail.queries import events_of
from tests.answers import GRANT, LOAN
from tests.factories import invalid, last_event, refused, rows
from tests.schemes.texts import GRANT as TEXT
from tests.world import World

WHOLE = (("Whole amount", Decimal(100)),)
DECLINED = Cast(reasons=("PRJ-PLAN",), note="The plan names no supplier.")


def advise(world: World, reference: str, amount: str, outcome: str = "approve") -> Any:
    given = Advice(outcome, amount, WHOLE, "")
    return world.do(commands.recommend, reference, given, actor=world.desk)


# Screening


def test_a_case_passes_screening(world: World) -> None:
    reference = world.at("submitted")
    world.do(commands.move, reference, Reasoned(), act="take_up", actor=world.desk)
    said = Reasoned(note="In order.")
    world.do(commands.move, reference, said, act="pass", actor=world.desk)
    assert [fact.kind for fact in events_of(reference)] == ["submit", "take_up", "pass"]
    found = last_event(reference)
    assert (found.record["from"], found.record["to"]) == ("screening", "assessment")
    assert (found.record["duty"], found.actor) == ("desk_officer", world.desk.mark)
    assert found.disclosed == {"note": "In order."}


@pytest.mark.parametrize(
    ("act", "said", "rules"),
    [
        pytest.param("return", Reasoned(), {"reasons_given"}, id="returned without a reason"),
        pytest.param("screen_out", Reasoned(), {"reasons_given"}, id="declined without a reason"),
        pytest.param(
            "return", Reasoned(("NONSENSE",)), {"reasons_known"}, id="a reason nobody knows"
        ),
        pytest.param(
            "return", Reasoned(("ELG-SIZE",)), {"reasons_known"}, id="a reason for another act"
        ),
        pytest.param(
            "screen_out", Reasoned(("INC-DOC", "PRJ-PLAN")), {"reasons_known"},
            id="one of two reasons is for another act",
        ),
    ],
)  # fmt: skip
def test_reasons_are_those_of_the_scheme(
    world: World, act: str, said: Reasoned, rules: set[str]
) -> None:
    reference = world.at("screening")
    command = {"return": commands.return_for_information, "screen_out": commands.move}[act]
    before = len(events_of(reference))
    with refused(*rules):
        world.do(command, reference, said, act=act, actor=world.desk)
    assert (world.case(reference).state, len(events_of(reference))) == ("screening", before)


def test_a_case_is_declined_at_screening_with_its_reasons(world: World) -> None:
    reference = world.at("screening")
    said = Reasoned(("ELG-SIZE", "OTH"), "Too large.")
    world.do(commands.move, reference, said, act="screen_out", actor=world.desk)
    assert world.case(reference).state == "declined"
    assert last_event(reference).record["reasons"] == ["ELG-SIZE", "OTH"]


# Assessment


def test_two_assessors_read_a_case(world: World) -> None:
    reference = world.at("assessment")
    world.assess(reference, world.assessor, 3)
    assert world.case(reference).state == "assessment"
    given = Scores({"growth": 5, "feasibility": 4, "cost": 0}, "Good.")
    world.do(commands.assess, reference, given, actor=world.assessor_two)
    first, second = assessments(world.case(reference))
    assert world.case(reference).state == "recommendation"
    assert (first.total, second.total) == (3000, 3200)
    found = last_event(reference)
    assert found.record["detail"]["total_thousandths"] == 3200
    assert (found.id, found.disclosed) == (second.event_id, {"comment": "Good."})


def test_an_assessor_reads_a_case_once(world: World) -> None:
    reference = world.at("assessment")
    world.assess(reference, world.assessor)
    with refused("not_yet_assessed"):
        world.assess(reference, world.assessor)
    assert len(rows(Assessment, world.case(reference))) == 1


@pytest.mark.parametrize(
    ("scores", "names"),
    [
        pytest.param({}, {"growth", "feasibility", "cost"}, id="no score at all"),
        pytest.param({"growth": 6, "feasibility": 0, "cost": 5}, {"growth"}, id="above five"),
        pytest.param({"growth": -1, "feasibility": 0, "cost": 5}, {"growth"}, id="below nought"),
        pytest.param(
            {"growth": 1, "feasibility": 1, "cost": 1, "looks": 5}, {"looks"},
            id="a criterion of no rubric",
        ),
        pytest.param({"growth": 1, "looks": 5}, {"feasibility", "cost", "looks"}, id="all told"),
    ],
)  # fmt: skip
def test_scores_are_those_of_the_rubric(
    world: World, scores: dict[str, int], names: set[str]
) -> None:
    reference = world.at("assessment")
    with invalid(*(f"scores.{name}" for name in names)):
        world.do(commands.assess, reference, Scores(scores, ""), actor=world.assessor)
    assert rows(Assessment, world.case(reference)) == []


def rubric(*criteria: tuple[int, bool]) -> SchemeTerms:
    """Return the grant with a rubric of other weights, each of which may or may not be left out."""
    found = tuple(
        Criterion(f"c{n}", "", weight, ("",) * 6, may_not_apply=may)
        for n, (weight, may) in enumerate(criteria)
    )
    return replace(scheme_terms(TEXT), criteria=found)


@pytest.mark.parametrize(
    ("criteria", "scores", "total"),
    [
        pytest.param([(40, True), (60, False)], [5, 0], 2000, id="all apply"),
        pytest.param([(40, True), (60, False)], [None, 3], 3000, id="one alone is the whole"),
        pytest.param([(40, True), (30, False), (30, False)], [None, 5, 4], 4500, id="halves"),
        pytest.param([(30, False), (30, True), (40, False)], [1, None, 0], 429, id="rounded up"),
        pytest.param([(10, False), (20, False), (70, True)], [1, 0, None], 333, id="rounded down"),
    ],
)
def test_a_criterion_that_does_not_apply_leaves_the_mean(
    criteria: list[tuple[int, bool]], scores: list[int | None], total: int
) -> None:
    given = {f"c{n}": score for n, score in enumerate(scores)}
    assert commands.weighted(rubric(*criteria), given) == total


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        pytest.param({"c0": 3, "c1": None}, "Give a score from 0 to 5.", id="one that must apply"),
        pytest.param(
            {"c1": 3}, "Give a score from 0 to 5, or say that it does not apply.",
            id="one of which nothing is said",
        ),
    ],
)  # fmt: skip
def test_only_what_the_rubric_lets_go_is_left_out(
    scores: dict[str, int | None], sentence: str
) -> None:
    wrong = "c1" if "c0" in scores else "c0"
    with invalid(f"scores.{wrong}") as errors:
        commands.weighted(rubric((40, True), (60, False)), scores)
    assert errors == {f"scores.{wrong}": [sentence]}


# Recommendation


def test_a_recommendation_is_kept_with_its_event(world: World) -> None:
    reference = world.at("recommendation")
    world.recommend(reference, (40, 60))
    found = recommendation(world.case(reference))
    assert found is not None
    assert (found.outcome, found.amount_minor) == ("approve", 80_000_00)
    assert found.tranches == [
        {"purpose": "Part 1", "share_pct": "40"},
        {"purpose": "Part 2", "share_pct": "60"},
    ]
    assert found.event_id == last_event(reference).id


@pytest.mark.parametrize(
    ("call", "amount", "rules"),
    [
        pytest.param(GRANT, "80000.00", set(), id="all that was requested"),
        pytest.param(
            GRANT, "80000.01", {"recommended_within_requested"}, id="a sen more than requested"
        ),
        pytest.param(GRANT, "0", {"recommended_within_requested"}, id="nothing"),
        pytest.param(GRANT, "", {"recommended_within_requested"}, id="no amount"),
        pytest.param(LOAN, "1500000000", set(), id="all that was requested, in dong"),
        pytest.param(LOAN, "1500000001", {"recommended_within_requested"}, id="a dong more"),
    ],
)
def test_what_is_recommended_is_at_most_what_was_requested(
    world: World, call: str, amount: str, rules: set[str]
) -> None:
    reference = world.at("recommendation", call)
    if not rules:
        advise(world, reference, amount)
        assert world.case(reference).state == "decision"
        return
    with refused(*rules):
        advise(world, reference, amount)
    assert rows(Recommendation, world.case(reference)) == []


@pytest.mark.parametrize("amount", ["-1", "1e3", "80000.001", "USD 5"])
def test_an_amount_that_cannot_be_read_is_not_recommended(world: World, amount: str) -> None:
    reference = world.at("recommendation")
    with invalid("amount"):
        advise(world, reference, amount)


# Decision to decline


def test_declining_names_its_reasons_and_whether_it_departs_from_the_advice(world: World) -> None:
    followed, departed = world.at("recommendation"), world.at("decision")
    advise(world, followed, "", "decline")
    for reference in (followed, departed):
        world.vote(reference, "decline", DECLINED)
    departs = [
        last_event(reference).record["detail"]["departs_from_recommendation"]
        for reference in (followed, departed)
    ]
    assert departs == ["no", "yes"]
    found = decision(world.case(departed))
    assert found is not None
    assert (found.outcome, found.reasons, found.amount_minor) == ("decline", ["PRJ-PLAN"], None)


def test_what_was_recommended_to_decline_is_not_approved(world: World) -> None:
    reference = world.at("recommendation")
    advise(world, reference, "", "decline")
    with refused("approved_within_recommended"):
        world.vote(reference, "approve", Cast("1.00"))
    assert rows(Decision, world.case(reference)) == []


def test_a_case_is_decided_once(world: World) -> None:
    reference = world.at("decision")
    world.vote(reference, "decline", DECLINED)
    with refused("possible_here"):
        world.approve(reference)
    assert [row.outcome for row in rows(Decision, world.case(reference))] == ["decline"]
