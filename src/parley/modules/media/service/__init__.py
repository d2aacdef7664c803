"""The verbs of media, one a file."""
