"""Texts of schemes for tests: the shipped ones with passages replaced, and what is said of them."""

import pytest

from app.schemes.commands import CATALOGUE
from app.schemes.compose.reading import publishable_terms, scheme_terms
from workflows.format.reading import Malformed


def plain(name: str) -> str:
    """Return a shipped scheme without its words in other languages: whoever asks one question more owes it no words."""
    before, _, words = (CATALOGUE / f"{name}.toml").read_text("utf-8").partition("[languages.")
    return before + words[words.index("[[documents]]") :]


GRANT, LOAN = plain("my_bap"), plain("vn_smedf")
# What tables may follow, in a grant and in a loan: what stands before it is the scheme's own.
TABLES = "[basis]\n"


def changed(source: str, *changes: tuple[str, str]) -> str:
    """Return a text with passages replaced, each of which stands in it, once."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new, 1)
    return source


def own(*lines: str) -> tuple[str, str]:
    """Return the change that gives a scheme more values of its own."""
    return (TABLES, "\n".join([*lines, "", TABLES]))


def table(*lines: str) -> tuple[str, str]:
    """Return the change that gives a scheme another table."""
    return (TABLES, "\n".join([*lines, TABLES]))


def question(key: str, *lines: str) -> tuple[str, str]:
    """Return the change that asks one more question, last in the grant's first section."""
    asked = ["[[sections.questions]]", f'key = "{key}"', f'label = "{key}?"', *lines, ""]
    mark = '\n[[sections]]\nkey = "project"\n'
    return (mark, "\n".join(["", *asked]) + mark)


OTHER = "MY-BAP-B"


def in_two_calls(one_per: str) -> str:
    """Return the next version of the grant with a second call, in which an enterprise may have one application."""
    more = own(f'one_per = "{one_per}"', "calls_may_overlap = true")
    window = 'opens_at = 2026-01-01T00:00:00+08:00\nbudget = "450000.00"'
    call = f'\n[[calls]]\ncode = "{OTHER}"\ntitle = "Second call"\n{window}\n'
    return changed(GRANT, ("version = 4", "version = 5"), more) + call


def refusals(source: str, *, publish: bool = False) -> list[str]:
    """Return what is wrong with a text, of which something must be."""
    with pytest.raises(Malformed) as caught:
        (publishable_terms if publish else scheme_terms)(source)
    return caught.value.mistakes
