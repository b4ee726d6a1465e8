"""Whether the people are there, and which life the tranches of a definition belong to: as the schemes of an agency tell it."""

import tomllib
from functools import cache

from sqlalchemy import select

from app.accounts import queries as accounts
from app.accounts.models import Agency, Authority
from app.db import db
from app.schemes import queries as schemes
from app.schemes.commands import catalogue
from app.schemes.compose.completing import completed, name_of, template_of
from app.schemes.compose.terms import SchemeTerms
from app.schemes.models import Scheme
from workflows.definition import Workflow
from workflows.format.loading import published, shipped
from workflows.format.reading import Malformed
from workflows.soundness import staffing
from workflows.soundness.staffing import Officer
from workflows.soundness.witness import Finding


def staffing_findings(workflow: Workflow, agency: Agency) -> tuple[Finding, ...]:
    """Return what the agency's people lack to carry a workflow, for each scheme that uses one of its name; none twice.

    Where no scheme does yet, any scheme of the agency may: all are looked at. A scheme with an authority matrix of its own
    is looked at with that.
    """
    own = _officers(agency, "")
    found: list[Finding] = []
    # Nobody decides any more under a scheme that is closed.
    any_one = [scheme for scheme in _schemes(agency) if scheme.status != "closed"]
    for scheme in _users(workflow, agency) or any_one:
        terms = schemes.terms(scheme)
        tranche = schemes.workflow(scheme.tranche_digest)
        found += staffing.lacks(
            _completed(workflow, terms),
            [*own, *_partners(terms.institutions)],
            schemes=[(scheme.code, scheme.currency)],
            assessments=terms.assessments,
            tranche=tranche if workflow.kind == "application" else None,
        )
    return tuple(dict.fromkeys(found))


def _completed(workflow: Workflow, terms: SchemeTerms) -> Workflow:
    """Return a workflow as a scheme completes it, itself where it is completed already or the scheme does not fit it."""
    if workflow.kind != "application" or workflow.name != template_of(terms):
        return workflow
    try:
        return published(completed(workflow.source, terms))
    except Malformed:
        return workflow


def parents(workflow: Workflow, agency: Agency | None) -> tuple[Workflow, ...]:
    """Return the lives of the cases whose tranches a definition is for, where schemes tell it, each once.

    Those of the agency come first; only where it has none, those shipped with the program.
    """
    if workflow.kind != "tranche":
        return ()
    users = _users(workflow, agency) if agency else []
    if users:
        return tuple(schemes.workflow(digest) for digest in {s.workflow_digest: 0 for s in users})
    return tuple(shipped(called) for called in _shipped_pairs().get(workflow.name, ()))


@cache
def _shipped_pairs() -> dict[str, tuple[str, ...]]:
    """Return the names of the lives of cases by that of their tranches, as the catalogue pairs them."""
    found: dict[str, dict[str, None]] = {}
    for source in catalogue():
        raw = tomllib.loads(source)
        found.setdefault(raw["tranche_workflow"], {})[raw["workflow"]] = None
    return {tranche: tuple(called) for tranche, called in found.items()}


def _users(workflow: Workflow, agency: Agency) -> list[Scheme]:
    """Return the schemes that use a workflow of this name, in whatever version, or one they made of it."""
    return [scheme for scheme in _schemes(agency) if workflow.name in _names(scheme)]


def _names(scheme: Scheme) -> set[str]:
    life, tranche = (
        schemes.workflow(d).name for d in (scheme.workflow_digest, scheme.tranche_digest)
    )
    terms = schemes.terms(scheme)
    made = {template_of(terms)} if life == name_of(terms) else set()
    return {life, tranche, *made}


def _schemes(agency: Agency) -> list[Scheme]:
    """Return the schemes of an agency, each in its newest version."""
    found = (
        select(Scheme).where(Scheme.agency_id == agency.id).order_by(Scheme.code, Scheme.version)
    )
    return list({scheme.code: scheme for scheme in db.session.scalars(found)}.values())


def _partners(institutions: dict[str, str]) -> list[Officer]:
    """Return the officers of the agencies that play the other parts of a scheme's workflow."""
    found = ((part, accounts.agency_by_code(code)) for part, code in institutions.items())
    return [officer for part, agency in found if agency for officer in _officers(agency, part)]


def _officers(agency: Agency, institution: str) -> list[Officer]:
    people = accounts.officers(agency.id)
    today = accounts.day_at(agency)
    held = select(Authority).where(
        Authority.person_id.in_([person.id for person in people]),
        Authority.valid_from <= today,
        Authority.valid_to >= today,
    )
    authorities: dict[int, list[tuple[str, str, str, int, str]]] = {}
    for a in db.session.scalars(held.order_by(Authority.id)):
        row = (a.duty, a.scheme_code, a.currency, a.limit_minor, a.body)
        authorities.setdefault(a.person_id, []).append(row)
    return [
        Officer(
            name=person.name,
            duties=frozenset(person.duties),
            authorities=tuple(authorities.get(person.id, ())),
            institution=institution,
        )
        for person in people
    ]
