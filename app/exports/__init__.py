"""The trail in the formats that others read, streamed; reads only."""
