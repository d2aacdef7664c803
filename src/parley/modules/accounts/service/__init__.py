"""The verbs of accounts, one a file."""
