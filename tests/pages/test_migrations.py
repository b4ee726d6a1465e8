"""The pages and the interface of migrations: planned in two steps, tried before anything is stored, carried out by a second."""

import html
import re
import secrets
from typing import Any

import pytest

from app.schemes import queries
from app.trail.queries import events_of
from app.versions.queries import migrations
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.workflows_of_agencies import NAME, published, text
from tests.world import World
from workflows.definition import Workflow
from workflows.format.loading import shipped

# What a page says, and how often it asks, is the same on both databases.
pytestmark = pytest.mark.one_database

OLD = shipped("grant")
PLAN = "/workflows/migrations/plan"
REASON = "Screening needs more days."


def version(world: World, *changes: tuple[str, str]) -> Workflow:
    """Return a version of the agency's own, published by its two designers."""
    source = text(1, *changes)
    return published(source, author=world.designer, checker=world.designer_two)


def browser(world: World, name: str = "designer.my") -> Browser:
    """Return somebody at the pages."""
    return Browser(world.app, name)


def form(new: Workflow, **other: str) -> dict[str, str]:
    """Return the form of a migration from the shipped grant, each state to that of the same name but for those named."""
    states = {**{name: name for name in OLD.states}, **other}
    fields = {f"states.{name}": state for name, state in states.items()}
    return {"from": OLD.digest, "to": new.digest, "reason": REASON, **fields}


def planned(world: World, new: Workflow, **other: str) -> str:
    """Plan a migration as the first designer; return its address."""
    answer = browser(world).post("/workflows/migrations", form(new, **other))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def stored(world: World) -> int:
    """Return how many migrations the agency has."""
    agency = world.person("designer.my").agency
    assert agency is not None
    return len(migrations(agency))


def chosen(page: str) -> dict[str, str]:
    """Return what each select of a page has chosen, empty where nobody has."""
    selects = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    marked = {name: re.search(r'value="([^"]+)" selected', inner) for name, inner in selects}
    return {name: found[1] if found else "" for name, found in marked.items()}


RENAMED = (("[states.screening]", "[states.checking]"), ('"screening"', '"checking"'))


def test_the_form_asks_for_the_versions_and_then_for_the_map(guarded: World) -> None:
    guarded.at("screening")
    new = version(guarded, *RENAMED)
    page = browser(guarded).get(PLAN).text
    assert f"grant version {OLD.version}: 1 case in flight" in page
    assert f"{NAME} version 1: 0 cases in flight" in page
    assert "claim version" not in page
    page = browser(guarded).get(f"{PLAN}?from={OLD.digest}&to=").text
    assert "To: Choose a version." in page
    assert "From: Choose a version." not in page
    page = browser(guarded).get(f"{PLAN}?from={OLD.digest}&to={new.digest}").text
    same = {f"states.{name}": name for name in OLD.states}
    assert chosen(page) == {**same, "states.screening": ""}
    assert f"Compared with grant version {OLD.version}" in page


def test_a_trial_stores_nothing(guarded: World) -> None:
    reference = guarded.at("screening")
    sent = form(version(guarded, *RENAMED), screening="checking")
    page = browser(guarded).post("/workflows/migrations/dry-run", sent).text
    assert "1 case would move" in page
    assert 'name="states.screening" value="checking"' in page
    assert (stored(guarded), guarded.case(reference).state) == (0, "screening")


def test_one_plans_and_another_carries_out(guarded: World) -> None:
    reference = guarded.at("screening")
    author, checker = browser(guarded), browser(guarded, "designer_two.my")
    place = planned(guarded, version(guarded, *RENAMED), screening="checking")
    page = author.get(place).text
    assert "another scheme designer must carry it out" in page
    assert "Carry out this migration" not in page
    assert "1 in flight" in page
    assert "Carry out this migration" in checker.get(place).text
    done = checker.post(f"{place}/carry-out")
    assert done.status_code == 303
    page = checker.get(done.location).text
    assert "The migration is carried out." in page
    assert f"<li>{reference}</li>" in page
    assert guarded.case(reference).state == "checking"
    assert "1 moved" in browser(guarded, "auditor.my").get(place).text


