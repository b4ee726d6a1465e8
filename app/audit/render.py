"""A dossier as a PDF file: the printing press of the letters, with a style sheet for tables."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.letters.render.press import missing_glyphs, paper

if TYPE_CHECKING:
    from app.audit.compose.dossiers import Dossier

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates" / "audit"
MOST_PAGES: Final = 400


def dossier(found: "Dossier") -> bytes:
    """Print a dossier as a tagged PDF (PDF/UA-1, ISO 14289-1:2014); raises ``ValueError`` beyond ``MOST_PAGES`` pages.

    A character that no font of ours can show stands there by its number in Unicode: a dossier is for reading.
    """
    page = _templates().get_template("dossier.html").render(dossier=found)
    unknown = {ord(each): f"[U+{ord(each):04X}]" for each in missing_glyphs(page)}
    return paper(TEMPLATES / "dossier.css", MOST_PAGES).print(page.translate(unknown))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
