"""Changes of what was agreed: a variation, a cut of the undrawn rest, another bank account."""
