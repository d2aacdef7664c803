"""See how far a message came: each status with its time, and why it failed if it did."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    message = parley.get_message(os.environ["MESSAGE"])
    print(message["id"], message["status"])
    for step in message["statuses"]:
        print(step["at"], step["status"], step.get("errors", ""))
