"""Votes counted again: each alone against its authority, all of a round against the matrix, and what they come to."""

from dataclasses import replace
from typing import Any

from workflows.evidence.cases import Ballot, Case, Event, Told
from workflows.evidence.definitions import Definition, Matrix, Tier, Verb
from workflows.evidence.report import AUTHORITY, QUORUM

OUTCOMES = {"for": "approve", "against": "decline"}
RECUSED = "recuse"
# The decision of this name makes the award.
AWARD = "award"


def voted(case: Case, flow: Definition, verb: Verb, event: Event, told: Told) -> str | None:
    """Check a vote and count it; returns what the votes come to: "for", "against", or ``None`` while it is open."""
    detail = event["detail"]
    if verb.decision is None:
        return verb.vote
    if case.late:
        return {"approve": "for", "decline": "against"}.get(detail.get("decided", ""))
    told.held(QUORUM)
    matrix = flow.matrices[verb.decision]
    before = [ballot for ballot in case.ballots if ballot.decision == verb.decision]
    amount = detail.get("amount") if verb.vote == "for" else None
    ballot = Ballot(event, verb.decision, verb.vote or "", amount)
    about = ballot.amount or motion(before, case, verb.decision)
    tier = matrix.tier(about, detail.get("currency", ""), event["scheme"]["code"])
    if tier is None:
        told.wrong(AUTHORITY, f"nobody decides about the amount {about}")
        return None
    if matrix.per:
        tier = replace(tier, members=len(case.asked))
        _of_an_agency(case, before, ballot, event, told)
    _round(case, verb.decision, before, ballot, event, told)
    _authorised(case, tier, verb, ballot, event, told)
    _same_motion(matrix, tier, before, ballot, case, event, told)
    result = _counted(matrix, tier, [*before, ballot], detail, told)
    _outcome(case, result, [*before, ballot], event, told)
    _close(case, before, result, ballot)
    return result


def motion(before: list[Ballot], case: Case, name: str) -> int | None:
    """Return the amount that is voted on: that of the first vote for, else what was awarded, recommended or requested.

    What was awarded counts for the decisions of others on it, such as a guarantee.
    """
    first = next((ballot.amount for ballot in before if ballot.vote == "for"), None)
    if first is None and name != AWARD and case.approved:
        return case.approved
    advised = case.advice[1] if case.advice else None
    return first or advised or case.requested


def _round(
    case: Case, name: str, before: list[Ballot], ballot: Ballot, event: Event, told: Told
) -> None:
    number = case.rounds.count(name) + 1
    if event["detail"].get("round") != number:
        told.wrong(
            QUORUM, f"this is the round {number}, not {event['detail'].get('round')}, of {name}"
        )
    voting = {ballot.person, ballot.cast_by}
    for other in before:
        if voting & {other.person, other.cast_by}:
            told.wrong(QUORUM, f"{other.person} has voted in this round already")


def _of_an_agency(
    case: Case, before: list[Ballot], ballot: Ballot, event: Event, told: Told
) -> None:
    """Check that the agency was asked, and has not answered before; and that those are named who were asked."""
    if ballot.agency not in case.asked:
        told.wrong(QUORUM, f"{ballot.agency or 'an agency that is not named'} was not asked")
    if any(other.agency == ballot.agency for other in before):
        told.wrong(QUORUM, f"{ballot.agency} has answered in this round already")
    if event["detail"].get("asked") != [*case.asked]:
        told.wrong(QUORUM, "those it names as asked are not those who were")


def silence(case: Case, flow: Definition, event: Event, told: Told) -> None:
    """Check who is said to have been silent when the time for answers was over; nothing where no agency could answer."""
    detail = event["detail"]
    here = (verb for verb in flow.verbs.values() if event["from"] in verb.sources)
    voting = {verb.decision for verb in here if verb.decision and flow.matrices[verb.decision].per}
    if not voting or case.late:
        return
    told.held(QUORUM)
    answered = [ballot.agency for ballot in case.ballots if ballot.decision in voting]
    silent = [code for code in case.asked if code not in answered]
    if (detail.get("silent"), detail.get("answered")) != (silent, answered):
        told.wrong(QUORUM, f"{', '.join(silent) or 'nobody'} was silent, by the votes")


