"""Cases with what the plain ones lack: a clock that ran out, delegation, parallel work, another institution, migration."""

from tests.evidence.building import NAMED, Log, logged
from tests.evidence.cases import alone
from tests.evidence.telling import (
    APPLICANT,
    CHIEF,
    DESK,
    READERS,
    Story,
    approved,
    count,
    recommended,
    submitted,
    vote,
)
from workflows.format.loading import load, shipped

NAME = "MY-BAP-2026-00003"
GUARANTOR, DEPUTY = "officer:20", "officer:12"
NOW = shipped("grant")
NEWER = load(NOW.source.replace(f"version = {NOW.version}", f"version = {NOW.version + 1}", 1))
NAMED_NEWER = {"name": "grant", "version": NEWER.version, "sha256": NEWER.digest}


def lapsed() -> Story:
    """Return a case that was returned, extended and supplied, and whose offer lapsed."""
    story = submitted(Story(NAME, NAMED))
    story.act("take_up", DESK, "screening")
    story.act("return", DESK, "returned", reasons=["DOC"], _private={"note": "A quotation."})
    extended = {"days": 14, "unit": "calendar", "from": "2026-11-30", "due_on": "2026-12-14"}
    private = {"note": "The office was flooded."}
    story.act("extend", DESK, "returned", clock={"extended": extended}, _private=private)
    detail = submitted(Story(NAME, NAMED)).events[0]["detail"] | {"submission": 2}
    story.act("resubmit", APPLICANT, "screening", detail=detail)
    story.note("clock_warned", "system:clock")
    story.act("pass", DESK, "assessment")
    for number, reader in enumerate(READERS, 1):
        to = "recommendation" if number == len(READERS) else "assessment"
        story.act("assess", reader, to, detail={"assessment": number})
    advice = {"outcome": "approve", "amount": story.amount, "currency": "MYR"}
    story.act("recommend", DESK, "decision", detail=advice)
    approved(story)
    story.note("declare_interest", "officer:9")
    story.act("lapse", "system:clock", "lapsed", detail={"expired_on": "2026-11-01"})
    return story


def delegated() -> Story:
    """Return a case that a deputy decides in the name of the approver."""
    story = recommended(submitted(Story(NAME, NAMED)))
    found = vote(
        story,
        "approve",
        DEPUTY,
        "offered",
        quorum=count(1, 1, 1, "f", "for"),
        votes=[(DEPUTY, "for")],
        on_behalf_of=CHIEF,
        delegation=4,
        delegation_limit=10_000_000,
    )
    found["detail"]["votes"][0]["for"] = CHIEF
    return story


def guaranteed() -> Story:
    """Return a loan under a guarantee, with two assessments side by side."""
    flow = shipped("guaranteed_loan")
    story = submitted(Story(NAME, NAMED, flow=flow, amount=1_500_000_000))
    story.events[0]["detail"]["currency"] = "VND"
    began = {"credit": "to_do", "technical": "to_visit"}
    story.act("take_up", DESK, "screening")
    story.act("pass", DESK, "assessment", strands=began)
    road = (
        ("assess_credit", READERS[0], "assessment", {"credit": "done", "technical": "to_visit"}),
        ("visit", READERS[1], "assessment", {"credit": "done", "technical": "visited"}),
    )
    for name, actor, to, strands in road:
        story.act(name, actor, to, strands=strands, _private={"note": "Seen."})
    story.act("assess_technical", READERS[1], "recommendation")
    advice = {"outcome": "approve", "amount": story.amount, "currency": "VND"}
    story.act("recommend", DESK, "decision", detail=advice)
    authority = {"instrument": "Example 1/2026", "limit": 10**11, "currency": "VND"}
    more = {"authority": authority, "currency": "VND"}
    votes = [(CHIEF, "for")]
    quorum = count(1, 1, 1, "f", "for")
    vote(story, "approve", CHIEF, "guarantee", quorum=quorum, votes=votes, detail=more)
    given = more | {"amount": story.amount}
    private = {"note": "Granted."}
    vote(
        story,
        "guarantee",
        GUARANTOR,
        "offered",
        quorum=quorum,
        votes=[(GUARANTOR, "for")],
        detail=given,
        _private=private,
    )
    return story


def moved() -> Story:
    """Return a case that was moved to a newer version of its workflow."""
    story = submitted(Story(NAME, NAMED))
    story.note(
        "migrate",
        "officer:14",
        duty="scheme_designer",
        workflow=NAMED_NEWER,
        migration={"number": 1, "from": story.flow.digest, "to": NEWER.digest},
        detail={"author": "officer:15"},
        **{"from": "submitted", "to": "submitted"},
    )
    story.named = {**NAMED, NEWER.digest: NAMED_NEWER}
    story.flow = NEWER
    story.act("take_up", DESK, "screening")
    return story


def erased() -> Story:
    """Return a case that was screened out, and whose notes were erased later."""
    story = submitted(Story(NAME, NAMED))
    story.act("take_up", DESK, "screening")
    private = {"note": "Not this year."}
    story.act("screen_out", DESK, "declined", reasons=["OTH"], _private=private)
    story.letter("decline")
    detail = {"law": "Example Act, section 10", "proposed_by": "officer:41", "fields": {"notes": 1}}
    story.note("erase", "officer:42", duty="records_officer", detail=detail)
    return story


def kept(story: Story) -> Log:
    """Return the log of one case."""
    return logged(story.events)


STORIES = {
    "a case of one approver": alone,
    "a lapsed offer": lapsed,
    "a decision under a delegation": delegated,
    "a guaranteed loan": guaranteed,
    "a case that was moved": moved,
    "a case with erased notes": erased,
}
