"""SQL of facts, endpoints, deliveries and their attempts."""
