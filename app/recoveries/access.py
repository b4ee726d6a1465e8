"""From a request to the guarantee of a case, and to a payout under it."""

from dataclasses import dataclass

from app.accounts.models import Person
from app.applications import queries as cases
from app.applications.models import Application
from app.awards import queries as awards
from app.awards.models import Award
from app.errors import Missing
from app.proceedings import queries as proceedings
from app.proceedings.queries.seeing import Seen, seen
from app.recoveries.commands.guarantees import PAY_OUT
from app.recoveries.queries import CLAIM
from app.recoveries.queries.guarantees import Fees, cover_of, fees_of
from workflows.guarantees import Cover


@dataclass(frozen=True)
class Guarantee:
    """The guarantee of a case as a person sees it: what it covers, its fees, the claims under it."""

    application: Application
    award: Award
    cover: Cover
    fees: Fees
    claims: tuple[Seen, ...]

    @property
    def to_pay_out(self) -> Seen | None:
        """Return the claim whose payout the person may record now."""
        return next((claim for claim in self.claims if _may(claim)), None)


def _may(claim: Seen) -> bool:
    return any(one.act.name == PAY_OUT and one.allowed for one in claim.options)


def guarantee(reference: str, person: Person) -> Guarantee:
    """Return the guarantee of a case; raises ``Missing`` where there is none, or the person may not know of the case."""
    application = cases.find(reference, actor=person)
    award = awards.awarded(application)
    cover = cover_of(application, award)
    if cover is None:
        raise Missing("This case has no guarantee.")
    rows = [row for row in proceedings.proceedings(application) if row.kind == CLAIM]
    claims = tuple(seen(application, row, person) for row in rows)
    return Guarantee(application, award, cover, fees_of(application, award, cover), claims)
