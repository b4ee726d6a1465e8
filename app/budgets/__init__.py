"""Budgets: what a facility, a scheme and a call may give away, and moving it between calls."""
