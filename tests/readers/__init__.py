"""What we export, read by programs that others wrote, each in a process of an environment of its own."""
