"""What the acts on tranches look at, gathered for many cases: the same as for one, asked for as often for six as for two."""

import pytest

from app.applications import commands as applications
from app.awards.queries import awarded
from app.clock import now, today
from app.db import db, transaction
from app.delegations.commands import Handing, delegate
from app.disbursements.commands.turning import Seen, all_seen, seen
from app.disbursements.compose import payee
from app.disbursements.models import PayeeAccount
from app.submissions.queries import known_of_each
from tests.disbursements.banks import checked, prepared, verified
from tests.pages.browser import Browser
from tests.pages.test_queries import counted
from tests.registry.asking import asking, certify, look
from tests.world import World

pytestmark = pytest.mark.one_database


def handed(world: World) -> None:
    """Let two releasers hand their duty to the second desk officer, one of them for another scheme."""
    day = today("Asia/Kuala_Lumpur")
    for giver, scheme in ((world.releaser, "MY-BAP"), (world.everything, "MY-OTHER")):
        with transaction():
            to = Handing(world.desk_two.email, "releaser", day, day, "On leave.", scheme)
            delegate(to, actor=giver)


def looked_at(world: World, references: list[str], who: str) -> list[Seen]:
    """Return what somebody sees of the first tranches of cases, gathered for all of them."""
    cases = [world.case(reference) for reference in references]
    return list(all_seen([(case, awarded(case), 1) for case in cases], world.person(who)))


@pytest.mark.parametrize("who", ["maker.my", "desk_two.my", "auditor.my", "applicant.my"])
def test_what_is_gathered_for_many_is_what_is_seen_of_each(world: World, who: str) -> None:
    references = verified(world, 4)
    waiting, under_way, other, _ = references
    checked(world, [under_way])
    handed(world)
    with transaction():
        applications.declare(waiting, "My brother owns it.", whole=False, actor=world.releaser)
        case = world.case(other)
        account = {**payee(looked_at(world, [other], who)[0].kept), "number": "999988887777"}
        entered = {"account": account, "entered_by": world.desk.id, "entered_at": now()}
        db.session.add(PayeeAccount(application_id=case.id, **entered))
    found = looked_at(world, references, who)
    alone = [seen(world.case(reference), 1, world.person(who)) for reference in references]
    assert [one.facts for one in found] == [one.facts for one in alone]
    assert [payee(one.kept) for one in found] == [payee(one.kept) for one in alone]
    assert [one.facts.account_settled for one in found] == [True, True, False, True]
    assert [one.instruction is not None for one in found] == [False, True, False, False]
    related = [[d.giver_related for d in one.facts.actor.delegated] for one in found]
    assert related == ([[True], [False], [False], [False]] if who == "desk_two.my" else [[]] * 4)


def test_the_facts_that_rules_ask_for_are_those_of_each_enterprise(world: World) -> None:
    world.at("submitted")
    world.at("submitted")
    asking(world, "looked_up", "course_passed", "one_at_a_time")
    look(world, "not_found")
    look(world, "verified")
    certify(world)
    own, others = world.draft(), world.draft()
    elsewhere = world.person("applicant.vn").enterprise_id
    assert elsewhere is not None
    with transaction():
        world.case(others).enterprise_id = elsewhere
    cases = [world.case(own), world.case(others)]
    known = {"registry": "verified", "certificate:credit": "valid", "other_applications": 2}
    unknown = {
        "registry": "format_checked",
        "certificate:credit": "none",
        "other_applications": 0,
    }
    assert known_of_each(cases) == {cases[0].id: known, cases[1].id: unknown}
    assert known_of_each(cases[1:]) == {cases[1].id: unknown}


@pytest.mark.parametrize("who", ["maker.my", "desk_two.my"])
def test_payments_ask_as_often_for_six_as_for_two(world: World, who: str) -> None:
    handed(world)
    browser = Browser(world.app, who)
    lengths = []
    for more in (2, 4):
        references = verified(world, more)
        browser.get("/payments")
        with counted() as statements:
            page = browser.get("/payments")
        assert all(reference in page.text for reference in references)
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]
    assert lengths[1] <= 20


def test_a_payment_file_asks_as_often_for_six_payments_as_for_two(world: World) -> None:
    browser = Browser(world.app, "checker.my")
    lengths = []
    for number in (2, 6):
        references = verified(world, number)
        file = prepared(world, references)
        browser.get(f"/payments/{file.message_id}")
        with counted() as statements:
            page = browser.get(f"/payments/{file.message_id}")
        assert all(reference in page.text for reference in references)
        lengths.append(len(statements))
    assert lengths[0] == lengths[1]


def test_eligibility_is_asked_again_for_all_payments_at_once(world: World) -> None:
    asking(world, "in_registry")
    references = verified(world, 3)
    look(world, "struck_off")
    with counted() as statements:
        found = looked_at(world, references, "maker.my")
    told = [[name for name, _, _ in one.facts.unmet_rules or ()] for one in found]
    assert told == [["in_registry"]] * 3
    assert len([one for one in statements if "FROM registry_check" in one]) == 1
