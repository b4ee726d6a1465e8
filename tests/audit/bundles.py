"""What the tests of bundles share: asking for one, the work, and the verifier's word on it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.audit import commands
from app.audit.compose import Scope
from app.checkpoints import compose
from app.checkpoints import queries as checkpoints
from app.checkpoints.commands import advance
from app.checkpoints.compose import new_key, read_key
from app.db import transaction
from tests.factories import do_the_work
from tests.pages.browser import Browser
from tests.world import World
from workflows.evidence.note import Checkpoint
from workflows.evidence.verifying import main


def held() -> str:
    """Return a checkpoint as an auditor keeps it, after signing."""
    with transaction():
        newest = advance()
        assert newest is not None
        return checkpoints.note(newest)


class Got:
    """A bundle in a file, and what is in it."""

    def __init__(self, content: bytes, folder: Path) -> None:
        """Keep the bytes of a bundle in a folder."""
        self.path = folder / "bundle.zip"
        self.path.write_bytes(content)
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        self.names = self.zip.namelist()

    def text(self, name: str) -> str:
        return self.zip.read(name).decode()

    def json(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.zip.read(name))
        return found

    def lines(self, name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text(name).splitlines()]

    def folder(self, name: str) -> list[str]:
        return [member for member in self.names if member.startswith(f"{name}/")]

    def verdict(self, capsys: pytest.CaptureFixture[str], checkpoint: str = "") -> tuple[int, str]:
        """Return the exit code and the report of the verifier, with the key that the auditor holds."""
        signer = compose.signer()
        assert signer is not None
        arguments = [str(self.path), "--key", str(signer.verifier)]
        if checkpoint:
            note = self.path.with_name("held")
            note.write_text(checkpoint)
            arguments += ["--checkpoint", str(note)]
        capsys.readouterr()
        code = main(arguments)
        return code, capsys.readouterr().out


def asked(browser: Browser, **form: str) -> str:
    """Ask for a bundle at the page, and return where it is shown."""
    answer = browser.post("/audit/bundles", {name.rstrip("_"): v for name, v in form.items()})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def made(world: World, folder: Path, name: str = "auditor.my", **form: str) -> Got:
    """Return a bundle that an auditor asked for, and a worker made."""
    browser = Browser(world.app, name)
    page = asked(browser, **form)
    assert set(do_the_work()) == {"done"}
    file = browser.get(f"{page}.zip")
    assert (file.status_code, file.mimetype) == (200, "application/zip"), browser.get(page).text
    return Got(file.data, folder)


def ready(world: World) -> int:
    """Return the number of a bundle of everything that is ready."""
    with transaction():
        found = commands.ask(Scope("all", documents=False), actor=world.auditor)
    assert set(do_the_work()) == {"done"}
    return found.id


def signed(size: int, root: bytes, name: str = "") -> str:
    """Return a checkpoint that the key of this log signed, or that of another with the name."""
    signer = read_key(new_key(name)) if name else compose.signer()
    assert signer is not None
    return str(signer.sign(Checkpoint(signer.verifier.name, size, root)))
