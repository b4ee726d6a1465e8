"""What proves the decision trail: the standard library alone, so that an auditor can run the same files without us."""
