"""The request of a delivery: signed with every secret that is valid now, in the words of the endpoint's kind.

Meta's header has room for one signature. While a secret is replaced it is the old one's, which the receiver is known to
have, until the overlap ends or somebody says that the receiver has the fresh one (`finish_rotation`).
"""

from typing import Final

from parley.core.time import unix_seconds
from parley.modules.webhooks import signature
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.ports import Post
from parley.modules.webhooks.service.compose import Composed

USER_AGENT: Final = "Parley-Webhooks/1"


def signed_post(endpoint: Endpoint, composed: Composed) -> Post:
    """The POST, signed at this moment. An endpoint's own headers never replace ours."""
    moment = unix_seconds()
    secrets = endpoint.signing(moment)
    timestamp = int(moment)
    headers = {name.lower(): value for name, value in endpoint.about.headers.items()}
    keys = [signature.key_of(each) for each in secrets]
    headers |= {
        "content-type": composed.content_type,
        "user-agent": USER_AGENT,
        "webhook-id": composed.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature.standard(keys, composed.id, timestamp, composed.body),
    }
    if endpoint.kind == "meta":
        headers["x-hub-signature-256"] = signature.meta(secrets[-1], composed.body)
    return Post(url=endpoint.about.url, headers=headers, body=composed.body)
