"""What a scheme adds to its letters, and what an applicant is never told: codes and notes that would give a suspicion away."""

import pytest

from app.db import transaction
from app.letters.compose import compose
from app.letters.render import Decline, Reason, _page
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import commands as schemes
from app.schemes.compose.whole import whole
from app.trail.queries import events_of
from tests.letters.test_compose import written
from tests.pages.browser import Browser
from tests.schemes.texts import GRANT, changed, own
from tests.world import World

SENTENCE = "The checks that the law requires before public money is paid could not be completed."
CLAUSE = "Legal requirements for payments"
ADDED = "Write to the ombudsman within 30 days."
NOTE = "The name is on list 7."


@pytest.fixture
def declined(world: World) -> str:
    """Return a case that was screened out for what must not be told, under a scheme that adds to its letters."""
    codes = '"CDD-FAIL", "SAN-HIT"'
    reasons = "".join(f"[[reasons]]\nuse = {code}\n" for code in codes.split(", "))
    more = changed(GRANT, ("version = 4", "version = 5"), own("[letters]", f'decline = "{ADDED}"'))
    with transaction():
        schemes.publish(whole(more.replace("[[reasons]]", reasons + "[[reasons]]", 1)))
    reference = world.at("screening")
    said = Reasoned(("CDD-FAIL", "SAN-HIT", "OTH"), NOTE)
    world.do(reviews.move, reference, said, act="screen_out", actor=world.desk)
    return reference


def test_a_letter_gives_no_suspicion_away(world: World, declined: str) -> None:
    letter, _ = written(world, declined, "screen_out")
    assert isinstance(letter.body, Decline)
    assert letter.body.reasons == (
        Reason("", SENTENCE, CLAUSE),
        Reason("OTH", "Another reason, stated below.", "Officer's note"),
    )
    assert letter.added == ADDED
    printed = _page(letter)
    assert ADDED in printed
    assert not any(word in printed for word in ("SAN-HIT", "CDD-FAIL", NOTE))


def test_the_page_gives_no_suspicion_away(world: World, declined: str) -> None:
    page = Browser(world.app, "applicant.my").get(f"/cases/{declined}").text
    assert SENTENCE in page
    assert not any(word in page for word in ("SAN-HIT", "CDD-FAIL", NOTE))
    assert NOTE in Browser(world.app, "desk.my").get(f"/cases/{declined}").text


def test_a_scheme_adds_to_the_letters_it_names_only(world: World) -> None:
    reference = world.at("submitted")
    letter, fact = written(world, reference, "submit")
    assert letter.added == ""
    assert compose("acknowledgement", world.case(reference), fact) == letter
    assert len(events_of(reference)) == 1
