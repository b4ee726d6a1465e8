"""Money that comes back, or that another institution pays: clawbacks, claims under guarantees, fees for them."""
