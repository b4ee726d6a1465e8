"""Definitions as people see them: diagrams, pictures, tables, the strip of stages."""