def test_each_case_that_does_not_fit_is_shown_before_anything_is_stored(guarded: World) -> None:
    cases = [guarded.at("assessment"), guarded.at("assessment")]
    new = version(guarded, ("[acts.pass]", "[acts.pass_on]"))
    for path, status in (("/workflows/migrations/dry-run", 200), ("/workflows/migrations", 409)):
        answer = browser(guarded).post(path, form(new))
        assert answer.status_code == status
        page = html.unescape(answer.text)
        for reference in cases:
            assert (
                f"{reference}, step 3 (pass): there is no act 'pass' in {NAME} version 1." in page
            )
        assert "Plan this migration" not in page
        assert REASON in page
    assert stored(guarded) == 0


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        pytest.param({"reason": " "}, 422, "Say why the cases are moved.", id="no reason"),
        pytest.param(
            {"states.screening": ""},
            200,
            "'screening' (Screening) is mapped to nothing",
            id="a gap",
        ),
        pytest.param(
            {"states.screening": "nowhere"}, 200, "is not a state of", id="a state that is none"
        ),
        pytest.param(
            {"states.disbursing": "offered"}, 200, "money moves in only one", id="money elsewhere"
        ),
        pytest.param({"to": OLD.digest}, 200, "Both versions are the same.", id="the same version"),
        pytest.param({"to": ""}, 422, "Choose the version they move to.", id="no version"),
        pytest.param({"to": "0" * 64}, 404, "There is no such workflow version", id="no such one"),
        pytest.param({"states": "all"}, 400, "cannot be read", id="a map that is none"),
    ],
)
def test_a_trial_says_what_is_wrong(
    guarded: World, change: dict[str, str], status: int, said: str
) -> None:
    sent = {**change, **form(version(guarded)), **change}
    answer = browser(guarded).post("/workflows/migrations/dry-run", sent)
    assert (answer.status_code, said in html.unescape(answer.text)) == (status, True), answer.text
    assert stored(guarded) == 0


def test_carrying_out_is_refused_with_every_case_that_came_since(guarded: World) -> None:
    reference = guarded.at("screening")
    place = planned(guarded, version(guarded, ("[acts.pass]", "[acts.pass_on]")))
    browser(guarded, "desk.my").post(
        f"/cases/{reference}/acts/pass", {"version": guarded.case(reference).version}
    )
    answer = browser(guarded, "designer_two.my").post(f"{place}/carry-out")
    assert answer.status_code == 409
    assert f"{reference}, step 3 (pass)" in answer.text
    assert guarded.case(reference).workflow_digest == OLD.digest


def test_its_author_is_refused_at_the_address_as_well(guarded: World) -> None:
    place = planned(guarded, version(guarded))
    answer = browser(guarded).post(f"{place}/carry-out")
    assert answer.status_code == 409
    assert "another scheme designer must check it" in answer.text


def test_auditors_look_and_do_not_act(guarded: World) -> None:
    new = version(guarded)
    place = planned(guarded, new)
    auditor = browser(guarded, "auditor.my")
    page = auditor.get("/workflows/migrations").text
    assert f"{NAME} version 1" in page
    assert "Plan a migration" not in page
    assert "<button" not in auditor.get(place).text.split("<main")[1]
    assert auditor.get(PLAN).status_code == 403
    assert auditor.post("/workflows/migrations", form(new)).status_code == 409
    assert auditor.post(f"{place}/carry-out").status_code == 409
    assert stored(guarded) == 1


def test_another_agency_finds_nothing(guarded: World) -> None:
    new = version(guarded)
    place = planned(guarded, new)
    stranger = browser(guarded, "designer.vn")
    assert NAME not in stranger.get("/workflows/migrations").text
    assert stranger.get(place).status_code == 404
    assert stranger.post(f"{place}/carry-out").status_code == 404
    assert stranger.get(f"{PLAN}?from={OLD.digest}&to={new.digest}").status_code == 404
    assert stranger.post("/workflows/migrations", form(new)).status_code == 404


# The interface