def _authorised(
    case: Case, tier: Tier, verb: Verb, ballot: Ballot, event: Event, told: Told
) -> None:
    authority = event["detail"].get("authority", {})
    if tier.by not in ballot.duties:
        if ballot.told:
            told.wrong(AUTHORITY, f"this amount is decided by {tier.by}")
        else:
            told.unrecorded(AUTHORITY, f"whether the voter also has the duty {tier.by}")
    if tier.body and authority.get("body") != tier.body:
        told.wrong(AUTHORITY, f"this amount is decided by members of {tier.body}")
    if verb.vote != "for":
        return
    told.held(AUTHORITY)
    amount = ballot.amount
    if type(amount) is not int or amount <= 0:
        told.wrong(AUTHORITY, "the vote is for no amount")
        return
    if "within_authority" in verb.guards:
        within(authority, amount, event, told)
    if "approved_within_recommended" in verb.guards:
        _below(case, amount, event["detail"], told)


def within(authority: dict[str, Any], amount: int, event: Event, told: Told) -> None:
    """Hold an amount to the authority that is named for it, and to what was delegated of that."""
    limit = authority.get("limit")
    if not authority.get("instrument") or limit is None:
        told.wrong(AUTHORITY, "no authority is named")
        return
    if amount > limit:
        told.wrong(AUTHORITY, f"the amount {amount} is above the authority of {limit}")
    if "currency" not in authority:
        told.unrecorded(AUTHORITY, "the currency of the authority")
    elif authority["currency"] != event["detail"].get("currency"):
        told.wrong(AUTHORITY, f"the authority is in {authority['currency']}")
    handed = event.get("delegation_limit")
    if handed is not None and amount > handed:
        told.wrong(AUTHORITY, f"the amount {amount} is above the {handed} that were delegated")


def _below(case: Case, amount: int, detail: dict[str, Any], told: Told) -> None:
    if case.advice is None or case.advice[0] != "approve" or case.advice[1] is None:
        told.wrong(AUTHORITY, "nothing was recommended for approval")
        return
    if detail.get("recommended") != case.advice[1]:
        told.wrong(AUTHORITY, f"{case.advice[1]} was recommended, not {detail.get('recommended')}")
    if amount > case.advice[1]:
        told.wrong(AUTHORITY, f"the amount {amount} is above the recommended {case.advice[1]}")
    if case.requested is not None and amount > case.requested:
        told.wrong(AUTHORITY, f"the amount {amount} is above the requested {case.requested}")


def _same_motion(  # noqa: PLR0913, PLR0917 - a vote, and all that it is measured against
    matrix: Matrix,
    tier: Tier,
    before: list[Ballot],
    ballot: Ballot,
    case: Case,
    event: Event,
    told: Told,
) -> None:
    """Hold a vote for to the amount that is voted on; before there is one, to its row once somebody voted against."""
    if ballot.vote != "for":
        return
    first = next((other.amount for other in before if other.vote == "for"), None)
    if first is not None:
        if ballot.amount != first:
            told.wrong(QUORUM, f"the vote is for {ballot.amount}, and {first} is voted on")
        return
    currency, scheme = event["detail"].get("currency", ""), event["scheme"]["code"]
    begun = any(other.vote == "against" for other in before)
    same = matrix.tier(motion(before, case, ballot.decision), currency, scheme)
    if begun and same is not None and tier != replace(same, members=tier.members):
        told.wrong(QUORUM, "the vote takes the decision to others than those who have begun it")


def _counted(
    matrix: Matrix, tier: Tier, ballots: list[Ballot], detail: dict[str, Any], told: Told
) -> str | None:
    """Count a round, compare it with the count that was recorded, and return the result."""
    count = tallied(matrix, tier, ballots)
    said = detail.get("quorum", {})
    if said == count:
        return None if count["result"] == "open" else str(count["result"])
    by_duty = {"tie", "veto"} & {said.get("rule"), count["rule"]}
    if by_duty and not all(ballot.told for ballot in ballots):
        told.unrecorded(QUORUM, "under which duties each vote was cast, which decides here")
        return None if said.get("result") == "open" else said.get("result")
    for name in sorted(count.keys() | said.keys()):
        if said.get(name) != count.get(name):
            told.wrong(
                QUORUM, f"{name} is {count.get(name)} by the votes, not {said.get(name)} as said"
            )
    return None if count["result"] == "open" else str(count["result"])


