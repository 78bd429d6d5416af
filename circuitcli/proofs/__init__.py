"""Proofs by intervals: the smallest value in a box, and all roots in it."""
