"""Files from hands that nobody need trust: whatever comes is read or refused in sentences, and nothing else happens."""

import contextlib
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.banking.said import (
    batch,
    detail,
    details,
    document,
    entry,
    notification,
    outcomes,
    payment,
    status_report,
    table,
)
from workflows.banking import markup
from workflows.banking.answers import Unreadable
from workflows.banking.markup import DEEPEST, MOST_BYTES
from workflows.banking.reading import read

STATUS = status_report(batch(payment("ACSC")))
BOOKED = notification(entry(details(detail())))
INNER = STATUS.decode().split("?>", 1)[1]
PAID = [("T-1", "paid")]

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><Document>&c;</Document>'
)
OUTSIDE = (
    b'<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<Document><CstmrPmtStsRpt>&x;</CstmrPmtStsRpt></Document>"
)


def encoded(name: str) -> bytes:
    """Return the status report in another encoding, which it declares."""
    return f'<?xml version="1.0" encoding="{name}"?>{INNER}'.encode(name)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(STATUS, id="a status report"),
        pytest.param(BOOKED, id="a notification of bookings"),
        pytest.param(table("end_to_end_id,status", "T-1,ACSC"), id="a table"),
        pytest.param(INNER.encode(), id="no declaration"),
        pytest.param(b"\n  " + INNER.encode(), id="blanks in front"),
        pytest.param(b"\xef\xbb\xbf" + STATUS, id="a byte order mark"),
        pytest.param(encoded("utf-16"), id="UTF-16"),
        pytest.param(encoded("iso-8859-1"), id="Latin-1"),
        pytest.param(encoded("windows-1252"), id="the encoding of Windows"),
        pytest.param(encoded("tis-620"), id="the encoding of Thailand"),
        pytest.param(
            INNER.replace("<Document xmlns=", '<a:Document xmlns:b="urn:b" xmlns:a=')
            .replace("</Document", "</a:Document")
            .encode(),
            id="prefixes",
        ),
        pytest.param(f"<Bank><Head/><Document>{INNER[INNER.index('<CstmrPmt'):-11]}</Document></Bank>".encode(), id="an envelope and no namespace"),
        pytest.param(INNER[INNER.index("<CstmrPmt") : -11].encode(), id="no document around it"),
        pytest.param(INNER.replace("<GrpHdr>", "<!-- a note --><?a b?><GrpHdr>").encode(), id="notes"),
    ],
)  # fmt: skip
def test_what_banks_send_is_read(content: bytes) -> None:
    report = read(content)
    assert (outcomes(report), report.problems) == (PAID, ())
    assert report.digest == hashlib.sha256(content).hexdigest()


