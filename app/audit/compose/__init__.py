"""Evidence bundles: what is in one, read page by page and written member by member into a zip."""

from app.audit.compose.bundle import Made, compose
from app.audit.compose.proofs import tlog_proof
from app.audit.compose.reading import Reader
from app.audit.compose.scope import Scope
from app.audit.compose.store import digested, place, reserved, settle

__all__ = [
    "Made",
    "Reader",
    "Scope",
    "compose",
    "digested",
    "place",
    "reserved",
    "settle",
    "tlog_proof",
]
