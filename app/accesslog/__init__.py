"""The access log: who looked at what of whom, and why; apart from the decision trail."""
