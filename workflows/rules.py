"""Which rules speak against an act: who stands where, and what was entered. Every failed rule is named, never only the first."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from workflows.authority import band_of
from workflows.definition import Act, Band, Decision, Workflow
from workflows.facts import Actor, Delegated, Facts, Failure
from workflows.guards import GUARDS, Guard
from workflows.vocabulary import DUTIES, SWITCH

# The rule that a decision must still meet when it is carried.
CARRYING = "within_budget"
Failures = tuple[Failure, ...]
Named = tuple[tuple[str, Guard | None], ...]


def standing(workflow: Workflow, state: str, act: Act, facts: Facts) -> Failures:
    """Return the failed rules about who stands where: asked before anything is entered."""
    _, failed = who(workflow, act, facts)
    return (
        *stale(facts),
        *failed,
        *_place(workflow, state, act, facts),
        *_guards(workflow, act, facts, needs_input=False),
    )


def entered(workflow: Workflow, act: Act, facts: Facts) -> Failures:
    """Return the failed rules about what the person entered."""
    found = [*_reasons(act, facts), *_guards(workflow, act, facts, needs_input=True)]
    if act.outcomes and facts.outcome not in act.outcomes:
        choices = ", ".join(act.outcomes)
        found.append(Failure("outcome_chosen", f"Choose one of: {choices}.", "Workflow: outcomes"))
    if act.decision is not None:
        found += _vote(workflow, workflow.decisions[act.decision], act, facts)
    return tuple(found)


def who(workflow: Workflow, act: Act, facts: Facts) -> tuple[Delegated | None, Failures]:
    """Return under which delegation the person acts, ``None`` in the own right, and what speaks against the person."""
    actor = facts.actor
    own = not actor.duties.isdisjoint(act.by)
    if own and facts.behalf_of is None:
        return None, _person(workflow, act, actor)
    offered = [d for d in actor.delegated if d.duty in act.by]
    if facts.behalf_of is not None:
        offered = [d for d in offered if d.number == facts.behalf_of]
    chosen = next((d for d in offered if d.in_force(facts.today)), None)
    if chosen is None:
        return None, (*_no_duty(workflow, act, offered), *_person(workflow, act, actor))
    return chosen, (*_person(workflow, act, actor), *_giver(act, chosen))


def stale(facts: Facts) -> Failures:
    """Return the failure of acting on a version of the case that is no longer current."""
    if facts.expected_version is None or facts.expected_version == facts.version:
        return ()
    sentence = "Somebody changed this case after you opened it. Look at it again, then decide."
    return (Failure("unchanged", sentence, "Case version"),)


def duty_label(workflow: Workflow, duty: str) -> str:
    """Return how people read a duty."""
    return workflow.duties.get(duty) or DUTIES.get(duty) or duty.replace("_", " ")


def _no_duty(workflow: Workflow, act: Act, offered: list[Delegated]) -> Failures:
    if offered:
        last = offered[-1]
        day = min(last.ended or last.valid_to, last.valid_to)
        sentence = (
            f"Your delegation from {last.name} ran from {last.valid_from} to {day}: not today."
        )
        return (Failure("delegation_in_force", sentence, "Delegation of authority"),)
    duties = " or ".join(duty_label(workflow, duty) for duty in act.by)
    sentence = f"This is for a person with the duty {duties}."
    return (Failure("duty", sentence, "Agency: duties"),)


def _person(workflow: Workflow, act: Act, actor: Actor) -> Failures:
    found = []
    if actor.related and act.by != ("applicant",):
        sentence = "You are connected with this enterprise."
        found.append(Failure("no_interest", sentence, "Conflict of interest"))
    if act.part and actor.part and actor.part != act.part:
        sentence = (
            f"You already stand in this case as {duty_label(workflow, actor.part)}; "
            "another person must do this."
        )
        found.append(Failure("separate_hands", sentence, "Separation of duties"))
    if actor.institution != act.institution and act.by != ("applicant",) and not act.automatic:
        label = workflow.institutions.get(act.institution, "the agency that owns the case")
        found.append(Failure("institution", f"This is for {label}.", "Workflow: institutions"))
    return tuple(found)


def _giver(act: Act, chosen: Delegated) -> Failures:
    found = []
    if chosen.giver_related:
        sentence = f"{chosen.name}, for whom you act, is connected with this enterprise."
        found.append(Failure("no_interest", sentence, "Conflict of interest"))
    if act.part and chosen.giver_part and chosen.giver_part != act.part:
        sentence = f"{chosen.name}, for whom you act, already stands on another side of this case."
        found.append(Failure("separate_hands", sentence, "Separation of duties"))
    return tuple(found)


def _place(workflow: Workflow, state: str, act: Act, facts: Facts) -> Failures:
    """Return what the state's clock, the strand and the round of votes have against the act."""
    found = []
    clock = workflow.states[state].clock
    if act.automatic and clock and clock.expires == act.name and not facts.clock_over:
        found.append(Failure("clock_over", "The time is not over.", "Workflow: service clock"))
    if act.clock == "extend" and (not clock or not clock.extension or facts.extended is not False):
        sentence = "The time cannot be extended, or was extended already."
        found.append(Failure("extension_open", sentence, "Workflow: service clock"))
    if act.strand is not None and dict(facts.strands).get(act.strand) not in act.step_from:
        sentence = f"“{act.label}” is not the next step of {workflow.strands[act.strand].label}."
        found.append(Failure("strand_step", sentence, "Workflow: parallel work"))
    if act.vote is not None and act.decision is not None:
        found += _voter(workflow, act, facts)
    return tuple(found)


