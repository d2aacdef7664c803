"""The benchmarks, one a file: each starts what it needs and returns its findings."""
