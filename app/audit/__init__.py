"""The trail of a case and the exports; reads only."""
