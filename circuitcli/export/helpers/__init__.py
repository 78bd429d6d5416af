"""Functions that languages and libraries lack, in files of their own language, from which export copies."""
