"""How a fact is told: as Parley's own document and as a CloudEvent. Pure."""
