"""A circuit over columns: row by row, or gathered into one answer. Knows no file format."""
