"""What a scheme must hold together: each refusal as a row, the refusals of one text all at once."""

import pytest

from app.schemes.compose.reading import publishable_terms
from tests.schemes.texts import GRANT, LOAN, changed, own, refusals, table

CALL = 'code = "MY-BAP-2026"\ntitle = "Standing call 2026"\nopens_at = 2026-01-01T00:00:00+08:00\n'
CLOCK = "[clocks.screening]\n"


def call(code: str, opens: str, closes: str = "") -> str:
    """Return one more call, after that of the grant."""
    ends = f"closes_at = {closes}\n" if closes else ""
    return f'\n[[calls]]\ncode = "{code}"\ntitle = "{code}"\nopens_at = {opens}\n{ends}budget = "1.00"\n'


def calls(*more: str, closes: str = "", own_lines: tuple[str, ...] = ()) -> str:
    """Return the grant with more calls; its own closes where that is said."""
    first = [(CALL, f"{CALL}closes_at = {closes}\n")] if closes else []
    return changed(GRANT, *first, own(*own_lines)) + "".join(more)


MARCH = "2026-03-01T00:00:00+08:00"
ROWS = [
    # The refusals that everybody must be able to rely on.
    pytest.param(
        changed(GRANT, ("weight_pct = 40", "weight_pct = 39")),
        ["criteria: the weights must sum to 100."],
        id="a rubric that does not sum to one",
    ),
    pytest.param(
        changed(GRANT, table(CLOCK, 'days = 5\nunit = "working"\nwarn = 5')),
        ["clocks.screening: a reminder 5 days before the end of 5 days comes too late or too early."],
        id="a reminder before the clock begins",
    ),
    pytest.param(
        changed(GRANT, table(CLOCK, 'days = 5\nunit = "working"\nwarn = -1')),
        ["clocks.screening: a reminder -1 days before the end of 5 days comes too late or too early."],
        id="a reminder after the deadline",
    ),
    pytest.param(
        calls(call("MY-BAP-2", MARCH)),
        ["calls: 'MY-BAP-2026' is still open when 'MY-BAP-2' opens; they may not overlap."],
        id="a call that opens while a standing one runs",
    ),
    pytest.param(
        calls(call("MY-BAP-2", MARCH), closes="2026-03-01T00:00:01+08:00"),
        ["calls: 'MY-BAP-2026' is still open when 'MY-BAP-2' opens; they may not overlap."],
        id="calls that overlap for one second",
    ),
    pytest.param(
        calls(
            call("MY-BAP-2", MARCH, "2026-04-01T00:00:00+08:00"),
            call("MY-BAP-3", "2026-05-01T00:00:00+08:00"),
            closes="2026-12-31T00:00:00+08:00",
        ),
        [
            "calls: 'MY-BAP-2026' is still open when 'MY-BAP-2' opens; they may not overlap.",
            "calls: 'MY-BAP-2026' is still open when 'MY-BAP-3' opens; they may not overlap.",
        ],
        id="a long call over two short ones",
    ),
    pytest.param(
        changed(GRANT, ('ceiling = "200000.00"', 'ceiling = "4999.99"')),
        ["ceiling: 4999.99 is below the floor of 5000.00."],
        id="a ceiling below the floor",
    ),
    pytest.param(
        changed(GRANT, ('currency = "MYR"', 'currency = "THB"')),
        ["currency: THB is not of Malaysia, where it is MYR."],
        id="a currency that is not the country's",
    ),
    # Where it is at home, and what it is.
    pytest.param(
        changed(GRANT, ('country = "MY"', 'country = "FR"')),
        ["country: 'FR' is not one of BN, ID, KH, LA, MM, MY, PH, SG, TH, TL, VN."],
        id="a country that is no member state",
    ),
    pytest.param(
        changed(GRANT, own('open_to = ["MY", "AU"]')),
        ["open_to: 'AU' is not one of BN, ID, KH, LA, MM, MY, PH, SG, TH, TL, VN."],
        id="open to a country that is no member state",
    ),
    pytest.param(
        changed(GRANT, ('instrument = "grant"', 'instrument = "equity"')),
        ["instrument: 'equity' is not one of co-payment, grant, guarantee, loan."],
        id="an instrument that is not known",
    ),
    pytest.param(
        changed(GRANT, own('one_per = "year"')),
        ["one_per: 'year' is not one of call, scheme."],
        id="one application per something else",
    ),
    pytest.param(
        changed(GRANT, ('instrument = "grant"', 'instrument = "guarantee"')),
        ["guarantee: missing; the instrument is a guarantee."],
        id="a guarantee without its terms",
    ),
    pytest.param(
        changed(GRANT, own('[guarantee]\ncover_min_pct = "80"\ncover_max_pct = "70"\nfee_pct = "101"')),
        [
            "guarantee: cover_min_pct and cover_max_pct lie above 0 and up to 100, in this order.",
            "guarantee.fee_pct: expected 0 to 100.",
        ],
        id="a guarantee whose least is above its most",
    ),
    # Amounts and numbers.
    pytest.param(
        changed(GRANT, ('ceiling = "200000.00"', 'ceiling = "200000.005"')),
        ["ceiling: MYR amounts have 2 decimals."],
        id="a ceiling finer than a sen",
    ),
    pytest.param(
        changed(GRANT, ('floor = "5000.00"', 'floor = "-1"')),
        ["floor: expected at least 0 and at most 1,000,000,000,000,000."],
        id="a floor below nothing",
    ),
    pytest.param(
        changed(GRANT, ('budget = "450000.00"', 'budget = "-1"')),
        ["calls: 'MY-BAP-2026': budget: expected at least 0 and at most 1,000,000,000,000,000."],
        id="a budget below nothing",
    ),
    pytest.param(
        changed(GRANT, ('share_max_pct = "50"', 'share_max_pct = "0"')),
        ["share_max_pct: expected more than 0 and at most 100."],
        id="a share of nothing",
    ),
    pytest.param(
        changed(GRANT, ("assessments = 2", "assessments = 0"), ("target_days = 28", "target_days = 0")),
        ["assessments: expected at least 1.", "target_days: expected at least 1."],
        id="nobody to assess, and no time",
    ),
    pytest.param(
        changed(LOAN, ('day_count = "ACT/365F"', 'day_count = "ACT/ACT"'), ("grace_principal = 0", "grace_principal = 84")),
        [
            "loan.grace_principal: the principal must begin before the last instalment.",
            "loan.day_count: 'ACT/ACT' is not one of 30/360, PERIODIC, ACT/365F, ACT/360, ACT/364, ACT/ACT-ISDA, ACT/ACT-31DEC.",
        ],
        id="a loan that is never repaid, by a count nobody knows",
    ),
    # Calls, names and keys.
    pytest.param(
        changed(GRANT, (CALL, f"{CALL}closes_at = 2025-01-01T00:00:00+08:00\n")),
        ["calls: 'MY-BAP-2026' closes before it opens."],
        id="a call that closes before it opens",
    ),
    pytest.param(
        calls(call("MY-BAP-2026", MARCH), own_lines=("calls_may_overlap = true",)),
        ["calls: 'MY-BAP-2026' stands twice."],
        id="a call that stands twice",
    ),
    pytest.param(
        changed(GRANT, ('code = "MY-BAP"\n', 'code = "my bap"\n')),
        ["code: expected at most 24 capital letters, digits and hyphens, not 'my bap'."],
        id="a code that is no part of an address",
    ),
    pytest.param(
        changed(GRANT, ('code = "MY-BAP-2026"', f'code = "{"C" * 35}"')),
        [f"calls: expected at most 34 capital letters, digits and hyphens, not '{'C' * 35}'."],
        id="a call whose references would be too long",
    ),
    pytest.param(
        changed(GRANT, ('key = "feasibility"', 'key = "growth"'), ('key = "specification"', 'key = "quotation"')),
        ["documents: 'quotation' stands twice.", "criteria: 'growth' stands twice."],
        id="a criterion and a document that stand twice",
    ),
    # The rubric, the life, the institutions, the words.
    pytest.param(
        GRANT.replace("weight_pct", "may_not_apply = true\nweight_pct"),
        ["criteria: one of them must always apply."],
        id="a rubric of which nothing need apply",
    ),
    pytest.param(
        changed(GRANT, ("weight_pct = 40", "weight_pct = 70"), ("weight_pct = 30", "weight_pct = 0")),
        ["criteria: 'feasibility' weighs nothing."],
        id="a criterion without weight",
    ),
    pytest.param(
        changed(GRANT, table(CLOCK, 'days = 0\nunit = "lunar"')),
        [
            "clocks.screening: 'lunar' is not one of calendar, working.",
            "clocks.screening: expected at least one day.",
        ],
        id="a clock of no days of an unknown kind",
    ),
    pytest.param(
        changed(GRANT, own("[institutions]", 'home = "@home"')),
        ["focal_points: one agency for each country in open_to, for home."],
        id="a part by country without its agencies",
    ),
    pytest.param(
        changed(GRANT, ('clause = "Illustrative: no support in retrospect"', 'clause = "x"\notherwise = "maybe"')),
        ["rules: not_started: 'maybe' is not not_eligible or conditions."],
        id="a rule that leads nowhere",
    ),
    pytest.param(
        changed(GRANT, own("[letters]", 'praise = "Well done."')),
        ["letters: no letter is called 'praise'."],
        id="words for a letter nobody sends",
    ),
    pytest.param(
        changed(GRANT, own("[languages.ms]", 'sector = "Sektor"', 'colour = "Warna"')),
        [
            "languages.ms: the form has no 'colour'.",
            "languages.ms: still to be said: section:enterprise, sector:manufacturing, sector:services and 23 more.",
        ],
        id="a translation that is not whole",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "sentences"), ROWS)
