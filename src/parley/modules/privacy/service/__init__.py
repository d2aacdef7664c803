"""The verbs of privacy, one a file."""
