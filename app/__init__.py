"""Saluran: an SME's application for public money, from the first form to the last payment.

This file is the composition root. Importing the package imports nothing else, so that ``python3 -m app`` runs on a
machine where nothing is installed yet.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def create_app(settings: "Settings") -> "Flask":
    """Return the application: database, queue, pages, interface, commands."""
    from flask import Flask
    from flask_migrate import Migrate
    from flask_wtf.csrf import CSRFProtect

    from app import cli, clock, db, pages, worker
    from app.checkpoints import compose
    from app.countries.compose import retention
    from app.documents import queries as documents
    from config import ROOT

    app = Flask(
        __name__,
        static_folder=str(ROOT / "app" / "static"),
        template_folder=str(ROOT / "templates"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        # A page may hold a table of fifty rows beside its files.
        MAX_FORM_PARTS=1500,
        SESSION_COOKIE_NAME="__Host-saluran" if settings.https else "saluran",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The default hour destroys what was typed into a long form.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["saluran.settings"] = settings
    clock.rehearse(settings.clock_file)
    db.db.init_app(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        db.prepare(db.db.engine)
        compose.install(db.db.engine.url, settings)
        documents.install(db.db.engine.url, settings.storage_dir)
    retention.install(settings.retention_file)
    worker.init(app, settings.redis_url, settings.queue)
    pages.init(app, CSRFProtect())
    cli.init(app)
    return app
