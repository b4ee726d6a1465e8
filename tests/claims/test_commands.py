"""Claims with cost lines: written, claimed, refused, sent back, and an invoice that is claimed once."""

from datetime import date

import pytest
from sqlalchemy import update

from app.awards.models import Award
from app.awards.queries import awarded, tranche
from app.claims import commands, queries
from app.claims.compose import TypedFinding
from app.db import db, transaction
from app.errors import Conflict, Invalid
from app.reviews.commands import Reasoned
from tests.claims.claiming import (
    claim,
    claimed,
    disbursing,
    line,
    paid,
    places,
    plain,
    uploaded,
    verify,
)
from tests.factories import last_event, refused
from tests.world import World

pytestmark = pytest.mark.one_database

# Claiming


def test_a_claim_is_the_public_share_of_its_costs(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "40,000.00", "2,000.01")
    assert places(world, reference) == {"undrawn": 59_000, "claimed": 21_000}
    detail = last_event(reference).record["detail"]
    assert (detail["lines"], detail["cost"], detail["amount"]) == (2, 42_000_01, 21_000_00)
    assert detail["planned"] == 32_000_00
    assert len(detail["documents"]) == 1
    assert len(detail["lines_sha256"]) == 64


def test_who_was_paid_for_what_is_not_in_the_event_but_committed_to(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "40,000.00")
    event = last_event(reference)
    assert "Besi Contoh" not in event.entry
    assert "INV-" not in event.entry
    assert event.disclosed["lines"] == "1. Besi Contoh Sdn Bhd, INV-10: Roasting drum"


def test_costs_beyond_the_tranche_are_claimed_up_to_it(world: World) -> None:
    reference = disbursing(world)
    claimed(world, reference, "70,000.00")
    assert places(world, reference) == {"undrawn": 48_000, "claimed": 32_000}


@pytest.fixture
def case(world: World) -> tuple[World, str]:
    """Return the world and a case in disbursement under reimbursement."""
    return world, disbursing(world)


def test_a_claim_that_is_not_in_order_changes_nothing(case: tuple[World, str]) -> None:
    world, reference = case
    uploaded(world, reference)
    with pytest.raises(Invalid) as caught:
        claim(world, reference, line("999999", dated="2025-01-31"))
    assert set(caught.value.errors) == {"lines.0", "lines.0.document"}
    assert "outside the project" in caught.value.errors["lines.0"][0]
    assert places(world, reference) == {"undrawn": 80_000}


def test_no_line_is_no_claim(case: tuple[World, str]) -> None:
    world, reference = case
    with pytest.raises(Invalid) as caught:
        claim(world, reference)
    assert caught.value.errors == {"": ["A claim needs at least one cost line."]}


def test_the_window_may_be_changed_by_what_was_agreed(case: tuple[World, str]) -> None:
    world, reference = case
    document = uploaded(world, reference)
    with transaction():
        award = awarded(world.case(reference))
        db.session.execute(
            update(Award).where(Award.id == award.id).values(costs_from=date(2025, 1, 1))
        )
    claim(world, reference, line(document, dated="2025-01-31"))
    assert places(world, reference) == {"undrawn": 60_000, "claimed": 20_000}


def test_a_claim_above_what_is_left_names_both_amounts(case: tuple[World, str]) -> None:
    world, reference = case
    document = uploaded(world, reference)
    with transaction():
        # What a cut leaves of an award whose tranches were planned for all of it.
        award = awarded(world.case(reference))
        award.undrawn_minor, award.released_minor = 15_000_00, 65_000_00
    with pytest.raises(Invalid) as caught:
        claim(world, reference, line(document))
    assert plain(caught.value.errors)[""] == [
        "MYR 20,000.00 is claimed, the public share of these costs, but only MYR 15,000.00 of the award is left."
    ]


def test_a_plain_scheme_takes_no_lines_and_gives_the_whole_tranche(world: World) -> None:
    reference = world.at("disbursing")
    with pytest.raises(Invalid) as caught:
        claim(world, reference, line("1"))
    assert caught.value.errors == {"lines": ["This tranche is claimed without cost lines."]}
    claim(world, reference)
    assert places(world, reference) == {"undrawn": 48_000, "claimed": 32_000}
    verify(world, reference)
    assert places(world, reference) == {"undrawn": 48_000, "verified": 32_000}
    assert queries.claims(world.case(reference)) == []


def test_lines_are_saved_while_they_are_wrong_but_not_once_they_are_claimed(
    case: tuple[World, str],
) -> None:
    world, reference = case
    applicant = world.applicant
    with transaction():
        commands.save(reference, 1, [line("", cost="much")], actor=applicant)
    saved = queries.draft(tranche(awarded(world.case(reference)), 1))
    assert saved is not None
    assert saved.lines[0]["cost"] == "much"
    claimed(world, reference, "40,000.00")
    with transaction(), pytest.raises(Conflict, match="is with the agency"):
        commands.save(reference, 1, [], actor=applicant)


def test_a_later_tranche_waits_for_the_one_before(case: tuple[World, str]) -> None:
    world, reference = case
    document = uploaded(world, reference, 2)
    with refused("earlier_tranches_paid"):
        claim(world, reference, line(document), number=2)


# One invoice, claimed once


def test_an_invoice_of_an_earlier_claim_is_refused_but_not_one_that_was_refused(
    case: tuple[World, str],
) -> None:
    world, reference = case
    claimed(world, reference, "20,000.00", "10,000.00")
    verify(world, reference, TypedFinding(2, "refused", "", "Not delivered yet."))
    paid(world, reference, 1)
    document = uploaded(world, reference, 2)
    again = [line(document, invoice=invoice) for invoice in ("INV-10", "INV-11")]
    with pytest.raises(Invalid) as caught:
        claim(world, reference, *again, number=2)
    assert caught.value.errors == {
        "lines.0": [
            "Invoice INV-10 of Besi Contoh Sdn Bhd is in claim 1 already; claim it once."
        ]
    }  # fmt: skip
    claim(world, reference, again[1], number=2)
    assert places(world, reference) == {"paid": 10_000, "undrawn": 50_000, "claimed": 20_000}


def test_what_was_sent_back_can_be_mended_and_claimed_again(case: tuple[World, str]) -> None:
    world, reference = case
    lines = claimed(world, reference, "20,000.00")
    said = Reasoned(("OTH",), "The invoice cannot be read.")
    world.do(commands.send_back, reference, 1, said, actor=world.desk)
    assert places(world, reference) == {"undrawn": 80_000}
    claim(world, reference)
    assert places(world, reference) == {"undrawn": 70_000, "claimed": 10_000}
    numbers = [(c.number, c.sent_back_at is None) for c in queries.claims(world.case(reference))]
    assert numbers == [(1, False), (2, True)]
    assert commands.typed(tranche(awarded(world.case(reference)), 1)) == lines


def other_case(world: World) -> str:
    """Return a case that claims the invoice INV-10 of the usual supplier."""
    first = disbursing(world)
    claimed(world, first, "20,000.00")
    return first


def test_an_invoice_of_another_case_is_a_warning_that_asks_for_a_note(world: World) -> None:
    first = other_case(world)
    second = world.at("disbursing")
    claimed(world, second, "20,000.00")
    with pytest.raises(Invalid) as caught:
        verify(world, second)
    assert caught.value.errors["note"] == [
        f"Line 1: invoice INV-10 of Besi Contoh Sdn Bhd is also claimed in {first}.",
        "Say in the note what you found about it.",
    ]
    verify(world, second, note="Two halves of one machine; both invoices seen.")
    assert places(world, second) == {"undrawn": 70_000, "verified": 10_000}
