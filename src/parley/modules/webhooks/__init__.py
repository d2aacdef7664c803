"""Webhooks: the public catalogue of facts, and the feed of those that happened."""

from parley.modules.webhooks.store import StoredEvent, keep_events, list_events

__all__ = ["StoredEvent", "keep_events", "list_events"]
