"""Queues and case pages: what people look at."""
