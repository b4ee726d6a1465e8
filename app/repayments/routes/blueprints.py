"""The blueprints of loans after the money is out."""

from flask import Blueprint

from app.repayments.compose.pricing import words_of
from app.repayments.compose.telling import told_agreed

pages = Blueprint("repayments", __name__)
pages.add_app_template_global(words_of, "loan_words")
pages.add_app_template_global(told_agreed, "loan_terms")
api = Blueprint("repayments_api", __name__, url_prefix="/api/v1")
