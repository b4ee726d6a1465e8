"""The libraries that letters are drawn with: Pango and its kin, which no Python package brings.

Letters are documents that bind an agency, so nothing runs without them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from app.bootstrap.apt import install, may_install
from app.bootstrap.environment import VENV
from app.bootstrap.shell import Stopped, run_quietly, say, succeeds

# The names that WeasyPrint 70 opens when it is imported.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
)
PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
SYSROOT = VENV / "sysroot"
FONT_SETTINGS = SYSROOT / "fonts.conf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A machine without Pango mostly has no fonts either, and WeasyPrint warns when it finds none.
_FONTS = f"""<fontconfig>
<dir>{SYSROOT}/usr/share/fonts</dir>
<cachedir>{SYSROOT}/cache</cachedir>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
</fontconfig>
"""
_LOADER = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


def missing(search_path: str | None = None) -> list[str]:
    """Return the libraries that do not load, asked of a child: a process reads its path once."""
    environment = {**os.environ, **({"LD_LIBRARY_PATH": search_path} if search_path else {})}
    answer = subprocess.run(
        [sys.executable, "-c", _LOADER, *LIBRARIES],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.split()


def ensure() -> dict[str, str]:
    """Make the libraries loadable; return what a process needs in its environment to find them.

    Raises Stopped, naming the packages to install, when they cannot be had.
    """
    if not missing():
        return {}
    if may_install():
        install(PACKAGES)
        if not missing():
            return {}
    elif not search_path() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        _unpack()
    if found := search_path():
        return {"LD_LIBRARY_PATH": found, "FONTCONFIG_FILE": str(FONT_SETTINGS)}
    raise Stopped(
        "The libraries that letters are drawn with are missing: install Pango "
        f"(as root: apt-get install -y {' '.join(PACKAGES)}), then run this command again."
    )


def search_path() -> str | None:
    """Return a path into the private copy below .venv under which every library loads, if any."""
    folders = sorted([*SYSROOT.glob("usr/lib/*-linux-gnu*"), *SYSROOT.glob("lib/*-linux-gnu*")])
    inherited = os.environ.get("LD_LIBRARY_PATH")
    path = ":".join([*map(str, folders), *([inherited] if inherited else [])])
    return path if folders and not missing(path) else None


def ensure_browser() -> None:
    """Install the browser of the browser tests where that is allowed; otherwise say what is missing."""
    if browser() or (may_install() and install(["chromium"])):
        return
    say(
        "Chromium is missing: the browser tests are not run (as root: apt-get install -y chromium)."
    )


def browser() -> str | None:
    """Return the path of an installed browser of the Chromium family, if there is one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _unpack() -> None:
    """Unpack the packages below .venv, which needs neither root nor a change to the machine."""
    say("Fetching Pango into .venv (no root needed) ...")
    with tempfile.TemporaryDirectory(prefix="saluran-apt-") as temporary:
        folder = Path(temporary)
        options = _apt_options(folder)
        wanted = _not_installed(_closure(options))
        if not wanted or not succeeds(["apt-get", *options, "download", *wanted], cwd=folder):
            return
        SYSROOT.mkdir(parents=True, exist_ok=True)
        for archive in sorted(folder.glob("*.deb")):
            run_quietly(["dpkg-deb", "-x", archive, SYSROOT], f"{archive.name} is damaged.")
        FONT_SETTINGS.write_text(_FONTS)


def _apt_options(folder: Path) -> list[str]:
    """Return options for apt: none, or a private set of package lists on a machine without any."""
    if _closure([]):
        return []
    lists, cache = folder / "lists", folder / "cache"
    (lists / "partial").mkdir(parents=True)
    (cache / "archives" / "partial").mkdir(parents=True)
    options = ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}"]
    succeeds(["apt-get", *options, "update"])
    return options


def _closure(options: list[str]) -> set[str]:
    kinds = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    switches = [f"--no-{kind}" for kind in kinds]
    listing = ["apt-cache", *options, "depends", "--recurse", *switches, *PACKAGES]
    return package_names(_answer(listing)) if succeeds(listing) else set()


def package_names(listing: str) -> set[str]:
    """Return the real packages in what `apt-cache depends --recurse` prints.

    Dependencies are indented, virtual packages stand in angle brackets, foreign architectures
    carry a colon: none of these is a package to fetch.
    """
    lines = [line.strip() for line in listing.splitlines() if line and line[0].isalnum()]
    return {line for line in lines if ":" not in line}


def _not_installed(names: Iterable[str]) -> list[str]:
    listing = _answer(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"])
    installed = {line.split()[0] for line in listing.splitlines() if line.endswith(" installed")}
    return sorted(set(names) - installed)


def _answer(argv: list[str]) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout
