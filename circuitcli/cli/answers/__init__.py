"""A file an answer: its record, its rows and its table."""
