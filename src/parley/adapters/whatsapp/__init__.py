"""WhatsApp by Meta's Cloud API. Facts as of September 2026, Graph v23 to v26."""
