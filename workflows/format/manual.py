"""The reference tables of the format, in Markdown: made from the keys the loader reads, so that none is forgotten."""

import re
from collections.abc import Iterable, Mapping, Sequence

from workflows.format import words
from workflows.format.gathered import Key
from workflows.format.grammar import CHAPTERS

_MARKED = re.compile(r"(<!-- reference -->\n).*?(<!-- end -->)", re.DOTALL)
_WORDS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("guard", words.GUARD),
    ("choice", words.CHOICE),
    ("effect", words.EFFECT),
    ("letter", words.LETTER),
    ("currency", words.CURRENCY),
    ("Votes", words.VOTE),
    ("Shares of a body", words.SHARE),
    ("Who has the ball", words.HOLDER),
    ("How an end ended", words.OUTCOME),
    ("What can be seen", words.THING),
    ("What an act does to the clock", words.CLOCK_EFFECT),
    ("Reasons and notes", words.WISH),
    ("Days", words.UNIT),
    ("Kinds of definitions", words.KIND),
)


def reference() -> str:
    """Return every key and every closed word with its meaning."""
    tables = [_chapter(title, written, table.keys) for title, written, table in CHAPTERS]
    return "\n\n".join([*tables, *(_meanings(title, known) for title, known in _WORDS)])


def renewed(page: str) -> str:
    """Return a page with what stands between ``<!-- reference -->`` and ``<!-- end -->`` made anew."""
    return _MARKED.sub(lambda found: f"{found[1]}\n{reference()}\n\n{found[2]}", page)


def _chapter(title: str, written: str, keys: Iterable[Key]) -> str:
    head = f"### {title}" + (f": `{written}`" if written else "")
    rows = [(f"`{key.name}`", key.shape.brief, _default(key), key.about) for key in keys]
    return f"{head}\n\n" + _table(("key", "value", "without it", "meaning"), rows)


def _default(key: Key) -> str:
    """Return what holds where a key is left out."""
    if key.required:
        return "a mistake"
    if isinstance(key.default, bool):
        return "`true`" if key.default else "`false`"
    return f"`{key.default}`" if key.default or key.default == 0 else "nothing"


def _meanings(title: str, known: Mapping[str, str]) -> str:
    rows = [(f'`"{word}"`', meaning) for word, meaning in known.items()]
    return f"### {title[:1].upper()}{title[1:]}\n\n" + _table(("word", "meaning"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
