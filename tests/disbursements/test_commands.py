"""Money out: in order, never more than the award, each tranche once, and nothing sent again blindly."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.disbursements import commands
from app.disbursements.render import check
from app.errors import Missing
from app.trail.queries import events_of
from tests.disbursements.acting import acts, at, paper
from tests.factories import last_event, refused
from tests.world import World


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        pytest.param("planned", {"claim"}, id="a planned tranche is asked for"),
        pytest.param("claimed", {"verify", "send_back"}, id="a claim is verified or sent back"),
        pytest.param("verified", {"prepare"}, id="a verified claim is prepared"),
        pytest.param(
            "prepared", {"check", "take_out", "refuse_file"},
            id="a prepared payment is checked, sent back or taken back",
        ),
        pytest.param(
            "checked", {"release", "take_out", "refuse_release"},
            id="a checked payment is released or refused, or taken back",
        ),
        pytest.param(
            "released", {"confirm", "report_unknown", "report_rejected"},
            id="a released payment waits for the bank and is not sent again",
        ),
        pytest.param("paid", set(), id="paid is paid"),
    ],
)  # fmt: skip
def test_in_each_state_only_its_acts_are_possible(
    world: World, state: str, possible: set[str]
) -> None:
    reference = at(world, state)
    before = len(events_of(reference))
    for name, take in acts(world, reference).items():
        if name not in possible:
            with refused("possible_here"):
                take()
    assert len(events_of(reference)) == before
    assert world.tranche_state(reference, 1) == state


def test_tranches_are_asked_for_in_their_order(world: World) -> None:
    reference = at(world, "released")
    with refused("earlier_tranches_paid"):
        acts(world, reference, 2)["claim"]()
    world.confirm(reference, 1)
    acts(world, reference, 2)["claim"]()
    assert world.tranche_state(reference, 2) == "claimed"


def test_nothing_is_asked_for_before_the_conditions_are_met(world: World) -> None:
    reference = world.at("accepted")
    with refused("disbursement_open"):
        acts(world, reference)["claim"]()


def test_an_award_has_only_its_tranches(world: World) -> None:
    reference = world.at("disbursing")
    for number in (0, 3):
        with pytest.raises(Missing):
            world.do(commands.verify, reference, number, "", actor=world.desk)


def test_a_claim_sent_back_may_be_made_again(world: World) -> None:
    reference = at(world, "claimed")
    acts(world, reference)["send_back"]()
    assert last_event(reference).record["reasons"] == ["INC-VER"]
    world.tranche_to(reference, 1, "verified")
    assert world.tranche_state(reference, 1) == "verified"


# The payment file


def test_a_payment_rests_on_what_was_submitted(world: World) -> None:
    reference = at(world, "verified")
    case = world.case(reference)
    case.answers = {**case.answers, "bank_account": "66666666666666"}
    db.session.flush()
    acts(world, reference)["prepare"]()
    found = paper(world, reference)
    assert b"98765432109876" in found.batch.file
    assert b"66666666666666" not in found.batch.file
    assert found.batch.sha256 == hashlib.sha256(found.batch.file).hexdigest()
    assert check(found.batch.file) == []
    assert found.end_to_end_id == f"{reference}-T1-1"
    detail = last_event(reference).record["detail"]
    assert (detail["file_sha256"], detail["amount"]) == (found.batch.sha256, 32_000_00)


@pytest.mark.parametrize(
    ("state", "act"), [("prepared", commands.check), ("checked", commands.release)]
)
@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_whoever_did_not_look_at_the_very_file_passes_nothing(
    world: World, state: str, act: Callable[..., Any], digest: str
) -> None:
    reference = at(world, state)
    actor = world.checker if act is commands.check else world.releaser
    with refused("file_unchanged"):
        world.do(act, reference, 1, digest, actor=actor)
    assert world.tranche_state(reference, 1) == state


def test_a_payment_has_three_pairs_of_hands(world: World) -> None:
    found = paper(world, at(world, "released"))
    hands = [found.batch.prepared_by, found.batch.checked_by, *found.batch.released_by]
    assert hands == [world.maker.id, world.checker.id, world.releaser.id]


@pytest.mark.parametrize(
    "hands",
    [
        pytest.param({"checked_by": "maker"}, id="who prepared it checks it"),
        pytest.param({"person_id": "maker"}, id="who prepared it releases it"),
        pytest.param({"person_id": "checker"}, id="who checked it releases it"),
        pytest.param({"checked_by": None}, id="it is released unchecked"),
    ],
)
def test_the_database_holds_the_hands_apart(world: World, hands: dict[str, str | None]) -> None:
    batch = paper(world, at(world, "released")).batch
    (release,) = batch.releases
    for column, name in hands.items():
        row = release if column == "person_id" else batch
        setattr(row, column, getattr(world, name).id if name else None)
    with pytest.raises(IntegrityError):
        db.session.flush()
