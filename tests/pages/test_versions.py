"""The pages and the interface of workflow versions: who may look, who may act, and what came of it."""

import io
import json
import secrets
from typing import Any

import pytest

from app.db import transaction
from app.schemes import queries
from app.versions.commands import Move, carry_out, plan_migration
from tests.interface import API, Interface, problem
from tests.pages.browser import Browser
from tests.workflows_of_agencies import NAME, proposed, published, text
from tests.world import World

pytestmark = pytest.mark.one_database

HOSTILE = '<script>alert(1)</script>"><img src=x>'


def browser(world: World, name: str = "designer.my") -> Browser:
    """Return somebody at the pages."""
    return Browser(world.app, name)


def test_a_version_goes_from_the_form_to_the_list(guarded: World) -> None:
    author, checker = browser(guarded), browser(guarded, "designer_two.my")
    sent = author.post("/workflows/proposals", {"source": text().replace("\n", "\r\n")})
    assert sent.status_code == 303, sent.text
    page = author.get(sent.location)
    assert "The version is proposed." in page.text
    assert "another scheme designer must publish it" in page.text
    assert "Publish this version" not in page.text
    seen = checker.get(sent.location)
    assert "Nothing: the workflow is sound." in seen.text
    assert f"There is no earlier version of {NAME}" in seen.text
    assert checker.post(f"{sent.location}/publish").status_code == 303
    assert "From now on it never changes." in checker.get(sent.location).text
    listed = checker.get("/workflows").text
    assert f"{NAME} version 1" in listed
    assert "Designer My, Designer Two My" in listed
    found = queries.workflow_called(f"{NAME}@1", guarded.designer.agency_id)
    assert found is not None
    assert found.source == text()


def test_a_file_is_taken_byte_for_byte(guarded: World) -> None:
    author = browser(guarded)
    given = {"source": "ignored", "file": (io.BytesIO(text().encode()), "grant.toml")}
    place = author.post("/workflows/proposals", given).location
    assert author.get(f"{place}.toml").data == text().encode()


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        pytest.param({"source": ""}, 422, "Give the text of the workflow.", id="nothing"),
        pytest.param({"source": "name = "}, 422, "source", id="no TOML"),
        pytest.param(
            {"source": text(1, ('by = "assessor"', 'by = "minister"'))},
            422,
            "minister",
            id="a duty that is none",
        ),
        pytest.param(
            {"source": text(name="loan")},
            409,
            "belongs to a workflow of the program",
            id="a name of the program",
        ),
        pytest.param(
            {"file": (io.BytesIO(b"\xff\xfe"), "x.toml")},
            422,
            "Give the text",
            id="a file that is no text",
        ),
    ],
)
def test_a_wrong_text_comes_back_with_what_is_wrong(
    guarded: World, given: dict[str, Any], status: int, said: str
) -> None:
    answer = browser(guarded).post("/workflows/proposals", given)
    assert answer.status_code == status
    assert said in answer.text
    assert str(given.get("source", ""))[:30].replace('"', "&#34;") in answer.text


def test_the_checker_sees_what_changes(guarded: World) -> None:
    published(text(1), author=guarded.designer, checker=guarded.designer_two)
    source = text(2, ("clock = {days = 5, unit", "clock = {days = 9, unit"))
    number = proposed(source, author=guarded.designer).id
    page = browser(guarded, "designer_two.my").get(f"/workflows/proposals/{number}").text
    assert f"Compared with {NAME} version 1" in page
    assert "states.screening" in page
    assert "version" in page


def test_what_the_agency_lacks_is_shown_and_stops_nothing(guarded: World) -> None:
    guarded.assessor.duties = []
    guarded.everything.duties = []
    number = proposed(text(), author=guarded.designer).id
    checker = browser(guarded, "designer_two.my")
    page = checker.get(f"/workflows/proposals/{number}").text
    assert "cases would stand still" in page
    checker.post(f"/workflows/proposals/{number}/publish")
    assert queries.workflow_called(f"{NAME}@1", guarded.designer.agency_id) is not None


def test_a_refusal_comes_back_with_its_rule(guarded: World) -> None:
    number = proposed(text(), author=guarded.designer).id
    author = browser(guarded)
    assert author.post(f"/workflows/proposals/{number}/publish").status_code == 303
    assert (
        "another scheme designer must check it" in author.get(f"/workflows/proposals/{number}").text
    )
    author.post(f"/workflows/proposals/{number}/reject", {"note": " "})
    assert "Say why it is rejected." in author.get(f"/workflows/proposals/{number}").text
    author.post(f"/workflows/proposals/{number}/reject", {"note": "Not yet."})
    page = author.get(f"/workflows/proposals/{number}").text
    assert "The proposal is rejected." in page
    assert "Not yet." in page


def test_auditors_look_and_do_not_act(guarded: World) -> None:
    number = proposed(text(), author=guarded.designer).id
    auditor = browser(guarded, "auditor.my")
    assert "Propose a version" not in auditor.get("/workflows").text
    page = auditor.get(f"/workflows/proposals/{number}")
    assert "<button" not in page.text.split("<main")[1]
    assert auditor.post("/workflows/proposals", {"source": text(3)}).status_code == 409
    auditor.post(f"/workflows/proposals/{number}/publish")
    assert "scheme designer" in auditor.get(f"/workflows/proposals/{number}").text
    assert queries.proposal(number, guarded.designer.agency).outcome == "open"  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", ["", ".svg", ".toml"])
