"""The shapes of numbers that people type: of enterprises, accounts, banks, phones, postcodes; a sentence says what is wrong.

A number that passes has the right form, no more: whether it was ever given out only its registry knows.
"""

import re
import unicodedata

from stdnum import bic, iban
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.sg import uen
from stdnum.th import moa
from stdnum.vn import mst

from app.countries.models import Country, Registry
from app.countries.queries import country as of

_DASHES = re.compile(r"[\u002d\u2010-\u2015\u2212]")
# SSM writes the number that a company had before 2019 behind the new one.
_OLDER_NUMBER = re.compile(r"\(.*\)$")
_BRUNEI = re.compile(r"(RC|RFC|P)([0-9]{6,8})")
_CAMBODIA = re.compile(r"([LK][0-9]{3})([0-9]{9})|(E[0-9]{3})([0-9]{10})")
# ITU-T E.164: at most fifteen digits with the country code.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def registry_normal(country: str, number: str) -> str:
    """Return the number of an enterprise as it is kept: without spaces, in capitals, separators as its registry writes them.

    ``country`` is an ISO 3166 code. What has no shape of the country comes back only tidied.
    """
    text = _tidy(number)
    if country == "TL":
        return text
    if country == "MY":
        text = _OLDER_NUMBER.sub("", text)
    text = re.sub(r"[./-]", "", text)
    return _written(country, text)


def registry_problem(country: str, number: str) -> str | None:
    """Return what is wrong with the number of an enterprise, in a sentence, ``None`` when its form is right."""
    registry = of(country).registry
    normal = registry_normal(country, number)
    if not re.fullmatch(registry.pattern, normal):
        return f"This is no {registry.name}: it has {registry.shape}, such as {registry.example}."
    return _check(registry, normal)


def account_problem(country: str, text: str) -> str | None:
    """Return what is wrong with the number of a bank account in a country, ``None`` when its form is right."""
    account = of(country).account
    normal = account_normal(text)
    if not re.fullmatch(account.pattern, normal):
        return f"This is no account number: it has {account.shape}, such as {account.example}."
    if account.kind == "iban" and not iban.is_valid(normal):
        return f"The check digits of this IBAN are not right: compare it with what the bank wrote, such as {account.example}."
    return None


def account_normal(text: str) -> str:
    """Return the number of an account without spaces and hyphens, in capitals."""
    return _tidy(text).replace("-", "")


def bic_problem(text: str) -> str | None:
    """Return what is wrong with the code of a bank (BIC, ISO 9362), ``None`` when its form is right.

    Its country need not be that of the enterprise: accounts are held abroad too.
    """
    if bic.is_valid(account_normal(text)):
        return None
    return "This is no BIC: it has four letters, two letters of a country, two letters or digits, and three more for a branch, such as CONTMYKL."


def phone_normal(country: str, text: str) -> str:
    """Return a phone number as E.164 writes it, +60327756000; what was typed without a country code is of ``country``."""
    phone = of(country).phone
    # Before the parentheses go: +62 (0)21 means a zero that is dialled inside the country only.
    digits = re.sub(r"[^0-9+]", "", _tidy(text).replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+"):
        return digits
    return f"+{phone.code}{digits.removeprefix(phone.trunk)}"


def phone_problem(country: str, text: str) -> str | None:
    """Return what is wrong with a phone number; national forms and those of other countries are accepted."""
    phone = of(country).phone
    example = f"Enter a phone number such as {phone.example}"
    if re.search(r"[^0-9+(). /-]", _tidy(text)):
        return f"{example}, with digits only."
    normal = phone_normal(country, text)
    if not _E164.fullmatch(normal):
        return f"{example}."
    own = normal.removeprefix(f"+{phone.code}")
    if own == normal or phone.shortest <= len(own) <= phone.longest:
        return None
    between = f"{phone.shortest} to {phone.longest}"
    many = str(phone.shortest) if phone.shortest == phone.longest else between
    return f"{example}: {many} digits follow +{phone.code}."


def postcode_normal(text: str) -> str:
    """Return a postcode without spaces and hyphens, in capitals."""
    return account_normal(text)


def postcode_problem(country: str, text: str) -> str | None:
    """Return what is wrong with a postcode of a country, ``None`` when its form is right or nobody knows it."""
    postcode = of(country).postcode
    if re.fullmatch(postcode.pattern, postcode_normal(text)):
        return None
    found: Country = of(country)
    return f"A postcode in {found.name} has {postcode.shape}, such as {postcode.example}."


def _tidy(text: str) -> str:
    """Return a text in capitals without spaces, with one kind of hyphen and the digits 0 to 9, whatever script was typed."""
    plain = unicodedata.normalize("NFKC", text).upper()
    kept = (one for one in plain if not one.isspace() and unicodedata.category(one) != "Cf")
    digits = (str(unicodedata.decimal(one)) if one.isdecimal() else one for one in kept)
    return _DASHES.sub("-", "".join(digits))


def _written(country: str, text: str) -> str:
    """Return digits and letters with the separators and zeros of a country's registry."""
    if country == "BN" and (found := _BRUNEI.fullmatch(text)):
        return f"{found[1]}{found[2]:0>8}"
    if country == "KH" and (found := _CAMBODIA.fullmatch(text)):
        return "-".join(part for part in found.groups() if part)
    if country == "PH" and text.isdigit() and len(text) in (9, 12, 14):
        return "-".join(part for part in (text[:3], text[3:6], text[6:9], text[9:]) if part)
    if country == "VN" and text.isdigit() and len(text) == len("0314409058002"):
        return f"{text[:10]}-{text[10:]}"
    return text


def _check(registry: Registry, normal: str) -> str | None:
    """Return what is wrong with the check digit of a number of the right shape."""
    if registry.check == "vn.mst":
        return _enterprise_code(normal)
    if registry.check == "sg.uen" and normal[-1] != _letter(normal[:-1]):
        return _unlike("check letter", "UEN", registry.example)
    if registry.check == "th.moa" and not moa.is_valid(normal):
        return _unlike("check digit", "registration number", registry.example)
    return None


def _unlike(mark: str, number: str, example: str) -> str:
    return f"The {mark} of this {number} is not right: compare it with the certificate of registration. One that is right is {example}."


def _letter(body: str) -> str:
    """Return the check letter of a UEN.

    Not ``uen.validate``: it knows a closed list of kinds of entities and refuses years by the clock of the machine.
    """
    if len(body) == len("00192200"):
        return uen.calc_business_check_digit(body)
    if body[0].isdigit():
        return uen.calc_local_company_check_digit(body)
    return uen.calc_other_check_digit(body)


def _enterprise_code(normal: str) -> str | None:
    if len(normal) == len("001099000001"):
        return None
    # The remainder can be ten, which is no digit: codes with such a beginning are never given out.
    if len(mst.calc_check_digit(normal[:9])) > 1:
        return f"No enterprise code begins with {normal[:9]}: compare it with the certificate of registration."
    try:
        mst.validate(normal)
    except InvalidChecksum:
        return _unlike("check digit", "enterprise code", "0100233488")
    except ValidationError:
        return (
            f"No enterprise has the code {normal}: compare it with the certificate of registration."
        )
    return None
