"""A definition in people's words."""

from dataclasses import replace

import pytest

from tests.workflows.drawn import parallel
from workflows import wording
from workflows.choices import CHOICES
from workflows.definition import Branch, Clock
from workflows.vocabulary import HOLDERS

PARALLEL = parallel()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Approve\n\tthe  award ", "Approve the award", id="one line"),
        pytest.param("a\x00b\x07c\ud800d\uffffe", "abcde", id="nothing that XML does not allow"),
        pytest.param("\u202eevorppA\u202c", "evorppA", id="no mark that turns the words about"),
        pytest.param("แบบฟอร์ม ສະບາຍດີ", "แบบฟอร์ม ສະບາຍດີ", id="marks of a script stay"),
        pytest.param("क्\u200dष", "क्\u200dष", id="joiners of a script stay"),
    ],
)
def test_a_text_is_cleaned(text: str, expected: str) -> None:
    assert wording.clean(text) == expected


@pytest.mark.parametrize(
    ("act", "number", "words"),
    [
        pytest.param("submit", 0, "Submit (applicant)", id="one way"),
        pytest.param("approve", 0, "Vote for (approver), when the votes decide for", id="a choice"),
        pytest.param("approve", 2, "Vote for (approver), while the votes are open", id="not yet"),
        pytest.param(
            "end_legal",
            1,
            "End the legal check (credit officer), while other work is open",
            id="parallel work goes on",
        ),
        pytest.param("hold", 0, "Put on hold (credit officer or chair)", id="two duties"),
        pytest.param(
            "guarantee", 0, "Guarantee (approver of the guarantee corporation)", id="an institution"
        ),
        pytest.param(
            "deem_refused", 0, "Take the guarantee as refused (the system)", id="by nobody"
        ),
    ],
)
def test_the_words_of_a_way(act: str, number: int, words: str) -> None:
    found = [arrow for arrow in wording.arrows(PARALLEL) if arrow.act.name == act]
    assert found[number].words == words


def test_the_way_a_person_chooses_is_named() -> None:
    chosen = (Branch("signed", None, outcome="sign_now"), Branch("declined", "last_condition"))
    act = replace(PARALLEL.acts["submit"], branches=chosen)
    assert wording.way_of(act, 0) == "with the outcome “sign now”"


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_has_its_words(choice: str) -> None:
    act = replace(
        PARALLEL.acts["submit"], branches=(Branch("signed", choice), Branch("stay", None))
    )
    assert wording.way_of(act, 0) != f"when {choice.replace('_', ' ')}"
    assert wording.way_of(act, 1) == "otherwise"


@pytest.mark.parametrize("holder", HOLDERS)
def test_every_holder_has_its_words(holder: str) -> None:
    assert wording.holder(holder).startswith("With ")


def test_acts_by_the_same_people_are_said_together() -> None:
    votes = [a for a in wording.arrows(PARALLEL) if a.act.decision and a.target == "guarantee"]
    said = ["Vote for / Vote against (approver), when the votes decide for"]
    assert wording.together(votes) == said


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        pytest.param(None, "none", id="none"),
        pytest.param(Clock(1, "working"), "1 working day", id="one day"),
        pytest.param(
            Clock(20, "calendar", "deem_refused", 1, "credit_officer", 5),
            "20 calendar days; warning 1 day before; when late to the credit officer; "
            "then “Take the guarantee as refused”; one extension of 5 days",
            id="with everything",
        ),
    ],
)
def test_a_clock(clock: Clock | None, words: str) -> None:
    assert wording.clock_words(PARALLEL, clock) == words


def test_parallel_work_names_its_steps() -> None:
    assert wording.steps(PARALLEL.strands["legal"]) == "Legal check: open → in work → done"
