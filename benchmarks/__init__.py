"""Measured claims, each runnable by one command: ``python -m benchmarks.decision`` and so on.

Absolute figures are those of the machine; what is claimed are ratios against a peer in the same run.
"""
