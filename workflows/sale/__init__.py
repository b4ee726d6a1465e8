"""Shariah-compliant financing by sale (murabahah, bai' bithaman ajil, tawarruq): price, instalments, rebate, lateness, words."""

from workflows.sale.lateness import NO_RULING, RECIPIENTS, LateAmounts, LateTerms, late_amounts
from workflows.sale.price import (
    Recognition,
    Row,
    Sale,
    Settlement,
    dues,
    rows,
    selling_price,
    settlement,
)
from workflows.sale.words import CONFIRMATION, ONE_AMOUNT, PRINCIPLES, WORDS, conventions, working

__all__ = [
    "CONFIRMATION",
    "NO_RULING",
    "ONE_AMOUNT",
    "PRINCIPLES",
    "RECIPIENTS",
    "WORDS",
    "LateAmounts",
    "LateTerms",
    "Recognition",
    "Row",
    "Sale",
    "Settlement",
    "conventions",
    "dues",
    "late_amounts",
    "rows",
    "selling_price",
    "settlement",
    "working",
]
