"""The format of definitions: reading a file strictly, its JSON Schema, its reference."""
