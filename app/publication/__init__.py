"""Checkpoints brought to where nobody here can take them back: page, file, mail, witness."""
