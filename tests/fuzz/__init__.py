"""Hostile input for the whole program: whatever comes in, an answer or an error comes out.

A kind of input is a row of KINDS: it draws a case from a seed, runs the program on it, and judges what became of it. A
campaign runs the cases of a kind in a process of its own, which may crash or hang: that is a fault like others. A fault
is a file from which the case can be run again; those that were mended stay in `corpus/`.
"""
