"""Tables of data in and out: readers, writers, the circuit over rows, aggregates. The only importer of pyarrow."""
