"""A scheme's text made whole: sections and coded reasons it shares with others are put in, so that it stands alone."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import tomli_w

from app.schemes.compose.terms import ELSEWHERE, HOME
from workflows.format.reading import Malformed

SHARED = Path(__file__).parent.parent / "catalogue" / "shared"
REASONS = "reasons"
SHARED_OF_A_REASON = ("sentence", "clause", "acts", "silent")


def whole(source: str) -> str:
    """Return a scheme's text with what it shares put in; a text that shares nothing comes back as it is.

    A section ``{use = "NAME"}`` is that of ``catalogue/shared/NAME.toml`` with its words in the languages the scheme has;
    a reason that is only a code, or a table with ``use``, is that of ``reasons.toml``. Other keys of such a table replace
    those of what is shared. Raises ``Malformed`` for a name nobody shares.
    """
    raw, found = _raw(source), list[str]()
    sections, reasons = _listed(raw.get("sections")), _listed(raw.get(REASONS))
    if not any(_shares(one) for one in (*sections, *reasons)):
        return source
    raw["sections"] = [_section(one, raw, found) for one in sections]
    raw[REASONS] = [_reason(one, found) for one in reasons]
    if found:
        raise Malformed(str(raw.get("code", "scheme")), found)
    return tomli_w.dumps(raw)


def agencies_in(source: str) -> tuple[str, ...]:
    """Return the codes of the agencies that a scheme's text names, its own first; what else it says is not looked at.

    What stands for an agency by country is none.
    """
    raw = _raw(source)
    codes = [str(raw.get("agency", ""))]
    for part in ("institutions", "focal_points"):
        named = raw.get(part, {})
        codes += [str(code) for code in named.values()] if isinstance(named, dict) else []
    return tuple(dict.fromkeys(code for code in codes if code not in {HOME, ELSEWHERE}))


def code_in(source: str) -> str:
    """Return the code of the scheme that a text is of; whether the rest of it is in order is not looked at."""
    return str(_raw(source).get("code", ""))


def _raw(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("scheme", [f"Not TOML: {error}."]) from error


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _shares(one: Any) -> bool:
    return isinstance(one, str) or (isinstance(one, dict) and "use" in one)


def _section(one: Any, raw: dict[str, Any], found: list[str]) -> Any:
    if not isinstance(one, dict) or "use" not in one:
        return one
    block = _block(str(one["use"]))
    if block is None:
        found.append(f"sections: nobody shares {one['use']!r}.")
        return one
    for tag, words in _languages(raw).items():
        words |= {
            key: said for key, said in _languages(block).get(tag, {}).items() if key not in words
        }
    return {**block["section"], **{key: value for key, value in one.items() if key != "use"}}


def _languages(table: dict[str, Any]) -> dict[str, Any]:
    found = table.get("languages", {})
    said = found if isinstance(found, dict) else {}
    return {tag: words for tag, words in said.items() if isinstance(words, dict)}


def _reason(one: Any, found: list[str]) -> Any:
    if not _shares(one):
        return one
    code = one if isinstance(one, str) else str(one["use"])
    known = (_block(REASONS) or {}).get(code)
    if known is None:
        found.append(f"reasons: nobody shares {code!r}.")
        return one
    own = {} if isinstance(one, str) else {k: v for k, v in one.items() if k != "use"}
    shared = {key: known[key] for key in SHARED_OF_A_REASON if key in known}
    return {"code": code, **shared, **own}


@cache
def _block(name: str) -> dict[str, Any] | None:
    file = SHARED / f"{name}.toml"
    if not file.is_file() or file.parent != SHARED:
        return None
    return tomllib.loads(file.read_text(encoding="utf-8"))
