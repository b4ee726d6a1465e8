"""Whether a call takes applications, to the second and in words; schemes that are suspended, closed and reopened."""

from datetime import UTC, datetime

import pytest

from app.accounts.commands import OPERATOR
from app.audit import queries as audit
from app.db import transaction
from app.errors import Conflict, Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import commands, queries
from app.schemes.commands.status import Change, change_status
from app.schemes.models import Call
from app.submissions import commands as submissions
from app.trail.queries import events_of
from tests.answers import GRANT
from tests.factories import Days, close
from tests.schemes.texts import GRANT as TEXT
from tests.schemes.texts import changed
from tests.world import World
from workflows.machine import Refused

NOTE = "The budget of the year is spent"
SUSPENDED = f"The scheme is suspended since 3 March 2026: {NOTE}."


def call() -> Call:
    """Return the call of the grant."""
    found = queries.call(GRANT)
    assert found is not None
    return found


def stand(status: str, note: str = NOTE) -> None:
    """Give the grant another status."""
    with transaction():
        change_status("MY-BAP", Change(status, note))


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        pytest.param(
            "2025-12-31T23:59:58",
            "Standing call 2026 opens at 00:00:00 on 1 January 2026 in Kuala Lumpur.",
            id="a second before it opens",
        ),
        pytest.param("2026-01-01T00:00:00", "", id="the moment it opens"),
        pytest.param("2027-12-31T16:59:59", "", id="a second before it closes"),
        pytest.param(
            "2027-12-31T17:00:00",
            "Standing call 2026 closed at 17:00:00 on 31 December 2027 in Kuala Lumpur. "
            "It is now 17:00:00 on 31 December 2027 in Kuala Lumpur.",
            id="the moment it closes",
        ),
        pytest.param(
            "2027-12-31T17:00:01",
            "Standing call 2026 closed at 17:00:00 on 31 December 2027 in Kuala Lumpur. "
            "It is now 17:00:01 on 31 December 2027 in Kuala Lumpur.",
            id="one second late",
        ),
    ],
)
def test_a_call_takes_applications_to_the_second(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str, sentence: str
) -> None:
    close(GRANT, "2027-12-31T17:00:00+08:00")
    Days(monkeypatch).moment(moment)
    found = call()
    assert (queries.closure(found), queries.is_open(found)) == (sentence, sentence == "")
    if sentence:
        with pytest.raises(Conflict, match=r"^Standing call 2026 (opens|closed) at"):
            submissions.begin(GRANT, actor=world.applicant)
    found.closes_at = None
    assert queries.is_open(found) is not moment.startswith("2025")


@pytest.mark.parametrize(
    ("status", "note", "since", "sentence"),
    [
        pytest.param("open", "Come", None, "", id="an open scheme says nothing"),
        pytest.param("closed", "", None, "The scheme is closed.", id="one that says no more"),
        pytest.param(
            "closed", "Ended with 2024.", None, "The scheme is closed: Ended with 2024.",
            id="one published as closed",
        ),
        pytest.param(
            "suspended", NOTE, datetime(2026, 3, 2, 17, tzinfo=UTC), SUSPENDED,
            id="one suspended on a day of its own country",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_scheme(
    world: World, status: str, note: str, since: datetime | None, sentence: str
) -> None:
    scheme = call().scheme
    scheme.status, scheme.status_note, scheme.status_since = status, note, since
    assert queries.standing(scheme) == sentence


def test_a_suspended_scheme_refuses_new_applications_and_lets_cases_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, underway = world.draft(), world.at("screening")
    Days(monkeypatch).noon("2026-03-03")
    stand("suspended")
    with pytest.raises(Conflict, match=SUSPENDED):
        submissions.begin(GRANT, actor=world.applicant)
    with pytest.raises(Refused) as refused:
        world.do(submissions.submit, draft, actor=world.applicant)
    assert [failure.sentence for failure in refused.value.failures] == [SUSPENDED]
    world.do(reviews.move, underway, Reasoned(), act="pass", actor=world.desk)
    stand("open", "A supplementary budget was granted")
    world.do(submissions.submit, draft, actor=world.applicant)
    assert world.case(draft).state == "submitted"
    facts = events_of(call().scheme.agency.reference)[-2:]
    assert [(fact.kind, fact.actor) for fact in facts] == [
        ("suspend_scheme", OPERATOR),
        ("reopen_scheme", OPERATOR),
    ]
    assert facts[0].record["detail"]["note"] == NOTE
    assert audit.verify() == []


def test_what_was_said_of_a_scheme_holds_for_all_its_versions_and_the_next(world: World) -> None:
    stand("suspended")
    with transaction():
        new = commands.publish(changed(TEXT, ("version = 4", "version = 5")))
    old = queries.scheme("MY-BAP", 4)
    assert old is not None
    assert {(s.status, s.status_note, s.status_since is None) for s in (old, new)} == {
        ("suspended", NOTE, False)
    }
    stand("closed", "It is over")
    assert {old.status, new.status} == {"closed"}
    stand("open", "It begins again")
    closed = ('status = "open"', 'status = "closed"\nstatus_note = "Ended with 2026"')
    with transaction():
        commands.publish(changed(TEXT, ("version = 4", "version = 6"), closed))
    assert {s.status for s in (old, new, call().scheme)} == {"closed"}
    assert queries.closure(call()) == "The scheme is closed: Ended with 2026."


@pytest.mark.parametrize(
    ("code", "change", "error", "sentence"),
    [
        pytest.param("XX", Change("closed", NOTE), Missing, "no scheme XX", id="no such scheme"),
        pytest.param(
            "MY-BAP", Change("open", NOTE), Conflict, "is open already", id="open already"
        ),
        pytest.param("MY-BAP", Change("closed", " "), Conflict, "Say why", id="without a reason"),
        pytest.param(
            "MY-BAP", Change("ajar", NOTE), Conflict, "not ajar", id="a status nobody knows"
        ),
    ],
)
def test_a_change_is_refused(
    world: World, code: str, change: Change, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        change_status(code, change)
