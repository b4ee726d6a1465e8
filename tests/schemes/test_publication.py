"""Publishing workflows: by two people, sound, under a name and number of the agency's own; and schemes that use them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.audit import queries as audit
from app.db import db, transaction
from app.errors import Conflict, Missing
from app.schemes import commands, queries
from app.schemes.commands import CATALOGUE, designing
from app.schemes.models import WorkflowProposal, WorkflowVersion
from app.trail.queries import Fact, events_of
from tests.factories import invalid, refused
from tests.workflows_of_agencies import NAME, proposed, published, text
from tests.world import World
from workflows.format.loading import shipped

SCHEME = (CATALOGUE / "my_bap.toml").read_text("utf-8")


def trail(world: World) -> list[Fact]:
    """Return the events of the agency's own trail, but those of its schemes."""
    agency = world.designer.agency
    assert agency is not None
    return [fact for fact in events_of(agency.reference) if not fact.kind.endswith("_scheme")]


def test_two_people_publish_a_version(world: World) -> None:
    found = published(text(), author=world.designer, checker=world.designer_two)
    row = db.session.get_one(WorkflowVersion, found.digest)
    assert (row.name, row.version, row.source) == (NAME, 1, text())
    assert (row.author_id, row.checker_id) == (world.designer.id, world.designer_two.id)
    assert queries.workflow(found.digest) == found
    first, second = trail(world)
    assert (first.kind, first.actor) == ("propose_workflow", world.designer.mark)
    assert (second.kind, second.actor) == ("publish_workflow", world.designer_two.mark)
    assert second.record["workflow"] == {"name": NAME, "version": 1, "sha256": found.digest}
    assert second.record["detail"]["author"] == world.designer.mark
    assert audit.verify() == []


def test_its_author_alone_does_not_publish(world: World) -> None:
    proposal = proposed(text(), author=world.designer)
    with refused("four_eyes"):
        designing.publish_workflow(proposal.id, actor=world.designer)
    assert proposal.outcome == "open"


def test_the_database_refuses_its_author_as_well(world: World) -> None:
    proposal = proposed(text(), author=world.designer)
    proposal.outcome, proposal.decided_by = "published", world.designer.id
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_published_version_never_changes(world: World) -> None:
    found = published(text(), author=world.designer, checker=world.designer_two)
    with pytest.raises(DatabaseError):
        db.session.execute(
            sql("UPDATE workflow_version SET source = 'x' WHERE digest = :d"), {"d": found.digest}
        )


@pytest.mark.parametrize("who", ["desk", "auditor", "everything", "applicant"])
@pytest.mark.parametrize("act", ["propose", "publish", "reject"])
def test_without_the_duty_nothing_is_done(world: World, who: str, act: str) -> None:
    proposal = proposed(text(), author=world.designer)
    acts: dict[str, Callable[[Any], object]] = {
        "propose": lambda actor: designing.propose_workflow(text(2), actor=actor),
        "publish": lambda actor: designing.publish_workflow(proposal.id, actor=actor),
        "reject": lambda actor: designing.reject_workflow(proposal.id, "No.", actor=actor),
    }
    with refused("duty"):
        acts[act](getattr(world, who))
    assert len(trail(world)) == 1


def test_every_mistake_of_a_text_is_named_at_once(world: World) -> None:
    wrong = text(1, ('by = "assessor"', 'by = "minister"'), ('initial = "draft"', 'initial = "x"'))
    with invalid("source") as errors:
        designing.propose_workflow(wrong, actor=world.designer)
    said = " ".join(errors["source"])
    assert "'minister'" in said
    assert "'x' is not a state" in said
    assert trail(world) == []


def test_an_unsound_text_is_refused_with_the_road_that_shows_it(world: World) -> None:
    orphan = """
[states.orphan]
officer = "Orphan"
applicant = "Nobody comes here"
holder = "agency"
clock = "none"

[acts.submit]"""
    leave = '\n[acts.leave]\nlabel = "Leave"\nevent = "Left"\nfrom = "orphan"\nto = "screening"\nby = "desk_officer"\n'
    with invalid("source") as errors:
        designing.propose_workflow(
            text(1, ("\n[acts.submit]", orphan)) + leave, actor=world.designer
        )
    assert [line for line in errors["source"] if line.startswith("states.orphan")]


@pytest.mark.parametrize(
    ("version", "name", "rules"),
    [
        pytest.param(2, NAME, {"higher_version"}, id="the number that is published"),
        pytest.param(1, NAME, {"higher_version"}, id="a lower number"),
        pytest.param(9, "loan", {"name_of_the_program"}, id="a name of the program"),
        pytest.param(3, NAME, set(), id="the next number"),
        pytest.param(7, NAME, set(), id="a number further on"),
        pytest.param(1, "other_grant", set(), id="a new name begins anew"),
    ],
)
def test_names_and_numbers(world: World, version: int, name: str, rules: set[str]) -> None:
    published(text(2), author=world.designer, checker=world.designer_two)
    source = text(version, ("Grant:", "Another grant:"), name=name)
    if not rules:
        assert proposed(source, author=world.designer).outcome == "open"
        return
    with refused(*rules):
        designing.propose_workflow(source, actor=world.designer)


