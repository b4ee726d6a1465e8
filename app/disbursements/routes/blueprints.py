"""Where the pages and the interface of payments hang."""

from flask import Blueprint

pages = Blueprint("disbursements", __name__)
api = Blueprint("disbursements_api", __name__, url_prefix="/api/v1")
