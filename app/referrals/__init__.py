"""Handing an enterprise over to a facility or service centre of another country, so that both sides can follow it."""
