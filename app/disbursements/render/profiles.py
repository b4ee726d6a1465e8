"""The forms of payment files that banks take. Which one is a property of the paying bank, never of a payment."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.disbursements.render.payments import Account, PaymentFile
from app.disbursements.render.table import table
from app.disbursements.render.transfers import pain_001, pain_001_03

_COMBINING = range(0x0300, 0x0370)


@dataclass(frozen=True)
class Profile:
    """A form of payment file: ``name`` for people, ``suffix`` and ``media_type`` of the file, ``write`` that makes it.

    ``latin_only`` says that the bank takes names, towns and remittance texts in Latin letters alone, those of Vietnamese
    among them; for such a bank take a profile by ``dataclasses.replace(PROFILES[key], latin_only=True)``.
    """

    key: str
    name: str
    suffix: str
    media_type: str
    write: Callable[[PaymentFile], bytes]
    latin_only: bool = False

    def file(self, content: PaymentFile) -> bytes:
        """Return the finished file; the same content gives the same bytes.

        Raises ``ValueError`` with a sentence for everything that this form cannot carry or that the bank would refuse.
        """
        foreign = list(_outside_latin(content)) if self.latin_only else []
        try:
            finished = self.write(content)
        except ValueError as refused:
            raise ValueError(" ".join([str(refused), *foreign])) from None
        if foreign:
            raise ValueError(" ".join(foreign))
        return finished


_FORMS = (
    Profile(
        "pain.001.001.09",
        "ISO 20022 customer credit transfer, version 09",
        ".xml",
        "application/xml",
        pain_001,
    ),
    Profile(
        "pain.001.001.03",
        "ISO 20022 customer credit transfer, version 03",
        ".xml",
        "application/xml",
        pain_001_03,
    ),
    Profile("csv", "Plain table (CSV, UTF-8)", ".csv", "text/csv; charset=utf-8", table),
)
PROFILES: Mapping[str, Profile] = MappingProxyType({form.key: form for form in _FORMS})


def latin(text: str) -> bool:
    """Tell whether every letter and digit of a text is one of the Latin script; signs and blanks are of every script."""
    return all(_of_latin(character) for character in text)


def _of_latin(character: str) -> bool:
    if character.isascii() or ord(character) in _COMBINING:
        return True
    if unicodedata.category(character)[0] not in "LMN":
        return True
    return unicodedata.name(character, "").startswith("LATIN ")


def _outside_latin(file: PaymentFile) -> Iterator[str]:
    texts = dict.fromkeys([file.initiator, *_texts(file)])
    for text in texts:
        if not latin(text):
            yield f"The bank takes Latin letters only: give the Latin form of {text!r}."


def _texts(file: PaymentFile) -> Iterator[str]:
    for batch in file.batches:
        yield from _written(batch.debtor)
        for payment in batch.payments:
            yield from _written(payment.creditor)
            yield payment.remittance


def _written(account: Account) -> tuple[str, str]:
    return account.name, account.town
