"""Equations from a start: Newton's steps in a region where they can be trusted, and what a root depends on."""
