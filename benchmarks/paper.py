"""What an import of paper costs: a file of applications, against the same applications handed in one by one.

``python -m benchmarks.paper --database sqlite``: a file is checked and saved in one transaction, as a worker does it; its peer is
as many applications begun, answered, given their documents and submitted through the commands, each in transactions of its own.
How long a file holds the database is what bounds its size: on SQLite every other writer waits for it, at most fifteen seconds.
"""

import argparse
import time

from app.db import db, transaction
from app.documents.commands import Upload
from app.intake import commands, queries
from app.intake.compose.checking import check
from benchmarks.log import empty
from tests.answers import GRANT
from tests.intake.files import as_csv, paper
from tests.world import World

ONE_BY_ONE = 50
# Seconds that a file of the largest size may hold SQLite: others give up after fifteen.
MOST_SECONDS = 12.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--rows", type=int, default=1000)
    chosen = parser.parse_args()
    with empty(chosen.database) as app, app.app_context():
        world = World(app)
        alone = _one_by_one(world)
        checking, saving = _imported(world, chosen.rows)
    each = (checking + saving) / chosen.rows
    print(f"one by one          {alone * 1e3:8.2f} ms an application ({ONE_BY_ONE})")
    print(f"checked in a file   {checking / chosen.rows * 1e3:8.2f} ms a row, {checking:.1f} s")
    held = "held" if saving <= MOST_SECONDS else "MISSED"
    print(
        f"saved in a file     {saving / chosen.rows * 1e3:8.2f} ms a row, {saving:.1f} s in one transaction "
        f"(at most {MOST_SECONDS:.0f} s on SQLite) {held}"
    )
    print(f"ratio               {each / alone:8.2f}")


def _one_by_one(world: World) -> float:
    """Return the seconds an application takes that is handed in by itself."""
    began = time.perf_counter()
    for _ in range(ONE_BY_ONE):
        world.at("submitted")
    return (time.perf_counter() - began) / ONE_BY_ONE


def _imported(world: World, rows: int) -> tuple[float, float]:
    """Return the seconds in which a file is checked, and in which it is saved."""
    content = as_csv(*(paper(number) for number in range(1, rows + 1)))
    officer = world.desk
    with transaction():
        number = commands.ask(GRANT, Upload("papers.csv", content), actor=officer).id
    batch = queries.batch(number, actor=officer)
    began = time.perf_counter()
    checked = check(queries.call_of(batch), content, officer, lambda _done, _total: None)
    done = time.perf_counter()
    db.session.rollback()
    with transaction():
        commands.finish(queries.batch(number, actor=world.desk), checked)
    ended = time.perf_counter()
    if queries.batch(number, actor=world.desk).state != "imported":
        raise SystemExit(checked.faults[:5])
    return done - began, ended - done


if __name__ == "__main__":
    main()
