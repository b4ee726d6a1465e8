"""What is proposed and decided about an award beside its own road: a change, a write-off, money that comes back."""
