"""Tests of how a machine is prepared and the system kept running on it."""
