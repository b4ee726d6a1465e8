"""How votes become a result: k of n, minimum present, veto, tie and recusal."""

from itertools import permutations, product

import pytest

from tests.workflows.circumstances import vote
from workflows.definition import Band, Decision
from workflows.facts import Vote
from workflows.quorum import tally, votes_needed

CAST = {"f": "for", "a": "against", "x": "abstain", "r": "recuse"}


def band(of: int, needed: int | str, present: int = 1) -> Band:
    return Band("MYR", "", 0, None, "approver", "", of, needed, present)


def decision(*, veto: tuple[str, ...] = (), tie: str = "against") -> Decision:
    return Decision("award", "Award", (), veto, tie)


def votes(letters: str) -> list[Vote]:
    """Return votes written as letters; a capital letter is cast by the chair."""
    return [
        vote(f"P-{n}", CAST[letter.lower()], duty="chair" if letter.isupper() else "approver")
        for n, letter in enumerate(letters)
    ]


# Band, letters, result, and the rule it comes from.
ROWS = [
    pytest.param(band(1, 1), "f", "for", "needed", id="one decides alone"),
    pytest.param(band(1, 1), "a", "against", "needed", id="one refuses alone"),
    pytest.param(band(1, 1), "x", "against", "needed", id="one who abstains has not agreed"),
    pytest.param(band(1, 1), "", None, "present", id="nobody voted yet"),
    pytest.param(band(1, 1), "r", None, "present", id="the only one stands aside: another is needed"),
    pytest.param(band(1, 1), "rf", "for", "needed", id="another decides for who stood aside"),
    pytest.param(band(3, 2), "f", None, "open", id="one of the two votes needed"),
    pytest.param(band(3, 2), "ff", "for", "needed", id="two of three"),
    pytest.param(band(3, 2), "fa", None, "open", id="the third can still carry it"),
    pytest.param(band(3, 2), "fx", None, "open", id="the third can still carry it past an abstention"),
    pytest.param(band(3, 2), "faa", "against", "needed", id="one of three"),
    pytest.param(band(3, 2), "aa", "against", "needed", id="it cannot be carried any more"),
    pytest.param(band(3, 2), "fxx", "against", "needed", id="abstentions do not carry"),
    pytest.param(band(3, 2, 3), "ff", None, "present", id="enough votes, too few present"),
    pytest.param(band(3, 2, 3), "ffx", "for", "needed", id="an abstention counts as present"),
    pytest.param(band(3, 2, 3), "aa", None, "present", id="refused, but too few present"),
    pytest.param(band(3, 2, 2), "ffr", "for", "needed", id="one of three stands aside, two agree"),
    pytest.param(band(3, "majority"), "ff", "for", "needed", id="more than half of three"),
    pytest.param(band(4, "majority"), "ff", None, "open", id="half of four is not more than half"),
    pytest.param(band(4, "majority"), "ffaa", "against", "needed", id="an equal vote"),
    pytest.param(band(4, "majority"), "rff", "for", "needed", id="two of three after one stood aside"),
    pytest.param(band(5, "majority"), "rrf", None, "open", id="one of three after two stood aside"),
    pytest.param(band(5, "majority", 3), "rrff", None, "present", id="two present of three"),
    pytest.param(band(5, "majority", 3), "rrffx", "for", "needed", id="two of three present"),
    pytest.param(band(3, "all"), "ff", None, "open", id="all but one"),
    pytest.param(band(3, "all"), "fff", "for", "needed", id="all"),
    pytest.param(band(3, "all"), "a", "against", "needed", id="one is enough to refuse"),
    pytest.param(band(3, "all"), "x", "against", "needed", id="one who abstains does not agree"),
    pytest.param(band(3, "all"), "rff", "for", "needed", id="all that are left"),
    pytest.param(band(3, "all", 3), "rff", None, "present", id="standing aside ends at the minimum"),
    pytest.param(band(3, "all", 2), "rrf", None, "present", id="one left where two must be present"),
]  # fmt: skip


@pytest.mark.parametrize(("of", "letters", "result", "rule"), ROWS)
def test_votes_become_a_result(of: Band, letters: str, result: str | None, rule: str) -> None:
    found = tally(decision(), of, votes(letters))
    assert (found.result, found.rule) == (result, rule)


