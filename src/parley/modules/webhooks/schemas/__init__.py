"""Wire shapes of facts, endpoints and deliveries."""
