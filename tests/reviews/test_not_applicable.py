"""A criterion that does not apply: chosen on the page, sent through the interface, shown wherever scores are."""

from app.audit import queries as audit
from app.db import transaction
from app.schemes import commands as schemes
from tests.pages.browser import Browser
from tests.schemes.texts import GRANT, changed
from tests.world import World


def test_an_assessor_may_say_that_a_criterion_does_not_apply(world: World) -> None:
    may = ("weight_pct = 40", "may_not_apply = true\nweight_pct = 40")
    with transaction():
        schemes.publish(changed(GRANT, ("version = 4", "version = 5"), may))
    reference = world.at("assessment")
    browser = Browser(world.app, "assessor.my")
    page = browser.get(f"/cases/{reference}").text
    assert page.count('value="n/a"') == 1
    scores = {"scores.growth": "n/a", "scores.feasibility": "5", "scores.cost": "2"}
    sent = {"version": world.case(reference).version, **scores, "comment": ""}
    assert browser.post(f"/cases/{reference}/acts/assess", sent).status_code == 303
    other = Browser(world.app, "assessor_two.my")
    sent = {"version": world.case(reference).version, **scores, "scores.cost": "n/a"}
    other.post(f"/cases/{reference}/acts/assess", sent)
    assert "Give a score from 0 to 5." in other.get(f"/cases/{reference}").text
    sent = {**sent, "scores.cost": "4", "comment": ""}
    other.post(f"/cases/{reference}/acts/assess", sent)
    assert world.case(reference).state == "recommendation"
    page = Browser(world.app, "desk.my").get(f"/cases/{reference}").text
    assert page.count("Not applicable") == 2
    assert "3.50 of 5.00" in page
    assert "4.50 of 5.00" in page
    assert audit.verify() == []
