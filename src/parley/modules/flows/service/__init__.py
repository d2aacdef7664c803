"""The verbs of flows, one a file."""
