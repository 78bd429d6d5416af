"""The plots of a command line: what each kind draws, read and checked."""
