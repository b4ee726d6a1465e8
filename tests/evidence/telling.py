"""Cases that were never anybody's, told event by event as the program records them: what bundles of tests are made of."""

from dataclasses import dataclass, field
from typing import Any

from workflows.definition import Workflow
from workflows.format.loading import shipped

Told = dict[str, Any]
AGENCY, SCHEME = "MY-BAP-AGENCY", b'code = "MY-BAP"\nversion = 1\n'
APPLICANT, DESK, CHIEF = "applicant:31", "officer:1", "officer:5"
READERS = ("officer:3", "officer:4")
MEMBERS = ("officer:6", "officer:7", "officer:8")
MAKER, CHECKER, RELEASER = "officer:9", "officer:10", "officer:11"
AMOUNT, LARGE = 8_000_000, 20_000_000


@dataclass
class Story:
    """One case as its events tell it; ``named`` gives what the events say of definitions and schemes."""

    stream: str
    named: dict[str, dict[str, Any]]
    flow: Workflow = field(default_factory=lambda: shipped("grant"))
    agency: str = AGENCY
    enterprise: str = "enterprise:1"
    state: str = "draft"
    amount: int = AMOUNT
    events: list[Told] = field(default_factory=list)

    def act(self, name: str, actor: str, to: str, **more: Any) -> Told:
        """Tell an act of the case, or with ``flow`` of one of its tranches."""
        flow: Workflow = more.pop("flow", self.flow)
        act = flow.acts[name]
        told: Told = {
            "duty": act.by[0],
            "enterprise": self.enterprise,
            "from": more.pop("source", self.state),
            "to": to,
            "workflow": self.named[flow.digest],
            "scheme": self.named["scheme"],
            "guards": list(act.guards),
            "reasons": [],
            "detail": {},
        }
        told |= {"part": act.part} if act.part else {}
        told |= {"conflict": "none declared"} if actor.startswith("officer:") else {}
        told |= {"institution": act.institution} if act.institution else {}
        if flow is self.flow:
            self.state = to
        return self._keep(name, actor, told | more)

    def note(self, kind: str, actor: str, **more: Any) -> Told:
        """Tell an event that is no act."""
        return self._keep(kind, actor, {"detail": {}} | more)

    def letter(self, letter: str, digest: str = "ab" * 32) -> Told:
        """Tell that the letter of the last event was issued."""
        detail = {"letter": letter, "language": "ms", "sha256": digest, "for": len(self.events)}
        return self.note("issue_letter", "system:letters", detail=detail)

    def _keep(self, kind: str, actor: str, told: Told) -> Told:
        whole = {"stream": self.stream, "agency": self.agency, "type": kind, "actor": actor} | told
        self.events.append(whole)
        return whole


def submitted(story: Story, digest: str = "cd" * 32, documents: tuple[str, ...] = ()) -> Story:
    """Tell how a case is handed in."""
    detail = {
        "submission": 1,
        "submission_sha256": digest,
        "requested": story.amount,
        "currency": "MYR",
        "documents": [{"kind": "quotation", "sha256": one} for one in documents],
        "criteria": [{"clause": "Guideline: ceiling", "holds": "true", "rule": "ceiling"}],
    }
    story.act("submit", APPLICANT, "submitted", detail=detail)
    return story


def recommended(story: Story) -> Story:
    """Tell the road from the hand-in to the recommendation."""
    started = {"calendar": "MY holidays", "days": 5, "due_on": "2026-11-27", "unit": "working"}
    story.act("take_up", DESK, "screening", clock={"started": started})
    story.act("pass", DESK, "assessment", clock={"started": started})
    for number, reader in enumerate(READERS, 1):
        detail = {
            "assessment": number,
            "scores": {"cost": 4, "growth": 4},
            "total_thousandths": 4000,
        }
        to = "recommendation" if number == len(READERS) else "assessment"
        story.act("assess", reader, to, detail=detail, _private={"comment": "Read with care."})
    plan = [{"purpose": "Part 1", "share_pct": "40"}, {"purpose": "Part 2", "share_pct": "60"}]
    detail = {"outcome": "approve", "amount": story.amount, "currency": "MYR", "tranches": plan}
    story.act("recommend", DESK, "decision", detail=detail, _private={"note": "Sound."})
    return story


