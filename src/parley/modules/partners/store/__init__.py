"""SQL of the API's logs, settings and captured bodies."""
