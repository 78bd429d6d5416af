"""Statements of equal form, and long sums, folded back into loops."""
