"""Prepares a machine and runs the whole system on it. Imports the standard library only."""
