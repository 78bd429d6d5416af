"""Ascents that end at kinks: the model of the pieces that meet there, steps to its best point, and the certificate."""