def test_a_scheme_is_refused(source: str, sentences: list[str]) -> None:
    assert refusals(source) == sentences


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = changed(
        GRANT,
        ("weight_pct = 40", "weight_pct = 39"),
        ('ceiling = "200000.00"', 'ceiling = "1.00"'),
        ('currency = "MYR"', 'currency = "SGD"'),
        table(CLOCK, 'days = 5\nunit = "working"\nwarn = 5'),
        ('criteria = "illustrative"', 'criteria = "hearsay"'),
    ) + call("MY-BAP-2", MARCH)
    places = [sentence.split(":")[0] for sentence in refusals(wrong, publish=True)]
    assert places == [
        "currency",
        "ceiling",
        "calls",
        "criteria",
        "clocks.screening",
        "basis",
        "basis",
    ]


ALLOWED = [
    pytest.param(calls(call("MY-BAP-2", MARCH), closes=MARCH), id="one call opens as the other closes"),
    pytest.param(
        calls(call("MY-BAP-2", MARCH), own_lines=("calls_may_overlap = true",)),
        id="calls that may overlap",
    ),
    pytest.param(
        changed(GRANT, ('currency = "MYR"', 'currency = "USD"'), own("regional = true")),
        id="another currency in a scheme of the regional fund",
    ),
    pytest.param(
        changed(GRANT, ('floor = "5000.00"', 'floor = "200000.00"')), id="a ceiling at the floor"
    ),
]  # fmt: skip


@pytest.mark.parametrize("source", ALLOWED)
def test_a_scheme_is_not_refused_for(source: str) -> None:
    assert publishable_terms(source).code == "MY-BAP"


LACKING = [
    pytest.param(
        changed(GRANT, ('ceiling = "guideline"\n', "")),
        ['basis: ceiling is missing; name a source or "illustrative".'],
        id="a figure without its source",
    ),
    pytest.param(
        changed(GRANT, ('ceiling = "guideline"\n', 'ceiling = "hearsay: somebody said so"\n')),
        ["basis: ceiling: no source has the key 'hearsay'."],
        id="a source that is not listed",
    ),
    pytest.param(
        changed(GRANT, ('ceiling = "guideline"\n', 'ceiling = "guideline"\nrate_pct = "guideline"\n')),
        ["basis: rate_pct is no figure of this scheme."],
        id="the basis of a figure it does not have",
    ),
    pytest.param(
        changed(GRANT, ('status = "open"', 'status = "closed"')),
        ["status_note: say why the scheme is closed, and since when."],
        id="closed without a word",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("source", "sentences"), LACKING)
def test_a_scheme_is_not_published(source: str, sentences: list[str]) -> None:
    assert refusals(source, publish=True) == sentences
