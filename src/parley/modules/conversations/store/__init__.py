"""SQL of conversations, by what it is about."""
