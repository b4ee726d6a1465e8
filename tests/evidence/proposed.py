"""A case about which more is proposed: raised by a variation, paid, returned by the bank, and clawed back after its end."""

from typing import Any

from tests.evidence.building import NAMED
from tests.evidence.telling import (
    APPLICANT,
    CHECKER,
    CHIEF,
    DESK,
    MAKER,
    MEMBERS,
    RELEASER,
    Story,
    Told,
    accepted,
    approved,
    paid,
    recommended,
    submitted,
)
from workflows.format.loading import shipped

NAME = "MY-BAP-2026-00004"
MORE, BACK, IN = 1_000_000, 10_000_000, 9_000_000


def propose(
    story: Story, number: int, kind: str, life: str, act: str, actor: str, **more: Any
) -> Told:
    """Tell an act of a proceeding: ``road`` is from where to where, ``terms`` and ``amount`` what is proposed."""
    source, target = more.pop("road")
    detail: dict[str, Any] = {"proceeding": number, "kind": kind, "currency": "MYR"}
    detail |= {"terms": more.pop("terms"), "amount": more.pop("amount")} | more.pop("detail", {})
    flow = shipped(life)
    return story.act(act, actor, target, flow=flow, source=source, detail=detail, **more)


def authority(approval: int, needed: int) -> dict[str, Any]:
    """Return what an approval says of itself."""
    held = {"instrument": "Example 1/2026", "limit": 10**9, "currency": "MYR"}
    return {"approval": approval, "needed": needed, "authority": held}


def varied(story: Story) -> Story:
    """Tell that two approvers raise the award by a variation."""
    size = story.amount
    shared: dict[str, Any] = {
        "terms": {"size": size, "amount": size + MORE, "more": MORE},
        "amount": size + MORE,
    }
    road = ("new", "proposed"), ("proposed", "approved"), ("approved", "in_force")
    life = "variation", "agreed_change"
    propose(story, 1, *life, "propose", DESK, road=road[0], **shared)
    first, second, _ = MEMBERS
    held = authority(1, 2), authority(2, 2)
    propose(
        story, 1, *life, "approve", first, road=("proposed", "proposed"), detail=held[0], **shared
    )
    propose(story, 1, *life, "approve", second, road=road[1], detail=held[1], **shared)
    propose(story, 1, *life, "agree", APPLICANT, road=road[2], **shared)
    story.amount = size + MORE
    return story


def sent_back(story: Story) -> Story:
    """Tell that the bank sends the only payment back after the end, and that it is paid again."""
    detail = {"amount": story.amount, "currency": "MYR", "tranche": 1, "file_sha256": "ef" * 32}
    road = (
        ("bank_returns", "system:bank", "paid", "returned"),
        ("prepare", MAKER, "returned", "prepared"),
        ("check", CHECKER, "prepared", "checked"),
        ("release", RELEASER, "checked", "released"),
        ("confirm", MAKER, "released", "paid"),
    )
    for name, actor, source, to in road:
        story.act(name, actor, to, flow=shipped("claim"), source=source, detail=dict(detail))
    return story


def clawed_back(story: Story, number: int = 2) -> Story:
    """Tell that money is demanded back after the end, that a part comes in and the rest is waived."""
    shared: dict[str, Any] = {"terms": {"reason": "unspent", "instalments": 1}, "amount": BACK}
    life = "clawback", "clawback"
    note = {"note": "The line was sold."}
    propose(
        story, number, *life, "propose", DESK, road=("new", "proposed"), _private=note, **shared
    )
    once = authority(1, 1)
    propose(
        story, number, *life, "approve", CHIEF, road=("proposed", "demanded"), detail=once, **shared
    )
    came: dict[str, Any] = {"terms": {"demand": number, "received_on": "2026-11-20"}, "amount": IN}
    kind = number + 1, "clawback_receipt", "receipt"
    propose(story, *kind, "propose", MAKER, road=("new", "recorded"), **came)
    propose(story, *kind, "confirm", CHECKER, road=("recorded", "booked"), **came)
    road = (("demanded", "waiver"), ("waiver", "waived"))
    propose(story, number, *life, "propose_waiver", DESK, road=road[0], _private=note, **shared)
    held = {"authority": once["authority"]}
    more: dict[str, Any] = {"detail": held, "_private": note}
    propose(story, number, *life, "waive", MEMBERS[2], road=road[1], **{**more, **shared})
    return story


def large() -> Story:
    """Return a case whose award is raised, paid, sent back, paid again, and in part clawed back."""
    story = submitted(Story(NAME, NAMED, amount=15_000_000))
    varied(accepted(approved(recommended(story))))
    return clawed_back(sent_back(paid(story)))
