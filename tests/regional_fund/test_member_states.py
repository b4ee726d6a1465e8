"""The member states that are asked: who they are, one answer each, objections, silence; and who is not asked."""

import pytest

from app.applications import queries as applications
from app.applications.models import Participation
from app.decisions.models import Ballot, Decision
from app.errors import Missing
from app.notices.jobs import sweep
from app.trail.queries import events_of
from tests.factories import Days, last_event, refused, rows
from tests.regional import AT_HOME, SILENT, TEXT, Fund, settle_fund
from tests.world import World

OBJECTION = "AMS-OBJ"


def parts(fund: Fund, reference: str) -> set[tuple[str, str]]:
    """Return who takes part in a case besides the fund, by agency."""
    found = rows(Participation, fund.world.case(reference))
    names = {fund.person(f"endorser.{c}").agency_id: c.upper() for c in ("my", "sg", "vn")}
    return {(names[row.agency_id], row.institution) for row in found if row.confined}


def test_home_takes_part_from_the_submission_and_others_from_when_they_are_asked(
    fund: Fund,
) -> None:
    reference = fund.at("recommendation")
    assert parts(fund, reference) == {("MY", "home")}
    with pytest.raises(Missing):
        applications.find(reference, actor=fund.person("endorser.sg"), part=True)
    fund.on(reference, "consultation")
    assert parts(fund, reference) == {
        ("MY", "home"),
        ("SG", "member_state"),
        ("VN", "member_state"),
    }
    assert last_event(reference).record["detail"]["invited"] == {
        "member_state": ["SG-ESG", "VN-SMEDF"]
    }


def test_the_stage_is_left_out_where_an_enterprise_operates_nowhere_else(fund: Fund) -> None:
    reference = fund.at("committee", **AT_HOME)
    assert parts(fund, reference) == {("MY", "home")}
    assert "no_objection" not in {event.kind for event in events_of(reference)}


def test_countries_named_before_the_answer_changed_are_not_asked(fund: Fund) -> None:
    reference = fund.at("committee", cross_border="trades")
    assert parts(fund, reference) == {("MY", "home")}


def test_an_agency_answers_once_whoever_answers_for_it(fund: Fund) -> None:
    reference = fund.at("consultation")
    fund.vote(reference, "no_objection", "endorser.sg")
    assert fund.state(reference) == "consultation"
    with refused("one_vote"):
        fund.vote(reference, "object", "deputy.sg", OBJECTION)
    fund.vote(reference, "no_objection", "endorser.vn")
    assert fund.state(reference) == "committee"
    cast = rows(Ballot, fund.world.case(reference))
    assert [(one.agency, one.vote) for one in cast] == [("SG-ESG", "for"), ("VN-SMEDF", "for")]
    assert last_event(reference).record["detail"]["votes"] == [
        {"actor": one.mark, "for": one.mark, "vote": "for", "agency": code}
        for one, code in (
            (fund.person("endorser.sg"), "SG-ESG"),
            (fund.person("endorser.vn"), "VN-SMEDF"),
        )
    ]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        pytest.param("endorser.my", {"institution", "separate_hands", "asked"}, id="who endorsed it at home"),
        pytest.param("focal.vn", set(), id="another endorser of a state that is asked"),
        pytest.param("appraiser", {"duty", "institution", "separate_hands", "asked"}, id="who recommended it"),
    ],
)  # fmt: skip
def test_who_may_answer(fund: Fund, name: str, rules: set[str]) -> None:
    reference = fund.at("consultation")
    if not rules:
        fund.vote(reference, "no_objection", name)
        return
    with refused(*rules):
        fund.vote(reference, "no_objection", name)


def test_an_objection_is_cleared_once_and_then_everybody_is_asked_again(fund: Fund) -> None:
    reference = fund.at("consultation")
    fund.vote(reference, "no_objection", "endorser.sg")
    fund.vote(reference, "object", "endorser.vn", OBJECTION)
    assert fund.state(reference) == "objection"
    fund.again(reference)
    fund.consent(reference)
    assert fund.state(reference) == "committee"
    decided = [
        (one.name, one.round, one.outcome) for one in rows(Decision, fund.world.case(reference))
    ]
    assert decided == [("no_objection", 1, "decline"), ("no_objection", 2, "approve")]


def test_a_second_objection_stands(fund: Fund) -> None:
    reference = fund.at("consultation")
    fund.vote(reference, "object", "endorser.vn", OBJECTION)
    fund.again(reference)
    fund.vote(reference, "object", "endorser.sg", OBJECTION)
    with refused("objected_once"):
        fund.again(reference)
    fund.move(reference, "decline_objection", "appraiser", OBJECTION)
    assert fund.state(reference) == "declined"


def test_an_objection_needs_its_reason_in_a_code_and_in_words(fund: Fund) -> None:
    reference = fund.at("consultation")
    with refused("reasons_given"):
        fund.vote(reference, "object", "endorser.vn")


def late(fund: Fund, days: Days) -> str:
    """Return a case whose time for answers is over, with the answer of one of the two states."""
    days.noon("2026-11-23", "Asia/Jakarta")
    reference = fund.at("consultation")
    fund.vote(reference, "no_objection", "endorser.vn")
    days.noon("2026-12-08", "Asia/Jakarta")
    assert sweep()["expired"] == 1
    return reference


def test_silence_is_consent_where_the_scheme_says_so(fund: Fund, days: Days) -> None:
    reference = late(fund, days)
    assert fund.state(reference) == "committee"
    detail = last_event(reference).record["detail"]
    assert (detail["silent"], detail["answered"]) == (["SG-ESG"], ["VN-SMEDF"])
    assert detail["switches"] == ["silence_is_consent"]


def test_silence_is_asked_about_again_where_it_does_not(world: World, days: Days) -> None:
    assert SILENT in TEXT
    settle_fund(TEXT.replace(SILENT, ""))
    fund = Fund(world)
    reference = late(fund, days)
    assert fund.state(reference) == "objection"
    fund.again(reference)
    with refused("one_vote"):
        fund.vote(reference, "no_objection", "endorser.vn")
    fund.vote(reference, "no_objection", "deputy.sg")
    assert fund.state(reference) == "committee"
