"""Workflow versions of an agency for tests: the shipped grant under a name of the agency's own, in any version."""

from app.accounts.models import Person
from app.db import transaction
from app.schemes.commands import designing
from app.schemes.models import WorkflowProposal
from workflows.definition import Workflow
from workflows.format.loading import load, shipped

NAME = "agency_grant"


def text(version: int = 1, *changes: tuple[str, str], name: str = NAME) -> str:
    """Return the shipped grant under another name and number, with texts replaced; each of them stands in it."""
    source = shipped("grant").source
    head = ('name = "grant"', f'name = "{name}"')
    number = (f"\nversion = {shipped('grant').version}\n", f"\nversion = {version}\n")
    for old, new in (head, number, *changes):
        assert old in source, old
        source = source.replace(old, new)
    return source


def proposed(source: str, *, author: Person) -> WorkflowProposal:
    """Propose a text."""
    with transaction():
        return designing.propose_workflow(source, actor=author)


def published(source: str, *, author: Person, checker: Person) -> Workflow:
    """Propose a text and publish it."""
    proposal = proposed(source, author=author)
    with transaction():
        designing.publish_workflow(proposal.id, actor=checker)
    return load(source)
