"""Rules that can be read off the files: size, the one commit, unfinished work, foreign paths, imports."""

import configparser
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

from app.bootstrap.environment import LOCKS, ROOT

LONGEST_FILE = 300
PACKAGES = ("app", "workflows")
# One letter of each stands in brackets, so that this file does not hold what it forbids.
UNFINISHED = re.compile(r"\b(T[O]DO|F[I]XME|NotImplemented[E]rror)\b")
SKIPPED = re.compile(r"pytest\.[s]kip|mark\.[s]kip|mark\.[x]fail")
THIS_MACHINE = re.compile(r"/[w]ork/|/[r]oot/|/[h]ome/|\.\./[s]hared")
# Flask brings these and documents them as its own interface.
PARTS_OF_FLASK = {"click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"}


def project_files() -> list[Path]:
    """Return the files of the project: all that git does not ignore, or all but the hidden folders."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return [ROOT / name for name in answer.stdout.splitlines() if (ROOT / name).is_file()]
    found = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in found if not ours_alone(path.relative_to(ROOT))]


def ours_alone(path: Path) -> bool:
    """Tell whether a path is a product of working here: caches, the environment, a run's data."""
    return path.parts[0] == "var" or any(part.startswith(".") for part in path.parts[:-1])


def text_files() -> list[Path]:
    """Return the files that people write, without the locks."""
    kinds = {
        ".py",
        ".toml",
        ".cfg",
        ".html",
        ".md",
        ".txt",
        ".css",
        ".scss",
        ".sh",
        ".yml",
        ".yaml",
    }
    return [path for path in project_files() if path.suffix in kinds]


def python_files() -> list[Path]:
    """Return every Python file of the project."""
    return [path for path in project_files() if path.suffix == ".py"]


def places(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Return where a pattern stands, as file and line."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_a_file_can_be_read_in_one_sitting() -> None:
    lengths = {
        path.relative_to(ROOT): len(path.read_text().splitlines()) for path in python_files()
    }
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_only_the_transaction_commits() -> None:
    commit = re.compile(r"\.commit\(")
    code = [path for path in python_files() if path.relative_to(ROOT).parts[0] in PACKAGES]
    sites = places(commit, code)
    assert [site for site in sites if not site.startswith("app/db.py:")] == []


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ("nothing is left unfinished", UNFINISHED),
        ("no test is skipped", SKIPPED),
        ("no file names a path of the machine it was written on", THIS_MACHINE),
    ],
)
def test_no_line_says(rule: str, pattern: re.Pattern[str]) -> None:
    assert places(pattern, text_files()) == []


def test_lock_files_carry_no_address() -> None:
    locks = [ROOT / lock for lock in LOCKS.values()]
    assert places(re.compile(r"://|index-url|find-links"), locks) == []


def settings() -> configparser.ConfigParser:
    """Return setup.cfg."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def declared() -> set[str]:
    """Return the names of the packages that run the system, as declared in setup.cfg."""
    lines = settings()["options"]["install_requires"].split()
    return {normal(re.split(r"[\[<>=]", line)[0]) for line in lines}


def normal(name: str) -> str:
    """Return a distribution's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def foreign_imports(package: str) -> dict[str, set[str]]:
    """Return what a package imports from outside the project and the standard library, and where."""
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    own = {*PACKAGES, "config", "wsgi", "demo"}
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        top = module.partition(".")[0]
        if top in own or top in sys.stdlib_module_names:
            continue
        for importer in graph.find_modules_that_directly_import(module):
            if importer.partition(".")[0] == package:
                found.setdefault(module, set()).add(importer)
    return found


def test_every_import_is_declared() -> None:
    distributions = packages_distributions()
    undeclared = {
        module: importers
        for module, importers in foreign_imports("app").items()
        if module not in PARTS_OF_FLASK
        and not {normal(name) for name in distributions.get(module, [])} & declared()
    }
    assert undeclared == {}


def test_the_workflows_import_the_state_machine_library_in_one_place() -> None:
    assert foreign_imports("workflows") in ({}, {"transitions": {"workflows.machine"}})


def test_what_an_auditor_verifies_with_needs_the_standard_library_alone() -> None:
    graph = grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)
    modules = graph.find_descendants("workflows.evidence")
    assert len(modules) > 1
    imported = set().union(*(graph.find_modules_directly_imported_by(name) for name in modules))
    outside = {name for name in imported if not name.startswith("workflows.evidence")}
    assert {
        name for name in outside if name.partition(".")[0] not in sys.stdlib_module_names
    } == set()


def test_the_bootstrap_needs_the_standard_library_alone() -> None:
    importers = set().union(*foreign_imports("app").values())
    assert {name for name in importers if name.startswith("app.bootstrap")} == set()


def test_every_capability_stands_in_the_inner_order() -> None:
    containers = settings()["importlinter:contract:inwards"]["containers"].split()
    folders = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}
    assert set(containers) == {f"app.{name}" for name in folders - {"bootstrap", "cli"}}
