"""A form in the languages of its scheme."""

import pytest

from app.schemes.compose.asking import places
from app.schemes.compose.speaking import in_language, spoken
from tests.schemes.every_kind import terms


def test_a_form_is_said_in_the_languages_of_its_scheme() -> None:
    found = terms()
    assert spoken(found) == ("en", "ms")
    firm, project, *_ = in_language(found, "ms")
    assert (firm.title, firm.questions[0].label) == ("Perusahaan anda", "Sektor")
    assert firm.questions[0].choices["services"] == "Perkhidmatan"
    budget = next(question for question in project.questions if question.key == "budget")
    assert (budget.label, budget.hint) == ("Belanjawan", "Satu baris bagi setiap barang.")
    assert [column.label for column in budget.columns[:2]] == ["Barang", "ms budget/group"]
    assert budget.columns[1].choices == {"tool": "Alat", "work": "ms budget/group:work"}


@pytest.mark.parametrize("tag", ["en", "th", ""])
def test_a_language_without_words_is_english(tag: str) -> None:
    assert in_language(terms(), tag) == terms().sections


def test_every_place_has_its_words() -> None:
    found = terms()
    assert set(places(found)) == set(found.languages["ms"])
