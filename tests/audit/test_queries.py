"""What auditors ask: events of what they may see, and whether every chain holds."""

import pytest
from sqlalchemy import text

from app.applications.commands import declare
from app.audit import queries
from app.db import db, transaction
from app.errors import Missing
from app.trail.queries import events_in_order
from tests.answers import LOAN
from tests.workflows_of_agencies import proposed
from tests.workflows_of_agencies import text as workflow
from tests.world import World


def test_the_whole_trail_holds_after_whole_lives(world: World) -> None:
    for call in ("MY-BAP-2026", LOAN):
        reference = world.at("disbursing", call)
        world.tranche_to(reference, 1, "paid")
        world.tranche_to(reference, 2, "paid")
        with transaction():
            declare(reference, "A cousin.", actor=world.auditor)
    assert queries.verify() == []


def test_a_case_that_forgot_its_end_is_found(world: World) -> None:
    reference = world.at("screening")
    db.session.execute(
        text("UPDATE application SET trail_seq = 1 WHERE reference = :case"), {"case": reference}
    )
    assert [(found.stream, found.seq) for found in queries.verify()] == [(reference, 1)]


def test_an_auditor_sees_the_events_of_the_own_agency(world: World) -> None:
    vietnamese, malaysian = world.at("submitted", LOAN), world.at("screening")
    world.draft()
    assert [f.stream for f in queries.events(world.auditor)] == [malaysian] * 2
    assert [f.seq for f in queries.events(world.auditor, malaysian)] == [1, 2]
    with pytest.raises(Missing):
        queries.events(world.auditor, vietnamese)


def test_an_auditor_sees_the_trail_of_the_own_agency_itself(world: World) -> None:
    malaysian = world.at("submitted")
    proposed(workflow(), author=world.designer)
    proposed(workflow(), author=world.person("designer.vn"))
    streams = [fact.stream for fact in queries.events(world.auditor)]
    assert streams == [malaysian, "agency:MY-SMECORP"]


def test_an_agency_that_forgot_its_end_is_found(world: World) -> None:
    proposed(workflow(), author=world.designer)
    assert queries.verify() == []
    db.session.execute(text("UPDATE agency SET trail_hash = 'x' WHERE code = 'MY-SMECORP'"))
    assert [(b.stream, b.seq) for b in queries.verify()] == [("agency:MY-SMECORP", 1)]


def test_a_draft_has_no_trail(world: World) -> None:
    world.draft()
    assert ([*events_in_order()], queries.verify()) == ([], [])
