"""A deed about money is killed at every boundary of a statement: what is left, and what comes of it when it is done again.

A boundary is before each statement, before each commit (after the last statement), and after each commit. Between two
statements nothing reaches the database, so that these are all the states a killed process can leave.
"""

import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import event

from app.awards.queries import awarded
from app.db import db, transaction
from app.disbursements.models import BankLine
from app.errors import Problem
from app.trail.queries import events_of
from tests.processes import ledger, paying
from tests.processes.pictures import Picture
from tests.world import World
from workflows.machine import Refused

PATIENCE_SECONDS = 60
AMOUNT = "5000"
FIRST_TRANCHE = "2000.00"
# What the bank answers about the two payments of the file, and about one that nobody ordered.
STATUSES = ("ACSC", "RJCT")
ENDS = ("paid", "rejected")
NOBODYS = "MY-2000-000000"

# What stands of a payment: the state of its tranche, where its money is, the acts on its case, and its line in the bank's file.
Stands = tuple[str, tuple[int, ...], tuple[str, ...], str]


@dataclass
class Report:
    """What came of killing a deed: at how many boundaries, how often it was as before, as a whole, or in part, and what is wrong.

    In part is a file of the bank of which some lines were applied, each as a whole.
    """

    deed: str
    boundaries: int = 0
    statements: int = 0
    before: int = 0
    part: int = 0
    whole: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Return the report as one line."""
        return (
            f"kills during {self.deed}: {self.boundaries} boundaries of {self.statements} statements, "
            f"{self.before} left as before, {self.part} in part, {self.whole} as a whole, "
            f"{len(self.faults)} faults, {self.seconds:.1f} s"
        )


@dataclass(frozen=True)
class Deed:
    """What people do with two payments of a file: the act, and what makes the payments end once it is done again.

    One that is done ``in_parts`` may leave some payments as they were, each of the others being as a whole.
    """

    name: str
    act: Callable[[], None]
    after: Callable[[], None]
    in_parts: bool = False


class Killing:
    """Two payments in one file, and the deeds that are killed."""

    def __init__(self, world: World) -> None:
        """Prepare the payments on a world of their own."""
        settings = world.app.extensions["saluran.settings"]
        # A lease that is over at once: nobody waits for that of a job that was killed.
        world.app.extensions["saluran.settings"] = replace(settings, lease_seconds=0)
        self._world = world
        self.references = [world.at("disbursing", amount=AMOUNT) for _ in STATUSES]
        for reference in self.references:
            world.tranche_to(reference, 1, "claimed")
        self._message_id = paying.checked(world, self.references, 1).message_id

    def deeds(self) -> list[Deed]:
        """Return the deeds in the order in which they are done: each begins where the one before has ended."""
        return [
            Deed("the release", self._release, self._hear),
            Deed("the import of the bank's answer", self._hear, lambda: None, in_parts=True),
        ]

    def kill(self, deed: Deed) -> Report:
        """Kill a deed at every boundary; at the end it is done, once."""
        report, began = Report(deed.name), time.monotonic()
        before = self.stands()
        with Picture() as picture:
            # Once without a count: what this process remembers from then on, it remembers each time.
            deed.act()
            after = self.stands()
            picture.put_back()
            report.boundaries, report.statements = self._counted(deed)
            if self.stands() != after:
                report.faults.append("the count was of another deed")
            for boundary in range(1, report.boundaries + 1):
                picture.put_back()
                self._killed(deed, boundary, report, before, after)
            picture.put_back()
        deed.act()
        report.seconds = time.monotonic() - began
        return report

    def _killed(
        self, deed: Deed, boundary: int, report: Report, before: list[Stands], after: list[Stands]
    ) -> None:
        end, told = self._forked(deed, boundary)
        found = self.stands()
        faults = ledger.faults()
        if end != -signal.SIGKILL:
            faults.append(f"the process was not killed: {end} {told}")
        if found == before:
            report.before += 1
        elif found == after:
            report.whole += 1
        else:
            report.part += 1
            faults += [] if deed.in_parts else ["some of it was done"]
        faults += [
            f"half done: {now}"
            for now, then, later in zip(found, before, after, strict=True)
            if now not in (then, later)
        ]
        for act in (deed.act, deed.after):
            _again(act)
        ended = tuple(state for state, _, _, _ in self.stands() if state)
        if ended != ENDS:
            faults.append(f"in the end they stand at {ended}")
        faults += ledger.faults()
        report.faults += [f"{deed.name}, boundary {boundary}: {fault}" for fault in faults]

    def _counted(self, deed: Deed) -> tuple[int, int]:
        end, told = self._forked(deed, 0)
        if end:
            raise AssertionError(f"{deed.name} ended with {end}: {told}")
        boundaries, statements = map(int, told.split())
        return boundaries, statements

    def _forked(self, deed: Deed, boundary: int) -> tuple[int, str]:
        """Do a deed in a child that kills itself at a boundary (0: never); return how it ended and what it told."""
        db.session.remove()
        # The child shares no connection with this process.
        db.engine.dispose()
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _child(deed.act, boundary, writing)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status), told

    def stands(self) -> list[Stands]:
        """Return what stands of each payment, and of the line of the bank's file that is of none."""
        db.session.remove()
        found = [self._stands(reference) for reference in self.references]
        found.append(("", (), (), _line(f"{NOBODYS}-T1-1")))
        db.session.remove()
        return found

    def _stands(self, reference: str) -> Stands:
        award = awarded(self._world.case(reference))
        money = (award.verified_minor, award.instructed_minor, award.paid_minor)
        acts = tuple(fact.kind for fact in events_of(reference))
        state = self._world.tranche_state(reference, 1)
        return state, money, acts, _line(f"{reference}-T1-1")

    def _release(self) -> None:
        with transaction():
            paying.release(self._message_id, actor=self._world.releaser)

    def _hear(self) -> None:
        rows = [
            paying.row(reference, 1, FIRST_TRANCHE, status)
            for reference, status in zip(self.references, STATUSES, strict=True)
        ]
        rows.append(paying.row(NOBODYS, 1, FIRST_TRANCHE))
        paying.hear("answer.csv", paying.answer(*rows), actor=self._world.maker)


