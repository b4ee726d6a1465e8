"""From votes to a result: quorum k of n, minimum present, veto, tie, and recusal that shrinks the body."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.definition import Band, Decision
from workflows.facts import Vote


@dataclass(frozen=True)
class Tally:
    """How a vote stands: who may still vote, what is needed, and the result: "for", "against" or ``None`` while open.

    ``members`` are those who may vote after recusals, never fewer than the decision's minimum.
    """

    members: int
    recused: int
    needed: int
    present: int
    least_present: int
    votes_for: int
    votes_against: int
    abstained: int
    result: str | None
    rule: str

    @property
    def outstanding(self) -> int:
        """Return how many members have not voted yet."""
        return max(self.members - self.present, 0)


def tally(decision: Decision, band: Band, votes: Sequence[Vote]) -> Tally:
    """Count the votes of one round; the rule that gave the result is named in ``rule``."""
    recused = sum(vote.vote == "recuse" for vote in votes)
    cast = [vote for vote in votes if vote.vote != "recuse"]
    members = max(band.of - recused, band.present)
    count = {
        kind: sum(vote.vote == kind for vote in cast) for kind in ("for", "against", "abstain")
    }
    needed = votes_needed(band, members)
    result, rule = _result(decision, band, cast, members)
    return Tally(
        members=members,
        recused=recused,
        needed=needed,
        present=len(cast),
        least_present=band.present,
        votes_for=count["for"],
        votes_against=count["against"],
        abstained=count["abstain"],
        result=result,
        rule=rule,
    )


def votes_needed(band: Band, members: int) -> int:
    """Return how many votes for are needed of the members who may vote."""
    if band.needed == "all":
        return members
    if band.needed == "majority":
        return members // 2 + 1
    return int(band.needed)


def _result(
    decision: Decision, band: Band, cast: Sequence[Vote], members: int
) -> tuple[str | None, str]:
    if any(vote.vote == "against" and vote.duties & set(decision.veto) for vote in cast):
        return "against", "veto"
    if len(cast) < band.present:
        return None, "present"
    needed = votes_needed(band, members)
    if sum(vote.vote == "for" for vote in cast) >= needed:
        return "for", "needed"
    return _not_carried(decision, cast, needed, members)


def _not_carried(
    decision: Decision, cast: Sequence[Vote], needed: int, members: int
) -> tuple[str | None, str]:
    """Return what holds while too few voted for: still open, a tie, or against because it cannot be carried any more."""
    votes_for = sum(vote.vote == "for" for vote in cast)
    votes_against = sum(vote.vote == "against" for vote in cast)
    outstanding = max(members - len(cast), 0)
    casting = decision.tie != "against"
    if casting and not outstanding and votes_for == votes_against:
        return _casting(decision, cast), "tie"
    tie_possible = casting and outstanding and abs(votes_for - votes_against) <= outstanding
    if votes_for + outstanding < needed and not tie_possible:
        return "against", "needed"
    return None, "open"


def _casting(decision: Decision, cast: Sequence[Vote]) -> str:
    """Return what the casting vote says; without a vote for by its holder a tie is against."""
    favoured = any(vote.vote == "for" and decision.tie in vote.duties for vote in cast)
    return "for" if favoured else "against"
