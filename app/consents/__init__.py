"""Consents of enterprises: which service centre may act for them, in what, and until when."""
