"""The verbs of contacts, one a file."""
