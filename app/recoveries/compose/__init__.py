"""What a demand, a claim or a receipt may be, drawn from what a person entered, and how it is told."""
