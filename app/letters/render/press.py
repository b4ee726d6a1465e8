"""The press: WeasyPrint with our fonts alone, our assets alone, and text that machines read rightly.

WeasyPrint is imported when the press is set up, not before: its import reads the font configuration of the
machine, and a web process that only composes letters needs neither it nor Pango.
"""

import hashlib
import html
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fontTools.ttLib import TTFont

from app.letters.render.text import UnprintableText

if TYPE_CHECKING:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

TEMPLATES: Final = Path(__file__).resolve().parents[3] / "templates" / "letters"
FONTS: Final = TEMPLATES / "fonts"
ASSETS: Final[Mapping[str, str]] = {"asset:channel.svg": "image/svg+xml"}
MAX_PAGES: Final = 24

SUPPORTED: Final = "70.0"
"""The WeasyPrint whose insides `_mend_reading` knows."""

# Joiners shape the letters beside them, and a line end is no letter: none needs a glyph.
_NEEDS_NO_GLYPH: Final = frozenset("\n\u200b\u200c\u200d")
# Tamil, Thai, Lao, Burmese, Khmer: signs are drawn before the letter they follow, or one sign as two. Arabic is not among them, because readers turn
# its line round themselves and would turn an /ActualText round as well.
_RESHAPED: Final = re.compile("[\u0b80-\u0bff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


class ForbiddenAddress(ValueError):
    """A letter asked for a file or an address outside its own assets."""


@dataclass(frozen=True, slots=True)
class Press:
    """What is made once and serves every letter: a fresh font configuration each time would leak."""

    fonts: "FontConfiguration"
    style: "CSS"
    most: int = MAX_PAGES

    def print(self, page: str) -> bytes:
        """Lay out an HTML page and return the tagged PDF (PDF/UA-1, ISO 14289-1:2014).

        Raises ForbiddenAddress for anything outside the assets, ValueError beyond ``most`` pages,
        UnprintableText if a box had to stand for a character after all.
        """
        from weasyprint import HTML  # noqa: PLC0415  (see the module's docstring)
        from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

        try:
            source = HTML(string=page, base_url="asset:", url_fetcher=fetch)
            document = source.render(
                font_config=self.fonts, stylesheets=[self.style], pdf_variant="pdf/ua-1"
            )
            if len(document.pages) > self.most:
                raise ValueError(f"{len(document.pages)} pages; at most {self.most} are printed")
            pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
            if boxes := {chr(code) for font in document.fonts.values() for code in font.missing}:
                raise UnprintableText.naming(boxes)
        except FatalURLFetchingError as error:
            raise ForbiddenAddress(str(error)) from error
        return pdf


@cache
def set_up() -> Press:
    """Set the press up, once in a process."""
    with _own_fonts_only():
        import weasyprint  # noqa: PLC0415  (see the module's docstring)
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        fonts = FontConfiguration()
    if weasyprint.VERSION != SUPPORTED:
        raise RuntimeError(f"Letters need WeasyPrint {SUPPORTED}, not {weasyprint.VERSION}")
    _mend_reading()
    style = (TEMPLATES / "letter.css").read_text(encoding="utf-8")
    return Press(
        fonts,
        weasyprint.CSS(string=style, base_url="asset:", url_fetcher=fetch, font_config=fonts),
    )


@cache
def paper(style: Path, most: int) -> Press:
    """Return the press with another style sheet, for what is no letter and has more pages."""
    ready = set_up()
    from weasyprint import CSS  # noqa: PLC0415  (see the module's docstring)

    text = style.read_text(encoding="utf-8")
    sheet = CSS(string=text, base_url="asset:", url_fetcher=fetch, font_config=ready.fonts)
    return Press(ready.fonts, sheet, most)


def fetch(url: str) -> Any:
    """Answer WeasyPrint's request for a resource: an asset of ours or inline data, and nothing else.

    The refusal is WeasyPrint's fatal error: an ordinary one is only logged, and the letter would go out
    without its picture.
    """
    from weasyprint.urls import (  # noqa: PLC0415  (see the module's docstring)
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    if url in ASSETS:
        body = (TEMPLATES / url.removeprefix("asset:")).read_bytes()
        return URLFetcherResponse(url, body, {"Content-Type": ASSETS[url]})
    if url.startswith("data:"):
        return URLFetcher(allowed_protocols={"data"}, allow_redirects=False).fetch(url)
    raise FatalURLFetchingError(f"A letter may not fetch {url[:80]}")


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of `text` that no font of ours can show in both weights."""
    return set(text) - _covered()


@cache
def fingerprint() -> str:
    """Name everything that decides a letter's bytes besides the letter: kept with each letter issued."""
    set_up()
    import weasyprint  # noqa: PLC0415  (see the module's docstring)
    from weasyprint.text.ffi import pango  # noqa: PLC0415

    number = pango.pango_version()
    digest = hashlib.sha256()
    for path in sorted(TEMPLATES.rglob("*")):
        if path.suffix in {".html", ".css", ".svg", ".ttf"}:
            digest.update(path.relative_to(TEMPLATES).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    return f"WeasyPrint {weasyprint.VERSION}; Pango {version}; templates {digest.hexdigest()[:16]}"


@cache
def _covered() -> frozenset[str]:
    by_weight: dict[str, set[int]] = {}
    for path in FONTS.glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            by_weight.setdefault(path.stem.partition("-")[2], set()).update(font.getBestCmap())
    shown = map(chr, set.intersection(*by_weight.values()))
    return _NEEDS_NO_GLYPH | {each for each in shown if unicodedata.category(each) != "Cc"}


@contextmanager
def _own_fonts_only() -> Iterator[None]:
    """Let fontconfig see our folder and no other; it maps what it needs before the folder goes.

    Without the rescan setting it would look for the vanished files every thirty seconds.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="letters-fonts-") as folder:
        configuration = Path(folder, "fonts.conf")
        configuration.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
            f"<dir>{html.escape(str(FONTS))}</dir><cachedir>{folder}</cachedir>"
            "<config><rescan><int>0</int></rescan></config></fontconfig>",
            encoding="utf-8",
        )
        os.environ["FONTCONFIG_FILE"] = str(configuration)
        try:
            yield
        finally:
            os.environ.pop("FONTCONFIG_FILE")
            if before is not None:
                os.environ["FONTCONFIG_FILE"] = before


def _mend_reading() -> None:
    """Make copying, searching and reading aloud give back the characters of reshaped scripts.

    WeasyPrint names each glyph after the first cluster it met, and leaves some without a name, which PDF/UA
    forbids (ISO 14289-1, 7.21.7). So a run of such a script carries its own text (/ActualText, ISO 32000-1,
    14.9.4), and every glyph the name that its font gives it.
    """
    import weasyprint.draw.text as drawing  # noqa: PLC0415  (see the module's docstring)
    import weasyprint.pdf as writing  # noqa: PLC0415

    pydyf = writing.pydyf
    draw, build = drawing.draw_first_line, writing.build_fonts_dictionary

    def draw_first_line(stream: Any, box: Any, *rest: Any) -> Any:
        if not _RESHAPED.search(box.text):
            return draw(stream, box, *rest)
        span = pydyf.Dictionary({"ActualText": pydyf.String(box.text)})
        pydyf.Stream.begin_marked_content(stream, "Span", span)
        try:
            return draw(stream, box, *rest)
        finally:
            pydyf.Stream.end_marked_content(stream)

    def build_fonts_dictionary(pdf: Any, fonts: Any, *rest: Any) -> Any:
        for font in fonts.values():
            names = font.to_unicode
            if any(not text or _RESHAPED.search(text) for text in names.values()):
                own = _names_of_glyphs(font.file_content)
                names |= {glyph: own.get(glyph) or names[glyph] or "\u200b" for glyph in names}
        return build(pdf, fonts, *rest)

    drawing.draw_first_line = draw_first_line
    writing.build_fonts_dictionary = build_fonts_dictionary


@cache
def _names_of_glyphs(file: bytes) -> dict[int, str]:
    with TTFont(io.BytesIO(file), lazy=True) as font:
        order = font.getReverseGlyphMap()
        return {order[glyph]: chr(code) for code, glyph in font.getBestCmap().items()}