@pytest.mark.parametrize(
    ("of", "letters", "result", "rule"),
    [
        pytest.param(band(3, 2), "ffA", "against", "veto", id="the chair forbids what others carry"),
        pytest.param(band(3, 2), "A", "against", "veto", id="the chair forbids at once"),
        pytest.param(band(3, 2, 3), "A", "against", "veto", id="a veto waits for nobody"),
        pytest.param(band(3, 2), "fX", None, "open", id="abstaining forbids nothing"),
        pytest.param(band(3, 2), "Rff", "for", "needed", id="who stands aside forbids nothing"),
        pytest.param(band(3, 2), "aff", "for", "needed", id="another than the chair forbids nothing"),
    ],
)  # fmt: skip
def test_a_veto(of: Band, letters: str, result: str | None, rule: str) -> None:
    found = tally(decision(veto=("chair",)), of, votes(letters))
    assert (found.result, found.rule) == (result, rule)


@pytest.mark.parametrize(
    ("of", "letters", "result", "rule"),
    [
        pytest.param(band(4, "majority"), "faFa", "for", "tie", id="the chair's vote for decides"),
        pytest.param(band(4, "majority"), "ffAa", "against", "tie", id="the chair's vote against"),
        pytest.param(band(4, "majority"), "ffaa", "against", "tie", id="the chair did not vote"),
        pytest.param(band(3, 2), "faX", "against", "tie", id="the chair abstains"),
        pytest.param(band(4, "majority"), "faF", None, "open", id="one more could carry it"),
        pytest.param(band(4, "majority"), "Faa", None, "open", id="one more could make it equal"),
        pytest.param(band(4, "majority"), "aaa", "against", "needed", id="it cannot become equal"),
        pytest.param(band(2, "all"), "Fa", "for", "tie", id="two, of whom one is the chair"),
        pytest.param(band(3, 2), "rFa", "for", "tie", id="two left after one stood aside"),
    ],
)  # fmt: skip
def test_a_tie_is_broken_by_the_duty_that_is_named(
    of: Band, letters: str, result: str | None, rule: str
) -> None:
    found = tally(decision(tie="chair"), of, votes(letters))
    assert (found.result, found.rule) == (result, rule)


def test_a_tally_says_how_the_vote_stands() -> None:
    found = tally(decision(), band(5, "majority", 3), votes("rfax"))
    assert (found.members, found.recused, found.needed) == (4, 1, 3)
    assert (found.present, found.least_present, found.outstanding) == (3, 3, 1)
    assert (found.votes_for, found.votes_against, found.abstained) == (1, 1, 1)


@pytest.mark.parametrize(
    ("needed", "members", "votes_"),
    [
        pytest.param("majority", 1, 1, id="more than half of one"),
        pytest.param("majority", 2, 2, id="more than half of two"),
        pytest.param("majority", 3, 2, id="more than half of three"),
        pytest.param("majority", 4, 3, id="more than half of four"),
        pytest.param("all", 4, 4, id="each of four"),
        pytest.param(2, 4, 2, id="two, whoever many they are"),
    ],
)
def test_votes_needed(needed: int | str, members: int, votes_: int) -> None:
    assert votes_needed(band(members, needed), members) == votes_


SHARES: tuple[int | str, ...] = (1, 2, "majority", "all")
BODIES = [
    band(of, needed, present)
    for of, needed, present in product((1, 2, 3), SHARES, (1, 2))
    if present <= of and (isinstance(needed, str) or needed <= present)
]


@pytest.mark.parametrize("of", BODIES, ids=lambda b: f"{b.needed} of {b.of}, {b.present} present")
@pytest.mark.parametrize("tie", ["against", "chair"])
def test_the_order_in_which_a_whole_body_votes_does_not_matter(of: Band, tie: str) -> None:
    for letters in product("fax", repeat=of.of):
        for chair in range(of.of):
            cast = votes("".join(v.upper() if n == chair else v for n, v in enumerate(letters)))
            results = {final(decision(tie=tie), of, order) for order in permutations(cast)}
            assert len(results) == 1
            assert None not in results


def final(about: Decision, of: Band, order: tuple[Vote, ...]) -> str | None:
    """Return the result of votes cast one after the other: the first that comes stands."""
    found = (tally(about, of, order[:n]).result for n in range(1, len(order) + 1))
    return next((result for result in found if result), None)
