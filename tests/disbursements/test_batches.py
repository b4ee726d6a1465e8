"""Payment files of several payments: prepared, checked, released as a whole or not at all, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import commands as accounts
from app.accounts.models import Authority, PayingAccount, Person
from app.awards.queries import awarded
from app.db import db, transaction
from app.disbursements import commands
from app.disbursements.commands import batches
from app.disbursements.commands.batches import Chosen
from app.disbursements.commands.turning import seen
from app.disbursements.models import PaymentBatch, PaymentRelease
from app.disbursements.queries import batches as queries
from app.errors import Conflict, Invalid, Missing
from app.schemes.compose.funding import PaymentTerms, ReleaseTier
from app.schemes.queries import terms
from tests.factories import last_event, refused
from tests.people import authority
from tests.world import World

pytestmark = pytest.mark.one_database


def verified(world: World, number: int = 2) -> list[str]:
    """Return so many cases whose first tranche waits to be paid."""
    references = [world.at("disbursing", amount="5000") for _ in range(number)]
    for reference in references:
        world.tranche_to(reference, 1, "verified")
    return references


def prepared(world: World, references: list[str]) -> PaymentBatch:
    with transaction():
        chosen = [Chosen(reference, 1, "prepare") for reference in references]
        batch, _ = batches.prepare(chosen, actor=world.maker)
    return batch


def hand(
    world: World, batch: PaymentBatch, command: Callable[..., Any], act: str, actor: Person
) -> Any:
    """Let a person take the next step with a whole batch, having looked at its file."""
    with transaction():
        found = queries.batch(batch.message_id, actor)
        chosen = batches.members(found, lambda _life, _state: act, actor)
        return command(found, chosen, found.sha256, actor=actor)


def states(world: World, references: list[str]) -> list[str]:
    return [world.tranche_state(reference, 1) for reference in references]


def test_one_file_pays_many(world: World) -> None:
    references = verified(world, 3)
    batch = prepared(world, references)
    assert (batch.payments, batch.total_minor, batch.currency) == (3, 3 * 2_000_00, "MYR")
    assert batch.message_id == f"MY-SMECORP-P{batch.id:06}"
    assert batch.file.count(b"<CdtTrfTxInf>") == 3
    hand(world, batch, batches.check, "check", world.checker)
    hand(world, batch, batches.release, "release", world.releaser)
    assert states(world, references) == ["released"] * 3
    assert batch.released_at is not None
    told = {last_event(reference).record["detail"]["file_sha256"] for reference in references}
    assert told == {batch.sha256}
    assert [awarded(world.case(one)).instructed_minor for one in references] == [2_000_00] * 3


def test_what_speaks_against_one_speaks_against_all(world: World) -> None:
    first, second = verified(world)
    batch = prepared(world, [first, second])
    hand(world, batch, batches.check, "check", world.checker)
    world.case(second).state = "cancelled"
    db.session.flush()
    with pytest.raises(Invalid) as caught:
        hand(world, batch, batches.release, "release", world.releaser)
    assert list(caught.value.errors) == [f"{second}-T1"]
    assert states(world, [first, second]) == ["checked", "checked"]


def test_one_of_several_is_not_handled_alone(world: World) -> None:
    references = verified(world)
    prepared(world, references)
    digest = world.digest(references[0], 1)
    with pytest.raises(Conflict, match="This payment is one of 2 in the payment file"):
        world.do(commands.check, references[0], 1, digest, actor=world.checker)


def test_a_file_that_is_taken_back_is_void_and_its_payments_keep_their_numbers(
    world: World,
) -> None:
    references = verified(world)
    batch = prepared(world, references)
    with transaction():
        chosen = batches.members(batch, lambda *_: "refuse_file", world.checker)
        batches.take_back(batch, chosen, "The account of one was closed.", actor=world.checker)
    assert states(world, references) == ["verified", "verified"]
    again = prepared(world, references[:1])
    assert (again.voided_at, batch.voided_by) == (None, world.checker.id)
    assert again.message_id != batch.message_id
    assert f"{references[0]}-T1-1".encode() in again.file
    chosen = [Chosen(references[0], 1, "check")]
    with pytest.raises(Conflict, match="taken back meanwhile"):
        batches.check(batch, chosen, again.sha256, actor=world.checker)


@pytest.mark.parametrize(
    ("currency", "account", "sentences"),
    [
        pytest.param("MYR", "1", [], id="payments of a kind go together"),
        pytest.param("USD", "1", ["A payment file is in one currency"], id="another currency"),
        pytest.param("MYR", "2", ["A payment file is paid from one account"], id="another account"),
        pytest.param(
            "USD",
            "2",
            ["A payment file is in one currency", "A payment file is paid from one account"],
            id="both are told at once",
        ),
    ],
)
def test_what_belongs_together(
    world: World, currency: str, account: str, sentences: list[str]
) -> None:
    turn = seen(world.case(verified(world, 1)[0]), 1, world.maker)
    award: Any = SimpleNamespace(currency=currency)
    other = replace(turn, kept=replace(turn.kept, award=award))
    found = batches.unlike([turn, other], [{"number": "1"}, {"number": account}])  # type: ignore[list-item]
    assert [sentence.partition(";")[0] for sentence in found] == sentences


def test_each_scheme_may_pay_from_an_account_of_its_own(world: World) -> None:
    references = verified(world)
    agency = world.maker.agency
    assert agency is not None
    own = {**agency.account, "number": "777700001111", "format": "csv"}
    with transaction():
        db.session.add(
            PayingAccount(agency_id=agency.id, scheme_code="MY-BAP", currency="", account=own)
        )
    batch = prepared(world, references)
    assert (batch.account["number"], batch.format) == ("777700001111", "csv")
    assert batch.file.startswith(b"\xef\xbb\xbf") or b"777700001111" in batch.file


# Several releasers


@pytest.fixture
def two_needed(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give two cases under a scheme whose payments above MYR 1,000 need two releasers."""
    references = verified(world)
    scheme = world.case(references[0]).scheme
    tiers = (ReleaseTier(1), ReleaseTier(2, "1000.00"))
    changed = replace(terms(scheme), payments=PaymentTerms(release=tiers))
    monkeypatch.setattr("app.schemes.queries._terms", {scheme.digest: changed})
    return references