def test_another_agency_finds_nothing(guarded: World, ending: str) -> None:
    own = published(text(), author=guarded.designer, checker=guarded.designer_two)
    number = proposed(text(2), author=guarded.designer).id
    stranger = browser(guarded, "designer.vn")
    for place in (own.digest, f"proposals/{number}"):
        assert stranger.get(f"/workflows/{place}{ending}").status_code == 404
    for act, given in (("publish", {}), ("reject", {"note": "No, thanks."})):
        answer = stranger.post(f"/workflows/proposals/{number}/{act}", given)
        assert answer.status_code == 404


def test_the_picture_is_a_file_of_its_own(guarded: World) -> None:
    own = published(text(), author=guarded.designer, checker=guarded.designer_two)
    answer = browser(guarded).get(f"/workflows/{own.digest}.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.text.lstrip().startswith("<svg")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_hostile_words_of_a_definition_are_text(guarded: World) -> None:
    words = json.dumps(HOSTILE, ensure_ascii=False)
    source = text(
        1,
        ('label = "Recommend"', f"label = {words}"),
        ('officer = "Screening"', f"officer = {words}"),
    )
    number = proposed(source, author=guarded.designer).id
    for ending in ("", ".svg"):
        page = browser(guarded).get(f"/workflows/proposals/{number}{ending}").text
        assert "<script>" not in page
        assert "<img src=x" not in page


# The interface


def send(who: Interface, path: str, data: Any) -> Any:
    """Post something under a new key."""
    key = {"Idempotency-Key": secrets.token_hex(8)}
    return who.send("POST", f"{API}/workflows/{path}", json=data, headers=key)


def test_a_program_proposes_and_publishes(world: World) -> None:
    author, checker = Interface(world.app, "designer.my"), Interface(world.app, "designer_two.my")
    made = send(author, "proposals", {"source": text()})
    assert made.status_code == 201, made.text
    number, digest = made.get_json()["proposal"], made.get_json()["sha256"]
    body = checker.get(f"{API}/workflows/proposals/{number}").get_json()
    assert (body["outcome"], body["source"], body["differences"]) == ("open", text(), [])
    assert body["findings"] == [f for f in body["findings"] if f["severity"] == "warning"]
    refusal = problem(send(author, f"proposals/{number}/acts/publish", {}), 409)
    assert [reason["rule"] for reason in refusal["reasons"]] == ["four_eyes"]
    done = send(checker, f"proposals/{number}/acts/publish", {})
    assert (done.status_code, done.get_json()["outcome"]) == (200, "published")
    assert done.get_json()["event"]["seq"] == 2
    listed = author.get(f"{API}/workflows").get_json()
    own = [version for version in listed["versions"] if not version["shipped"]]
    assert [(v["sha256"], v["author"], v["checker"]) for v in own] == [
        (digest, "Designer My", "Designer Two My")
    ]
    assert author.get(f"{API}/workflows/{digest}").get_json()["source"] == text()


@pytest.mark.parametrize(
    ("who", "path", "data", "status"),
    [
        pytest.param("designer.my", "proposals", {}, 422, id="no text"),
        pytest.param("designer.my", "proposals", {"source": 7}, 422, id="a number"),
        pytest.param("designer.my", "proposals", {"source": "\ud800"}, 422, id="half a character"),
        pytest.param(
            "designer.my", "proposals", {"source": "x", "more": 1}, 422, id="a field too many"
        ),
        pytest.param("desk.my", "proposals", {"source": text()}, 409, id="without the duty"),
        pytest.param("applicant.my", "proposals", {"source": text()}, 403, id="an applicant"),
        pytest.param("designer.my", "proposals/999/acts/publish", {}, 404, id="no such proposal"),
        pytest.param("designer.my", "proposals/1/acts/burn", {}, 404, id="no such act"),
    ],
)
def test_a_program_is_refused(world: World, who: str, path: str, data: Any, status: int) -> None:
    problem(send(Interface(world.app, who), path, data), status)


def test_only_designers_and_auditors_look(world: World) -> None:
    for who, status in (("desk.my", 403), ("applicant.my", 403), ("auditor.my", 200)):
        assert Interface(world.app, who).get(f"{API}/workflows").status_code == status


@pytest.mark.parametrize("state", ["draft", "screening", "decision", "disbursing"])
def test_a_case_that_moved_has_its_pages(guarded: World, state: str) -> None:
    reference = guarded.draft() if state == "draft" else guarded.at(state)
    source = text(1, ("screening", "checking"))
    new = published(source, author=guarded.designer, checker=guarded.designer_two)
    old = queries.workflow(guarded.case(reference).workflow_digest)
    states = {**{name: name for name in old.states}, "screening": "checking"}
    with transaction():
        move = Move(old, new, states, "A better name.")
        number = plan_migration(move, actor=guarded.designer).id
    with transaction():
        carry_out(number, actor=guarded.designer_two)
    for name in ("applicant", "desk", "approver", "auditor"):
        page = browser(guarded, f"{name}.my").get(f"/cases/{reference}")
        assert page.status_code == (200 if name == "applicant" or state != "draft" else 404)
    if state != "draft":
        assert browser(guarded, "auditor.my").get(f"/audit/cases/{reference}").status_code == 200
