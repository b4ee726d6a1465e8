"""How long personal data is kept: retention, legal hold, erasure."""
