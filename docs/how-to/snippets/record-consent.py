"""Record that a person agreed to marketing (`granted`) or no longer does (`withdrawn`); nothing is forgotten."""

import os

from parley_client import Parley

with Parley(os.environ["PARLEY_API_KEY"], url=os.environ["PARLEY_API_URL"]) as parley:
    consent = parley.record_consent(os.environ["CONTACT"], {"state": "granted"})
    print(consent["purpose"], consent["state"])
