"""Evidence files, kept by digest."""
