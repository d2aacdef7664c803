"""The verbs of channels, one a file."""
