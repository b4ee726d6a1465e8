"""Two people act at the same moment: cases are carried along their whole way, with a race at every fork."""

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

from flask import Flask

from app import clock
from app.awards import commands as awards
from app.db import db, transaction
from app.decisions import commands as decisions
from app.decisions.commands import Cast
from app.disbursements import commands as disbursements
from app.disbursements.commands import BankAnswer
from app.errors import Problem
from app.reviews import commands as reviews
from app.reviews.commands import Advice, Reasoned, Scores
from tests.factories import leave
from tests.world import World
from workflows.machine import Refused

AMOUNT = "6000.00"
AMOUNT_MINOR = 600_000
SCORES = Scores({"growth": 4, "feasibility": 4, "cost": 4}, "")
SHARES = (25, 25, 25, 25)
PATIENCE_SECONDS = 30.0
PASS, WITHDRAW, CANCEL, APPROVE, DECLINE = (
    {"act": act} for act in ("pass", "withdraw", "cancel", "approve", "decline")
)


@dataclass(frozen=True)
class Contender:
    """Who does what to which case; ``version`` is the one they saw, ``None`` for who did not look."""

    who: str
    command: Callable[..., Any]
    reference: str
    args: tuple[Any, ...] = ()
    version: int | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a race ended: by name who won, and the rules that were given to who lost."""

    won: tuple[str, ...]
    rules: tuple[frozenset[str], ...]
    errors: tuple[str, ...]


class Races:
    """Runs races and keeps their outcomes by kind."""

    def __init__(self, app: Flask) -> None:
        """Take an application on a database with the world's people."""
        self.outcomes: dict[str, list[Outcome]] = defaultdict(list)
        self.world = World(app)
        self._app = app
        self._pool = ThreadPoolExecutor(2)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown()

    def race(self, kind: str, *contenders: Contender) -> Outcome:
        """Let two contenders start at the same moment, each in a session of its own."""
        db.session.remove()
        barrier = Barrier(len(contenders), timeout=PATIENCE_SECONDS)
        running = [self._pool.submit(self._attempt, barrier, found) for found in contenders]
        ends = [future.result(PATIENCE_SECONDS) for future in running]
        won = tuple(found.who for found, end in zip(contenders, ends, strict=True) if end is None)
        refused = [end for end in ends if isinstance(end, Refused)]
        errors = tuple(repr(end) for end in ends if end and not isinstance(end, Refused))
        rules = tuple(frozenset(failure.rule for failure in end.failures) for end in refused)
        outcome = Outcome(won, rules, errors)
        self.outcomes[kind].append(outcome)
        return outcome

    def _attempt(self, barrier: Barrier, found: Contender) -> Exception | None:
        with self._app.app_context():
            barrier.wait()
            try:
                with transaction():
                    found.command(
                        found.reference,
                        *found.args,
                        version=found.version,
                        actor=World(self._app).person(f"{found.who}.my"),
                        **found.more,
                    )
            except (Refused, Problem) as error:
                return error
            except Exception as error:  # a fault of ours, told in the report
                return error
        return None

    def version(self, reference: str) -> int:
        """Return the version that both look at."""
        return self.world.case(reference).version

    # The road.

    def screened(self) -> str | None:
        """Return a case that passed screening although its applicant withdrew at that moment, or nothing."""
        reference = self.world.at("screening", amount=AMOUNT)
        version = self.version(reference)
        outcome = self.race(
            "withdraw or pass",
            Contender("applicant", awards.end, reference, (Reasoned(),), version, WITHDRAW),
            Contender("desk", reviews.move, reference, (Reasoned(),), version, PASS),
        )
        return reference if outcome.won == ("desk",) else None

    def assessed(self, reference: str) -> str:
        """Return a case that two of three assessors have read, who all wanted to be first."""
        version = self.version(reference)
        first = self.race(
            "two assessors",
            Contender("assessor", reviews.assess, reference, (SCORES,), version),
            Contender("assessor_two", reviews.assess, reference, (SCORES,), version),
        )
        late = "assessor_two" if first.won == ("assessor",) else "assessor"
        version = self.version(reference)
        self.race(
            "two assessors",
            Contender(late, reviews.assess, reference, (SCORES,), version),
            Contender("everything", reviews.assess, reference, (SCORES,), version),
        )
        shares = tuple((f"Part {number}", share) for number, share in enumerate(SHARES, 1))
        advice = Advice("approve", AMOUNT, shares, "")  # type: ignore[arg-type]
        self.world.do(reviews.recommend, reference, advice, actor=self.world.desk)
        return reference

    def decided(self, reference: str, *, blind: bool) -> str | None:
        """Return a case that was approved although another approver declined it, or nothing."""
        version = None if blind else self.version(reference)
        said = Cast(reasons=("CAP-FUND",))
        outcome = self.race(
            "approve or decline",
            Contender("approver", decisions.vote, reference, (Cast(AMOUNT),), version, APPROVE),
            Contender("small_approver", decisions.vote, reference, (said,), version, DECLINE),
        )
        return reference if outcome.won == ("approver",) else None

    def afforded(self, one: str, other: str) -> tuple[str, str]:
        """Return the one of two cases that got the last of the budget, then the one that did not."""
        leave(AMOUNT_MINOR * 3 // 2)
        versions = {reference: self.version(reference) for reference in (one, other)}
        outcome = self.race(
            "one budget",
            Contender("approver", decisions.vote, one, (Cast(AMOUNT),), versions[one], APPROVE),
            Contender(
                "small_approver", decisions.vote, other, (Cast(AMOUNT),), versions[other], APPROVE
            ),
        )
        return (one, other) if outcome.won == ("approver",) else (other, one)

    def accepted(self, reference: str) -> str | None:
        """Return a case whose offer was accepted although the award was cancelled, or nothing."""
        said = Reasoned(("BREACH",))
        self.world.paper(reference, "cancel", "minute", self.world.small_approver)
        version = self.version(reference)
        outcome = self.race(
            "accept or cancel",
            Contender("applicant", awards.accept, reference, (), version),
            Contender("small_approver", awards.end, reference, (said,), version, CANCEL),
        )
        return reference if outcome.won == ("applicant",) else None

    def paid(self, reference: str) -> None:
        """Carry a case through its tranches: each is claimed, released and confirmed twice at once."""
        self.world.meet_conditions(reference)
        for number in range(1, len(SHARES) + 1):
            self._twice("claim twice", "applicant", disbursements.ask, reference, (number, ""))
            seen = (number, self._checked(reference, number))
            self._twice("release twice", "releaser", disbursements.release, reference, seen)
            day = clock.today("Asia/Kuala_Lumpur")
            answer = (number, BankAnswer("BANK-1", day))
            self._twice("confirm twice", "maker", disbursements.confirm, reference, answer)

    def _checked(self, reference: str, number: int) -> str:
        """Let the payment of a claimed tranche be prepared and checked; return the digest of the file."""
        world = self.world
        world.do(disbursements.verify, reference, number, "", actor=world.desk)
        world.do(disbursements.prepare, reference, number, actor=world.maker)
        digest = world.digest(reference, number)
        world.do(disbursements.check, reference, number, digest, actor=world.checker)
        return digest

    def _twice(
        self, kind: str, who: str, command: Any, reference: str, args: tuple[Any, ...]
    ) -> None:
        """Let somebody act twice at once: now looking at the same version, now without looking."""
        blind = len(self.outcomes[kind]) % 2
        version = None if blind else self.version(reference)
        more = {"act": "claim"} if command is disbursements.ask else {}
        contender = Contender(who, command, reference, args, version, more)
        self.race(kind, contender, contender)


def run_all(app: Flask) -> Races:
    """Run two hundred races and more; the cases that win one go on to the next."""
    races = Races(app)
    try:
        passed = [reference for _ in range(16) if (reference := races.screened())]
        more = 32 - len(passed)
        passed += [races.world.at("assessment", amount=AMOUNT) for _ in range(more)]
        ready = [races.assessed(reference) for reference in passed]
        offered = [
            reference
            for number, reference in enumerate(ready[:16])
            if races.decided(reference, blind=bool(number % 2))
        ]
        waiting, *others = ready[16:]
        for reference in others:
            winner, waiting = races.afforded(waiting, reference)
            offered.append(winner)
        accepted = [reference for reference in offered[8:] if races.accepted(reference)]
        for reference in offered[:8]:
            races.world.do(awards.accept, reference, actor=races.world.applicant)
        for reference in [*offered[:8], *accepted][:9]:
            races.paid(reference)
    finally:
        races.close()
    return races
