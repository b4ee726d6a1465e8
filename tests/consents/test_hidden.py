"""Every address of a case, for an adviser: what the applicant reads while the consent holds, and nothing after it."""

import pytest

from app.consents.commands import withdraw_consent
from app.db import transaction
from app.submissions.commands import submit
from tests.consents.centres import consent, prepared, settle_centres
from tests.interface import API, Interface, headers
from tests.journeys.road import do_all_work, row
from tests.journeys.test_hidden import FORMS, LISTS, PAGES, found, got, listed
from tests.pages.browser import Browser
from tests.world import World

READ = {
    "the case",
    "a document",
    "a letter",
    "the case of the interface",
    "the letters of the interface",
    "a letter of the interface",
    "its enterprise",
    "its enterprise through the interface",
}
LISTED = {"the list of the interface", "a search of the interface"}


@pytest.fixture
def sent(world: World) -> tuple[World, str, int]:
    """Return a world in which an adviser prepared a case that was sent, and the number of the consent."""
    settle_centres(world)
    number = consent(world)
    reference = prepared(world, number)
    world.do(submit, reference, "yes", actor=world.applicant)
    do_all_work()
    return world, reference, number


def read(world: World, reference: str) -> tuple[set[str], set[str]]:
    """Return the pages an adviser reads of a case, and the lists that show it."""
    names = found(world, reference)
    pages = {said: got(world, "adviser", path.format(**names)) for said, path in PAGES.items()}
    assert {status for status, _ in pages.values()} <= {200, 403, 404}
    lists = {said: got(world, "adviser", path.format(**names)) for said, path in LISTS.items()}
    assert {status for status, _ in lists.values()} <= {200, 403}
    return (
        {said for said, (status, _) in pages.items() if status == 200},
        {said for said, (_, text) in lists.items() if listed(text, reference)},
    )


def test_an_adviser_reads_what_the_applicant_reads_and_only_under_the_consent(
    sent: tuple[World, str, int],
) -> None:
    world, reference, number = sent
    assert read(world, reference) == (READ, LISTED)
    with transaction():
        withdraw_consent(number, actor=world.applicant)
    assert read(world, reference) == (set(), set())
    assert reference not in Browser(world.app, "adviser").get("/cases").text


def test_no_form_of_a_case_is_for_an_adviser(sent: tuple[World, str, int]) -> None:
    world, reference, _ = sent
    names, before = found(world, reference), row(reference)
    browser, program = Browser(world.app, "adviser"), Interface(world.app, "adviser")
    for said, pattern in FORMS.items():
        address = pattern.format(**names)
        if address.startswith(API):
            answer = program.send("POST", address, json={}, headers=headers(before["version"]))
            assert answer.status_code in (403, 404, 409, 412, 422), said
        else:
            sent_ = {"version": before["version"], "reason": "A cousin.", "kind": "minute"}
            assert browser.post(address, sent_).status_code in (303, 403, 404), said
    assert row(reference) == before
