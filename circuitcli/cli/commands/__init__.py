"""A file a command: its options, and the answer that it asks for."""
