"""The application as a WSGI server and the ``flask`` command see it."""

from app import create_app
from config import Settings

app = create_app(Settings.from_environment())
