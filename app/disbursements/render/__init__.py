"""The payment file as bytes, in the form that the paying bank takes, and the check of a finished one."""

from app.disbursements.render.finished import check
from app.disbursements.render.payments import Account, Batch, Payment, PaymentFile
from app.disbursements.render.profiles import PROFILES, Profile, latin
from app.disbursements.render.table import table
from app.disbursements.render.transfers import (
    NAMESPACE,
    NAMESPACE_03,
    pain_001,
    pain_001_03,
    uetr,
)

__all__ = [
    "NAMESPACE",
    "NAMESPACE_03",
    "PROFILES",
    "Account",
    "Batch",
    "Payment",
    "PaymentFile",
    "Profile",
    "check",
    "latin",
    "pain_001",
    "pain_001_03",
    "table",
    "uetr",
]
