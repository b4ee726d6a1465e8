"""Publishing schemes: a version that is published is never rewritten; and what a call has to give."""

import pytest
from sqlalchemy import func, select

from app.accounts.commands import OPERATOR
from app.audit import queries as audit
from app.budgets.commands import shift
from app.db import db, transaction
from app.errors import Conflict, Missing
from app.reviews import commands as reviews
from app.reviews.commands import Reasoned
from app.schemes import commands, queries
from app.schemes.commands import CATALOGUE
from app.schemes.models import Call, Scheme, WorkflowVersion
from app.trail.queries import events_of
from tests.answers import GRANT
from tests.factories import budget, budget_of
from tests.schemes.texts import changed, table
from tests.world import World
from workflows.format.loading import shipped
from workflows.format.reading import Malformed

# For a decision nobody takes.
MATRIX = '[[authority]]\ndecision = "grant"\nby = "approver"\nof = 1\nneeded = 1\n'
TEXT = (CATALOGUE / "my_bap.toml").read_text("utf-8")


def counted() -> list[int | None]:
    return [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (Scheme, Call, WorkflowVersion)
    ]


def next_version(code: str = GRANT) -> str:
    return TEXT.replace("version = 4", "version = 5").replace('"MY-BAP-2026"', f'"{code}"')


def test_publishing_twice_is_once(world: World) -> None:
    with transaction():
        commands.publish_catalogue()
    before = counted()
    with transaction():
        first = commands.publish(TEXT)
        commands.publish_catalogue()
    assert counted() == before
    assert first.digest == queries.terms(first).digest


def test_a_published_version_takes_no_other_text(world: World) -> None:
    before = counted()
    with pytest.raises(Conflict, match="MY-BAP version 4 is published with another text"):
        commands.publish(TEXT.replace('ceiling = "200000.00"', 'ceiling = "900000.00"'))
    assert counted() == before


def test_a_new_version_stands_beside_the_old(world: World) -> None:
    reference = world.draft()
    with transaction():
        new = commands.publish(next_version())
    old = queries.scheme("MY-BAP", 4)
    assert old is not None
    assert (old.source, new.version) == (TEXT, 5)
    assert world.case(reference).scheme_id == old.id
    assert new.workflow_digest == old.workflow_digest == shipped("grant").digest
    assert queries.workflow(new.tranche_digest) == shipped("claim")


def test_a_scheme_of_an_unknown_agency_is_refused(world: World) -> None:
    with pytest.raises(Missing, match="The agency MY-NONE is not registered"):
        commands.publish(next_version().replace('"MY-SMECORP"', '"MY-NONE"'))


def test_a_scheme_with_mistakes_is_not_published(world: World) -> None:
    before = counted()
    with pytest.raises(Malformed):
        commands.publish(next_version().replace("weight_pct = 40", "weight_pct = 4"))
    assert counted() == before


def test_all_that_does_not_fit_both_workflows_is_said_at_once(world: World) -> None:
    wrong = changed(
        next_version(),
        table(*MATRIX.splitlines(), "[clocks.moon]", "days = 1", 'unit = "working"'),
        ('criteria = "illustrative"', 'criteria = "illustrative"\nauthority = "x"\nclocks = "illustrative"'),
    )  # fmt: skip
    with pytest.raises(Malformed) as caught:
        commands.publish(wrong)
    assert caught.value.mistakes == ["basis: authority: no source has the key 'x'."]
    with pytest.raises(Malformed) as caught:
        commands.publish(wrong.replace('authority = "x"', 'authority = "illustrative"'))
    assert caught.value.mistakes == [
        "authority: the workflow grant has no decision 'grant'.",
        "clocks: the workflow grant has no clock in a state 'moon'.",
    ]


# What a new version takes over


def completed_version() -> str:
    """Return the next version with an authority matrix of its own."""
    return changed(
        next_version(),
        table("[[authority]]", 'by = "approver"', "of = 1", "needed = 1"),
        ('criteria = "illustrative"', 'criteria = "illustrative"\nauthority = "illustrative"'),
    )


