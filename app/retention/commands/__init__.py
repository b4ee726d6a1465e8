"""What can happen to what a case holds of people: held, proposed for erasure by one person, erased by another."""

from dataclasses import dataclass

from app import clock
from app.accounts.models import Person
from app.applications.models import Application
from app.db import db
from app.errors import Conflict, Forbidden, Invalid
from app.retention import queries
from app.retention.commands.erasing import blank, counted, reach
from app.retention.models import Erasure, ErasureProposal, LegalHold
from app.retention.queries import Held
from app.trail.commands import Entry, Recorded, record
from app.trail.queries import ERASED
from workflows.facts import Failure
from workflows.machine import Refused

DUTY = "records_officer"
RETENTION = "retention"
_CLAUSE = "Retention schedule"


@dataclass(frozen=True)
class Proposed:
    """What an erasure is asked under: ``ground`` is retention or request; ``law`` is only asked for a request."""

    ground: str
    law: str = ""


def place_hold(reference: str, law: str, reason: str, *, actor: Person) -> Recorded:
    """Let nothing of a case be erased until the hold is lifted; raises ``Conflict`` when one stands, or all is erased."""
    application = _locked(reference, actor)
    if application.erased_at is not None:
        raise Conflict("What the case held was erased already.")
    if queries.hold(application) is not None:
        raise Conflict("A legal hold stands on this case already.")
    recorded = _noted(application, "place_hold", law, reason, actor)
    db.session.add(
        LegalHold(
            application_id=application.id,
            law=law,
            reason=reason,
            placed_by=actor.id,
            placed_at=recorded.at,
        )
    )
    db.session.flush()
    return recorded


def lift_hold(reference: str, reason: str, *, actor: Person) -> Recorded:
    """Lift the hold on a case; raises ``Conflict`` when none stands."""
    application = _locked(reference, actor)
    found = queries.hold(application)
    if found is None:
        raise Conflict("No legal hold stands on this case.")
    recorded = _noted(application, "lift_hold", found.law, reason, actor)
    found.lifted_by, found.lifted_at = actor.id, recorded.at
    return recorded


def propose(reference: str, asked: Proposed, *, actor: Person) -> ErasureProposal:
    """Propose to a second person to erase what a case holds; raises ``Refused`` with every reason against it."""
    application = _locked(reference, actor)
    held = queries.held(application)
    failures = [*_against(application, held, asked.ground)]
    if held.proposal is not None:
        failures.append(_failure("proposed_once", "An erasure waits for a second person already."))
    if failures:
        raise Refused("propose_erasure", application.state, tuple(failures))
    if asked.ground != RETENTION and not asked.law:
        raise Invalid({"law": ["Name the law under which it is asked for."]})
    law = held.keeping.rule.law if asked.ground == RETENTION and held.keeping else asked.law
    found = ErasureProposal(
        application_id=application.id,
        ground=asked.ground,
        law=law,
        proposed_by=actor.id,
        proposed_at=clock.now(),
        outcome="open",
    )
    db.session.add(found)
    db.session.flush()
    return found


def withdraw(reference: str, *, actor: Person) -> None:
    """Take a proposal back, one's own or a colleague's; raises ``Conflict`` when none is open."""
    found = queries.proposal(_locked(reference, actor))
    if found is None:
        raise Conflict("No erasure of this case waits for a second person.")
    found.outcome, found.decided_by, found.decided_at = "withdrawn", actor.id, clock.now()


def erase(reference: str, *, actor: Person) -> Recorded:
    """Erase what a case holds of people, as a second person; raises ``Refused`` with every reason against it.

    Events, hashes, amounts, states and codes stay. The files of documents go after the commit.
    """
    application = _locked(reference, actor)
    held = queries.held(application)
    found = held.proposal
    failures = [*_against(application, held, found.ground if found else "")]
    if found is None:
        failures.append(_failure("proposed", "Nobody has proposed to erase this case."))
    elif found.proposed_by == actor.id:
        failures.append(_failure("four_eyes", "A second records officer has to carry it out."))
    if failures or found is None:
        raise Refused(ERASED, application.state, tuple(failures))
    recorded = _erased(application, found, actor)
    found.outcome, found.decided_by, found.decided_at = "carried_out", actor.id, recorded.at
    return recorded


def _erased(application: Application, found: ErasureProposal, actor: Person) -> Recorded:
    whole = reach(application, request=found.ground != RETENTION)
    detail = {
        "law": found.law,
        "ground": found.ground,
        "proposed_by": f"officer:{found.proposed_by}",
        "fields": counted(application, whole),
    }
    entry = Entry(
        ERASED,
        actor.mark,
        {"duty": DUTY, "detail": detail},
        duties=tuple(
            (duty, {"application_id": application.id}) for duty in ("erase_files", "erase_bundles")
        ),
    )
    recorded = record(application, entry)
    db.session.add(
        Erasure(
            application_id=application.id,
            event_id=recorded.id,
            law=found.law,
            erased_by=actor.id,
            at=recorded.at,
        )
    )
    # Everything below is refused by the database until this row is there.
    db.session.flush()
    blank(application, whole)
    application.erased_at, application.erased_under = recorded.at, found.law
    db.session.flush()
    return recorded


def _against(application: Application, held: Held, ground: str) -> list[Failure]:
    """Return every reason why a case cannot be erased now, on a ground."""
    found = []
    if application.erased_at is not None:
        found.append(
            _failure("not_erased", f"It was erased already, under {application.erased_under}.")
        )
    known = held.keeping
    if known is None:
        found.append(_failure("ended", "The case is still open."))
    elif ground == RETENTION and not known.over:
        until = f"{known.until.day} {known.until:%B %Y}"
        found.append(_failure("time_over", f"The case is kept until {until}.", known.rule.law))
    if held.hold is not None:
        found.append(_failure("not_held", "A legal hold stands on this case.", held.hold.law))
    if queries.unsettled(application):
        said = "A loan is not repaid yet, or something about the award is not decided."
        found.append(_failure("settled", said))
    if application.erased_at is None and queries.working(application):
        found.append(
            _failure("work_done", "A letter or other work of this case is still to be done.")
        )
    return found


def _failure(rule: str, sentence: str, clause: str = _CLAUSE) -> Failure:
    return Failure(rule, sentence, clause)


def _noted(application: Application, kind: str, law: str, reason: str, actor: Person) -> Recorded:
    body = {"duty": DUTY, "detail": {"law": law}}
    return record(application, Entry(kind, actor.mark, body, private={"reason": reason}))


def _locked(reference: str, actor: Person) -> Application:
    if DUTY not in actor.duties:
        raise Forbidden("This is for records officers.")
    return queries.find(reference, actor=actor, lock=True)
