"""Which duties there are, and which of them one person may hold."""

from collections.abc import Collection

from app.accounts.models import Agency
from workflows import vocabulary

# Whoever audits reads, and does nothing else. Whoever advises writes for enterprises, and decides nothing.
AUDITOR, ADVISER = "auditor", "adviser"
# Duties a person may hold: those that act on cases, and five that do not.
DUTIES = frozenset(vocabulary.DUTIES) - {"system"} | {
    ADVISER,
    AUDITOR,
    "budget_officer",
    "scheme_designer",
    "records_officer",
}
CENTRE = "service_centre"
_OF_A_CENTRE = frozenset({ADVISER, AUDITOR, "records_officer"})


def misfits(
    duties: Collection[str], declared: Collection[str] = (), *, at: Agency | None = None
) -> list[str]:
    """Return what speaks against duties held by one person of an agency, a sentence each: all of it, not the first only.

    An auditor is read-only and independent of what is audited: no other duty goes with it (GAO-14-704G, principle 10,
    segregation of duties). Advisers are of a service centre, and its people have no duty on cases: whoever helps to apply
    does not decide. ``declared`` are duties beside the usual that published workflows declare.
    """
    held = set(duties)
    wrong = []
    unknown = held - DUTIES - (set(declared) - {ADVISER})
    if unknown:
        wrong.append(f"No such duty: {', '.join(sorted(unknown))}.")
    for alone in (AUDITOR, ADVISER):
        others = held - {alone}
        if alone in held and others:
            wrong.append(f"An {alone} holds no other duty, such as {', '.join(sorted(others))}.")
    centre = at is not None and at.kind == CENTRE
    if ADVISER in held and not centre:
        wrong.append("An adviser belongs to a service centre.")
    elsewhere = held - _OF_A_CENTRE
    if centre and elsewhere:
        wrong.append(f"A service centre has no such duty: {', '.join(sorted(elsewhere))}.")
    return wrong
