"""What somebody may export of what is asked: the scope, and what stays hidden."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from app import clock
from app.accounts.commands import relate
from app.accounts.models import Mandate, Person
from app.accounts.queries import agency_by_code
from app.applications.commands import declare
from app.db import db, transaction
from app.errors import Invalid, Missing
from app.exports.compose import Asked
from tests.answers import LOAN
from tests.decisions.guaranteed import offered, settle_guarantor
from tests.exports.made import export, plant, scope, table
from tests.workflows_of_agencies import proposed
from tests.workflows_of_agencies import text as workflow
from tests.world import World

MY, VN = "MY-BAP-2026-00001", "VN-SMEDF-2026-00001"
OWN = "agency:MY-SMECORP"
ALWAYS = {"valid_from": date(2020, 1, 1), "valid_to": date(2099, 1, 1)}


def streams(world: World, asked: Asked | None = None, *, actor: Person | None = None) -> list[str]:
    """Return the streams that an export shows somebody, each once."""
    return list(dict.fromkeys(row["stream"] for row in table(scope(asked, actor=actor))))


def two_agencies(world: World) -> None:
    """Leave a case of each agency, a trail of one agency itself, and an event of the log's own."""
    world.at("submitted", LOAN)
    world.at("screening")
    proposed(workflow(), author=world.designer)
    plant()


def mandate(world: World, code: str | None, *, until: date = ALWAYS["valid_to"]) -> None:
    agency = agency_by_code(code) if code else None
    with transaction():
        db.session.add(
            Mandate(
                person_id=world.auditor.id,
                agency_id=agency.id if agency else None,
                instrument="A letter",
                valid_from=ALWAYS["valid_from"],
                valid_to=until,
            )
        )


def nothing(_world: World) -> None:
    pass


def one_more(world: World) -> None:
    mandate(world, "VN-SMEDF")


def every_one(world: World) -> None:
    mandate(world, None)


def once(world: World) -> None:
    mandate(world, None, until=date(2020, 2, 1))


def interest(world: World) -> None:
    with transaction():
        declare(MY, "A cousin.", whole=False, actor=world.auditor)


def related_party(world: World) -> None:
    with transaction():
        relate(world.auditor, world.case(MY).enterprise_id, "Owns a share.")


def all_but_one(world: World) -> None:
    every_one(world)
    interest(world)


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        pytest.param(nothing, {MY, OWN}, id="an auditor: the own agency"),
        pytest.param(one_more, {MY, OWN, VN}, id="with a mandate: that agency too"),
        pytest.param(once, {MY, OWN}, id="with a mandate that is over: not any more"),
        pytest.param(every_one, {MY, OWN, VN, "log"}, id="with a mandate for all: everything"),
        pytest.param(interest, {OWN}, id="with an interest in a case: not that case"),
        pytest.param(
            related_party, {OWN}, id="with an interest in an enterprise: none of its cases"
        ),
        pytest.param(
            all_but_one, {OWN, VN, "log"}, id="for all, with an interest: all but that case"
        ),
    ],
)
def test_an_export_shows(world: World, given: Callable[[World], None], seen: set[str]) -> None:
    two_agencies(world)
    world.country = "MY"
    given(world)
    found = set(streams(world, actor=world.auditor))
    # The log's own stream tells of mandates; who may read everything reads it.
    assert found - {"log"} == seen - {"log"}
    assert ("log" in found) == ("log" in seen)


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        pytest.param(Asked(), [VN, MY, OWN, "log"], id="nothing narrower: everything, in order"),
        pytest.param(Asked(case=VN), [VN], id="a case"),
        pytest.param(Asked(agency="MY-SMECORP"), [MY, OWN], id="an agency"),
        pytest.param(Asked(kinds=("submit",)), [VN, MY], id="a kind of event"),
        pytest.param(Asked(kinds=("submit",), agency="MY-SMECORP"), [MY], id="a kind in an agency"),
        pytest.param(Asked(kinds=("nothing",)), [], id="a kind that never was"),
        pytest.param(Asked(case=VN, agency="MY-SMECORP"), [VN], id="a case, whatever the agency"),
    ],
)
def test_the_operator_exports(world: World, asked: Asked, seen: list[str]) -> None:
    two_agencies(world)
    assert streams(world, asked) == seen


@pytest.mark.parametrize(
    ("first", "last", "seqs"),
    [
        pytest.param(None, None, ["1", "2", "3", "4"], id="no period"),
        pytest.param(date(2026, 3, 2), None, ["2", "3", "4"], id="from a day"),
        pytest.param(None, date(2026, 3, 2), ["1", "2", "3"], id="to a day, inclusive"),
        pytest.param(date(2026, 3, 2), date(2026, 3, 2), ["2", "3"], id="one day"),
        pytest.param(date(2026, 4, 1), None, [], id="a day after everything"),
        pytest.param(None, date(2026, 1, 1), [], id="a day before everything"),
    ],
)
def test_a_period_is_of_local_days(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    first: date | None,
    last: date | None,
    seqs: list[str],
) -> None:
    every_one(world)
    # In Kuala Lumpur the second of March begins at four in the afternoon of the first, UTC.
    for day, hour, minute in ((1, 15, 59), (1, 16, 0), (2, 15, 59), (2, 16, 0)):
        at = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        plant()
    rows = table(scope(Asked(first=first, last=last), actor=world.auditor))
    assert [row["seq"] for row in rows] == seqs


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        pytest.param(Asked(case=VN), Missing, id="a case of another agency"),
        pytest.param(Asked(case="MY-BAP-2026-99999"), Missing, id="a case that is not there"),
        pytest.param(Asked(case=OWN), Missing, id="a stream that is no case"),
        pytest.param(Asked(agency="VN-SMEDF"), Missing, id="another agency"),
        pytest.param(Asked(agency="XX"), Missing, id="an agency that is not there"),
        pytest.param(
            Asked(first=date(2026, 2, 2), last=date(2026, 2, 1)), Invalid, id="a period backwards"
        ),
    ],
)
def test_an_export_is_refused(world: World, asked: Asked, wrong: type[Exception]) -> None:
    two_agencies(world)
    world.country = "MY"
    with pytest.raises(wrong):
        scope(asked, actor=world.auditor)


def test_nothing_after_the_checkpoint_is_exported(world: World) -> None:
    world.at("submitted")
    found = scope()
    plant()
    assert (found.size, export("jsonl", found).count(b"\n")) == (1, 1)
    assert scope().size == 2


def test_an_agency_with_a_part_in_a_case_exports_it_too(world: World) -> None:
    settle_guarantor(world)
    reference = offered(world)
    plant()
    assert set(streams(world, actor=world.person("guarantor.auditor"))) == {reference}
