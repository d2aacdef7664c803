"""Send a text message."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    message = parley.send_message({"to": os.environ["TO"], "type": "text", "text": {"body": "Hello from Python"}})
    print(message["id"], message["status"])
