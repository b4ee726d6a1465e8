"""Applications that came on paper: read from a file of rows, all of them or a report of what is wrong."""
