"""Tranches, claims and drawdowns, payment instructions, disbursements."""
