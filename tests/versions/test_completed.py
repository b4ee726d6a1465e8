"""Workflows that schemes made of those they name: seen by their agency, staffed by its people, and cases move between them."""

import pytest

from app.accounts.models import Agency
from app.audit import queries as audit
from app.db import transaction
from app.errors import Conflict
from app.schemes import commands as schemes
from app.schemes import queries
from app.schemes.commands import designing
from app.schemes.models import Scheme
from app.versions import queries as versions
from app.versions.queries import staffing
from tests.factories import last_event, refused
from tests.pages.browser import Browser
from tests.schemes.texts import GRANT, LOAN, changed, table
from tests.versions.test_commands import asked, carry_out, plan
from tests.workflows_of_agencies import text as workflow_text
from tests.world import World
from workflows.definition import Workflow

SCREENING = ("[clocks.screening]", 'unit = "working"', "warn = 1")


def made(version: int, days: int, *more: tuple[str, str]) -> tuple[Scheme, Workflow]:
    """Publish the next version of the grant with a clock of its own; returns it and the workflow it made."""
    source = changed(
        GRANT,
        ("version = 4", f"version = {version}"),
        table(*SCREENING, f"days = {days}"),
        ('criteria = "illustrative"', 'criteria = "illustrative"\nclocks = "illustrative"'),
        *more,
    )
    with transaction():
        scheme = schemes.publish(source)
    return scheme, queries.workflow(scheme.workflow_digest)


def home(world: World) -> Agency:
    """Return the agency of the first designer."""
    found = world.designer.agency
    assert found is not None
    return found


def test_cases_move_from_one_to_the_next(world: World) -> None:
    _, old = made(5, 4)
    reference = world.at("screening")
    assert world.case(reference).workflow_digest == old.digest
    assert last_event(reference).record["workflow"]["name"] == "grant-my-bap"
    _, new = made(6, 9)
    assert carry_out(plan(asked(new, old), world), world) == [reference]
    case = world.case(reference)
    assert (case.workflow_digest, case.scheme.version, case.clock_days) == (new.digest, 5, 9)
    assert audit.verify() == []


def test_the_agency_sees_them_and_no_other_does(world: World) -> None:
    _, life = made(5, 4)
    page = Browser(world.app, "designer.my").get("/workflows").text
    assert "grant-my-bap version 5" in page
    assert "Made by the scheme MY-BAP" in page
    page = Browser(world.app, "designer.my").get(f"/workflows/{life.digest}").text
    assert "Made by the scheme MY-BAP from the workflow it names" in page
    stranger = Browser(world.app, "designer.vn")
    assert stranger.get(f"/workflows/{life.digest}").status_code == 404
    assert "grant-my-bap" not in stranger.get("/workflows").text
    found = {one.workflow.name: one.scheme for one in versions.listed(home(world))}
    assert (found["grant-my-bap"], found["grant"]) == ("MY-BAP", "")


def test_cases_of_another_scheme_do_not_move_there(world: World) -> None:
    old = queries.workflow(world.case(world.at("screening")).workflow_digest)
    codes = (('code = "MY-BAP"\n', 'code = "MY-OTHER"\n'), ('"MY-BAP-2026"', '"MY-OTHER-1"'))
    _, new = made(1, 9, *codes)
    with refused("scheme_fits"):
        plan(asked(new, old), world)


def test_no_scheme_names_one_and_no_designer_takes_its_name(world: World) -> None:
    made(5, 4)
    named = ('\nworkflow = "grant"', '\nworkflow = "grant-my-bap@5"')
    with pytest.raises(Conflict, match="is that of a scheme; name the one it was made from"):
        made(6, 5, named)
    with refused("name_of_a_scheme"):
        designing.propose_workflow(workflow_text(9, name="grant-my-bap"), actor=world.designer)


@pytest.mark.parametrize(
    ("body", "lacking"),
    [
        pytest.param("Grants committee", False, id="a committee that is there"),
        pytest.param("Board of elders", True, id="a body of which nobody is a member"),
    ],
)
def test_whether_the_people_are_there_is_told_by_the_matrix_of_the_scheme(
    world: World, body: str, *, lacking: bool
) -> None:
    matrix = table("[[authority]]", 'by = "approver"', f'body = "{body}"', "of = 3", "needed = 2")
    basis = ('ceiling = "guideline"', 'ceiling = "guideline"\nauthority = "illustrative"')
    _, life = made(5, 4, matrix, basis)
    for workflow in (life, versions.called("grant@" + str(_grant(world)), home(world))):
        assert bool(staffing.staffing_findings(workflow, home(world))) is lacking


def _grant(world: World) -> int:
    return max(
        one.workflow.version for one in versions.listed(home(world)) if one.row.name == "grant"
    )


def test_a_loan_is_told_by_its_own(world: World) -> None:
    world.country = "VN"
    source = changed(LOAN, ("version = 4", "version = 5"), table(*SCREENING, "days = 3"))
    with transaction():
        scheme = schemes.publish(
            source.replace(
                'criteria = "illustrative', 'clocks = "illustrative"\ncriteria = "illustrative'
            )
        )
    life = queries.workflow(scheme.workflow_digest)
    assert life.name == "loan-vn-smedf"
    tranche = queries.workflow(scheme.tranche_digest)
    assert staffing.parents(tranche, home(world)) == (life,)
