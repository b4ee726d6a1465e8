"""XML from hands that nobody need trust, as a tree of local names: small, shallow, with no document type and no entities.

Names are read without their namespace, because banks write many versions of a message and some write their own.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from xml.parsers import expat

from workflows.banking.answers import Unreadable, tidied

MOST_BYTES = 20_000_000
# Messages of ISO 20022 are some fifteen elements deep; a million elements are more than 30,000 payments.
DEEPEST, MOST_ELEMENTS = 60, 1_000_000
_BETWEEN = " "


class _Tree:
    """Builds elements with their local names; ``namespaces`` collects where these come from, outermost first."""

    def __init__(self) -> None:
        self.namespaces: dict[str, None] = {}
        self.builder = ET.TreeBuilder()
        self._depth = self._elements = 0

    def parse(self, content: bytes) -> ET.Element:
        parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.builder.data
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by position
        root: ET.Element = self.builder.close()
        return root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth, self._elements = self._depth + 1, self._elements + 1
        if self._depth > DEEPEST:
            raise Unreadable(
                f"The elements of this XML stand more than {DEEPEST} deep; no message of a bank does."
            )
        if self._elements > MOST_ELEMENTS:
            raise Unreadable(
                f"This XML has more than {MOST_ELEMENTS:,} elements; ask the bank to split it."
            )
        namespace, _, local = name.rpartition(_BETWEEN)
        self.namespaces.setdefault(namespace)
        self.builder.start(local, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(name.rpartition(_BETWEEN)[2])

    def _doctype(self, *_declared: object) -> None:
        raise Unreadable(
            "This XML declares a document type, which may hide what it says; messages of ISO 20022 have none."
        )


def bounded(content: bytes) -> None:
    """Raise ``Unreadable`` for a file that is larger than any that is read."""
    if len(content) > MOST_BYTES:
        raise Unreadable(
            f"The file has {len(content):,} bytes; more than {MOST_BYTES:,} are not read. Ask the bank to split it."
        )


def parsed(content: bytes) -> tuple[ET.Element, tuple[str, ...]]:
    """Return the root, its names without namespaces, and the namespaces in the order of their first use.

    Raises ``Unreadable`` for what is too large, too deep, damaged, in an encoding that is not known, or has a document type.
    """
    bounded(content)
    tree = _Tree()
    try:
        root = tree.parse(content)
    except expat.ExpatError as wrong:
        raise Unreadable(
            f"The XML is damaged or cut off at line {wrong.lineno}: {expat.ErrorString(wrong.code)}."
        ) from None
    except (ValueError, LookupError) as wrong:
        if isinstance(wrong, Unreadable):
            raise
        raise Unreadable(
            "The XML is in an encoding that is not read here; ask the bank for UTF-8."
        ) from None
    return root, tuple(tree.namespaces)


def text(element: ET.Element, path: str) -> str:
    """Return the tidied text at a path of local names, empty when it is not there."""
    return tidied(element.findtext(path))


def first(element: ET.Element, *paths: str) -> str:
    """Return the first text that is there at one of the paths, empty when there is none."""
    return next((found for path in paths if (found := text(element, path))), "")


def texts(element: ET.Element, path: str) -> Iterator[str]:
    """Yield the tidied texts at a path, without empty ones."""
    for one in element.iterfind(path):
        found = tidied(one.text)
        if found:
            yield found
