"""Give a POST a key of your own: repeated, even after a crash, it does its work once."""

import os

from parley_client import Parley, Refused

order = os.environ["ORDER"]
with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    body = {"to": os.environ["TO"], "type": "text", "text": {"body": f"Order {order} is on its way"}}
    try:
        first = parley.send_message(body, idempotency_key=f"order-{order}-shipped")
        again = parley.send_message(body, idempotency_key=f"order-{order}-shipped")
    except Refused as error:
        print(error.code, error.detail, error.request_id)
        raise
    print(first["id"], "is" if first["id"] == again["id"] else "is not", again["id"])
