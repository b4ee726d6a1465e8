"""Publishing schemes: a version that is published is never rewritten; and what a call has to give."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.db import db, transaction
from app.errors import Conflict, Missing
from app.schemes import commands, queries
from app.schemes.commands import CATALOGUE
from app.schemes.models import Call, Scheme, WorkflowVersion
from app.schemes.queries import is_open
from tests.answers import GRANT
from tests.factories import Days, budget, close, set_budget
from tests.world import World
from workflows.format.loading import shipped
from workflows.format.reading import Malformed

TEXT = (CATALOGUE / "my_bap.toml").read_text("utf-8")


def counted() -> list[int | None]:
    return [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (Scheme, Call, WorkflowVersion)
    ]


def next_version(code: str = "MY-BAP-2027") -> str:
    return TEXT.replace("version = 1", "version = 2").replace('"MY-BAP-2026"', f'"{code}"')


def test_publishing_twice_is_once(world: World) -> None:
    before = counted()
    with transaction():
        first = commands.publish(TEXT)
        commands.publish_catalogue()
    assert counted() == before
    assert first.digest == queries.terms(first).digest


def test_a_published_version_takes_no_other_text(world: World) -> None:
    before = counted()
    with pytest.raises(Conflict, match="MY-BAP version 1 is published with another text"):
        commands.publish(TEXT.replace('ceiling = "200000.00"', 'ceiling = "900000.00"'))
    assert counted() == before


def test_a_new_version_stands_beside_the_old(world: World) -> None:
    reference = world.draft()
    with transaction():
        new = commands.publish(next_version())
    old = queries.scheme("MY-BAP", 1)
    assert old is not None
    assert (old.source, new.version) == (TEXT, 2)
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


# Calls and their budget


@pytest.mark.parametrize(
    ("moment", "status", "opened"),
    [
        pytest.param("2025-12-31T23:59:59", "open", False, id="a second before it opens"),
        pytest.param("2026-01-01T00:00:00", "open", True, id="the moment it opens"),
        pytest.param("2027-12-31T16:59:59", "open", True, id="a second before it closes"),
        pytest.param("2027-12-31T17:00:00", "open", False, id="the moment it closes"),
        pytest.param("2026-11-22T12:00:00", "suspended", False, id="while suspended"),
        pytest.param("2026-11-22T12:00:00", "closed", False, id="when the scheme is closed"),
    ],
)
def test_a_call_takes_applications(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str, status: str, opened: bool
) -> None:
    close(GRANT, "2027-12-31T17:00:00+08:00")
    Days(monkeypatch).moment(moment)
    call = queries.call(GRANT)
    assert call is not None
    call.scheme.status = status
    assert is_open(call) is opened
    call.closes_at = None
    assert is_open(call) is (opened or moment.startswith("2027-12-31T17"))


def test_reserved_budget_is_given_back_or_paid(world: World) -> None:
    call = queries.call(GRANT)
    assert call is not None
    with transaction():
        locked = commands.locked(call.id)
        commands.reserve(locked, 100_00)
        commands.release(locked, 30_00)
        commands.spend(locked, 50_00)
    assert budget() == (20_00, 50_00)


@pytest.mark.parametrize(
    ("reserved", "paid"),
    [
        pytest.param(60_01, 40_00, id="one sen over the budget"),
        pytest.param(-1, 0, id="less than nothing reserved"),
        pytest.param(0, -1, id="less than nothing paid"),
    ],
)
def test_the_database_holds_the_budget(world: World, reserved: int, paid: int) -> None:
    set_budget(GRANT, 100_00)
    call = queries.call(GRANT)
    assert call is not None
    call.reserved_minor, call.paid_minor = reserved, paid
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_exactly_the_budget_can_be_given(world: World) -> None:
    set_budget(GRANT, 100_00)
    call = queries.call(GRANT)
    assert call is not None
    with transaction():
        commands.reserve(call, 60_00)
        commands.spend(call, 60_00)
        commands.reserve(call, 40_00)
    assert budget() == (40_00, 60_00)


MISFITS = [
    pytest.param(
        {'currency = "VND"': 'currency = "THB"'},
        ["workflow: Decision on the loan: no band of the authority matrix is in THB."],
        id="a currency in which nobody decides",
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
            "reasons: none serves the act refuse_guarantee, which requires one.",
        ],
        id="another institution that nobody plays",
    ),
    pytest.param(
        {"[loan]\n": 'switches = ["direct"]\n\n[loan]\n'},
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
