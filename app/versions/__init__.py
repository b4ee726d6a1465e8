"""Versions of workflows: proposed by one person and published by another, compared, and cases moved between them."""
