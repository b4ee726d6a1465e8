"""The press: closed to the world outside, equipped with its own fonts, known by its fingerprint."""

import io

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from app.letters.render import (
    ForbiddenAddress,
    UnprintableText,
    fingerprint,
    missing_glyphs,
    render,
)
from app.letters.render.press import FONTS, fetch, set_up
from tests.letters import pieces, samples


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "https://example.org/x",
        "ftp://example.org/x",
        "asset:../fonts/OFL.txt",
        "asset:letter.css",
    ],
)
def test_the_press_fetches_nothing_from_outside(address: str) -> None:
    with pytest.raises(FatalURLFetchingError):
        fetch(address)
    with pytest.raises(ForbiddenAddress):
        set_up().print(f'<html lang="en"><title>x</title><img alt="x" src="{address}">')


@pytest.mark.parametrize(("address", "starts"), [("asset:channel.svg", b"<svg"), ("data:,x", b"x")])
def test_the_press_fetches_its_own(address: str, starts: bytes) -> None:
    assert fetch(address).read().startswith(starts)


def test_glyphs_that_are_missing_are_named() -> None:
    assert missing_glyphs("".join(pieces.SCRIPTS) + "₫₱₭៛฿ “”\n") == set()
    assert missing_glyphs("a漢b字") == {"漢", "字"}


def test_the_press_itself_prints_no_boxes() -> None:
    with pytest.raises(UnprintableText, match="CJK UNIFIED"):
        set_up().print('<html lang="en"><title>x</title><p>漢')


def test_fonts_exist_once_for_each_family_and_weight() -> None:
    names = sorted(path.stem for path in FONTS.glob("*.ttf"))
    scripts = ("", "Khmer", "Lao", "Myanmar", "Tamil", "Thai")
    families = ("NotoNaskhArabic", *(f"NotoSans{script}" for script in scripts))
    assert names == sorted(
        f"{family}-{weight}" for family in families for weight in ("Bold", "Regular")
    )


def test_a_letter_embeds_the_fonts_of_the_project_alone() -> None:
    with pikepdf.open(io.BytesIO(render(samples.INFORMATION_REQUEST))) as pdf:
        fonts = {str(font.BaseFont)[8:] for font in pdf.pages[0].Resources.Font.values()}
    assert fonts == {"Noto-Sans", "Noto-Sans-Bold", "Noto-Sans-Tamil-Bold"}


def test_the_fingerprint_names_what_decides_the_bytes() -> None:
    assert fingerprint().startswith("WeasyPrint 70.0; Pango ")
    assert len(fingerprint().rpartition(" ")[2]) == 16
