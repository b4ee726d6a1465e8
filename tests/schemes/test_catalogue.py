"""The shipped catalogue: every member state has open schemes, and what the demonstration answers is right in each form."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from app.countries.queries import served
from app.schemes.commands import CATALOGUE
from app.schemes.compose.judging import Given, Judged, judge, wanted
from app.schemes.compose.reading import scheme_terms
from app.schemes.compose.terms import ILLUSTRATIVE, SchemeTerms
from app.schemes.compose.whole import SHARED, whole
from app.schemes.schemas import Filled, filled
from demo.dossier import FOLDER, Dossier, read
from workflows.eligibility import ELIGIBLE, WITH_CONDITIONS

FILES = {file.stem: file for file in sorted(CATALOGUE.glob("*.toml"))}
SHARED_REASONS = tomllib.loads((SHARED / "reasons.toml").read_text("utf-8"))
# What is known of the enterprises of the demonstration beside their answers, before anybody has looked them up.
FACTS = {"registry": "format_checked", "other_applications": 0, "certificate:business_plan": "none"}
# These two are turned away: one for its size, one because it began before approval.
TURNED_AWAY = {"04-screened-out", "12-ineligible"}


@cache
def terms(name: str) -> SchemeTerms:
    return scheme_terms(whole(FILES[name].read_text("utf-8")))


@cache
def by_call() -> dict[str, SchemeTerms]:
    return {call.code: terms(name) for name in FILES for call in terms(name).calls}


def national(country: str) -> list[SchemeTerms]:
    return [
        terms(name) for name in FILES if terms(name).country == country and not terms(name).regional
    ]


@pytest.mark.parametrize("country", served())
def test_every_member_state_has_two_schemes_and_one_that_is_open(country: str) -> None:
    found = national(country)
    assert len(found) > 1
    assert "open" in {scheme.status for scheme in found}
    assert len({scheme.facility for scheme in found}) == 1


def test_every_instrument_is_there() -> None:
    found = {terms(name).instrument for name in FILES}
    assert found == {"grant", "co-payment", "loan", "guarantee"}


@pytest.mark.parametrize("name", FILES)
def test_what_is_illustrative_is_said_in_words(name: str) -> None:
    """A figure that nobody published is named illustrative, and the page says in words what was filled in."""
    found = terms(name)
    filled_in = [key for key, said in found.basis.items() if said.startswith(ILLUSTRATIVE)]
    assert filled_in
    assert any("llustrative" in sentence for sentence in found.assumed)


@pytest.mark.parametrize("name", [name for name in FILES if terms(name).status != "open"])
def test_a_scheme_that_is_not_open_says_since_when_and_by_what_source(name: str) -> None:
    found = terms(name)
    assert any(character.isdigit() for character in found.status_note)
    assert found.assumed[0].endswith("takes no applications here.")


@pytest.mark.parametrize("code", ["CDD-FAIL", "SAN-HIT"])
def test_whoever_is_suspected_is_not_told_so(code: str) -> None:
    """FATF recommendation 21: both say the same, and neither names a suspicion, a match or a list."""
    reasons = scheme_terms(whole(FILES["bn_comatching"].read_text("utf-8")))
    said = reasons.reason(code)
    assert said.silent
    assert (said.sentence, said.clause) == (
        "The checks that the law requires before public money is paid could not be completed.",
        "Legal requirements for payments",
    )


@pytest.mark.parametrize("name", FILES)
def test_a_scheme_gives_only_reasons_that_fit_its_instrument(name: str) -> None:
    found = terms(name)
    kinds = {found.instrument} | ({"regional"} if found.regional else set())
    wrong = [
        reason.code
        for reason in found.reasons
        if kinds.isdisjoint(SHARED_REASONS.get(reason.code, {}).get("instruments", kinds))
    ]
    assert wrong == []


def test_sections_are_shared_and_none_is_left_over() -> None:
    shared = {file.stem for file in SHARED.glob("*.toml")} - {"reasons"}
    texts = "".join(file.read_text("utf-8") for file in FILES.values())
    assert {name for name in shared if f'use = "{name}"' in texts} == shared


@cache
def dossier(name: str) -> Dossier:
    return read(FOLDER / f"{name}.toml")


ANSWERS = tomllib.loads((Path(__file__).parent / "catalogue_answers.toml").read_text("utf-8"))
COMMON = ANSWERS.pop("common")
DOSSIERS = [file.stem for file in sorted(FOLDER.glob("*.toml"))]


@pytest.mark.parametrize("name", DOSSIERS)
def test_what_the_demonstration_answers_is_right(name: str) -> None:
    found = dossier(name)
    scheme = by_call()[found.call]
    form = filled(scheme, _nested(found), _home(scheme))
    assert form.problems == {}
    if name not in TURNED_AWAY:
        assert _judged(scheme, form).outcome in {ELIGIBLE, WITH_CONDITIONS}


def test_every_open_scheme_has_good_answers_here_or_in_the_demonstration() -> None:
    played = {by_call()[dossier(name).call].code for name in DOSSIERS}
    open_ = {terms(name).code for name in FILES if terms(name).status == "open"}
    assert open_ - played == set(ANSWERS)


@pytest.mark.parametrize("code", ANSWERS)
def test_an_open_scheme_can_be_applied_for(code: str) -> None:
    """Its form can be filled in, and its rules let somebody through."""
    scheme = next(terms(name) for name in FILES if terms(name).code == code)
    asked = {question.key for question in scheme.questions}
    answers = {key: value for key, value in {**COMMON, **ANSWERS[code]}.items() if key in asked}
    form = filled(scheme, answers, _home(scheme))
    assert form.problems == {}
    judged = _judged(scheme, form)
    assert judged.outcome in {ELIGIBLE, WITH_CONDITIONS}, judged.told


def _judged(scheme: SchemeTerms, form: Filled) -> Judged:
    facts = {**FACTS, "enterprise_country": _home(scheme)}
    given = Given(form.values, form.asked, _home(scheme), complete=True)
    return judge(scheme, given, {key: facts[key] for key in facts.keys() & wanted(scheme)})


def _home(scheme: SchemeTerms) -> str:
    """Return where the enterprise is: of the regional scheme in Malaysia, else in the country of the scheme."""
    return "MY" if scheme.regional else scheme.country


def _nested(found: Dossier) -> dict[str, object]:
    """Return answers as they are kept: the cells of a table as a list of its rows."""
    kept: dict[str, object] = {}
    rows: dict[str, dict[str, dict[str, object]]] = {}
    for name, value in found.answers.items():
        table, _, rest = name.partition(".")
        if not rest:
            kept[name] = value
            continue
        row, _, column = rest.partition(".")
        rows.setdefault(table, {}).setdefault(row, {})[column] = value
    return kept | {table: list(found.values()) for table, found in rows.items()}
