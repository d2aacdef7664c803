"""Read a list to its end, page after page."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    for message in parley.every(parley.list_messages, limit=100):
        print(message["id"], message["direction"], message["type"], message["status"])
