"""An evidence bundle with real processes: a worker makes it, verify.py proves it alone, and a killed job leaves nothing."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.audit import commands
from app.audit.compose import Scope, place
from app.audit.models import Bundle
from app.bootstrap.environment import ROOT
from app.bootstrap.stack import Stack
from app.checkpoints.compose import install, signer
from app.db import db, transaction
from app.trail.models import OutboxEntry
from app.worker import run
from tests.world import World
from workflows.evidence.assemble import verifier

DYING = """
import os, signal
from app import create_app, worker
from app.audit.compose import bundle
from config import Settings
bundle.verifier = lambda: os.kill(os.getpid(), signal.SIGKILL)
with create_app(Settings.from_environment()).app_context():
    worker.run({number})
"""


def asked(app: Flask, reference: str) -> tuple[int, int]:
    """Ask for a case; returns the numbers of the bundle and of the work, which no worker knows of yet."""
    auditor = World(app).person("auditor.my")
    with transaction():
        bundle = commands.ask(Scope("cases", (reference,), documents=False), actor=auditor)
        entry = db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.event_id == bundle.event_id)
        ).one()
        entry.send_after = clock.now() + timedelta(hours=1)
        # Nobody is woken.
        db.session.info.pop("outbox")
    numbers = bundle.id, entry.id
    db.session.remove()
    return numbers


def test_a_job_killed_at_the_last_member_begins_again_and_makes_one_bundle(
    stack: Stack, app: Flask, tmp_path: Path
) -> None:
    settings = app.extensions["saluran.settings"]
    key_file, store = Path(stack.environment["SALURAN_LOG_KEY_FILE"]), str(settings.storage_dir)
    with app.app_context():
        install(db.engine.url, replace(settings, log_key_file=key_file))
        bundle, work = asked(app, World(app).at("screening"))
        died = subprocess.run(
            [sys.executable, "-c", DYING.format(number=work)],
            cwd=ROOT,
            env={**stack.environment, "SALURAN_STORAGE_DIR": store},
            check=False,
        )
        assert died.returncode == -signal.SIGKILL
        folder = settings.storage_dir / "bundles"
        assert len(list(folder.glob(f"{bundle}.*.part"))) == 1
        assert run(work) == "skip"
        with transaction():
            over = {"lease_until": clock.now() - timedelta(seconds=1)}
            db.session.execute(update(OutboxEntry).where(OutboxEntry.id == work).values(over))
        assert [run(work), run(work)] == ["done", "skip"]
        made = db.session.get_one(Bundle, bundle)
        assert made.error is None
        file, key = place(str(made.sha256)), signer()
        db.session.remove()
    assert list(folder.glob(f"{bundle}.*.part")) == []
    assert key is not None
    script = tmp_path / "verify.py"
    script.write_text(verifier())
    proved = subprocess.run(
        [sys.executable, "-I", "-S", script, file, "--key", str(key.verifier)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert proved.returncode == 0, proved.stdout
