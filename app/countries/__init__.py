"""Member states: currency, time zone, working calendar; data, no tables."""