def _voter(workflow: Workflow, act: Act, facts: Facts) -> list[Failure]:
    if facts.votes is None:
        return [Failure("votes_counted", "The votes have not been counted.", "Decision: quorum")]
    behalf, _ = who(workflow, act, facts)
    voting = {facts.actor.mark, behalf.giver} if behalf else {facts.actor.mark}
    if any(voting & {vote.person, vote.cast_by} for vote in facts.votes):
        return [Failure("one_vote", "You have already voted on this.", "Decision: quorum")]
    return [*_agency(workflow.decisions[act.decision or ""], facts)]


def _agency(decision: Decision, facts: Facts) -> Iterator[Failure]:
    """Yield what speaks against a vote of an agency, where agencies have one each."""
    if not decision.per:
        return
    if facts.asked is None or facts.actor.agency not in facts.asked:
        yield Failure("asked", "Your agency was not asked.", "Decision: who is asked")
    if any(vote.agency == facts.actor.agency for vote in facts.votes or ()):
        yield Failure("one_vote", "Your agency has answered already.", "Decision: who is asked")


def carried(workflow: Workflow, act: Act, facts: Facts) -> Failures:
    """Return what speaks against a vote that carries a decision without being one for, as in a tie: the budget may be gone.

    The vote for was asked when it was cast; the budget is asked again for the amount that is voted on.
    """
    if facts.result != "for" or act.vote == "for":
        return ()
    asked = {
        guard
        for other in workflow.acts.values()
        if other.decision == act.decision and other.vote == "for"
        for guard in other.guards
    }
    if CARRYING not in asked:
        return ()
    sentence = GUARDS[CARRYING].check(replace(facts, amount=motion(facts)))
    return (Failure(CARRYING, sentence, GUARDS[CARRYING].clause),) if sentence else ()


def motion(facts: Facts) -> int | None:
    """Return the amount a decision is about: that of the first vote for, else what was recommended or requested."""
    voted = (vote.amount for vote in facts.votes or () if vote.vote == "for")
    first = next(voted, None)
    return first or facts.recommended or facts.requested


def band(decision: Decision, act: Act, facts: Facts) -> Band | None:
    """Return the band of the authority matrix that an act falls in; where agencies vote, as many do as were asked."""
    amount = (facts.amount if act.vote == "for" else None) or motion(facts)
    return seated(decision, band_of(decision, amount, facts.currency, facts.scheme), facts)


