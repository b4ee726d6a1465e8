"""Every page, for everybody: the table must name every address there is."""

from itertools import count
from typing import Any

import pytest

from app import clock
from app.accounts.access import whole_number
from app.analysis.commands import Draw, draw
from app.analysis.queries.wanted import Wanted
from app.awards.queries import awarded, tranche
from app.db import db, transaction
from app.disbursements.queries import instruction
from app.proceedings.commands import propose
from app.publication.queries import newest
from app.schemes.queries import workflow, workflow_called
from app.versions.commands import Move, plan_migration
from tests.answers import GRANT, LOAN
from tests.audit.bundles import ready
from tests.consents.centres import consent
from tests.intake.importing import asked
from tests.journeys.road import do_all_work
from tests.pages.addresses import FORMS, PAGES, WHO
from tests.pages.browser import Browser
from tests.referrals.test_commands import refer
from tests.workflows_of_agencies import proposed, published, text
from tests.world import World
from workflows.format.loading import shipped

pytestmark = pytest.mark.one_database

# In the order the test below counts them.
PEOPLE = ("applicant", "desk", "assessor", "approver", "maker", "releaser", "auditor", "checker")
CHECKER = 7


def migration(world: World) -> int:
    """Plan to move the cases of the shipped grant to the agency's own version; return its number."""
    own = workflow_called("agency_grant@1", world.designer.agency_id)
    assert own is not None
    old = shipped("grant")
    with transaction():
        asked = Move(old, workflow(own.digest), {name: name for name in old.states}, "A trial.")
        return plan_migration(asked, actor=world.designer).id


def sample(world: World) -> int:
    """Draw a sample for the auditor; return its number."""
    with transaction():
        return draw(Draw(Wanted(), "random", 1), actor=world.auditor).id


def referral(world: World) -> int:
    """Let the applicant be referred from one agency to the other; return the number of the referral."""
    given = consent(world, "MY-SMECORP", ("refer",))
    return refer(world, "desk.my", consent=given, to="VN-SMEDF")


def paid_by(world: World, case: str) -> str:
    """Return the number of the payment file that the first tranche of a case was paid by."""
    found = instruction(tranche(awarded(world.case(case)), 1))
    assert found is not None
    return found.batch.message_id


def rules(world: World, method: str) -> list[Any]:
    """Return the addresses of pages that take a method."""
    return [
        rule
        for rule in world.app.url_map.iter_rules()
        if method in (rule.methods or ())
        and rule.endpoint != "static"
        and not rule.rule.startswith("/api/")
    ]


def test_the_table_names_every_page(world: World) -> None:
    assert {rule.endpoint for rule in rules(world, "GET")} == set(PAGES)


def test_every_form_says_who_may_send_it(world: World) -> None:
    found: dict[str, set[str]] = {}
    for rule in rules(world, "POST"):
        view: Any = world.app.view_functions[rule.endpoint]
        found.setdefault(view.permission, set()).add(rule.endpoint)
    assert found == FORMS


def test_who_may_see_which_page(world: World) -> None:
    case = world.at("disbursing")
    world.tranche_to(case, 1, "paid")
    do_all_work()
    another_account(world, case)
    inside = Browser(world.app, "desk.my").get(f"/cases/{case}").text
    found = {
        "case": case,
        "draft": world.draft(),
        "document": inside.split("/documents/")[1].split(".pdf")[0],
        "letter": inside.split("/letters/")[1].split(".pdf")[0],
        "workflow": published(text(), author=world.designer, checker=world.designer_two).digest,
        "proposal": proposed(text(2), author=world.designer).id,
        "migration": migration(world),
        "size": newest().size,
        "sample": sample(world),
        "bundle": ready(world),
        "import": asked(world, b"nothing"),
        "batch": paid_by(world, case),
        "referral": referral(world),
        "enterprise": world.case(case).enterprise_id,
    }
    for number, who in enumerate(WHO):
        browser = Browser(world.app, who)
        got = {
            name: browser.get(path.format(**found)).status_code for name, (path, _) in PAGES.items()
        }
        assert got == {name: statuses[number] for name, (_, statuses) in PAGES.items()}, who


def another_account(world: World, reference: str) -> None:
    """Begin a proceeding in a case: its enterprise enters another bank account."""
    held = {"name": "Kopi Contoh Sdn Bhd", "number": "1111222233334444", "bic": "CONTMYKLXXX"}
    world.do(propose, reference, "account_change", held, "", actor=world.applicant)


