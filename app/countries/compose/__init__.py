"""What follows from the facts of a country: how long data are kept, the shapes of numbers, the size of an enterprise."""
