"""The blueprints of loans after the money is out."""

from flask import Blueprint

pages = Blueprint("repayments", __name__)
api = Blueprint("repayments_api", __name__, url_prefix="/api/v1")