def test_a_new_version_takes_over_the_calls_and_leaves_the_cases_that_were_handed_in(
    world: World,
) -> None:
    reference = world.at("screening")
    with transaction():
        shift(budget_of().id, None, "reserved", 100_00)
        new = commands.publish(completed_version().replace("450000.00", "460000.00"))
    case = world.case(reference)
    assert (case.scheme.version, case.workflow_digest) == (4, shipped("grant").digest)
    assert (case.call.scheme.version, budget_of().amount_minor) == (5, 460_000_00)
    assert budget() == (100_00, 0)
    life = queries.workflow(new.workflow_digest)
    assert (life.name, life.version) == ("grant-my-bap", 5)
    world.do(reviews.move, reference, Reasoned(), act="pass", actor=world.desk)
    assert world.case(reference).state == "assessment"


def test_publication_stands_on_the_trail_of_the_agency(world: World) -> None:
    with transaction():
        new = commands.publish(next_version())
    fact = events_of(new.agency.reference)[-1]
    assert (fact.kind, fact.actor) == ("publish_scheme", OPERATOR)
    told = {"code": "MY-BAP", "version": 5, "sha256": new.digest}
    assert fact.record["detail"] == {"scheme": told, "status": "open", "calls": [GRANT]}
    assert audit.verify() == []


REFUSED = [
    pytest.param(
        next_version("MY-BAP-2027"), Malformed, "'MY-BAP-2027' is still open when 'MY-BAP-2026' opens",
        id="a call beside one of an earlier version that is still open",
    ),
    pytest.param(
        next_version("VN-SMEDF-2026"), Conflict, "The call VN-SMEDF-2026 is one of VN-SMEDF.",
        id="a call of another scheme",
    ),
    pytest.param(
        next_version().replace("450000.00", "1.00"), Conflict, "has reserved and paid more than its new budget",
        id="a budget below what is reserved",
    ),
    pytest.param(
        TEXT.replace("version = 4", "version = 1"), Conflict, "Version 4 of MY-BAP is published; take a higher one.",
        id="a version below the newest",
    ),
    pytest.param(
        next_version().replace('agency = "MY-SMECORP"', 'agency = "VN-SMEDF"'), Conflict, "belongs to another agency",
        id="a scheme of another agency",
    ),
    pytest.param(
        next_version().replace('currency = "MYR"', 'currency = "USD"\nregional = true'), Conflict,
        "MY-BAP is in MYR; another currency is another scheme.", id="another currency",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "error", "sentence"), REFUSED)
def test_a_new_version_is_refused(
    world: World, text: str, error: type[Exception], sentence: str
) -> None:
    with transaction():
        shift(budget_of().id, None, "reserved", 100_00)
    with pytest.raises(error, match=sentence):
        commands.publish(text)


def test_a_text_laid_out_otherwise_is_the_same(world: World) -> None:
    found = queries.newest_scheme("MY-BAP")
    assert (
        commands.publish(TEXT.replace("\n[basis]", "\n\n# Where figures come from.\n[basis]"))
        == found
    )


MISFITS = [
    pytest.param(
        {"[basis]\n": MATRIX + "[basis]\n", "criteria =": 'authority = "illustrative"\ncriteria ='},
        ["authority: the workflow loan has no decision 'grant'."],
        id="an authority matrix for a decision that nobody takes",
    ),
    pytest.param(
        {'acts = ["report_rejected"]': 'acts = ["decline"]'},
        ["reasons: none serves the act report_rejected, which requires one."],
        id="an act that requires a reason and has none to choose from",
    ),
    pytest.param(
        {'workflow = "loan"\n': 'workflow = "guaranteed_loan"\n'},
        [
            "institutions: no agency is named for guarantor.",
            *(
                f"reasons: none serves the act {act.name}, which requires one."
                for act in shipped("guaranteed_loan").acts.values()
                if act.reasons == "required" and act.name not in shipped("loan").acts
            ),
        ],
        id="another institution that nobody plays",
    ),
    pytest.param(
        {"[basis]\n": 'switches = ["direct"]\n\n[basis]\n'},
        ["switches: the workflow loan has no 'direct'."],
        id="a switch the workflow does not have",
    ),
]


@pytest.mark.parametrize(("changed", "wrong"), MISFITS)
def test_a_scheme_must_be_able_to_serve_its_workflow(
    world: World, changed: dict[str, str], wrong: list[str]
) -> None:
    text = (CATALOGUE / "vn_smedf.toml").read_text("utf-8").replace("VN-SMEDF", "VN-OTHER")
    text = text.replace('agency = "VN-OTHER"', 'agency = "VN-SMEDF"')
    for old, new in changed.items():
        assert old in text, old
        text = text.replace(old, new)
    with pytest.raises(Malformed) as caught, transaction():
        commands.publish(text)
    assert caught.value.mistakes == wrong
