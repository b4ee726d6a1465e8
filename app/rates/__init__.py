"""What a dollar was worth: rates of exchange by day, each with its source."""
