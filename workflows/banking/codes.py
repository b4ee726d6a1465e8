"""The codes that banks answer with, and what they mean.

Source: the external code sets of ISO 20022 (2nd quarter of 2026): ExternalPaymentTransactionStatus1Code,
ExternalPaymentGroupStatus1Code, ExternalStatusReason1Code, ExternalReturnReason1Code. The sentences are our own.
"""

from workflows.banking.answers import ACCEPTED, PAID, PENDING, REJECTED, UNKNOWN

# Said of a batch or file: parts of it fared differently, so each payment has its own answer.
PARTLY = "PART"

_ACCEPTED = ("ACCP", "ACFC", "ACPD", "ACSP", "ACTC", "ACWC", "ACWP")
_PENDING = ("PATC", "PDNG", "RCVD")
# BLCK, CANC, ACIS, CPUC and what else there is are nothing that we asked for: a person looks.
STATUSES = {
    **dict.fromkeys(_ACCEPTED, ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), PAID),
    **dict.fromkeys(_PENDING, PENDING),
    "RJCT": REJECTED,
}

REASONS = {
    "AC01": "The account number is wrong.",
    "AC02": "The number of the paying account is wrong.",
    "AC03": "The payee's account number is not valid or does not exist.",
    "AC04": "The payee's account is closed.",
    "AC06": "The account is blocked.",
    "AC07": "The payee's account is closed.",
    "AC13": "The paying account is of a kind that cannot pay this.",
    "AC14": "The payee's account is of a kind that cannot take this payment.",
    "AG01": "Payments of this kind are not allowed on this account.",
    "AG02": "The bank does not know this kind of payment.",
    "AGNT": "A bank on the way could not pass the payment on.",
    "AM01": "The amount is nought.",
    "AM02": "The amount is more than is allowed.",
    "AM03": "The currency cannot be paid there.",
    "AM04": "There was not enough money in the paying account.",
    "AM05": "The bank takes this for a payment it has had already.",
    "AM06": "The amount is less than the least that is allowed.",
    "AM07": "The amount is blocked by an authority.",
    "AM09": "The amount is not the one agreed.",
    "AM10": "The control sum of the file is wrong.",
    "ARDT": "The payment had been returned already.",
    "BE01": "The payee's name does not fit the account.",
    "BE04": "The payee's address is missing or wrong.",
    "BE05": "The bank does not know who sent the file.",
    "BE06": "The payee's bank does not know the payee.",
    "BE07": "The payer's address is missing or wrong.",
    "BE17": "The payee's identification is not valid.",
    "CNOR": "The payee's bank does not take part in this clearing.",
    "CURR": "The currency of the payment is wrong.",
    "CUST": "Returned because the payer or the payee asked for it.",
    "DNOR": "The paying bank does not take part in this clearing.",
    "DS02": "The person who released the file may not do so.",
    "DT01": "A date is wrong, such as a day on which the bank does not pay.",
    "DUPL": "The bank takes this for a payment it has had already.",
    "ED05": "The settlement between the banks failed.",
    "ERIN": "An extended remittance text is not taken there.",
    "FF01": "The file has a form that the bank does not take.",
    "FF03": "The payment's type is missing or wrong.",
    "FF05": "The payment's local instrument is missing or wrong.",
    "FOCR": "Returned because the paying bank had called the payment back.",
    "FR01": "Returned on suspicion of fraud.",
    "LEGL": "Refused by law.",
    "MD07": "The payee has died.",
    "MS02": "The payee or the payee's bank refuses, without a reason.",
    "MS03": "The bank refuses, without a reason.",
    "NARR": "The bank gives the reason in words.",
    "NOAS": "The payee did not answer.",
    "NOOR": "The bank does not find the payment that came before this one.",
    "RC01": "The bank's code (BIC) or number is wrong.",
    "RC03": "The paying bank's code or number is wrong.",
    "RC04": "The payee's bank's code or number is wrong.",
    "RC08": "The bank's number in the national clearing is wrong.",
    "RR01": "The payer's account or identification is missing, and rules ask for it.",
    "RR02": "The payer's name or address is missing, and rules ask for it.",
    "RR03": "The payee's name or address is missing, and rules ask for it.",
    "RR04": "Refused for a reason of regulation.",
    "SL01": "Refused for a service that the paying bank offers its customer.",
    "TM01": "It came after the hour at which the bank stops for the day.",
    "UPAY": "The payment is not due.",
}


def outcome(status: str) -> str:
    """Return what a status says of a payment, ``unknown`` when only a person can say what is to be done."""
    return STATUSES.get(status, UNKNOWN)


def meaning(status: str, reasons: list[str], said: list[str]) -> str:
    """Return what people read of a status: what its reasons mean, what the bank wrote; of an unknown one that it is unknown."""
    return " ".join([*_untold(status), explained(reasons, said)]).strip()


def explained(reasons: list[str], said: list[str]) -> str:
    """Return what the codes of reasons mean, those without a meaning here as they are, and then what the bank wrote."""
    known = [REASONS.get(code, f"Reason {code}.") for code in dict.fromkeys(reasons)]
    return " ".join([*known, *said])


def _untold(status: str) -> list[str]:
    if status in STATUSES:
        return []
    told = (
        f"The status {status!r} is" if status not in ("", PARTLY) else "No status is given; this is"
    )
    return [f"{told} for a person to read."]
