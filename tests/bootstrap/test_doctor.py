"""What the doctor writes about each finding."""

import pytest

from app.bootstrap.doctor import Finding, table


@pytest.mark.parametrize(
    ("says", "finding", "expected"),
    [
        (
            "what is there needs no advice",
            Finding("disk", present=True, detail="9000 MiB", mend="free some"),
            "ok       disk                 9000 MiB",
        ),
        (
            "what is needed and missing comes with its remedy",
            Finding("Redis server", present=False, detail="-", mend="install redis-server"),
            "MISSING  Redis server         -  -> install redis-server",
        ),
        (
            "what can be done without is only absent",
            Finding("Chromium", present=False, detail="-", mend="install it", needed=False),
            "absent   Chromium             -  -> install it",
        ),
    ],
)
def test_a_line_of_the_table(says: str, finding: Finding, expected: str) -> None:
    assert table([finding]) == expected
