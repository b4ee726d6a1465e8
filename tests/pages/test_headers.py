"""What every answer carries, and that what people wrote is shown as text."""

import pytest

from app.db import db
from tests.interface import API, Interface
from tests.pages.browser import Browser
from tests.world import World

pytestmark = pytest.mark.one_database

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
ANSWERS = {
    "a page for anyone": ("GET", "/schemes", 200),
    "a page for people who are signed in": ("GET", "/queue", 200),
    "a redirect": ("GET", "/", 302),
    "a page that is not there": ("GET", "/nowhere", 404),
    "a page for somebody else": ("GET", "/applications", 403),
    "a wrong method": ("PUT", "/schemes", 405),
    "a forged form": ("POST", "/sign-out", 400),
    "an address that cannot be": ("GET", "/schemes/%00", 400),
    "the interface": ("GET", f"{API}/calls", 200),
    "a problem of the interface": ("GET", f"{API}/applications", 401),
    "a style": ("GET", "/static/saluran.css", 200),
    "a style that is not there": ("GET", "/static/none.css", 404),
}


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS.values(), ids=ANSWERS.keys())
def test_every_kind_of_answer_carries_the_headers(guarded, method, path, status) -> None:
    answer = Browser(guarded.app, "desk.my").client.open(path, method=method)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    kept = "public, max-age=3600" if path.startswith("/static") else "no-store"
    assert answer.headers["Cache-Control"] == kept
    assert answer.headers["X-Request-ID"]
    assert "Strict-Transport-Security" not in answer.headers


def test_an_error_of_ours_carries_the_headers_and_no_detail(guarded, monkeypatch, caplog) -> None:
    def broken(**_: object) -> str:
        raise ZeroDivisionError("secret")

    monkeypatch.setitem(guarded.app.view_functions, "schemes.find", broken)
    monkeypatch.setitem(guarded.app.view_functions, "schemes_api.api_calls", broken)
    # As it is served; a test would otherwise see the error itself.
    monkeypatch.setitem(guarded.app.config, "PROPAGATE_EXCEPTIONS", value=False)
    browser = Browser(guarded.app)
    page, problem = browser.get("/schemes"), browser.get(f"{API}/calls")
    for answer in (page, problem):
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert answer.headers["X-Request-ID"] in answer.text
    assert problem.mimetype == "application/problem+json"
    assert caplog.text.count("ZeroDivisionError") >= 2


def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(guarded: World) -> None:
    answer = Browser(guarded.app).get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>{{7*7}}"
SHOWN = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&#34;&gt;&lt;img src=x onerror=alert(1)&gt;{{7*7}}"


def test_hostile_names_and_answers_are_text_on_every_page(guarded: World) -> None:
    guarded.applicant.enterprise.name = HOSTILE  # type: ignore[union-attr]
    guarded.applicant.name = HOSTILE
    guarded.desk.name = HOSTILE
    db.session.commit()
    reference = guarded.at("decision", project_title=HOSTILE[:100], purpose=HOSTILE)
    draft = guarded.draft(project_title=HOSTILE[:100], purpose=HOSTILE)
    shown = {
        "applicant.my": [
            "/applications",
            f"/cases/{reference}",
            f"/cases/{draft}",
            f"/cases/{draft}/check",
            f"/cases/{draft}/sections/project",
            "/sessions",
        ],
        "approver.my": ["/queue", f"/cases/{reference}", f"/audit/cases/{reference}"],
        "auditor.my": ["/audit", f"/cases/{reference}", f"/audit/cases/{reference}"],
    }
    for name, paths in shown.items():
        browser = Browser(guarded.app, name)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert "<script" not in answer.text, path
            assert "<img src=x" not in answer.text, path
    assert SHOWN in Browser(guarded.app, "desk.my").get("/queue").text


def test_what_is_searched_for_is_text(guarded: World) -> None:
    browser = Browser(guarded.app, "desk.my")
    answer = browser.get("/queue", query_string={"search": HOSTILE, "state": HOSTILE})
    assert answer.status_code == 200
    assert "<script" not in answer.text


def test_the_interface_gives_hostile_text_back_as_it_was(guarded: World) -> None:
    reference = guarded.draft(purpose=HOSTILE)
    answer = Interface(guarded.app, "applicant.my").case(reference)
    assert answer["answers"]["purpose"] == HOSTILE
