"""Be told what happens: make a webhook endpoint and keep its secret, which is shown this once."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    endpoint = parley.create_webhook_endpoint(
        {"url": os.environ["URL"], "event_types": ["message.received", "message.failed"]}
    )
    print(endpoint["id"], endpoint["secret"])
