"""Screening, assessment, recommendation and decision."""
