"""Believe a webhook only when its signature fits. Here the raw body comes on standard input."""

import os
import sys

from parley_client import BadSignature, verify

headers = {
    name: os.environ[name.replace("-", "_")] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
}
try:
    event = verify(sys.stdin.buffer.read(), headers, secrets=os.environ["SECRETS"].split())
except BadSignature as error:
    sys.exit(f"401: {error}")
print(event["id"], event["type"])
