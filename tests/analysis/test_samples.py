"""A sample is recorded with all that is needed to draw it again, is the auditor's own, and can be taken away as a table."""

import csv
import hashlib
import io
from typing import Any

import pytest

from app.accounts.commands import declare_interest
from app.analysis import commands
from app.analysis.commands import Draw
from app.analysis.compose.sampling import digest
from app.analysis.models import Sample
from app.analysis.queries import samples
from app.analysis.queries.wanted import Wanted
from app.db import db, transaction
from app.trail.queries import events_of
from tests.factories import invalid
from tests.pages.browser import Browser
from tests.world import World

SMALL = {"amount": "10000.00", "project_cost": "20000.00"}
STREAM = "agency:MY-SMECORP"


def drawn(world: World, method: str, size: int, **more: Any) -> Sample:
    with transaction():
        wanted = Wanted(**more)
        return commands.draw(Draw(wanted, method, size, "in public"), actor=world.auditor)


def test_it_is_recorded_and_drawn_again_until_the_population_changes(world: World) -> None:
    references = [world.at("submitted") for _ in range(6)]
    found = drawn(world, "random", 3, scheme="MY-BAP")
    order = sorted(references, key=lambda r: hashlib.sha256(f"in public{r}".encode()).hexdigest())
    assert found.cases == order[:3]
    event = events_of(STREAM)[-1]
    lines = "".join(f"{reference}\n" for reference in references)
    assert (event.kind, event.actor) == ("draw_sample", world.auditor.mark)
    assert event.record["detail"] == {
        "filter": {"scheme": "MY-BAP", "by": "received"},
        "method": "random",
        "size": 3,
        "seed": "in public",
        "population": 6,
        "population_sha256": hashlib.sha256(lines.encode()).hexdigest(),
        "cases": 3,
        "cases_sha256": digest(found.cases),
    }
    again = samples.redrawn(found, world.auditor)
    assert again is not None
    assert (again.same_population, again.same_cases, again.population) == (True, True, 6)
    world.at("submitted")
    again = samples.redrawn(found, world.auditor)
    assert again is not None
    assert (again.same_population, again.same_cases, again.population) == (False, None, 7)


def test_the_page_shows_it_and_nobody_elses(world: World) -> None:
    world.at("submitted")
    auditor, other = Browser(world.app, "auditor.my"), Browser(world.app, "auditor.vn")
    answer = auditor.post("/audit/samples", {"method": "random", "size": "5", "seed": "abc"})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    page = auditor.get(address).text
    for words in ("the same cases", "MY-BAP-2026-00001", "SHA-256(seed, reference)", "abc"):
        assert words in page
    assert "Sample" in auditor.get("/audit/samples").text
    table = list(csv.reader(io.StringIO(auditor.get(f"{address}.csv").text)))
    assert [row[0] for row in table] == ["case", "MY-BAP-2026-00001"]
    for path in (address, f"{address}.csv"):
        assert other.get(path).status_code == 404
    with transaction():
        enterprise = world.case("MY-BAP-2026-00001").enterprise_id
        declare_interest(world.auditor, enterprise, "A cousin.")
    page = auditor.get(address).text
    assert "MY-BAP-2026-00001" not in page
    assert "left out" in page


def test_amounts_officers_and_flags_draw_what_they_say(world: World) -> None:
    approved = [world.at("decision", **SMALL) for _ in range(2)]
    for reference in approved:
        world.approve(reference)
    large = world.at("offered")
    world.at("submitted")
    assert drawn(world, "largest", 1, currency="MYR").cases == [large]
    assert drawn(world, "largest", 9, currency="MYR").cases == [large, *approved]
    monetary = drawn(world, "monetary", 2, currency="MYR")
    assert large in monetary.cases
    officers = drawn(world, "officer", 1)
    assert len(officers.cases) == 1
    assert set(drawn(world, "flag", 9).cases) == {large, *approved}
    for found in (monetary, officers):
        again = samples.redrawn(found, world.auditor)
        assert again is not None
        assert again.same_cases is True


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        pytest.param(Draw(Wanted(), "largest", 1), {"currency"}, id="amounts of any currency"),
        pytest.param(Draw(Wanted(scheme="X"), "random", 1), {"method"}, id="from no case"),
        pytest.param(Draw(Wanted(), "officer", 1), {"method"}, id="by officers who did nothing"),
    ],
)
def test_what_cannot_be_drawn_is_refused(world: World, asked: Draw, fields: set[str]) -> None:
    world.at("submitted")
    with invalid(*fields), transaction():
        commands.draw(asked, actor=world.auditor)
    assert (db.session.query(Sample).count(), events_of(STREAM)) == (0, [])


@pytest.mark.parametrize(
    ("form", "words"),
    [
        pytest.param({}, ["Choose a method", "whole number of cases"], id="nothing said"),
        pytest.param({"method": "guess", "size": "1"}, ["Choose a method"], id="no such method"),
        pytest.param({"method": "random", "size": "0"}, ["from 1 to 500"], id="no case at all"),
        pytest.param({"method": "random", "size": "501"}, ["from 1 to 500"], id="too many"),
        pytest.param(
            {"method": "random", "size": "1", "seed": "x" * 65}, ["64"], id="too long a seed"
        ),
        pytest.param(
            {"method": "random", "size": "1", "first": "2026-02-30"},
            ["Write a day"],
            id="no such day in the filter",
        ),
    ],
)
def test_a_bad_form_says_everything_and_draws_nothing(
    world: World, form: dict[str, str], words: list[str]
) -> None:
    answer = Browser(world.app, "auditor.my").post("/audit/samples", form)
    assert answer.status_code == 422
    for sentence in words:
        assert sentence in answer.text
    assert db.session.query(Sample).count() == 0


def test_a_population_beyond_the_bound_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        world.at("submitted")
    monkeypatch.setattr(samples, "MOST_POPULATION", 2)
    with invalid("method") as found, transaction():
        commands.draw(Draw(Wanted(), "random", 1), actor=world.auditor)
    assert "more than 2 cases" in found["method"][0]
