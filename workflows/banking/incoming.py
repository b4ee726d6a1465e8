"""What a booked entry says of money from somebody else: who paid, from which account, and for what."""

import xml.etree.ElementTree as ET
from dataclasses import replace

from workflows.banking.answers import Answer, tidied
from workflows.banking.markup import first, texts

# Versions before 08 have the name in the party itself.
_PAYER = ("RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm")
_PAYER_ACCOUNT = ("RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")
_UNSTRUCTURED = ("RmtInf/Ustrd", "RmtInf/Strd/AddtlRmtInf", "AddtlTxInf", "AddtlNtryInf")


def with_payer(answer: Answer, element: ET.Element) -> Answer:
    """Return the answer with the payer's name and account, the text and the structured reference (ISO 11649 or the bank's).

    Several structured references stand beside each other, so that none of them fits by chance.
    """
    told = [one for path in _UNSTRUCTURED for one in texts(element, path)]
    references = dict.fromkeys(texts(element, "RmtInf/Strd/CdtrRefInf/Ref"))
    return replace(
        answer,
        remittance=tidied(" ".join(told)),
        creditor_reference=tidied(" ".join(references)),
        payer=first(element, *_PAYER),
        payer_account=first(element, *_PAYER_ACCOUNT),
    )
