"""Numbers as people type them: what is accepted and how it is kept, what is refused and in which words."""

import pytest

from app.countries.compose.shapes import (
    account_normal,
    account_problem,
    bic_problem,
    phone_normal,
    phone_problem,
    postcode_problem,
    registry_normal,
    registry_problem,
)
from app.countries.queries import country, served

THAI = "๐๑๐๕๕๓๖๑๑๒๐๑๔"
BURMESE = "".join(chr(0x1040 + int(digit)) for digit in "09420000000")


@pytest.mark.parametrize("code", served())
def test_the_examples_of_a_country_are_right(code: str) -> None:
    found = country(code)
    assert registry_problem(code, found.registry.example) is None
    assert registry_normal(code, found.registry.example) == found.registry.example
    assert account_problem(code, found.account.example) is None
    assert phone_problem(code, found.phone.example) is None
    assert postcode_problem(code, found.postcode.example) is None


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        pytest.param("BN", "rc 567", "RC567", id="Brunei: too short to be padded"),
        pytest.param("BN", "rc-567890", "RC00567890", id="Brunei: six digits get zeros"),
        pytest.param("BN", "RFC 00000890", "RFC00000890", id="Brunei: a foreign branch"),
        pytest.param("KH", "k001 123456789", "K001-123456789", id="Cambodia: no hyphen"),
        pytest.param("KH", "E001\u20131234567890", "E001-1234567890", id="Cambodia: a long hyphen"),
        pytest.param("ID", "9120 0011 12223", "9120001112223", id="Indonesia: groups"),
        pytest.param("MY", "201901000005 (1312525-A)", "201901000005", id="Malaysia: old number"),
        pytest.param("PH", "012345678", "012-345-678", id="the Philippines: no hyphens"),
        pytest.param("PH", "012 345 678 00000", "012-345-678-00000", id="a branch of five digits"),
        pytest.param("SG", " 1974 01143c ", "197401143C", id="Singapore: small letters"),
        pytest.param("TH", "0-1055-36112-01-4", "0105536112014", id="Thailand: hyphens"),
        pytest.param("TH", THAI, "0105536112014", id="Thailand: Thai digits"),
        pytest.param("VN", "01.00.233.488", "0100233488", id="Viet Nam: points"),
        pytest.param("VN", "0314409058 002", "0314409058-002", id="Viet Nam: a branch"),
        pytest.param("TL", "tl/12-345", "TL/12-345", id="Timor-Leste: what stands there stays"),
        pytest.param("SG", "\u200e197401143C\u00a0", "197401143C", id="marks that nobody sees"),
    ],
)
def test_a_number_is_kept_as(code: str, typed: str, kept: str) -> None:
    assert registry_normal(code, typed) == kept
    assert registry_normal(code, kept) == kept


@pytest.mark.parametrize(
    ("code", "number"),
    [
        pytest.param("SG", "00192200M", id="a business in Singapore"),
        pytest.param("SG", "T01FC6132D", id="another entity in Singapore"),
        pytest.param("SG", "S16FC0121D", id="an entity of the last century"),
        pytest.param("VN", "0314409058-002", id="a branch in Viet Nam"),
        pytest.param("VN", "001099000001", id="a household business in Viet Nam"),
        pytest.param("MY", "202103000001", id="a business in Malaysia"),
        pytest.param("BN", "P12341201", id="a business name in Brunei"),
        pytest.param("TL", "1234567", id="what nobody knows the shape of"),
    ],
)
def test_a_number_is_accepted(code: str, number: str) -> None:
    assert registry_problem(code, number) is None


@pytest.mark.parametrize(
    ("code", "number", "said"),
    [
        pytest.param("SG", "197401143D", "check letter of this UEN is not right", id="a company"),
        pytest.param("SG", "00192200X", "check letter of this UEN is not right", id="a business"),
        pytest.param("SG", "T01FC6132A", "check letter of this UEN is not right", id="an entity"),
        pytest.param("SG", "T01YZ6132A", "no Unique Entity Number", id="letters no UEN has"),
        pytest.param("SG", "", "no Unique Entity Number", id="nothing"),
        pytest.param("TH", "0105536112015", "check digit of this registration number", id="TH"),
        pytest.param("TH", "1101700230708", "13 digits, the first of them 0", id="a person"),
        pytest.param("VN", "0100233480", "check digit of this enterprise code", id="VN"),
        pytest.param("VN", "0100233488-000", "No enterprise has the code", id="no branch"),
        pytest.param("VN", "010550000-1", "No enterprise code begins with", id="a tenth of ten"),
        pytest.param("VN", "01002334", "ten digits", id="too short in Viet Nam"),
        pytest.param("ID", "12345", "13 digits", id="too short in Indonesia"),
        pytest.param("MY", "201907000005", "01 to 06", id="a kind of entity that is none"),
        pytest.param("KH", "X001-123456789", "L or K", id="a letter that is none"),
        pytest.param("PH", "012-345-678-0", "branch code", id="a short branch code"),
        pytest.param("LA", "12", "12 digits", id="too short in the Lao PDR"),
        pytest.param("MM", "1002345678", "nine digits", id="too long in Myanmar"),
        pytest.param("TL", "AB", "5 to 20", id="too short in Timor-Leste"),
        pytest.param("MY", "²01901000005x", "12 digits", id="letters where digits are"),
    ],
)
def test_a_number_is_refused(code: str, number: str, said: str) -> None:
    problem = registry_problem(code, number)
    assert problem is not None
    assert said in problem
    assert problem.endswith(".")


