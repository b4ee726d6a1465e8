"""Clocks that run out: warnings, escalations, the system's own acts, and deadlines computed anew."""
