"""The positive result: offer, acceptance, conditions precedent."""
