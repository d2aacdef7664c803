"""Wire shapes of contacts, by resource."""
