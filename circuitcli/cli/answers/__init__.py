"""The answers of commands, a file a kind: its record, its rows and its table."""
