"""SQL of channels, by what it is about."""
