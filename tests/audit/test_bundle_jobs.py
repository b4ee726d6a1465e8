"""What a worker leaves of the work on a bundle: one file or none, a clear word, and its lease while it goes on."""

from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select, update

from app import clock, worker
from app.audit import jobs
from app.audit.compose import bundle as writing
from app.audit.compose import digested
from app.audit.models import Bundle
from app.checkpoints import compose
from app.db import db, transaction
from app.trail import jobs as leases
from app.trail.models import OutboxEntry
from app.trail.queries import events_of
from tests.audit.bundles import asked, signed
from tests.factories import Days, do_the_work
from tests.pages.browser import Browser
from tests.world import World


def entry() -> OutboxEntry:
    """Return the outbox entry of the bundle that waits."""
    waiting = select(OutboxEntry).where(OutboxEntry.duty == "bundle")
    return db.session.scalars(waiting, execution_options={"populate_existing": True}).one()


def parts(world: World) -> list[Path]:
    """Return the unfinished files of the store."""
    return list((world.app.extensions["saluran.settings"].storage_dir / "bundles").glob("*.part"))


def test_a_job_that_dies_in_the_middle_leaves_no_half_file(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()
    with monkeypatch.context() as patch:
        patch.setattr(writing, "verifier", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            worker.run(number)
    # One that was killed could not even take its file away.
    folder = settled.app.extensions["saluran.settings"].storage_dir / "bundles"
    (folder / f"{page.rpartition('/')[2]}.dead.part").write_bytes(b"PK")
    assert [worker.run(number) for _ in range(2)] == ["done", "skip"]
    assert parts(settled) == []
    (found,) = db.session.scalars(select(Bundle)).all()
    assert found.state == "ready"
    kinds = [fact.kind for fact in events_of("agency:MY-SMECORP")]
    assert kinds == ["export", "export_ready"]


def test_a_job_that_lost_its_lease_stops_and_leaves_nothing(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()

    def stolen(file: IO[bytes]) -> tuple[str, int]:
        """Let another job take the entry while this one has written its last member."""
        taken = {"lease": "another", "lease_until": clock.now() + timedelta(minutes=1)}
        with settled.app.app_context(), transaction():
            db.session.execute(update(OutboxEntry).where(OutboxEntry.id == number).values(taken))
        return digested(file)

    monkeypatch.setattr(jobs, "digested", stolen)
    assert worker.run(number) == "fenced"
    assert parts(settled) == []
    (found,) = db.session.scalars(select(Bundle)).all()
    assert (found.state, found.sha256) == ("waiting", None)
    assert [fact.kind for fact in events_of("agency:MY-SMECORP")] == ["export"]


def test_a_long_job_keeps_its_lease_and_says_how_far_it_is(
    settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(Browser(settled.app, "auditor.my"), kind="all", documents="no")
    number = entry().id
    db.session.rollback()
    seen: list[tuple[int, int, bool]] = []
    monkeypatch.setattr(leases, "RENEWALS", 10**9)

    def looked() -> str:
        with settled.app.app_context():
            bundle = db.session.scalars(select(Bundle)).one()
            lease = entry().lease_until
            renewed = lease is not None and lease > clock.now() + timedelta(seconds=29)
            seen.append((bundle.done, bundle.total, renewed))
        return ""

    monkeypatch.setattr(writing, "verifier", looked)
    assert worker.run(number) == "done"
    ((done, total, renewed),) = seen
    assert (done, renewed) == (total, True)
    assert total > 0


def test_a_checkpoint_that_does_not_fit_the_trail_is_no_bundle(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all", checkpoint=signed(1, bytes(32)))
    assert set(do_the_work()) == {"done"}
    assert "does not fit this trail" in browser.get(page).text
    assert browser.get(f"{page}.zip").status_code == 409


def test_a_worker_without_the_key_says_so(settled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all")
    monkeypatch.setattr(compose, "signer", lambda: None)
    number = entry().id
    db.session.rollback()
    assert worker.run(number) == "done"
    assert "does not hold the key of the log" in browser.get(page).text


def test_a_bundle_is_taken_away_after_thirty_days(settled: World, days: Days) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all", documents="no")
    do_the_work()
    asked_on = clock.now()
    days.moment((asked_on + timedelta(days=29)).isoformat()[:19], "UTC")
    assert jobs.tidy() == 0
    days.moment((asked_on + timedelta(days=31)).isoformat()[:19], "UTC")
    assert [jobs.tidy(), jobs.tidy()] == [1, 0]
    browser = Browser(settled.app, "auditor.my")
    assert "taken away" in browser.get(page).text
    assert browser.get(f"{page}.zip").status_code == 404


def test_nobody_has_more_than_five_bundles_made_at_once(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    sent = [browser.post("/audit/bundles", {"kind": "all"}).status_code for _ in range(6)]
    assert sent == [303] * 5 + [409]


def test_a_bundle_that_was_tried_too_often_is_told_as_failed(settled: World) -> None:
    browser = Browser(settled.app, "auditor.my")
    page = asked(browser, kind="all", documents="no")
    with transaction():
        entry().state = "dead"
    jobs.tidy()
    assert "The bundle could not be made" in browser.get(page).text
    assert "It was begun many times" in browser.get(page).text