def body(new: Workflow, **more: Any) -> dict[str, Any]:
    """Return a plan as a program sends it."""
    states = {name: name for name in OLD.states}
    return {"from": OLD.digest, "to": new.digest, "states": states, "reason": REASON, **more}


def send(who: Interface, path: str, data: Any, key: str = "") -> Any:
    """Post something under a key, a new one when none is given."""
    headers = {"Idempotency-Key": key or secrets.token_hex(8)}
    return who.send("POST", f"{API}/workflows/migrations{path}", json=data, headers=headers)


def test_a_program_plans_and_carries_out_once_for_each_key(world: World) -> None:
    reference = world.at("decision")
    new = version(world)
    author, checker = Interface(world.app, "designer.my"), Interface(world.app, "designer_two.my")
    made = send(author, "", body(new), "plan-once")
    assert made.status_code == 201, made.text
    assert send(author, "", body(new), "plan-once").get_json() == made.get_json()
    number = made.get_json()["migration"]
    assert (made.get_json()["cases"], made.get_json()["carried_out_at"]) == (None, None)
    refusal = problem(send(author, f"/{number}/acts/carry_out", {}), 409)
    assert [reason["rule"] for reason in refusal["reasons"]] == ["four_eyes"]
    done = send(checker, f"/{number}/acts/carry_out", {}, "move-once")
    assert (done.status_code, done.get_json()["moved"]) == (200, [reference])
    assert send(checker, f"/{number}/acts/carry_out", {}, "move-once").get_json() == done.get_json()
    refusal = problem(send(checker, f"/{number}/acts/carry_out", {}), 409)
    assert [reason["rule"] for reason in refusal["reasons"]] == ["carried_out_once"]
    (listed,) = author.get(f"{API}/workflows/migrations").get_json()["migrations"]
    assert (listed["cases"], listed["author"], listed["carried_out_by"]) == (
        1,
        "Designer My",
        "Designer Two My",
    )
    assert (listed["from"]["name"], listed["to"]["sha256"]) == ("grant", new.digest)
    assert [event.kind for event in events_of(reference)].count("migrate") == 1


def test_a_program_is_told_every_case_that_does_not_fit(world: World) -> None:
    cases = [world.at("assessment"), world.at("assessment")]
    new = version(world, ("[acts.pass]", "[acts.pass_on]"))
    refusal = problem(send(Interface(world.app, "designer.my"), "", body(new)), 409)
    told = [(reason["rule"], reason["clause"]) for reason in refusal["reasons"]]
    assert told == [("act_exists", "Workflow: migration")] * 2
    assert [reason["sentence"].split(",")[0] for reason in refusal["reasons"]] == cases


@pytest.mark.parametrize(
    ("who", "path", "change", "status"),
    [
        pytest.param("designer.my", "", {"states": {}}, 409, id="an empty map"),
        pytest.param("designer.my", "", {"states": []}, 422, id="a list of states"),
        pytest.param(
            "designer.my", "", {"states": {"draft": 1}}, 422, id="a state that is no text"
        ),
        pytest.param("designer.my", "", {"reason": ""}, 422, id="no reason"),
        pytest.param("designer.my", "", {"from": "grant"}, 422, id="a name in place of a digest"),
        pytest.param("designer.my", "", {"more": 1}, 422, id="a field too many"),
        pytest.param("auditor.my", "", {}, 409, id="an auditor"),
        pytest.param("desk.my", "", {}, 403, id="a desk officer"),
        pytest.param("applicant.my", "", {}, 403, id="an applicant"),
        pytest.param("designer.vn", "", {}, 404, id="a version of another agency"),
    ],
)
def test_a_program_is_refused(
    world: World, who: str, path: str, change: dict[str, Any], status: int
) -> None:
    sent = body(version(world), **change)
    problem(send(Interface(world.app, who), path, sent), status)
    assert stored(world) == 0


def test_what_is_carried_out_must_be_there(world: World) -> None:
    who = Interface(world.app, "designer_two.my")
    problem(send(who, "/999/acts/carry_out", {}), 404)
    problem(send(who, "/999/acts/carry_out", {"more": 1}), 422)
    assert queries.workflow_called(f"{NAME}@1", world.designer.agency_id) is None
