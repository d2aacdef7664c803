"""What an AI agent is made of: the tools it may use, what it remembers, what it is told, how its replies are read."""
