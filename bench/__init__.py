"""Benchmarks of the whole product: real processes, a real database, and one process that is both load and Meta."""
