"""SQL of flows: definitions, sessions, effects."""
