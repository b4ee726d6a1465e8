"""The long form of the races about money: ``python3 -m app races [RACES]``, on each kind of database; then every kill.

Prints a line for each database and kind; ends with status 1 when anything was lost, done twice or paid twice.
"""

import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import select

from app.awards import commands as awards
from app.bootstrap.postgres import PrivatePostgres
from app.bootstrap.redis_server import RedisServer
from app.db import db
from app.disbursements import commands as disbursements
from app.trail.models import Event
from tests.processes import ledger, paying, releasing
from tests.processes.killing import kill_all
from tests.processes.moments import PLENTY, apart
from tests.processes.races import AMOUNT, SHARES, Outcome, Races
from tests.processes.rivals import Contender
from tests.world import World

RACES = 300
DATABASES = ("sqlite", "postgresql")
BUDGET, CLAIM, RELEASE, CONFIRM = (
    "one budget",
    "claim twice",
    "release twice",
    "confirm twice",
)
# A case has so many tranches, and a payment file pays one of each of two cases.
TRANCHES = len(SHARES)
PAID = "1500.00"
# One event of a case: its reference, the act, and the number of the tranche where it is of one.
Effect = tuple[str, str, int | None]


class Course:
    """So many races of each kind on one database, and what each must have left in the trail."""

    def __init__(self, races: Races, number: int) -> None:
        """Run ``number`` races of each kind when it is told to."""
        self.races = races
        self.world = races.world
        self.expected: dict[str, list[Effect]] = defaultdict(list)
        self.seconds: dict[str, float] = defaultdict(float)
        # What did not hold of payments that need two releasers.
        self.wrong: list[str] = []
        self._number = number

    def run(self) -> None:
        """Let cases race for the budget, then carry those that got it through all their tranches, two by two."""
        releasing.prepare(self.world, PLENTY)
        self._released()
        offered = self._offered()
        while len(self.races.outcomes[RELEASE]) < self._number:
            pair = [offered.pop(), offered.pop()]
            for reference in pair:
                self.world.do(awards.accept, reference, actor=self.world.applicant)
                self.world.meet_conditions(reference)
            for tranche in range(1, TRANCHES + 1):
                self._paid(pair, tranche)

    def _released(self) -> None:
        """Let payments that need two of three releasers be released by all of them at once, by two, and twice by one."""
        for _ in range(self._number):
            release = releasing.Release(self.races)
            began = time.monotonic()
            self.wrong += release.wrong(release.run())
            self.seconds[releasing.KIND] += time.monotonic() - began

    def _offered(self) -> list[str]:
        waiting = self._decidable()
        offered = []
        for _ in range(max(self._number, 2)):
            other = self._decidable()
            began = time.monotonic()
            winner, waiting = self.races.afforded(waiting, other)
            self.seconds[BUDGET] += time.monotonic() - began
            self.expected[BUDGET].append((winner, "approve", None))
            offered.append(winner)
        return offered

    def _decidable(self) -> str:
        reference = self.world.at("recommendation", amount=AMOUNT)
        self.world.recommend(reference, SHARES)
        return reference

    def _paid(self, pair: list[str], tranche: int) -> None:
        """Let a tranche of each of two cases be paid, racing for the claim, the release and the bank's answer."""
        one, other = pair
        version = None if len(self.races.outcomes[CLAIM]) % 2 else self.races.version(one)
        claim = Contender(
            "applicant", disbursements.ask, one, (tranche, ""), version, {"act": "claim"}
        )
        self._race(CLAIM, claim, claim, (one, "claim", tranche))
        self.world.do(
            disbursements.ask, other, tranche, "", actor=self.world.applicant, act="claim"
        )
        batch = paying.checked(self.world, pair, tranche)
        # Now one person twice, now two people where one is enough.
        people = (
            ("releaser", "releaser")
            if len(self.races.outcomes[RELEASE]) % 2
            else ("releaser", "everything")
        )
        first, second = (Contender(who, paying.release, batch.message_id) for who in people)
        released = [(reference, "release", tranche) for reference in pair]
        self._race(RELEASE, first, second, *released)
        # Now the same file from two people, now two files that say the same.
        again = "BANK-7" if len(self.races.outcomes[CONFIRM]) % 2 else "BANK-8"
        files = [
            paying.answer(paying.row(one, tranche, PAID, bank_reference=reference))
            for reference in ("BANK-7", again)
        ]
        first, second = (
            Contender(who, paying.hear, "answer.csv", (file,), whole=True)
            for who, file in zip(("maker", "checker"), files, strict=True)
        )
        self._race(CONFIRM, first, second, (one, "bank_pays", tranche))
        paying.hear(
            "other.csv", paying.answer(paying.row(other, tranche, PAID)), actor=self.world.maker
        )

    def _race(self, kind: str, first: Contender, second: Contender, *expected: Effect) -> None:
        began = time.monotonic()
        self.races.race(kind, first, second)
        self.seconds[kind] += time.monotonic() - began
        self.expected[kind].extend(expected)