def vote(story: Story, act: str, actor: str, to: str, **more: Any) -> Told:
    """Tell a vote in the first round; ``quorum`` and ``votes`` say how it stands with it."""
    detail: dict[str, Any] = {
        "vote": story.flow.acts[act].vote,
        "duties": ["approver"],
        "round": 1,
        "currency": "MYR",
        "recommended": story.amount,
        "recommendation": {"outcome": "approve", "amount": story.amount, "officer": DESK},
        "authority": {"instrument": "Example 1/2026", "limit": 10**9, "currency": "MYR"},
        "quorum": more.pop("quorum"),
    }
    detail |= {"amount": story.amount} if act == "approve" else {}
    if story.amount == LARGE:
        detail["authority"]["body"] = "Grants committee"
    if votes := more.pop("votes", None):
        dissent = [mark for mark, cast in votes if cast == "against"]
        detail |= {
            "decided": "approve",
            "departs_from_recommendation": "no",
            "votes": [{"actor": mark, "for": mark, "vote": cast} for mark, cast in votes],
            "dissent": dissent,
            "expires_on": "2026-12-22",
        }
    return story.act(act, actor, to, detail=detail | more.pop("detail", {}), **more)


def count(members: int, needed: int, present: int, votes: str, result: str) -> dict[str, Any]:
    """Return a count as a vote records it: ``votes`` are letters, f(or), a(gainst), r(ecused)."""
    cast = votes.replace("r", "")
    return {
        "members": members,
        "recused": votes.count("r"),
        "needed": needed,
        "present": len(cast),
        "least_present": present,
        "for": cast.count("f"),
        "against": cast.count("a"),
        "abstained": 0,
        "result": result,
        "rule": "present" if len(cast) < present else "open" if result == "open" else "needed",
    }


def approved(story: Story) -> Story:
    """Tell that one approver decides alone."""
    votes = [(CHIEF, "for")]
    vote(story, "approve", CHIEF, "offered", quorum=count(1, 1, 1, "f", "for"), votes=votes)
    return story


def carried(story: Story) -> Story:
    """Tell that two of three members carry a large amount against the third."""
    first, second, third = MEMBERS
    vote(story, "approve", first, "decision", quorum=count(3, 2, 2, "f", "open"))
    against = {"quorum": count(3, 2, 2, "fa", "open"), "reasons": ["OTH"]}
    vote(story, "decline", second, "decision", **against)
    votes = [(first, "for"), (second, "against"), (third, "for")]
    vote(story, "approve", third, "offered", quorum=count(3, 2, 2, "faf", "for"), votes=votes)
    return story


def accepted(story: Story) -> Story:
    """Tell acceptance and the conditions precedent."""
    story.act("accept", APPLICANT, "accepted", detail={"amount": story.amount, "currency": "MYR"})
    story.act("meet_condition", DESK, "accepted", detail={"condition": "agreement"})
    private = {"evidence": "Seen in the original."}
    detail = {"condition": "account"}
    story.act("meet_condition", DESK, "disbursing", detail=detail, _private=private)
    return story


def paid(story: Story, number: int = 1, *, whole: bool = True) -> Story:
    """Tell how one tranche is paid; with the ``whole`` award in it the case is complete."""
    shared = {"amount": story.amount, "currency": "MYR", "tranche": number}
    file = {"end_to_end_id": f"{story.stream}-T{number}-1", "file_sha256": "ef" * 32}
    road: tuple[tuple[str, str, str, str, dict[str, str]], ...] = (
        ("claim", APPLICANT, "planned", "claimed", {}),
        ("verify", DESK, "claimed", "verified", {}),
        ("prepare", MAKER, "verified", "prepared", file),
        ("check", CHECKER, "prepared", "checked", file),
        ("release", RELEASER, "checked", "released", file),
        ("confirm", MAKER, "released", "paid", file),
    )
    for name, actor, source, to, more in road:
        detail = shared | more
        story.act(name, actor, to, flow=shipped("claim"), source=source, detail=detail)
    if whole:
        story.act("complete", "system:clock", "completed")
    return story
