"""Rows on many machines: the workers of Dask distributed read the files, run the two passes, and answer with sums."""
