"""Letters as PDF files: what they say, what they refuse, and that they come out the same twice."""

import io
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pikepdf
import pypdfium2
import pytest

from app.letters.render import (
    Acknowledgement,
    Decline,
    Letter,
    Offer,
    UnprintableText,
    render,
    warm,
)
from app.letters.render.press import MAX_PAGES
from tests.letters import pieces, samples
from tests.letters.sayings import SAYS

MARGIN = 40  # points; the style sheet leaves more on every side


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm()


@cache
def printed(kind: str) -> bytes:
    """Return a sample letter as it is printed: once for all that is read of it."""
    return render(samples.ALL[kind])


def pages(pdf: bytes) -> list[str]:
    """Read the text of each page back, in lines."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range().replace("\r", "") for page in document]
    finally:
        document.close()


def text(pdf: bytes) -> str:
    """Read the whole text back on one line, so that line breaks do not matter."""
    return " ".join(" ".join(pages(pdf)).split())


def declined(**changes: Any) -> Letter:
    return replace(samples.DECLINE, addressee=replace(pieces.ADDRESSEE, **changes))


@pytest.mark.parametrize("name", pieces.SCRIPTS)
def test_a_name_in_any_script_of_the_member_states_is_read_back_as_it_was_written(
    name: str,
) -> None:
    assert name in text(render(declined(enterprise=name)))


@pytest.mark.parametrize(
    ("kind", "words"),
    [(kind, words) for kind, _, words in SAYS],
    ids=[f"{kind} says {what}" for kind, what, _ in SAYS],
)
def test_a_letter_says(kind: str, words: str) -> None:
    assert words in text(printed(kind))


@pytest.mark.parametrize("sample", [samples.SALE_ARREARS, samples.SOLD], ids=["arrears", "offer"])
def test_a_letter_about_a_sale_never_speaks_of_a_loan_or_of_interest(sample: Letter) -> None:
    letter = replace(sample, scheme="A scheme")
    words = set(text(render(letter)).lower().replace(".", " ").replace(",", " ").split())
    assert words.isdisjoint({"loan", "loans", "interest", "principal", "charge", "charges"})


@pytest.mark.parametrize("kind", samples.ALL)
def test_every_letter_carries_its_frame_inside_the_page(kind: str) -> None:
    letter = samples.ALL[kind]
    document = pypdfium2.PdfDocument(printed(kind))
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        read = page.get_textpage()
        words = read.get_text_range()
        assert f"Page {number} / {len(document)}" in words
        assert f"Reference {letter.reference}" in words
        assert f"Record {letter.event_digest[:16]}" in words
        assert "Leaf 41 of 20,852 in the decision trail agency.example/trail" in words
        assert f"Root {letter.place.root}" in words
        for box in map(read.get_rect, range(read.count_rects())):
            assert box[0] > MARGIN
            assert box[1] > MARGIN
            assert box[2] < width - MARGIN
            assert box[3] < height - MARGIN
    document.close()


@pytest.mark.parametrize("kind", samples.ALL)
def test_every_letter_is_tagged_titled_and_dated(kind: str) -> None:
    letter = samples.ALL[kind]
    with pikepdf.open(io.BytesIO(printed(kind))) as pdf:
        assert pdf.Root.Lang == "en"
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo["/Title"]) == f"{letter.subject} ({letter.reference})"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260303")
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()


@pytest.mark.parametrize("kind", samples.ALL)
def test_the_same_letter_gives_the_same_bytes(kind: str) -> None:
    assert printed(kind) == render(samples.ALL[kind])


def test_a_schedule_of_seven_years_repeats_its_header_on_every_page() -> None:
    read = pages(render(samples.loan(84)))
    with_schedule = [page for page in read if "10,000,000" in page]
    assert len(with_schedule) == 3
    assert all("Balance after" in page for page in with_schedule)
    assert "84 15 April 2033 10,000,000 50,000 10,050,000 0" in " ".join(with_schedule[-1].split())


def test_a_letter_beyond_the_page_cap_is_refused() -> None:
    many = tuple(replace(pieces.REASONS[0], note="A long story. " * 280) for _ in range(60))
    letter = replace(samples.DECLINE, body=Decline(many, "Ask."))
    with pytest.raises(ValueError, match=rf"pages; at most {MAX_PAGES} are printed"):
        render(letter)


REFUSED = [
    ("a very long name", declined(enterprise="A" * 201), ValueError, "enterprise has 201"),
    ("20 000 combining marks", declined(enterprise="a" + "\u0301" * 20_000), ValueError, "20001"),
    ("a pile of marks", declined(enterprise="a" + "\u0323" * 9), UnprintableText, "DOT BELOW"),
    ("an emoji", declined(enterprise="Kedai 😀"), UnprintableText, r"U\+1F600 GRINNING FACE"),
    ("a script without a font", declined(contact_name="漢字商店"), UnprintableText, "CJK UNIFIED"),
    ("a control character", declined(enterprise="A\x00B"), UnprintableText, r"U\+0000 unnamed"),
    ("half a surrogate pair", declined(enterprise="A\ud800"), UnprintableText, r"U\+D800"),
    ("a body of another kind", replace(samples.DECLINE, kind="lapse"), ValueError, "no body"),
    ("an unknown kind", replace(samples.DECLINE, kind="../x"), ValueError, "no body"),
    (
        "another language",
        replace(samples.DECLINE, language="xx"),  # type: ignore[arg-type]
        ValueError,
        "written in 'xx'",
    ),
    (
        "an address of seven lines",
        declined(address_lines=("x",) * 7),
        ValueError,
        "address_lines has 7 entries",
    ),
    (
        "a list without end",
        samples.loan(481),
        ValueError,
        "schedule has 481 entries",
    ),
]


@pytest.mark.parametrize(
    ("letter", "error", "words"),
    [row[1:] for row in REFUSED],
    ids=[f"{row[0]} is refused" for row in REFUSED],
)
def test_what_is_refused(letter: Letter, error: type[ValueError], words: str) -> None:
    with pytest.raises(error, match=words):
        render(letter)


@pytest.mark.parametrize("amount", ["100.5", "-1", "NaN", "Infinity"])
def test_no_letter_rounds_or_invents_money(amount: str) -> None:
    assert isinstance(samples.LOAN.body, Offer)
    body = replace(samples.LOAN.body, amount=Decimal(amount))
    with pytest.raises(ValueError, match="no amount of money with 0 decimals"):
        render(replace(samples.LOAN, body=body))


HARMLESS = [
    ("mark-up is printed as text", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("an image tag fetches nothing", '<img src="file:///etc/passwd">', "file:///etc/passwd"),
    ("a template is not run", "{{ 7 * 7 }}", "{{ 7 * 7 }}"),
    ("signs that turn text round are dropped", "in\u202evoice\u202c.exe", "invoice.exe"),
    ("decomposed letters are composed", "Tie\u0302\u0301ng", "Tiếng"),
    ("ampersands survive", 'Rempah & Anak "Sdn"', 'Rempah & Anak "Sdn"'),
]


@pytest.mark.parametrize(
    ("given", "printed"), [row[1:] for row in HARMLESS], ids=[row[0] for row in HARMLESS]
)
def test_hostile_text_is_harmless(given: str, printed: str) -> None:
    pdf = render(declined(enterprise=given))
    assert printed in text(pdf)
    assert b"root:" not in pdf


def test_the_widest_addressee_stays_inside_the_page() -> None:
    widest = declined(
        enterprise="W" * 200,
        contact_name="M" * 120,
        registry_number="W" * 60,
        address_lines=("W" * 80,) * 6,
    )
    document = pypdfium2.PdfDocument(render(widest))
    for page in document:
        read = page.get_textpage()
        boxes = [read.get_rect(number) for number in range(read.count_rects())]
        assert max(box[2] for box in boxes) < page.get_width() - MARGIN
        assert min(box[1] for box in boxes) > MARGIN
    document.close()


def test_a_note_longer_than_a_page_is_printed_to_its_end() -> None:
    note = "line\n" * 70 + "the end of the note"
    letter = replace(
        samples.DECLINE, body=Decline((replace(pieces.REASONS[0], note=note),), "Ask.")
    )
    document = pypdfium2.PdfDocument(render(letter))
    bottom = [page.get_textpage().get_text_bounded(bottom=90) for page in document]
    document.close()
    assert len(bottom) > 1
    assert any("the end of the note" in page for page in bottom)


def test_a_letter_to_nobody_in_particular_is_polite() -> None:
    assert "Dear Sir or Madam," in text(render(declined(contact_name="")))


def test_an_acknowledgement_without_documents_has_no_empty_table() -> None:
    assert isinstance(samples.ACKNOWLEDGEMENT.body, Acknowledgement)
    body = replace(samples.ACKNOWLEDGEMENT.body, documents=())
    assert "Digest" not in text(render(replace(samples.ACKNOWLEDGEMENT, body=body)))
