"""Reading what a bank sent: which message it is shows in the root, what it says in the reader for that message."""

import hashlib
import re
import xml.etree.ElementTree as ET
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from workflows.banking import camt_054, delimited, pain_002
from workflows.banking.answers import Report, Unreadable, countable
from workflows.banking.markup import bounded, parsed

_READERS = {
    "CstmrPmtStsRpt": ("pain.002", pain_002.report),
    "BkToCstmrDbtCdtNtfctn": ("camt.054", camt_054.report),
}
# Each of these elements is an answer, or holds some.
_ANSWERING = frozenset({"OrgnlPmtInfAndSts", "TxInfAndSts", "Ntry", "Btch", "TxDtls"})
_OTHERS = {
    "CstmrCdtTrfInitn": "This is a pain.001: a file for the bank, not its answer.",
    "CstmrDrctDbtInitn": "This is a pain.008: direct debits for the bank, not its answer.",
    "BkToCstmrStmt": "This is a camt.053, a statement of the account; what is read here is the notification of bookings, camt.054.",
    "BkToCstmrAcctRpt": "This is a camt.052, a report of the day; what is read here is the notification of bookings, camt.054.",
    "FIToFIPmtStsRpt": "This is a pacs.002, which banks send each other; ask the bank for its status report, pain.002.",
    "PmtRtr": "This is a pacs.004, which banks send each other; ask the bank for its notification, camt.054.",
}
_WANTED = "What is read here are pain.002, camt.054 and a plain table (CSV)."
_VERSION = re.compile(r"(?:pain\.002|camt\.054)\.\d{3}\.\d{2}", re.ASCII)
_UTF16 = (BOM_UTF16_LE, BOM_UTF16_BE)


def read(content: bytes) -> Report:
    """Return what the bank's file says, in the order it says it; a status that is not known becomes the outcome ``unknown``.

    Takes pain.002 versions 03 to 15, camt.054 versions 02 to 12 (ISO 20022; any that has their elements) and the plain table of
    ``delimited``. Raises ``Unreadable``, with sentences, for everything else, and for what is too large or made to do harm.
    """
    bounded(content)
    if not content.strip():
        raise Unreadable("The file is empty.")
    digest = hashlib.sha256(content).hexdigest()
    if not _is_markup(content):
        return delimited.report(content, digest)
    root, namespaces = parsed(content)
    message = _message(root)
    countable(sum(1 for one in message.iter() if one.tag in _ANSWERING))
    name, reader = _READERS[message.tag]
    return reader(message, _form(name, namespaces), digest)


def _is_markup(content: bytes) -> bool:
    return content.startswith(_UTF16) or content.removeprefix(BOM_UTF8).lstrip().startswith(b"<")


def _message(root: ET.Element) -> ET.Element:
    """Return the one message of a document, which may stand in an envelope of the bank."""
    candidates = _candidates(root)
    found = [one for one in candidates if one.tag in _READERS]
    if len(found) == 1:
        return found[0]
    if found:
        raise Unreadable(f"The file holds {len(found)} messages; hand them in one by one.")
    told = next((_OTHERS[one.tag] for one in candidates if one.tag in _OTHERS), None)
    raise Unreadable(told or f"This is XML of another kind, {root.tag!r}. {_WANTED}")


def _candidates(root: ET.Element) -> list[ET.Element]:
    if root.tag in _READERS:
        return [root]
    if root.tag == "Document":
        return list(root)
    return [root, *root.iterfind(".//Document/*")]


def _form(name: str, namespaces: tuple[str, ...]) -> str:
    versions = (_VERSION.search(one) for one in namespaces)
    return next((one[0] for one in versions if one and one[0].startswith(name)), name)
