"""A scheme's text made whole: what it shares is put in, and what nobody shares is refused."""

import tomllib

import pytest

from app.schemes.compose import whole as module
from app.schemes.compose.whole import agencies_in, whole
from tests.schemes.texts import GRANT
from workflows.format.reading import Malformed

BLOCK = """
[section]
key = "declaration"
title = "Declaration"
[[section.questions]]
key = "truth"
label = "It is true."
kind = "declaration"
[languages.ms]
"section:declaration" = "Akuan"
truth = "Ia benar."
[languages.vi]
truth = "Đúng."
"""
REASONS = """
["INC-DOC"]
sentence = "A document is missing."
clause = "Scheme: documents"
acts = ["return", "decline"]
"""


@pytest.fixture(autouse=True)
def shared(tmp_path, monkeypatch: pytest.MonkeyPatch):
    """Share two invented blocks in the place of those shipped."""
    (tmp_path / "declaration.toml").write_text(BLOCK, encoding="utf-8")
    (tmp_path / "reasons.toml").write_text(REASONS, encoding="utf-8")
    monkeypatch.setattr(module, "SHARED", tmp_path)
    module._block.cache_clear()
    yield
    module._block.cache_clear()


def test_a_text_that_shares_nothing_stays_as_it_is() -> None:
    assert whole(GRANT) is GRANT


def test_a_section_is_put_in_with_its_words_in_the_languages_of_the_scheme() -> None:
    source = (
        'sections = [{use = "declaration", title = "At last"}]\n[languages.ms]\ntruth = "Benar."\n'
    )
    found = tomllib.loads(whole(source))
    assert found["sections"][0]["title"] == "At last"
    assert found["sections"][0]["questions"][0]["key"] == "truth"
    assert found["languages"] == {"ms": {"truth": "Benar.", "section:declaration": "Akuan"}}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param('"INC-DOC"', {"acts": ["return", "decline"]}, id="a reason by its code"),
        pytest.param(
            '{use = "INC-DOC", acts = ["return"]}', {"acts": ["return"]}, id="for fewer acts"
        ),
    ],
)
def test_a_reason_is_put_in(named: str, expected: dict[str, object]) -> None:
    (found,) = tomllib.loads(whole(f"reasons = [{named}]"))["reasons"]
    shared = {
        "code": "INC-DOC",
        "sentence": "A document is missing.",
        "clause": "Scheme: documents",
    }
    assert found == {**shared, **expected}


def test_the_same_text_is_put_together_the_same_way() -> None:
    source = 'sections = [{use = "declaration"}]\nreasons = ["INC-DOC"]\n'
    assert whole(source) == whole(source) == whole(whole(source))


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        pytest.param(
            'code = "X"\nsections = [{use = "moon"}]\nreasons = ["Y", {use = "Z"}]',
            ["sections: nobody shares 'moon'.", "reasons: nobody shares 'Y'.", "reasons: nobody shares 'Z'."],
            id="names nobody shares, all at once",
        ),
        pytest.param(
            'sections = [{use = "../declaration"}]',
            ["sections: nobody shares '../declaration'."],
            id="a name that leads elsewhere",
        ),
        pytest.param(
            "reasons = [{use = [1]}]", ["reasons: nobody shares '[1]'."], id="a name that is a list"
        ),
        pytest.param(
            "sections = [{use",
            ["Not TOML: Expected '=' after a key in a key/value pair (at end of document)."],
            id="no TOML",
        ),
    ],
)  # fmt: skip
def test_what_nobody_shares_is_refused(source: str, sentences: list[str]) -> None:
    with pytest.raises(Malformed) as caught:
        whole(source)
    assert caught.value.mistakes == sentences


def test_words_in_a_language_that_are_no_table_are_left_to_the_reader() -> None:
    source = 'sections = [{use = "declaration"}]\n[languages]\nms = "Melayu"\n'
    assert tomllib.loads(whole(source))["languages"] == {"ms": "Melayu"}


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        pytest.param('agency = "A"', ("A",), id="its own"),
        pytest.param(
            'agency = "A"\n[institutions]\nb = "B"\nhome = "@home"\n[focal_points]\nMY = "C"\nVN = "A"',
            ("A", "B", "C"),
            id="those of other parts and countries, each once",
        ),
        pytest.param('agency = "A"\ninstitutions = "B"', ("A",), id="parts that are no table"),
    ],
)
def test_the_agencies_a_text_names(source: str, codes: tuple[str, ...]) -> None:
    assert agencies_in(source) == codes
