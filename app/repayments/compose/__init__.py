"""What a schedule is made from and says, what is owed by it, and what may be proposed about a loan."""
