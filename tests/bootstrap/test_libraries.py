"""Reading what apt says about packages."""

import pytest

from app.bootstrap.libraries import package_names


@pytest.mark.parametrize(
    ("says", "listing", "expected"),
    [
        ("a name at the margin is a package", "libpango-1.0-0\n", {"libpango-1.0-0"}),
        ("an indented line is only a dependency", "a\n  Depends: b\nb\n", {"a", "b"}),
        ("a name in angle brackets is virtual", "<fonts>\n    fonts-x\n", set()),
        ("a foreign architecture is not ours", "libc6:i386\nlibc6\n", {"libc6"}),
        ("nothing known is nothing to fetch", "", set()),
    ],
)
def test_the_packages_in_a_listing(says: str, listing: str, expected: set[str]) -> None:
    assert package_names(listing) == expected
