"""Make a contact, or find the one with this number, and keep what your systems know of it."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    contact = parley.create_contact({"phone": os.environ["PHONE"], "name": "Ada Lovelace", "tags": ["vip"]})
    contact = parley.update_contact(contact["id"], {"language": "en"})
    print(contact["id"], contact["name"])
