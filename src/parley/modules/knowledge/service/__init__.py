"""The verbs of knowledge, one a file."""
