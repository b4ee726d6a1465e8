"""Small definitions whose clocks end in every way, how a case comes under them, and what a sweep does."""

from app.db import db, transaction
from app.notices.jobs import sweep
from app.schemes.models import Scheme, WorkflowVersion
from app.trail.queries import Fact, events_of
from tests.world import World
from workflows.format.loading import published

NOTHING = {"recomputed": 0, "warned": 0, "expired": 0, "escalated": 0}

# In "submitted" the case is deemed taken up; what the clock of "screening" names is refused by its guard.
QUICK = """
name = "quick"
version = 1
title = "A case that goes on by itself"
kind = "application"
initial = "draft"

[states.draft]
officer = "Draft"
applicant = "You are writing"
stage = "Start"
holder = "applicant"
clock = "none"

[states.submitted]
officer = "Submitted"
applicant = "We have it"
stage = "Start"
holder = "agency"
clock = {days = 3, unit = "working", warn = 1, expires = "deem"}

[states.screening]
officer = "Screening"
applicant = "We look at it"
stage = "Start"
holder = "agency"
clock = {days = 5, unit = "working", expires = "shut", escalate = "approver"}

[states.ended]
officer = "Ended"
applicant = "Ended"
stage = "End"
holder = "nobody"
clock = "none"
end = true
outcome = "lapsed"

[acts.submit]
label = "Submit"
event = "Submitted"
from = ["draft"]
to = "submitted"
by = "applicant"

[acts.deem]
label = "Deem taken up"
event = "Deemed taken up"
from = ["submitted"]
to = "screening"
by = "system"

[acts.shut]
label = "Shut"
event = "Shut"
from = ["screening"]
to = "ended"
by = "system"
guards = ["offer_open"]

[acts.finish]
label = "Finish"
event = "Finished"
from = ["screening"]
to = "ended"
by = "desk_officer"
"""

# A claim nobody looks at in time is deemed in order.
CLAIM = """
name = "quick-claim"
version = 1
title = "A claim that is deemed in order"
kind = "tranche"
initial = "planned"

[states.planned]
officer = "Planned"
applicant = "You can claim"
holder = "applicant"
clock = "none"

[states.claimed]
officer = "Claimed"
applicant = "We look at your claim"
holder = "agency"
clock = {days = 4, unit = "working", warn = 1, expires = "deem"}

[states.verified]
officer = "Verified"
applicant = "We prepare the payment"
holder = "agency"
clock = {days = 2, unit = "working", escalate = "releaser"}

[states.closed]
officer = "Closed"
applicant = "Closed"
holder = "nobody"
clock = "none"
end = true
outcome = "cancelled"

[acts.claim]
label = "Claim"
event = "Claimed"
from = ["planned"]
to = "claimed"
by = "applicant"
does = "ask"

[acts.deem]
label = "Deem in order"
event = "Deemed in order"
from = ["claimed"]
to = "verified"
by = "system"

[acts.close]
label = "Close"
event = "Closed"
from = ["verified"]
to = "closed"
by = "desk_officer"
"""


def publish(source: str) -> str:
    """Keep a definition as a version of its own and return its digest."""
    digest = published(source).digest
    if db.session.get(WorkflowVersion, digest) is None:
        found = published(source)
        db.session.add(
            WorkflowVersion(
                digest=digest, name=found.name, version=found.version, source=source, agency_id=None
            )
        )
        db.session.flush()
    return digest


def under(world: World, reference: str, source: str = QUICK) -> str:
    """Let a case go on under a definition that has the state it is in."""
    case = world.case(reference)
    with transaction():
        case.workflow_digest = publish(source)
    return reference


def claims_under(world: World, reference: str, source: str = CLAIM) -> str:
    """Let the tranches of a scheme go on under a definition that has the states they are in."""
    scheme = db.session.get_one(Scheme, world.case(reference).scheme_id)
    with transaction():
        scheme.tranche_digest = publish(source)
    return reference


def swept(**done: int) -> bool:
    """Sweep twice: the first sweep does exactly this, the second nothing more."""
    db.session.rollback()
    first, second = sweep(), sweep()
    assert (first, second) == ({**NOTHING, **done}, NOTHING)
    return True


def of_the_clock(reference: str) -> list[Fact]:
    """Return what the system did on a case."""
    return [event for event in events_of(reference) if event.actor == "system:clock"]
