"""Wire shapes of flows, by resource."""
