"""Payments that two of three releasers must release, who do it at the same moment: it is sent off once, each of them counts once."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select

from app.accounts import commands as accounts
from app.awards.models import Movement, Tranche
from app.awards.queries import awarded
from app.db import db, transaction
from app.disbursements import commands as disbursements
from app.disbursements.models import PaymentBatch
from app.schemes.commands import publish
from app.trail.queries import events_of
from tests.people import authority
from tests.processes import paying
from tests.processes.races import Outcome, Races
from tests.processes.rivals import Contender
from tests.schemes.texts import GRANT, changed, table
from tests.world import World
from workflows.money import from_minor

KIND = "two of three releasers"
NEEDED = 2
# Payments of the other races are below it.
ABOVE = "2000.00"
AMOUNT, SHARE_MINOR = "6000.00", 2_400_00
RELEASERS = ("releaser", "everything", "desk_two")
# Who begins at the same moment: all three, two of them, and one person twice.
CONTESTS = (RELEASERS, RELEASERS[:2], ("releaser", "releaser"))


def prepare(world: World, budget_minor: int) -> None:
    """Publish the scheme with a second releaser for larger payments, and give a third person the duty and the authority.

    ``budget_minor`` is what its call has and keeps, in minor units.
    """
    tiers = table("[payments]", f'release = [{{needed = {NEEDED}, above = "{ABOVE}"}}]', "")
    budget = ('budget = "450000.00"', f'budget = "{from_minor(budget_minor, "MYR")}"')
    with transaction():
        publish(changed(GRANT, ("version = 4\n", "version = 5\n"), tiers, budget))
        world.desk_two.duties = ["releaser"]
        grant = replace(authority("releaser", "MY-BAP", "MYR"), duty="releaser")
        accounts.authorise(world.desk_two, grant)


class Release:
    """One payment that waits for its releases, and those who race for it."""

    def __init__(self, races: Races) -> None:
        """Carry a new case to where its first payment is checked; who races for it takes turns."""
        self._races, self._world = races, races.world
        self.names = CONTESTS[len(races.outcomes[KIND]) % len(CONTESTS)]
        self.reference = self._world.at("disbursing", amount=AMOUNT)
        who = self._world.applicant
        self._world.do(disbursements.ask, self.reference, 1, "", act="claim", actor=who)
        self.batch = paying.checked(self._world, [self.reference], 1).message_id

    def run(self) -> Outcome:
        """Let them release at the same moment; where one person acted twice, a second one follows, and it is sent off."""
        rivals = [Contender(who, paying.release, self.batch) for who in self.names]
        outcome = self._races.race(KIND, *rivals)
        if len(set(self.names)) < NEEDED:
            with transaction():
                paying.release(self.batch, actor=self._world.everything)
        return outcome

    def wrong(self, outcome: Outcome) -> list[str]:
        """Return what does not hold after the race, as sentences."""
        db.session.remove()
        found = [*self._of_race(outcome), *self._of_record(), *self._of_money()]
        db.session.remove()
        return [f"{self.reference}, {', '.join(self.names)}: {told}" for told in found]

    def _of_race(self, outcome: Outcome) -> Iterator[str]:
        people = set(self.names)
        expected = min(len(people), NEEDED)
        if (len(outcome.won), len(set(outcome.won))) != (expected, expected):
            yield f"{outcome.won} released it, not {expected} people once each."
        refused = len(outcome.rules) + len(outcome.told)
        if outcome.errors or refused != len(self.names) - expected:
            yield f"{refused} were refused, and there were errors: {outcome.errors}."

    def _of_record(self) -> Iterator[str]:
        rows = select(PaymentBatch).where(PaymentBatch.message_id == self.batch)
        batch = db.session.scalars(rows).one()
        if len(batch.releases) != NEEDED or batch.released_at is None:
            yield f"its file was released by {batch.released_by} and sent off at {batch.released_at}."
        events = [event for event in events_of(self.reference) if event.kind == "release"]
        numbers = [event.record["detail"]["release"] for event in events]
        marks = {event.record["actor"] for event in events}
        if numbers != [1, NEEDED] or len(marks) != NEEDED:
            yield f"its trail counts the releases {numbers} of {sorted(marks)}."

    def _of_money(self) -> Iterator[str]:
        award = awarded(self._world.case(self.reference))
        first = select(Tranche).where(Tranche.award_id == award.id, Tranche.number == 1)
        state = db.session.scalars(first).one().state
        sent = select(Movement.amount_minor).where(
            Movement.award_id == award.id, Movement.target == "instructed"
        )
        moved = list(db.session.scalars(sent))
        if (state, moved, award.instructed_minor) != ("released", [SHARE_MINOR], SHARE_MINOR):
            yield f"its tranche is {state}, {moved} went to the bank, {award.instructed_minor} is there."