def test_the_version_is_that_of_the_message_and_not_of_the_envelope() -> None:
    wrapped = f'<Bank xmlns="urn:bank:camt.054.001.99">{INNER}</Bank>'.encode()
    assert read(wrapped).format == "pain.002.001.12"
    assert read(INNER.replace("urn:iso:std:iso:20022:tech:xsd:", "x").encode()).format == (
        "pain.002.001.12"
    )
    assert read(INNER.replace("pain.002.001.12", "own").encode()).format == "pain.002"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "The file is empty.", id="nothing"),
        pytest.param(b" \r\n", "The file is empty.", id="blanks"),
        pytest.param(
            document("CstmrCdtTrfInitn", "<GrpHdr/>", "pain.001.001.09"),
            "This is a pain.001: a file for the bank, not its answer.",
            id="our own file",
        ),
        pytest.param(
            document("BkToCstmrStmt", "", "camt.053.001.08"), "camt.053", id="a statement"
        ),
        pytest.param(
            document("FIToFIPmtStsRpt", "", "pacs.002.001.10"), "pacs.002", id="between banks"
        ),
        pytest.param(
            b"<html><body>Sign in</body></html>", "XML of another kind, 'html'", id="a web page"
        ),
        pytest.param(b"<Document/>", "XML of another kind", id="a document with nothing in it"),
        pytest.param(
            f"<Bank>{INNER}{INNER}</Bank>".encode(),
            "The file holds 2 messages; hand them in one by one.",
            id="two messages",
        ),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "neither XML nor a table", id="a PDF"),
        pytest.param(b"PK\x03\x04 archive", "neither XML", id="an archive"),
        pytest.param(STATUS[:-20], "damaged or cut off at line 1", id="a file that is cut off"),
        pytest.param(STATUS + b"<more/>", "damaged or cut off", id="something behind the end"),
        pytest.param(STATUS.replace(b"ACSC", b"AC\x00C"), "damaged", id="a control character"),
        pytest.param(STATUS.replace(b"ACSC", b"\xff\xfe"), "damaged", id="broken UTF-8"),
        pytest.param(STATUS.replace(b"UTF-8", b"EBCDIC-9"), "encoding", id="no such encoding"),
        pytest.param(STATUS.replace(b"UTF-8", b"GB2312"), "encoding", id="more bytes a letter"),
        pytest.param(STATUS.replace(b"UTF-8", b"rot13"), "encoding", id="no encoding of text"),
        pytest.param(LAUGHS, "declares a document type", id="entities that multiply"),
        pytest.param(OUTSIDE, "declares a document type", id="an entity from outside"),
        pytest.param(b"<!DOCTYPE a><a/>", "declares a document type", id="a document type"),
        pytest.param(b"<a>&b;</a>", "damaged", id="an entity that nobody declared"),
        pytest.param(
            b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1), "deep", id="elements without end"
        ),
        pytest.param(b"<a>" * 3_000_000, "deep", id="elements that are never closed"),
        pytest.param(
            b"<a>" + b" " * MOST_BYTES, "more than 20,000,000 are not read", id="too large"
        ),
        pytest.param(b"a" * (MOST_BYTES + 1), "are not read", id="a table that is too large"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert any(sentence in one for one in refused.value.sentences)
    assert all(one.endswith(".") for one in refused.value.sentences)


def test_more_elements_than_any_message_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read(STATUS).answers) == 1
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 5)
    with pytest.raises(Unreadable, match="more than 5 elements; ask the bank to split it"):
        read(STATUS)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(status_report(batch("<TxInfAndSts/>" * 50_001)), id="a status report"),
        pytest.param(notification("<Ntry/>" * 50_001), id="bookings"),
        pytest.param(table("end_to_end_id,status", *["a,b"] * 50_001), id="a table"),
    ],
)
def test_more_answers_than_anybody_waits_for_are_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="more than 50,000 answers; ask the bank to split it"):
        read(content)


def test_a_message_hidden_in_the_data_of_another_is_not_read() -> None:
    hidden = f"<SplmtryData><Envlp>{INNER.replace('ACSC', 'RJCT')}</Envlp></SplmtryData>"
    for inside in (batch(payment("ACSC")) + hidden, hidden + batch(payment("ACSC"))):
        content = status_report(inside)
        assert outcomes(read(content)) == PAID
        message = content[content.index(b"<CstmrPmt") : -len(b"</Document>")]
        assert outcomes(read(message)) == PAID


PIECES = [
    b"<", b">", b"</", b"<?xml ", b"<!DOCTYPE ", b"<![CDATA[", b"]]>", b"&#0;", b"&amp;", b'Ccy="', b"\x00", b"\xff\xfe",
    b"end_to_end_id,status\n", b'"', b",", b"\r", b"Document", b"CstmrPmtStsRpt", b"TxInfAndSts",
]  # fmt: skip


def reads_or_refuses(content: bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(content)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    reads_or_refuses(content)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=5), max_size=30).map(b"".join))
def test_any_pieces_of_markup_and_tables_are_read_or_refused(content: bytes) -> None:
    reads_or_refuses(content)


@settings(deadline=None)
@given(
    st.sampled_from([STATUS, BOOKED, table("end_to_end_id,status,amount", "T-1,ACSC,1")]),
    st.integers(0, 700),
    st.integers(0, 30),
    st.sampled_from(PIECES) | st.binary(max_size=8),
)
def test_a_good_file_with_a_piece_put_in_is_read_or_refused(
    content: bytes, start: int, cut: int, piece: bytes
) -> None:
    reads_or_refuses(content[:start] + piece + content[start + cut :])


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_any_texts_in_a_table_are_kept_fit_or_refused(name: str, status: str, amount: str) -> None:
    cells = ",".join('"' + one.replace('"', '""') + '"' for one in (name, status, amount, "MYR"))
    content = f"end_to_end_id,status,amount,currency\n{cells}\n".encode(errors="replace")
    reads_or_refuses(content)
    for answer in read(content).answers:
        assert len(answer.end_to_end_id) <= 35
        assert "\x00" not in answer.end_to_end_id + answer.status + answer.reason_text