def kill_all(world: World) -> list[Report]:
    """Kill every deed at every boundary, one deed after the other."""
    killing = Killing(world)
    return [killing.kill(deed) for deed in killing.deeds()]


def _line(name: str) -> str:
    """Return what became of the line of the bank's file about a payment, "" as long as nothing has."""
    found = db.session.query(BankLine.state).where(BankLine.end_to_end_id == name).all()
    return " ".join(sorted(state for (state,) in found if state != "waiting"))


def _again(act: Callable[[], None]) -> None:
    """Do something again, as who does not know whether it was done: to be told that it was is all right."""
    try:
        act()
    except (Refused, Problem):
        db.session.rollback()


def _child(act: Callable[[], None], boundary: int, told: int) -> None:
    """Do something and kill this process at a boundary; never returns."""
    status = 1
    try:
        signal.alarm(PATIENCE_SECONDS)
        count = _Count(boundary)
        event.listen(db.engine, "before_cursor_execute", count.statement)
        event.listen(db.engine, "commit", count.pass_one)
        event.listen(db.session, "after_commit", count.pass_one)
        act()
        os.write(told, f"{count.passed} {count.statements}".encode())
        status = 0
    except BaseException:  # nothing of this process may go on in the child
        os.write(told, traceback.format_exc().encode())
    finally:
        os._exit(status)


@dataclass
class _Count:
    """How many boundaries were passed, and the one that is the last."""

    last: int
    passed: int = 0
    statements: int = 0

    def pass_one(self, *_: Any) -> None:
        self.passed += 1
        if self.passed == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, *_: Any) -> None:
        self.statements += 1
        self.pass_one()
