"""A typed client of Parley's REST API. See README.md."""

from parley_client.client import AsyncParley, Parley
from parley_client.errors import NoAnswer, ParleyError, Refused
from parley_client.request import File
from parley_client.webhooks import BadSignature, verify

__all__ = ["AsyncParley", "BadSignature", "File", "NoAnswer", "Parley", "ParleyError", "Refused", "verify"]