@pytest.mark.parametrize(
    ("code", "text", "right"),
    [
        pytest.param("TL", "TL38 0080 0123 4567 8910 157", True, id="an IBAN in groups"),
        pytest.param("TL", "tl380080012345678910157", True, id="an IBAN in small letters"),
        pytest.param("TL", "TL380080012345678910158", False, id="a wrong check digit"),
        pytest.param("TL", "DE89370400440532013000", False, id="an IBAN of elsewhere"),
        pytest.param("TL", "5123456789", False, id="no IBAN"),
        pytest.param("MY", "5123-4567 89", True, id="hyphens and spaces"),
        pytest.param("MY", "123", False, id="too short"),
        pytest.param("VN", "1" * 35, False, id="longer than a bank takes"),
        pytest.param("SG", "12/34567", False, id="a stroke"),
    ],
)
def test_an_account_number(code: str, text: str, right: bool) -> None:
    assert (account_problem(code, text) is None) is right


def test_an_account_number_is_kept_without_spaces() -> None:
    assert account_normal(" tl38 0080 0123-4567 ") == "TL38008001234567"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("CONTMYKL", True, id="eight"),
        pytest.param("cont my kl xxx", True, id="eleven, typed with spaces"),
        pytest.param("DEUTDEFF", True, id="a bank elsewhere"),
        pytest.param("CONTMYK", False, id="seven"),
        pytest.param("CONT1YKL", False, id="a digit in the country"),
        pytest.param("CONTZZKL", False, id="a country that is none"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_a_bank_code(text: str, right: bool) -> None:
    assert (bic_problem(text) is None) is right


@pytest.mark.parametrize(
    ("code", "text", "kept"),
    [
        pytest.param("ID", "(021) 5550 0100", "+622155500100", id="as dialled at home"),
        pytest.param("ID", "+62 (0)21 5550-0100", "+622155500100", id="a zero in brackets"),
        pytest.param("MY", "03.5550.0100", "+60355500100", id="points"),
        pytest.param("SG", "6555 0100", "+6565550100", id="no trunk prefix"),
        pytest.param("BN", "222 0000", "+6732220000", id="seven digits"),
        pytest.param("LA", "00856 20 5550 0100", "+8562055500100", id="two zeros for the plus"),
        pytest.param("TH", "+65 6555 0100", "+6565550100", id="a number of elsewhere"),
        pytest.param("MM", BURMESE, "+959420000000", id="Burmese digits"),
    ],
)
def test_a_phone_number_is_kept_as(code: str, text: str, kept: str) -> None:
    assert phone_problem(code, text) is None
    assert phone_normal(code, text) == kept


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        pytest.param("BN", "2220000 ext 4", "with digits only", id="an extension"),
        pytest.param("BN", "222 000", "7 digits follow +673", id="a digit short"),
        pytest.param("TL", "77000000 0", "7 to 8 digits follow +670", id="a digit too many"),
        pytest.param("MY", "+" + "9" * 16, "such as", id="longer than any"),
        pytest.param("MY", "", "such as", id="nothing"),
    ],
)
def test_a_phone_number_is_refused(code: str, text: str, said: str) -> None:
    assert said in (phone_problem(code, text) or "")


@pytest.mark.parametrize(
    ("code", "text", "right"),
    [
        pytest.param("BN", "ba 1311", True, id="letters and digits in Brunei"),
        pytest.param("BN", "1311", False, id="no letters in Brunei"),
        pytest.param("PH", "1101", True, id="four digits in the Philippines"),
        pytest.param("PH", "11011", False, id="five in the Philippines"),
        pytest.param("SG", "208099", True, id="six digits in Singapore"),
        pytest.param("KH", "120101", True, id="six where nobody knows"),
        pytest.param("VN", "70000", True, id="five where nobody knows"),
        pytest.param("VN", "?", False, id="no postcode of anywhere"),
    ],
)
def test_a_postcode(code: str, text: str, right: bool) -> None:
    assert (postcode_problem(code, text) is None) is right
