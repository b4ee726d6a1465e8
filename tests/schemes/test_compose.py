"""Reading a scheme: every mistake is named, all at once; and what the shipped schemes say."""

import tomllib
from decimal import Decimal

import pytest

from app.schemes.commands import CATALOGUE
from app.schemes.compose.completing import fitted
from app.schemes.compose.reading import publishable_terms, scheme_terms
from app.schemes.compose.terms import SchemeTerms
from app.schemes.compose.whole import whole
from workflows.format.loading import SHIPPED, shipped
from workflows.format.reading import Malformed

TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(CATALOGUE.glob("*.toml"))}
TEXTS_BY_CODE = {tomllib.loads(text)["code"]: text for text in TEXTS.values()}
GRANT, LOAN = TEXTS["my_bap"], TEXTS["vn_smedf"]
AMOUNT = 'expected an amount written as text, such as "200000.00".'


def mistakes(source: str) -> list[str]:
    with pytest.raises(Malformed) as caught:
        scheme_terms(source)
    return caught.value.mistakes


MISTAKES = [
    pytest.param('code = "MY-BAP"', "", "code: missing.", id="no code"),
    pytest.param("version = 4", 'version = "3"', "version: expected a whole number.", id="a word"),
    pytest.param("version = 4", "version = true", "version: expected a whole number.", id="a flag"),
    pytest.param("version = 4", "version = 4\nvat = 6", "vat: unknown key.", id="an unknown key"),
    pytest.param('name = "Business', 'nam = "Business', "nam: unknown key.", id="a misspelt key"),
    pytest.param('ceiling = "200000.00"', "ceiling = 200000.0", f"ceiling: {AMOUNT}", id="a float"),
    pytest.param('ceiling = "200000.00"', 'ceiling = "lots"', f"ceiling: {AMOUNT}", id="no number"),
    pytest.param(
        'ineligible_costs = ["Tax", "Extension of premises"]', 'ineligible_costs = "Tax"',
        "ineligible_costs: expected a list.", id="a text where a list belongs",
    ),
    pytest.param(
        'ineligible_costs = ["Tax", "Extension of premises"]', "ineligible_costs = [6]",
        "ineligible_costs[0]: expected a text.", id="a number in a list of texts",
    ),
    pytest.param(
        'kind = "whole_number"\nmaximum = 100000', 'kind = "colour"',
        "sections: question 'employees' has the unknown kind 'colour'.", id="an unknown kind",
    ),
    pytest.param(
        'key = "turnover"', 'key = "employees"', "sections: question 'employees' stands twice.",
        id="a question that stands twice",
    ),
    pytest.param(
        'key = "bank_bic"', 'key = "bic"', "sections: the question 'bank_bic' is missing.",
        id="a question the program needs is missing",
    ),
    pytest.param(
        'key = "growth"\nlabel', 'key = "growth"\ncolour = "red"\nlabel',
        "criteria[0].colour: unknown key.", id="an unknown key of a criterion",
    ),
    pytest.param(
        "weight_pct = 40", "weight_pct = 41", "criteria: the weights must sum to 100.",
        id="weights that are not the whole",
    ),
    pytest.param(
        'anchors = ["No plan", ', "anchors = [", "criteria: 'feasibility' needs six anchors, for 0 to 5.",
        id="an anchor is missing",
    ),
    pytest.param(
        "at_least = 60", "above = 60",
        "rules: local_ownership: above, answer is not the form of a test.", id="an unknown test",
    ),
    pytest.param(
        'answer = "local_share"', 'answer = "locals"',
        "rules: local_ownership: the form does not ask 'locals'.",
        id="a rule on a question that is not asked",
    ),
    pytest.param(
        'of = "project_cost"', 'of = "cost"', "rules: matching_share: the form does not ask 'cost'.",
        id="a share of something that is not asked",
    ),
    pytest.param(
        'answer = "turnover", at_most = "50000000"', 'answer = "sales", at_most = "50000000"',
        "rules: is_sme: the form does not ask 'sales'.", id="a question deep in a rule is not asked",
    ),
    pytest.param(
        'currency = "MYR"', 'currency = "XXX"', "currency: 'XXX' is not one that is served.",
        id="an unknown currency",
    ),
    pytest.param(
        'status = "open"', 'status = "ajar"',
        "status: 'ajar' is not one of closed, open, suspended.", id="an unknown status",
    ),
    pytest.param(
        "opens_at = 2026-01-01T00:00:00+08:00", "opens_at = 2026-01-01",
        "calls[0].opens_at: expected datetime.", id="an opening day without its time",
    ),
    pytest.param(
        "opens_at = 2026-01-01T00:00:00+08:00", "opens_at = 2026-01-01T00:00:00",
        "calls: 'MY-BAP-2026' needs the offset of its time zone.", id="a time without its zone",
    ),
    pytest.param(
        'acts = ["return", "screen_out", "decline"]', "acts = 3",
        "reasons[0].acts: expected a list.", id="a number where a list belongs",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "mistake"), MISTAKES)
