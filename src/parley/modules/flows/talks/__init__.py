"""Written conversations: what the customer says, what the bot must say, how it must stand. Tests for authors."""
