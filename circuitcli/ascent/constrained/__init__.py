"""Ascents among constraints: an interior method, and what is certain of its end."""
