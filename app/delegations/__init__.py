"""Duties that officers hand to each other for a period."""
