"""Evidence files: what is taken, what is refused and why, and where the bytes lie."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from app.db import transaction
from app.documents.commands import Upload, keep
from app.documents.models import Document
from app.documents.queries import content, path_of
from app.errors import Missing
from tests.factories import invalid
from tests.world import World, pdf

ACTIVE = "The PDF holds a script, a program or another file. Print it to a new PDF."
NO_PDF = "The file is not a PDF, whatever its name says. Save it as PDF and send it again."
DAMAGED = "The PDF is damaged and cannot be opened. Save it again and send it."
MOST = 1024 * 1024


def made(change: Callable[[pikepdf.Pdf], None], **options: Any) -> bytes:
    """Return a PDF of one page that was changed before it was saved."""
    found = pikepdf.open(io.BytesIO(pdf()))
    change(found)
    buffer = io.BytesIO()
    found.save(buffer, **options)
    return buffer.getvalue()


def nothing(_pdf: pikepdf.Pdf) -> None:
    """Change nothing."""


def script(found: pikepdf.Pdf) -> None:
    found.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def script_of_its_own(found: pikepdf.Pdf) -> None:
    found.Root.OpenAction = found.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))


def script_on_a_page(found: pikepdf.Pdf) -> None:
    found.pages[0].AA = Dictionary(O=Array([Dictionary(S=Name.JavaScript, JS="app.alert(1)")]))


def program(found: pikepdf.Pdf) -> None:
    found.Root.OpenAction = Dictionary(S=Name.Launch, F="program.exe")


def embedded(found: pikepdf.Pdf) -> None:
    found.attachments["inner.txt"] = b"inner"


def pinned(found: pikepdf.Pdf) -> None:
    file = Dictionary(Type=Name.Filespec, F="x", EF=Dictionary(F=found.make_stream(b"inner")))
    note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=file)
    found.pages[0].Annots = Array([note])


def form_of_xml(found: pikepdf.Pdf) -> None:
    found.Root.AcroForm = Dictionary(Fields=Array([]), XFA=found.make_stream(b"<xdp/>"))


def without_pages(found: pikepdf.Pdf) -> None:
    del found.pages[0]


def hidden_name() -> bytes:
    """Return a PDF whose script is written as /J#61vaScript, which means the same."""
    plain = made(script_of_its_own)
    assert b"/JavaScript" in plain
    hidden = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")
    assert b"/JavaScript" not in hidden
    return hidden


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def kept(world: World, store: Path, data: bytes, name: str = "file.pdf") -> Document:
    with transaction():
        return keep(Upload(name, data), store=store, most_bytes=MOST, actor=world.applicant)


def test_a_pdf_is_kept_under_its_digest(world: World, store: Path) -> None:
    document = kept(world, store, pdf(), "Quotation 1.pdf")
    digest = hashlib.sha256(pdf()).hexdigest()
    assert (document.sha256, document.size, document.pages) == (digest, len(pdf()), 1)
    assert (document.filename, document.media_type) == ("Quotation 1.pdf", "application/pdf")
    assert document.uploaded_by == world.applicant.id
    assert path_of(store, digest).read_bytes() == content(store, document) == pdf()


def test_the_same_bytes_lie_in_the_store_once(world: World, store: Path) -> None:
    first, second = kept(world, store, pdf()), kept(world, store, pdf(), "again.pdf")
    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert [path.name for path in store.rglob("*") if path.is_file()] == [first.sha256]


def test_a_file_the_store_has_lost_is_missed(world: World, store: Path) -> None:
    document = kept(world, store, pdf())
    path_of(store, document.sha256).unlink()
    with pytest.raises(Missing, match="no longer in the store"):
        content(store, document)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "Choose a file. The one you sent is empty.", id="an empty file"),
        pytest.param(b"<!doctype html><script>x</script>", NO_PDF, id="a page named as a PDF"),
        pytest.param(b"PK\x03\x04rest", NO_PDF, id="an archive named as a PDF"),
        pytest.param(b"\n\n" + pdf(), NO_PDF, id="a PDF behind something else"),
        pytest.param(b"%PDF-1.7\nnothing", DAMAGED, id="the first line of a PDF alone"),
        pytest.param(
            made(nothing, encryption=pikepdf.Encryption(owner="o", user="u")),
            "The PDF is protected by a password. Send one that opens without.",
            id="a PDF with a password",
        ),
        pytest.param(made(script), ACTIVE, id="a script in the catalogue"),
        pytest.param(made(script_of_its_own), ACTIVE, id="a script as an object of its own"),
        pytest.param(made(script_on_a_page), ACTIVE, id="a script on a page, in a list"),
        pytest.param(hidden_name(), ACTIVE, id="a script under a name in disguise"),
        pytest.param(
            made(script, object_stream_mode=pikepdf.ObjectStreamMode.generate), ACTIVE,
            id="a script in a compressed object",
        ),
        pytest.param(made(program), ACTIVE, id="a program to start"),
        pytest.param(made(embedded), ACTIVE, id="a file within the file"),
        pytest.param(made(pinned), ACTIVE, id="a file pinned to a page"),
        pytest.param(made(form_of_xml), ACTIVE, id="a form that is a program"),
        pytest.param(made(without_pages), "The PDF has no page.", id="no page"),
        pytest.param(
            pdf() + b"0" * MOST, "The file is larger than 1 MB. Send a smaller one.",
            id="too large",
        ),
    ],
)  # fmt: skip
def test_a_file_is_refused_with_its_reason(
    world: World, store: Path, data: bytes, sentence: str
) -> None:
    with invalid("file") as errors:
        kept(world, store, data)
    assert errors["file"] == [sentence]
    assert not store.exists()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param("plan.pdf", "plan.pdf", id="a plain name"),
        pytest.param("../../etc/plan.pdf", "plan.pdf", id="folders above"),
        pytest.param("C:\\Users\\me\\plan.pdf", "plan.pdf", id="folders of another system"),
        pytest.param("Kế hoạch.pdf", "Kế hoạch.pdf", id="letters of any script"),
        pytest.param("a\r\nX-Evil: 1\x00.pdf", "aX-Evil: 1.pdf", id="control characters"),
        pytest.param("plan\u202efdp.exe", "planfdp.exe", id="a turn of the writing direction"),
        pytest.param("", "document.pdf", id="no name"),
        pytest.param("folder/", "document.pdf", id="a folder alone"),
        pytest.param("a" * 300 + ".pdf", "a" * 116 + ".pdf", id="a very long name"),
    ],
)
def test_a_file_name_is_only_a_name(world: World, store: Path, given: str, name: str) -> None:
    assert kept(world, store, pdf(), given).filename == name