def test_every_form_is_refused_to_a_stranger(world: World) -> None:
    reference = world.at("submitted")
    places = {"reference": reference, "number": 1, "key": "project", "attachment_id": 1}
    stranger = Browser(world.app)
    got = {}
    for rule in rules(world, "POST"):
        if rule.endpoint in FORMS["anyone"]:
            continue
        known = {
            **places,
            "kind": "cut",
            "name": "approve",
            "session_id": 1,
            "act": "take_up",
            "proposal_id": 1,
            "digest": "0" * 64,
        }
        arguments = {name: known.get(name, "1") for name in rule.arguments}
        _, path = rule.build(arguments)
        got[rule.endpoint] = stranger.post(path).status_code
    assert set(got.values()) == {401}
    assert world.case(reference).state == "submitted"


@pytest.mark.parametrize("call", [GRANT, LOAN], ids=["a grant", "a loan"])
def test_a_case_has_its_page_in_every_state(world: World, call: str) -> None:
    reference = world.draft(call)
    country = world.country.lower()
    seen = [Browser(world.app, f"{name}.{country}") for name in PEOPLE]

    def look(turn: int) -> None:
        """Let the applicant, the desk officer and one other, each in turn, open the page."""
        others = [seen[1], seen[2 + turn % 6]] if turn else []
        for browser in (seen[0], *others):
            answer = browser.get(f"/cases/{reference}")
            assert answer.status_code == 200, (world.case(reference).state, answer.text)
            assert reference in answer.text

    turns = count()
    look(next(turns))
    for _, step in world._road():
        step(reference)
        look(next(turns))
    ask = "claim" if call == GRANT else "draw_down"
    today = clock.today("Asia/Kuala_Lumpur" if call == GRANT else "Asia/Ho_Chi_Minh").isoformat()
    for number in (1, 2):
        for who, act in ((0, ask), (1, "verify"), (4, "prepare"), (CHECKER, "check")):
            send(seen[who], world, f"{reference}/tranches/{number}/acts/{act}")
            look(next(turns))
        send(seen[5], world, f"{reference}/tranches/{number}/acts/release")
        look(next(turns))
        bank = {"bank_reference": "BANK-1", "paid_on": today}
        send(seen[4], world, f"{reference}/tranches/{number}/acts/confirm", **bank)
        look(next(turns))
    do_all_work()
    look(next(turns))
    assert world.case(reference).state == "completed"


def send(browser: Browser, world: World, path: str, **data: str) -> None:
    """Take an act on a tranche from a page, on the version and the payment file that stand."""
    reference, _, number, *_, act = path.split("/")
    if act in ("check", "release"):
        data["sha256"] = world.digest(reference, int(number))
    version = world.case(reference).version
    answer = browser.post(f"/cases/{path}", {"version": version, **data})
    assert answer.status_code == 303
    assert world.case(reference).version > version, act


ENDS = {
    "declined at screening": ("screening", "desk", "screen_out", {"reasons": "INC-DOC"}),
    "returned": ("screening", "desk", "return", {"reasons": "INC-DOC", "note": "The second page."}),
    "declined": ("decision", "approver", "decline", {"reasons": "OTH", "note": "See above."}),
    "withdrawn": ("assessment", "applicant", "withdraw", {"note": "Another way."}),
    "cancelled": ("accepted", "approver", "cancel", {"reasons": "BREACH"}),
}


@pytest.mark.parametrize(("state", "who", "act", "sent"), ENDS.values(), ids=ENDS.keys())
def test_a_case_that_left_the_road_has_its_page(world, state, who, act, sent) -> None:
    reference = world.at(state)
    if act == "cancel":
        world.paper(reference, act, "minute", world.approver)
    version = world.case(reference).version
    browser = Browser(world.app, f"{who}.my")
    answer = browser.post(f"/cases/{reference}/acts/{act}", {"version": version, **sent})
    assert answer.status_code == 303
    assert world.case(reference).state != state
    for name in ("applicant", "desk", "auditor"):
        page = Browser(world.app, f"{name}.my").get(f"/cases/{reference}")
        assert page.status_code == 200, page.text
    assert Browser(world.app, "auditor.my").get(f"/audit/cases/{reference}").status_code == 200


STRANGE = {
    "an endless number": {"after": "9" * 5000},
    "a number below nothing": {"after": "-1"},
    "digits of another script": {"after": "٣"},
    "wildcards": {"search": "%_\\"},
    "half a quotation": {"search": "' OR 1=1 --", "scheme": "'", "state": "'"},
    "a state that is none": {"state": "nowhere", "late": "perhaps"},
}


@pytest.mark.parametrize("asked", STRANGE.values(), ids=STRANGE.keys())
@pytest.mark.parametrize("path", ["/queue", "/applications", "/audit"])
def test_lists_take_any_filter(world: World, path: str, asked: dict[str, str]) -> None:
    name = {"/queue": "desk.my", "/applications": "applicant.my", "/audit": "auditor.my"}[path]
    assert Browser(world.app, name).get(path, query_string=asked).status_code == 200
    assert whole_number(asked.get("after", "0")) in (0, 1)
    db.session.rollback()
