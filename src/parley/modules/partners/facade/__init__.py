"""The rules of the Cloud-API façade: Meta's shapes, ids and refusals on our message path."""
