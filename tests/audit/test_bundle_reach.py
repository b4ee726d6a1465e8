"""How far a bundle reaches: cases in which the agency has a part, and agencies an auditor has a mandate for."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts.commands import Remit, end_mandate, mandate
from app.accounts.queries import agency_by_code
from app.audit.models import Bundle
from app.db import db, transaction
from tests.answers import LOAN
from tests.audit.bundles import made
from tests.decisions.guaranteed import offered, settle_guarantor
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database


def test_an_institution_has_the_cases_in_which_it_takes_part(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settle_guarantor(world)
    reference, other = offered(world), world.at("submitted")
    for form in ({"kind": "all"}, {"kind": "cases", "cases": reference}):
        found = made(world, tmp_path, "guarantor.auditor", **form)
        shown = {event["stream"] for event in found.lines("events.jsonl")}
        assert reference in shown
        assert other not in shown
        code, report = found.verdict(capsys)
        assert (code, "BROKEN" in report) == (0, False), report


@pytest.mark.parametrize("to", ["VN-SMEDF", "all"])
def test_a_mandate_opens_another_agency_or_the_whole_trail(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], to: str
) -> None:
    own, other = world.at("submitted"), world.at("submitted", LOAN)
    agency = None if to == "all" else agency_by_code(to)
    with transaction():
        day = date(2026, 1, 1)
        given = mandate(
            world.person("auditor.my"), Remit(agency, "Act 1, section 2", day, date.max)
        )
    found = made(world, tmp_path, kind="all", documents="no")
    shown = {event["stream"] for event in found.lines("events.jsonl")}
    assert {own, other} <= shown
    assert found.json("manifest.json")["agencies"] == ["MY-SMECORP", "VN-SMEDF"]
    # What happens to the log itself is for those who may read all of it.
    assert " " not in found.text("leaves.txt")
    assert found.verdict(capsys)[0] == 0
    page = f"/audit/bundles/{db.session.scalars(select(Bundle.id)).one()}.zip"
    with transaction():
        end_mandate(given.id)
    assert Browser(world.app, "auditor.my").get(page).status_code == 404