def test_a_mistake_is_named_with_its_place(old: str, new: str, mistake: str) -> None:
    assert old in GRANT
    assert mistake in mistakes(GRANT.replace(old, new, 1))


def test_all_mistakes_are_named_at_once() -> None:
    wrong = GRANT
    chosen = (
        "a float",
        "an unknown key",
        "a text where a list belongs",
        "a number where a list belongs",
    )
    rows = [row for row in MISTAKES if row.id in chosen]
    for row in rows:
        wrong = wrong.replace(str(row.values[0]), str(row.values[1]), 1)
    assert set(mistakes(wrong)) == {row.values[2] for row in rows}
    assert len(rows) == len(chosen)


def test_a_loan_asks_for_what_a_schedule_needs() -> None:
    wrong = LOAN.replace('key = "instalments"', 'key = "months"').replace(
        '"own_equity"', '"equity"'
    )
    found = mistakes(wrong)
    assert "sections: the question 'instalments' is missing." in found
    assert "sections: the question 'own_equity' is missing." in found


@pytest.mark.parametrize("source", ["", "x = ", "[[sections]]\nkey = 1"])
def test_a_text_that_is_no_scheme_is_refused(source: str) -> None:
    assert mistakes(source)


# What is shipped


@pytest.fixture(params=list(TEXTS))
def terms(request: pytest.FixtureRequest) -> SchemeTerms:
    return scheme_terms(whole(TEXTS[request.param]))


def test_a_shipped_scheme_names_its_sources_and_what_is_assumed(terms: SchemeTerms) -> None:
    assert terms.sources
    assert all(source.address.startswith("http") and source.as_of for source in terms.sources)
    assert terms.assumed
    assert all(rule.clause and rule.sentence for rule in terms.rules)


ACTS = {act for file in SHIPPED.glob("*.toml") for act in shipped(file.stem).acts}


def test_a_shipped_scheme_can_be_published(terms: SchemeTerms) -> None:
    publishable_terms(whole(TEXTS_BY_CODE[terms.code]))
    workflow = fitted(shipped(terms.workflow), terms)
    assert fitted(shipped(terms.tranche_workflow), terms).kind == "tranche"
    assert set(terms.clocks) <= set(workflow.states)
    named = {name for reason in terms.reasons for name in reason.acts}
    assert named <= ACTS


def test_a_reason_is_found_by_its_code(terms: SchemeTerms) -> None:
    assert [terms.reason(reason.code) for reason in terms.reasons] == list(terms.reasons)
    with pytest.raises(KeyError):
        terms.reason("NONE")


@pytest.mark.parametrize(
    ("name", "fact", "value"),
    [
        pytest.param("my_bap", "ceiling", Decimal("200000.00"), id="MYR 200,000 at most"),
        pytest.param("my_bap", "share_max_pct", Decimal(50), id="half of the eligible cost"),
        pytest.param("my_bap", "currency", "MYR", id="a grant in ringgit"),
        pytest.param("my_bap", "instrument", "grant", id="a grant"),
        pytest.param("my_bap", "loan", None, id="a grant has no loan terms"),
        pytest.param("my_bap", "assessments", 2, id="two assessors read a grant"),
        pytest.param("vn_smedf", "share_max_pct", Decimal(80), id="four fifths of the capital"),
        pytest.param("vn_smedf", "ceiling", Decimal(300_000_000_000), id="VND 300 billion"),
        pytest.param("vn_smedf", "floor", Decimal(300_000_000), id="from VND 300 million"),
        pytest.param("vn_smedf", "currency", "VND", id="a loan in dong"),
        pytest.param("vn_smedf", "instrument", "loan", id="a loan"),
    ],
)
def test_a_shipped_scheme_says(name: str, fact: str, value: object) -> None:
    assert getattr(scheme_terms(TEXTS[name]), fact) == value


def test_the_loan_runs_for_seven_years_at_most() -> None:
    loan = scheme_terms(LOAN).loan
    assert loan is not None
    assert (loan.instalments_max, loan.day_count, loan.rate_pct) == (
        84,
        "ACT/365F",
        Decimal("4.00"),
    )
