"""The acts on tranches, payments and their files, the files of banks: pages and interface."""

from app.disbursements.access import READERS
from app.disbursements.routes import files, interface, payments
from app.disbursements.routes.blueprints import api, pages
from app.disbursements.routes.tranches import VERBS

__all__ = ["READERS", "VERBS", "api", "files", "interface", "pages", "payments"]
