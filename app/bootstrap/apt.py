"""Installs Debian and Ubuntu packages where the person running us may do so."""

import os
import shutil

from app.bootstrap.shell import say, succeeds


def may_install() -> bool:
    """Tell whether packages of the machine may be installed: root, on a machine that has apt."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: list[str]) -> bool:
    """Install packages, fetching fresh package lists only when the old ones do not suffice."""
    say(f"Installing {' '.join(packages)} with apt-get ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    command = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if succeeds(command, env=quiet):
        return True
    return succeeds([*apt, "update"], env=quiet) and succeeds(command, env=quiet)
