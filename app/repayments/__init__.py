"""The repayment schedule as agreed."""
