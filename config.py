"""Settings: one frozen record, read once from the environment."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Settings:
    """Everything an operator may set.

    Durations are seconds. ``clock_file`` names the file of the rehearsal clock: it holds the number of
    days by which the whole program runs ahead of today; it is for demonstrations and never for real cases.

    ``log_key_file`` holds the private key that checkpoints of the decision trail are signed with, under the name of the
    log; workers need it. ``smtp_url`` is smtp:// or smtps://user:password@host:port, ``checkpoint_to`` are addresses that
    get checkpoints beside the auditors. ``witnesses`` are the addresses of witnesses, each followed by # and its
    verifier key.

    ``retention_file`` says how long agencies keep what, where that is longer than the program's own rules.
    """

    database_url: str
    redis_url: str
    secret_key: str
    storage_dir: Path
    https: bool = False
    clock_file: Path | None = None
    log_key_file: Path | None = None
    smtp_url: str | None = None
    mail_from: str = ""
    checkpoint_to: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    retention_file: Path | None = None
    queue: str = "saluran"
    lease_seconds: int = 30
    resend_seconds: int = 5
    sweep_seconds: float = 2.0
    session_hours: int = 12
    idle_minutes: int = 60
    max_upload_bytes: int = 5 * 1024 * 1024

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read ``SALURAN_*`` variables; raises ``KeyError`` naming the first one that is missing."""
        env = os.environ
        clock = env.get("SALURAN_CLOCK_FILE")
        key = env.get("SALURAN_LOG_KEY_FILE")
        kept = env.get("SALURAN_RETENTION_FILE")
        return cls(
            database_url=_driver(env["SALURAN_DATABASE_URL"]),
            redis_url=env["SALURAN_REDIS_URL"],
            secret_key=env["SALURAN_SECRET_KEY"],
            storage_dir=Path(env["SALURAN_STORAGE_DIR"]).resolve(),
            https=env.get("SALURAN_HTTPS", "0") == "1",
            clock_file=Path(clock) if clock else None,
            log_key_file=Path(key) if key else None,
            smtp_url=env.get("SALURAN_SMTP_URL") or None,
            mail_from=env.get("SALURAN_MAIL_FROM", ""),
            checkpoint_to=tuple(env.get("SALURAN_CHECKPOINT_TO", "").split()),
            witnesses=tuple(env.get("SALURAN_WITNESSES", "").split()),
            retention_file=Path(kept) if kept else None,
            lease_seconds=int(env.get("SALURAN_LEASE_SECONDS", "30")),
            resend_seconds=int(env.get("SALURAN_RESEND_SECONDS", "5")),
            sweep_seconds=float(env.get("SALURAN_SWEEP_SECONDS", "2")),
        )

    @classmethod
    def for_tests(cls, database_url: str, redis_url: str, storage_dir: Path) -> "Settings":
        """Return settings of a throw-away instance with a secret nobody knows and a log of its own."""
        from app.checkpoints.compose import keep_new_key  # noqa: PLC0415 - tests only

        key = storage_dir / "log.key"
        keep_new_key(key, "log.test.example/trail")
        secret = secrets.token_urlsafe(32)
        return cls(_driver(database_url), redis_url, secret, storage_dir, log_key_file=key)


def _driver(url: str) -> str:
    """Name psycopg 3 as the driver, whichever way the operator spelled PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
