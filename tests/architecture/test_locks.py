"""The lock files hold what setup.cfg asks for, with a hash for each file and the same versions in both."""

import configparser
import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from app.bootstrap.environment import LOCKS, ROOT, Kit

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)


def locked(kit: Kit) -> dict[str, Version]:
    """Return the packages of a lock file with their versions."""
    text = (ROOT / LOCKS[kit]).read_text()
    return {canonicalize_name(name): Version(version) for name, version in PINNED.findall(text)}


def asked(kit: Kit) -> list[Requirement]:
    """Return the requirements in setup.cfg; those of the tests include those of the system."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    lines = parser["options"]["install_requires"].split()
    if kit == "test":
        lines += parser["options.extras_require"]["test"].split()
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("kit", ["runtime", "test"])
def test_the_lock_satisfies_every_requirement(kit: Kit) -> None:
    versions = locked(kit)
    lacking = [
        str(requirement)
        for requirement in asked(kit)
        if (version := versions.get(canonicalize_name(requirement.name))) is None
        or version not in requirement.specifier
    ]
    assert lacking == []


@pytest.mark.parametrize("kit", ["runtime", "test"])
def test_every_locked_package_has_a_hash(kit: Kit) -> None:
    text = (ROOT / LOCKS[kit]).read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_tests_run_on_the_versions_that_people_run() -> None:
    runtime, test = locked("runtime"), locked("test")
    assert {name: version for name, version in runtime.items() if test.get(name) != version} == {}
