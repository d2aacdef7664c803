"""Upload a file once, and send it."""

import os
from pathlib import Path

from parley_client import Parley

file = Path(os.environ["FILE"])
with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    media = parley.upload_media((file.name, file.read_bytes(), "image/png"))
    image = {"id": media["id"], "caption": "Your receipt"}
    message = parley.send_message({"to": os.environ["TO"], "type": "image", "image": image})
    print(message["id"], message["status"])
