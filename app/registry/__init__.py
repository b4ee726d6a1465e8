"""What is known of an enterprise beside its own answers: checks at the registry, and certificates of courses."""
