"""What a scheme is made of, and how its text is read, checked and completed."""
