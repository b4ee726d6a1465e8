"""What is worked out from what was read: samples, the process as it ran, one side beside another. Pure functions."""
