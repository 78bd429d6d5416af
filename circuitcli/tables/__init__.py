"""Bytes to columns and back: the formats of rows, where files are, and how they travel. Knows no circuit."""
