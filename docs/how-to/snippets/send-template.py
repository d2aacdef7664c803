"""Send an approved template: the way to write first, or after the 24-hour window closed."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    message = parley.send_message(
        {
            "to": os.environ["TO"],
            "type": "template",
            "template": {
                "name": os.environ["TEMPLATE"],
                "language": {"code": "en_US"},
                "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}],
            },
        }
    )
    print(message["id"], message["status"])