def second_releaser(world: World) -> Person:
    person = world.desk_two
    with transaction():
        person.duties = ["releaser"]
        accounts.authorise(person, replace(authority("releaser", "MY-BAP", "MYR"), duty="releaser"))
    return world.desk_two


def test_the_last_of_several_releasers_sends_it_off(world: World, two_needed: list[str]) -> None:
    batch = prepared(world, two_needed)
    assert batch.needed == 2
    hand(world, batch, batches.check, "check", world.checker)
    hand(world, batch, batches.release, "release", world.releaser)
    assert states(world, two_needed) == ["checked", "checked"]
    assert batch.released_at is None
    with pytest.raises(Invalid) as caught:
        hand(world, batch, batches.release, "release", world.releaser)
    assert "You have released this payment already." in str(caught.value.errors)
    other = second_releaser(world)
    hand(world, batch, batches.release, "release", other)
    assert states(world, two_needed) == ["released", "released"]
    assert last_event(two_needed[0]).record["detail"]["release"] == 2
    assert sorted(batch.released_by) == sorted([world.releaser.id, other.id])


@pytest.mark.parametrize(
    "name",
    [pytest.param("maker", id="who prepared it"), pytest.param("checker", id="who checked it")],
)
def test_the_database_refuses_a_release_by(world: World, name: str) -> None:
    batch = prepared(world, verified(world, 1))
    hand(world, batch, batches.check, "check", world.checker)
    db.session.add(
        PaymentRelease(
            batch_id=batch.id,
            person_id=getattr(world, name).id,
            prepared_by=world.maker.id,
            checked_by=world.checker.id,
            at=batch.prepared_at,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_database_refuses_a_release_that_names_others_before_it(world: World) -> None:
    batch = prepared(world, verified(world, 1))
    hand(world, batch, batches.check, "check", world.checker)
    db.session.add(
        PaymentRelease(
            batch_id=batch.id,
            person_id=world.maker.id,
            prepared_by=world.desk.id,
            checked_by=world.checker.id,
            at=batch.prepared_at,
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()


# Limits


@pytest.mark.parametrize(
    ("limit", "rules"),
    [
        pytest.param(2_000_00, set(), id="a limit that reaches the amount"),
        pytest.param(1_999_99, {"within_authority"}, id="a limit a sen too small"),
        pytest.param(None, {"within_authority"}, id="no authority at all"),
    ],
)
def test_a_releaser_needs_an_authority(world: World, limit: int | None, rules: set[str]) -> None:
    (reference,) = verified(world, 1)
    batch = prepared(world, [reference])
    hand(world, batch, batches.check, "check", world.checker)
    found = db.session.scalars(
        select(Authority).where(Authority.person_id == world.releaser.id)
    ).one()
    found.limit_minor, found.currency = limit or 0, "MYR" if limit else "USD"
    db.session.flush()
    if not rules:
        hand(world, batch, batches.release, "release", world.releaser)
        assert batch.releases[0].authority_id == found.id
        return
    with refused(*rules):
        hand(world, batch, batches.release, "release", world.releaser)


# What waits


def test_what_waits_is_listed_for_the_agency_alone(world: World) -> None:
    references = verified(world)
    listed, more = queries.waiting(world.maker)
    assert [row.application.reference for row in listed] == references
    assert ({row.act for row in listed}, more) == ({"prepare"}, False)
    assert queries.waiting(world.person("maker.vn")) == ([], False)
    prepared(world, references[:1])
    assert [row.application.reference for row in queries.waiting(world.maker)[0]] == references[1:]


def test_a_batch_is_for_the_agency_that_pays(world: World) -> None:
    batch = prepared(world, verified(world, 1))
    with pytest.raises(Missing):
        queries.batch(batch.message_id, world.person("maker.vn"))
    assert [one.id for one in queries.batches(world.releaser)[0]] == [batch.id]
