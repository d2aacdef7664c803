"""The shapes of partners."""
