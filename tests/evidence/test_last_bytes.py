"""Not even the end of the last line of a member can be another byte, be it white space as well."""

import pytest

from tests.evidence.cases import reported
from tests.evidence.damaging import Found
from tests.evidence.test_damages import CASES, EVIDENCE, KEPT


@pytest.mark.parametrize("name", EVIDENCE)
def test_its_last_byte_cannot_be_another(tmp_path, name: str) -> None:
    def change(found: Found) -> None:
        found[name] = found[name][:-1] + bytes([found[name][-1] ^ 1])

    assert not reported(tmp_path, KEPT, CASES, change).whole
