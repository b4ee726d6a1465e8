"""What a worker leaves of the work on a file: all of its cases once or none of them, and how far it is."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock, worker
from app.db import db, transaction
from app.intake import commands, jobs, queries
from app.intake.compose import Row
from app.intake.compose.checking import Checked, check
from app.schemes.models import Scheme
from app.trail.models import OutboxEntry
from tests.answers import GRANT
from tests.intake.files import as_csv, paper
from tests.intake.importing import asked, batch, cases, count, entry_of, everything, imported
from tests.world import World

TWO = as_csv(paper(1), paper(2))


def test_a_job_that_dies_while_saving_leaves_nothing_and_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, before = asked(world, TWO), everything()
    entry = entry_of(number)
    lodged = commands._Lodging.row

    def dies(self: commands._Lodging, row: Row) -> object:
        if row.number > 2:
            raise SystemExit
        return lodged(self, row)

    with monkeypatch.context() as patch:
        patch.setattr(commands._Lodging, "row", dies)
        with pytest.raises(SystemExit):
            worker.run(entry)
    db.session.rollback()
    assert everything() == before
    free(entry)
    assert [worker.run(entry) for _ in range(2)] == ["done", "skip"]
    assert (batch(world, number).state, count()) == ("imported", 2)


def free(entry: int) -> None:
    """Let the lease of an entry run out."""
    with transaction():
        gone = update(OutboxEntry).where(OutboxEntry.id == entry).values(lease_until=None)
        db.session.execute(gone)


def test_a_job_that_lost_its_lease_imports_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, before = asked(world, TWO), everything()
    entry = entry_of(number)

    def stolen(*_arguments: object) -> Checked:
        """Let another job take the entry while this one has read the file."""
        taken = {"lease": "another", "lease_until": clock.now() + timedelta(minutes=1)}
        with world.app.app_context(), transaction():
            db.session.execute(update(OutboxEntry).where(OutboxEntry.id == entry).values(taken))
        return check(*_arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "check", stolen)
    assert worker.run(entry) == "fenced"
    assert everything() == before


def test_two_files_with_the_same_papers_at_once_import_each_once(world: World) -> None:
    one, other = asked(world, TWO), asked(world, TWO)
    assert [worker.run(entry_of(number)) for number in (one, other)] == ["done", "done"]
    assert cases(batch(world, one)) == cases(batch(world, other))
    assert count() == 2


def test_a_file_that_was_checked_before_another_was_saved_is_checked_again(world: World) -> None:
    call = queries.call(GRANT, actor=world.desk)
    checked = check(call, TWO, world.desk, lambda _done, _total: None)
    imported(world, TWO)
    late = asked(world, TWO)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        commands.finish(batch(world, late), checked)
    assert count() == 2


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_scheme_that_is_stopped_while_a_file_is_read_takes_nothing(
    world: World, status: str
) -> None:
    number = asked(world, TWO)
    call = queries.call(GRANT, actor=world.desk)
    checked = check(call, TWO, world.desk, lambda _done, _total: None)
    before = everything()
    with transaction():
        db.session.execute(update(Scheme).where(Scheme.code == "MY-BAP").values(status=status))
    db.session.expire_all()
    with transaction():
        commands.finish(batch(world, number), checked)
    assert (batch(world, number).state, count()) == ("refused", 0)
    assert everything() == before | {"event": before["event"] + 1}


def test_progress_is_told_while_the_file_is_read(world: World) -> None:
    told: list[tuple[int, int]] = []
    content = as_csv(*(paper(number) for number in range(1, 121)))
    call = queries.call(GRANT, actor=world.desk)
    check(call, content, world.desk, lambda done, total: told.append((done, total)))
    assert told[-1] == (120, 120)
    assert len(told) > 2
    assert told == sorted(told)


def test_a_file_nobody_will_try_again_is_told_as_failed(world: World) -> None:
    number = asked(world, TWO)
    with transaction():
        db.session.execute(update(OutboxEntry).values(state="dead"))
    jobs.tidy()
    found = batch(world, number)
    assert (found.state, found.content) == ("failed", b"")
    assert "Tell the operator" in found.report[0]["sentence"]