def told(course: Course) -> tuple[list[str], bool]:
    """Return a line for each kind of race and what is wrong with the whole, and whether all is well."""
    happened = _happened()
    paid_twice, overdrawn = len(list(ledger.paid_twice())), len(list(ledger.overdrawn()))
    lines, well = [_told_of_releases(course)], not course.wrong
    for kind, expected in course.expected.items():
        outcomes = course.races.outcomes[kind]
        once = sum(len(outcome.won) == 1 for outcome in outcomes)
        errors = sum(len(outcome.errors) for outcome in outcomes)
        lost = sum(effect not in happened for effect in expected)
        twice = sum(happened[effect] > 1 for effect in expected)
        lines.append(
            f"{kind}: {len(outcomes)} races, {once} won once, {_refused(outcomes)} refused, "
            f"{errors} errors, {twice} done twice, {paid_twice} paid twice, "
            f"{overdrawn} overdrawn, {lost} lost, {course.seconds[kind]:.1f} s"
        )
        well = (
            well and once == len(outcomes) == _refused(outcomes) and not (errors or lost or twice)
        )
    faults = ledger.faults()
    return [*lines, *course.wrong, *faults], well and not faults


def _told_of_releases(course: Course) -> str:
    outcomes = course.races.outcomes[releasing.KIND]
    errors = sum(len(outcome.errors) for outcome in outcomes)
    return (
        f"{releasing.KIND}: {len(outcomes)} races, {_refused(outcomes)} refused, {errors} errors, "
        f"{len(course.wrong)} faults, {course.seconds[releasing.KIND]:.1f} s"
    )


def _refused(outcomes: list[Outcome]) -> int:
    return sum(len(outcome.rules) + len(outcome.told) for outcome in outcomes)


def _happened() -> Counter[Effect]:
    db.session.remove()
    found: Counter[Effect] = Counter()
    for event in db.session.scalars(select(Event)):
        detail = json.loads(event.entry).get("detail", {})
        found[event.stream, event.kind, detail.get("tranche")] += 1
    db.session.remove()
    return found


@contextmanager
def worlds(kind: str) -> Iterator[World]:
    """Give a world on a fresh database of a kind, for as long as it is needed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="saluran-races-")))
        url = f"sqlite:///{folder / 'saluran.db'}"
        if kind == "postgresql":
            url = stack.enter_context(PrivatePostgres()).create_database("races")
        redis = stack.enter_context(RedisServer(folder / "redis"))
        yield stack.enter_context(apart(url, redis.url, folder))


def race(kind: str, number: int) -> bool:
    """Race on a fresh database of a kind, print what came of it, and return whether all is well."""
    with worlds(kind) as world, Races(world.app, len(releasing.RELEASERS)) as races:
        course = Course(races, number)
        course.run()
        lines, well = told(course)
    for line in lines:
        say(f"{kind}: {line}")
    return well


def kill(kind: str) -> bool:
    """Kill at every statement on a fresh database of a kind, print what came of it, and return whether all is well."""
    with worlds(kind) as world:
        reports = kill_all(world)
    for report in reports:
        say(f"{kind}: {report}")
        for fault in report.faults:
            say(f"  {fault}")
    return not any(report.faults for report in reports)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run on each kind of database and return the exit status."""
    number = int(arguments[0]) if arguments else RACES
    well = [race(kind, number) for kind in DATABASES]
    well += [kill(kind) for kind in DATABASES]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
