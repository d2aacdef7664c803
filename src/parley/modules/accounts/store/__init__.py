"""SQL of accounts, a file for each kind of thing."""