def seated(decision: Decision, found: Band | None, facts: Facts) -> Band | None:
    """Return a band with as many members as agencies were asked, where agencies vote; any other as it is."""
    if found is None or not decision.per:
        return found
    return replace(found, of=len(facts.asked or ()))


def _vote(workflow: Workflow, decision: Decision, act: Act, facts: Facts) -> list[Failure]:
    clause = f"Authority matrix: {decision.title}"
    found_band = band(decision, act, facts)
    if found_band is None:
        return [Failure("authority_matrix", "Nobody decides about this amount.", clause)]
    found = []
    behalf, _ = who(workflow, act, facts)
    duties = frozenset({behalf.duty}) if behalf else facts.actor.duties
    if found_band.by not in duties and not duties.isdisjoint(act.by):
        label = duty_label(workflow, found_band.by)
        found.append(Failure("authority_matrix", f"This amount is decided by: {label}.", clause))
    if found_band.body and facts.authority_body != found_band.body:
        sentence = f"This amount is decided by members of {found_band.body}."
        found.append(Failure("authority_body", sentence, clause))
    if act.vote == "for" and not _same_motion(decision, found_band, facts):
        sentence = "The vote has begun on another amount. Vote for that amount, or against."
        found.append(Failure("same_motion", sentence, clause))
    return found


def _same_motion(decision: Decision, found: Band, facts: Facts) -> bool:
    """Tell whether a vote for is for what is being voted on: the first amount, or until there is one the same band.

    Otherwise a smaller amount would take the decision away from a body in which somebody has already voted against.
    """
    votes = facts.votes or ()
    first = next((vote.amount for vote in votes if vote.vote == "for"), None)
    if first is not None:
        return facts.amount == first
    begun = any(vote.vote == "against" for vote in votes)
    same = band_of(decision, motion(facts), facts.currency, facts.scheme)
    return not begun or found == seated(decision, same, facts)


def _guards(workflow: Workflow, act: Act, facts: Facts, *, needs_input: bool) -> list[Failure]:
    found: list[Failure] = []
    for name, guard in _parted(act.guards)[needs_input]:
        if guard is None:
            found += _switch(workflow, name.removeprefix(SWITCH), facts)
            continue
        sentence = guard.check(facts)
        if sentence is not None:
            found.append(Failure(name, sentence, guard.clause))
    return found


@cache
def _parted(names: tuple[str, ...]) -> tuple[Named, Named]:
    """Return the guards that look at what stands and those that look at what is entered; a switch has no record."""
    guards = [(name, None if name.startswith(SWITCH) else GUARDS[name]) for name in names]
    parted = [
        tuple(
            (name, guard)
            for name, guard in guards
            if (guard is not None and guard.needs_input) is needs
        )
        for needs in (False, True)
    ]
    return parted[0], parted[1]


def _switch(workflow: Workflow, name: str, facts: Facts) -> Failures:
    switch = workflow.switches[name]
    if facts.switches is not None and name in facts.switches:
        return ()
    return (Failure(f"{SWITCH}{name}", switch.sentence, switch.clause),)


def _reasons(act: Act, facts: Facts) -> list[Failure]:
    found = []
    if facts.unknown_reasons:
        codes = ", ".join(facts.unknown_reasons)
        sentence = f"The scheme knows no such reason: {codes}."
        found.append(Failure("reasons_known", sentence, "Scheme: reasons"))
    if act.reasons == "required" and not facts.reasons:
        found.append(Failure("reasons_given", "Choose at least one reason.", "Scheme: reasons"))
    if act.note == "required" and not facts.note.strip():
        found.append(Failure("note_given", "Say why in your own words.", "Workflow: reasons"))
    attached = {kind for kind, _ in facts.attached or ()}
    missing = [label for kind, label in act.attachments.items() if kind not in attached]
    if missing:
        sentence = "Still to be attached: " + "; ".join(missing) + "."
        found.append(Failure("attachments_given", sentence, "Workflow: attachments"))
    return found