def test_the_same_text_twice_is_one_proposal(world: World) -> None:
    first = proposed(text(), author=world.designer)
    assert proposed(text(), author=world.designer_two).id == first.id
    assert len(trail(world)) == 1


def test_of_two_proposals_with_one_number_only_one_is_published(world: World) -> None:
    one = proposed(text(), author=world.designer)
    other = proposed(text(1, ("Grant:", "Another grant:")), author=world.designer)
    with transaction():
        designing.publish_workflow(other.id, actor=world.designer_two)
    with refused("higher_version"):
        designing.publish_workflow(one.id, actor=world.designer_two)


def test_a_rejected_proposal_stays_rejected(world: World) -> None:
    proposal = proposed(text(), author=world.designer)
    with transaction():
        designing.reject_workflow(proposal.id, "The clock is too short.", actor=world.designer_two)
    assert (proposal.outcome, proposal.note) == ("rejected", "The clock is too short.")
    last = trail(world)[-1]
    assert (last.kind, last.disclosed) == ("reject_workflow", {"note": "The clock is too short."})
    with refused("still_open"):
        designing.publish_workflow(proposal.id, actor=world.designer_two)
    with refused("still_open"):
        designing.reject_workflow(proposal.id, "Again.", actor=world.designer_two)


def test_its_author_may_take_a_proposal_back(world: World) -> None:
    proposal = proposed(text(), author=world.designer)
    with transaction():
        designing.reject_workflow(proposal.id, "Not yet.", actor=world.designer)
    assert proposal.outcome == "rejected"


def test_a_proposal_of_another_agency_is_not_there(world: World) -> None:
    proposal = proposed(text(), author=world.designer)
    stranger = world.person("designer.vn")
    for command in (
        lambda: designing.publish_workflow(proposal.id, actor=stranger),
        lambda: designing.reject_workflow(proposal.id, "No.", actor=stranger),
    ):
        with pytest.raises(Missing):
            command()


def test_two_agencies_may_publish_the_same_text(world: World) -> None:
    found = published(text(), author=world.designer, checker=world.designer_two)
    published(text(), author=world.person("designer.vn"), checker=world.person("designer_two.vn"))
    for who in ("designer.my", "designer.vn"):
        agency = world.person(who).agency
        assert agency is not None
        row = queries.workflow_called(f"{NAME}@1", agency.id)
        assert row is not None
        assert row.digest == found.digest
        assert queries.published_as(found.digest, agency) is not None
    assert db.session.get_one(WorkflowVersion, found.digest).author_id == world.designer.id


# Schemes that use a published version


def scheme(workflow: str) -> str:
    """Return the text of the next version of a scheme, with another workflow."""
    source = SCHEME.replace("version = 4", "version = 5")
    assert 'workflow = "grant"' in source
    return source.replace('\nworkflow = "grant"', f'\nworkflow = "{workflow}"')


def test_a_scheme_uses_a_version_its_agency_published(world: World) -> None:
    found = published(text(), author=world.designer, checker=world.designer_two)
    with transaction():
        new = commands.publish(scheme(f"{NAME}@1"))
    assert new.workflow_digest == found.digest
    assert new.tranche_digest == shipped("claim").digest


@pytest.mark.parametrize(
    ("called", "error"),
    [
        pytest.param(f"{NAME}@2", Missing, id="a version that is not published"),
        pytest.param(f"{NAME}@", Missing, id="no number"),
        pytest.param(f"{NAME}@٣", Missing, id="a number in other digits"),
        pytest.param("nothing@1", Missing, id="a name nobody knows"),
        pytest.param("nothing", Missing, id="a name that is not shipped"),
        pytest.param(f"claim@{shipped('claim').version}", Conflict, id="the life of a tranche"),
        pytest.param("claim", Conflict, id="the shipped life of a tranche"),
    ],
)
def test_a_scheme_with_a_workflow_it_cannot_use(
    world: World, called: str, error: type[Exception]
) -> None:
    published(text(), author=world.designer, checker=world.designer_two)
    with pytest.raises(error):
        commands.publish(scheme(called))


def test_a_scheme_does_not_use_what_is_only_proposed(world: World) -> None:
    proposed(text(), author=world.designer)
    with pytest.raises(Missing, match="has not published"):
        commands.publish(scheme(f"{NAME}@1"))


def test_a_scheme_does_not_use_what_another_agency_published(world: World) -> None:
    published(text(), author=world.person("designer.vn"), checker=world.person("designer_two.vn"))
    with pytest.raises(Missing, match="has not published"):
        commands.publish(scheme(f"{NAME}@1"))


def test_a_shipped_version_can_be_named_with_its_number(world: World) -> None:
    with transaction():
        new = commands.publish(scheme(f"grant@{shipped('grant').version}"))
    assert new.workflow_digest == shipped("grant").digest


def test_no_proposal_is_ever_deleted(world: World) -> None:
    proposed(text(), author=world.designer)
    with pytest.raises(DatabaseError):
        db.session.execute(delete(WorkflowProposal))