def tallied(matrix: Matrix, tier: Tier, ballots: list[Ballot]) -> dict[str, Any]:
    """Return the count of a round in the words in which it is recorded."""
    cast = [ballot for ballot in ballots if ballot.vote != RECUSED]
    recused = len(ballots) - len(cast)
    members = max(tier.members - recused, tier.present)
    needed = members if tier.needed == "all" else tier.needed
    needed = members // 2 + 1 if needed == "majority" else int(needed)
    found = {"for": 0, "against": 0, "abstain": 0}
    for ballot in cast:
        found[ballot.vote] += 1
    result, rule = _result(matrix, tier, cast, members, needed)
    return {
        "members": members,
        "recused": recused,
        "needed": needed,
        "present": len(cast),
        "least_present": tier.present,
        "for": found["for"],
        "against": found["against"],
        "abstained": found["abstain"],
        "result": result or "open",
        "rule": rule,
    }


def _result(  # noqa: PLR0911 - one for each rule that can decide
    matrix: Matrix, tier: Tier, cast: list[Ballot], members: int, needed: int
) -> tuple[str | None, str]:
    if any(ballot.vote == "against" and ballot.duties & matrix.veto for ballot in cast):
        return "against", "veto"
    if len(cast) < tier.present:
        return None, "present"
    in_favour = sum(ballot.vote == "for" for ballot in cast)
    if in_favour >= needed:
        return "for", "needed"
    opposed = sum(ballot.vote == "against" for ballot in cast)
    left = max(members - len(cast), 0)
    casting = matrix.tie != "against"
    if casting and not left and in_favour == opposed:
        carried = any(b.vote == "for" and matrix.tie in b.duties for b in cast)
        return ("for" if carried else "against"), "tie"
    may_tie = casting and left and abs(in_favour - opposed) <= left
    if in_favour + left < needed and not may_tie:
        return "against", "needed"
    return None, "open"


def _outcome(
    case: Case, result: str | None, ballots: list[Ballot], event: Event, told: Told
) -> None:
    """Compare what a vote says of the decision with what the votes come to."""
    detail = event["detail"]
    decided = OUTCOMES.get(result or "")
    if detail.get("decided") != decided:
        told.wrong(QUORUM, f"the votes come to {decided}, not {detail.get('decided')}")
    if decided is None:
        return
    if "votes" not in detail:
        told.unrecorded(QUORUM, "the list of the votes")
    elif detail["votes"] != [
        {"actor": b.cast_by, "for": b.person, "vote": b.vote}
        | ({"agency": b.agency} if b.agency else {})
        for b in ballots
    ]:
        told.wrong(QUORUM, "the votes it lists are not the votes that were cast")
    other = "against" if result == "for" else "for"
    dissent = [ballot.person for ballot in ballots[:-1] if ballot.vote == other]
    dissent += [ballots[-1].cast_by] if ballots[-1].vote == other else []
    if detail.get("dissent") != dissent:
        told.wrong(QUORUM, "the dissent it names is not that of the votes")
    _departs(case, decided, detail, told)


def _departs(case: Case, decided: str, detail: dict[str, Any], told: Told) -> None:
    if case.advice is None:
        return
    departs = "no" if case.advice[0] == decided else "yes"
    if detail.get("departs_from_recommendation") != departs:
        told.wrong(
            AUTHORITY, f"whether it departs from the recommendation: {departs}, by the events"
        )
    outcome, amount, officer = case.advice
    whole = {"outcome": outcome, "amount": amount, "officer": officer}
    advised = {name: value for name, value in whole.items() if value is not None}
    if "recommendation" not in detail:
        told.unrecorded(AUTHORITY, "the recommendation that was decided on")
    elif detail["recommendation"] != advised:
        told.wrong(AUTHORITY, "the recommendation it names is not the last one made")


def _close(case: Case, before: list[Ballot], result: str | None, ballot: Ballot) -> None:
    """Keep the vote; once decided the next round begins, in which who stood aside still stands aside."""
    name = ballot.decision
    if result == "for" and name == AWARD:
        case.approved = ballot.amount or motion(before, case, name)
    votes = (*case.ballots, ballot)
    if result is not None:
        case.rounds = (*case.rounds, name)
        votes = tuple(one for one in votes if one.decision != name or one.vote == RECUSED)
    case.ballots = votes
