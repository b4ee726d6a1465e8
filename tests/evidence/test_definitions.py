"""The verifier reads definitions and counts votes by itself: it must come to what the program comes to."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from workflows.definition import Band, Decision, Workflow
from workflows.evidence.cases import Ballot
from workflows.evidence.definitions import HERE, Matrix, Tier, read_definition
from workflows.evidence.proceedings import APPROVE
from workflows.evidence.voting import tallied
from workflows.facts import Vote
from workflows.format.loading import SHIPPED, load
from workflows.quorum import tally
from workflows.vocabulary import STAY

DATA = Path(__file__).parents[1] / "workflows" / "data"
FILES = sorted([*SHIPPED.glob("*.toml"), *DATA.glob("*.toml")])


def letters(found: Workflow) -> dict[tuple[str, str], str | None]:
    return {
        (name, state): act.letter_to(state)
        for name, act in found.acts.items()
        for state in found.states
    }


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in FILES])
def test_a_definition_is_read_as_the_program_reads_it(file: Path) -> None:
    source = file.read_bytes()
    own, known = read_definition(source), load(source.decode())
    assert STAY == HERE
    assert (own.digest, own.initial, own.kind) == (known.digest, known.initial, known.kind)
    assert {n: (s.end, s.money) for n, s in own.states.items()} == {
        n: (s.end, s.money) for n, s in known.states.items()
    }
    assert {n: own.begun(n) for n in own.states} == {
        n: {strand.name: strand.steps[0] for strand in known.strands_in(n)} for n in known.states
    }
    acts = {
        n: (
            a.by, a.part, tuple(a.guards), a.decision, a.vote, a.institution, a.strand, a.step_to,
            a.reasons, a.note, set(a.outcomes), set(a.sources), a.automatic, a.extends,
        )
        for n, a in own.verbs.items()
    }  # fmt: skip
    assert acts == {
        n: (
            a.by, a.part, a.guards, a.decision, a.vote, a.institution, a.strand, a.step_to,
            a.reasons == "required", a.note == "required", set(a.outcomes), set(a.sources), a.automatic,
            a.clock == "extend",
        )
        for n, a in known.acts.items()
    }  # fmt: skip
    assert {(n, s): a.letter_to(s) for n, a in own.verbs.items() for s in own.states} == letters(
        known
    )
    # What the program does beside is looked at only where later steps are measured against it.
    looked_at = {"decide", "submit", "resubmit", "recommend", "accept", APPROVE}
    assert {n: v.does for n, v in own.verbs.items() if v.does in looked_at} == {
        n: a.does for n, a in known.acts.items() if a.does in looked_at
    }
    for name, decision in known.decisions.items():
        for band in decision.bands:
            tier = own.matrices[name].tier(band.up_to or band.above + 1, band.currency, band.scheme)
            assert tier == tier_of(band)


def tier_of(band: Band) -> Tier:
    return Tier(band.above, band.up_to, band.by, band.body, band.of, band.needed, band.present)


def ballot(number: int, letter: str) -> tuple[Vote, Ballot]:
    vote = {"f": "for", "a": "against", "x": "abstain", "r": "recuse"}[letter.lower()]
    duty = "chair" if letter.isupper() else "approver"
    told: dict[str, Any] = {"actor": f"officer:{number}", "duty": duty, "detail": {}}
    own = Ballot(told, "award", vote, None)
    return Vote(f"officer:{number}", vote, frozenset({duty}), None), own


BANDS = [
    pytest.param(1, 1, 1, id="one alone"),
    pytest.param(3, 2, 2, id="two of three"),
    pytest.param(4, "majority", 1, id="more than half of four"),
    pytest.param(3, "all", 2, id="all of three"),
]


@pytest.mark.parametrize(("members", "needed", "present"), BANDS)
@pytest.mark.parametrize("tie", ["against", "chair"])
@pytest.mark.parametrize("veto", [(), ("chair",)])
def test_votes_are_counted_as_the_program_counts_them(
    members: int, needed: int | str, present: int, tie: str, veto: tuple[str, ...]
) -> None:
    band = Band("MYR", "", 0, None, "approver", "", members, needed, present)
    matrix = Matrix({("MYR", ""): [tier_of(band)]}, frozenset(veto), tie)
    decision = Decision("award", "Award", (band,), veto, tie)
    for length in range(members + 1):
        for row in product("faxrFA", repeat=length):
            pairs = [ballot(number, letter) for number, letter in enumerate(row)]
            own = tallied(matrix, tier_of(band), [pair[1] for pair in pairs])
            known = tally(decision, band, [pair[0] for pair in pairs])
            assert (own["result"], own["rule"]) == (known.result or "open", known.rule), row
            assert (own["members"], own["needed"]) == (known.members, known.needed), row
