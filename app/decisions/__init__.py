"""Decisions: votes, what they come to, and what makes a decision void."""
