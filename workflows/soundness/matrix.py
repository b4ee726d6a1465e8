"""Rules on decisions themselves: quorums that can be met, and an authority matrix without gap or overlap."""

from collections.abc import Collection, Iterator

from workflows.definition import Act, Band, Decision, Workflow
from workflows.money import DECIMALS, formatted
from workflows.quorum import votes_needed
from workflows.rules import duty_label
from workflows.soundness.roads import Roads
from workflows.soundness.witness import WARNING, Finding

Findings = Iterator[Finding]
# Nobody has these duties beside others.
_ALONE = frozenset({"applicant", "system"})


def quorum_unmet(roads: Roads) -> Findings:
    """Find quorums that the members cannot meet, also after a recusal, and vetoes and casting votes nobody has."""
    workflow = roads.workflow
    for decision in workflow.decisions.values():
        acts = [act for act in workflow.acts.values() if act.decision == decision.name]
        voting = {vote: [act for act in acts if act.vote == vote] for vote in ("for", "against")}
        place = f"decisions.{decision.name}"
        if not voting["for"]:
            sentence = "No act votes for, so it can never be decided for."
            yield Finding("quorum_unmet", place, sentence)
            continue
        recusals = any(act.vote == "recuse" for act in acts)
        for number, band in enumerate(decision.bands, 1):
            here = f"{place}.bands[{number}]"
            # Where agencies vote, only the case tells how many are asked.
            for sentence in () if decision.per else _too_many(band):
                yield Finding("quorum_unmet", here, sentence)
            if recusals:
                for sentence in _recused(band):
                    yield Finding("quorum_unmet", here, sentence, (), WARNING)
            yield from _voters(workflow, band, voting["for"], here)
        for sentence in _special(workflow, decision, voting):
            yield Finding("quorum_unmet", place, sentence)


def authority_matrix(roads: Roads) -> Findings:
    """Find amounts of a currency and scheme that fall in no band of a decision, or in more than one."""
    for decision in roads.workflow.decisions.values():
        groups: dict[tuple[str, str], list[tuple[int, Band]]] = {}
        for number, band in enumerate(decision.bands, 1):
            if band.up_to is not None and band.up_to <= band.above:
                sentence = "No amount falls in this band: up_to is not more than above."
                yield Finding("authority_gap", _band(decision, number), sentence)
            else:
                groups.setdefault((band.currency, band.scheme), []).append((number, band))
        for (currency, scheme), rows in groups.items():
            of = f" of the scheme {scheme}" if scheme else ""
            for rule, number, sentence in _faults(currency, of, rows):
                told = sentence[0].upper() + sentence[1:]
                yield Finding(rule, _band(decision, number), told)


def amounts(currency: str, above: int, up_to: int | None) -> str:
    """Return a span of amounts above one, up to and including another, as people read it."""
    if up_to is None:
        return f"more than {money(above, currency)}" if above else f"any amount in {currency}"
    return f"{money(above + 1, currency)} to {money(up_to, currency)}"


def money(minor: int, currency: str) -> str:
    """Return an amount as people read it, whatever the currency, with an ordinary space."""
    if currency not in DECIMALS:
        return f"{minor:,}"
    return formatted(minor, currency).replace("\u00a0", " ")


def _band(decision: Decision, number: int) -> str:
    return f"decisions.{decision.name}.bands[{number}]"


def _faults(currency: str, of: str, rows: list[tuple[int, Band]]) -> Iterator[tuple[str, int, str]]:
    """Yield rule, number of the band and sentence of each gap and overlap between bands."""
    ordered = sorted(rows, key=lambda row: row[1].above)
    if not currency:
        for number, _ in ordered[1:]:
            sentence = f"What has no amount{of} is decided by band {ordered[0][0]} as well."
            yield "authority_overlap", number, sentence
        return
    known: int | None = 0
    last = ordered[0][0]
    for number, band in ordered:
        if known is not None and band.above > known:
            span = amounts(currency, known, band.above)
            yield "authority_gap", number, f"{span}{of} is decided by nobody."
        if number != last and (known is None or band.above < known):
            both = band.up_to if known is None else min(known, band.up_to or known)
            span = amounts(currency, band.above, both)
            yield "authority_overlap", number, f"{span}{of} is decided by band {last} as well."
        if known is not None and (band.up_to is None or band.up_to >= known):
            known, last = band.up_to, number
    if known is not None:
        sentence = f"{amounts(currency, known, None)}{of} is decided by nobody."
        yield "authority_gap", last, f"{sentence} Leave up_to out of the highest band."


def _too_many(band: Band) -> Iterator[str]:
    members = _members(band.of)
    if isinstance(band.needed, int) and band.needed > band.of:
        yield f"{_votes(band.needed)} for are needed, but the body has {members}."
    if band.present > band.of:
        yield f"{_members(band.present)} must be present, but the body has {members}."


def _recused(band: Band) -> Iterator[str]:
    """Yield what a recusal makes impossible."""
    if band.of == 1 or band.present > band.of:
        return
    members = max(band.of - 1, band.present)
    asked = max(votes_needed(band, members), band.present)
    if asked > band.of - 1:
        yield (
            f"When one of the {_members(band.of)} stands aside, {_votes(asked)} are still asked for: "
            "only a substitute could give the last. Ask for fewer present, or have a larger body."
        )
    elif isinstance(band.needed, int) and band.present < band.needed:
        yield (
            f"When so many stand aside that only {_members(band.present)} may vote, the {_votes(band.needed)} "
            f"needed cannot be reached. Say present = {band.needed}."
        )


def _voters(workflow: Workflow, band: Band, acts: list[Act], place: str) -> Findings:
    """Yield that nobody, or only somebody with two duties, can vote in a band."""
    label = duty_label(workflow, band.by)
    if not any(_can(act, {band.by}) for act in acts):
        sentence = f"No {label} can vote for: the acts that do are for others."
        yield Finding("quorum_unmet", place, sentence)
    elif not any(band.by in act.by for act in acts):
        duties = " or ".join(duty_label(workflow, duty) for act in acts for duty in act.by)
        sentence = f"Only somebody who is {label} and {duties} at once can vote here."
        yield Finding("quorum_unmet", place, sentence, (), WARNING)


def _special(workflow: Workflow, decision: Decision, voting: dict[str, list[Act]]) -> Iterator[str]:
    """Yield vetoes and casting votes that nobody can have."""
    if decision.veto and not voting["against"]:
        yield "A veto is a vote against, and no act votes against."
    asked = [(duty, "against", "veto") for duty in decision.veto if voting["against"]]
    if decision.tie != "against":
        asked.append((decision.tie, "for", "casting vote"))
    for duty, vote, what in asked:
        needed = [{duty, band.by} for band in decision.bands]
        if not any(_can(act, duties) for act in voting[vote] for duties in needed):
            yield f"The {what} is given to {duty_label(workflow, duty)}, but no voter can have that duty."


def _can(act: Act, duties: Collection[str]) -> bool:
    """Tell whether one person can have all these duties and one the act is for."""
    return any(len({duty, *duties}) == 1 or _ALONE.isdisjoint({duty, *duties}) for duty in act.by)


def _votes(number: int) -> str:
    return f"{number} vote{'s' * (number != 1)}"


def _members(number: int) -> str:
    return f"{number} member{'s' * (number != 1)}"
