"""The two passes, and the arithmetics they run on."""
