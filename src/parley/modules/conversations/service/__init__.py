"""The verbs of conversations, one a file."""
