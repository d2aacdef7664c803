"""The verbs of partners, one a file."""
