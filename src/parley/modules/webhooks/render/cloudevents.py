"""A fact as a CloudEvent 1.0, structured mode."""

from collections.abc import Mapping
from typing import Final

CONTENT_TYPE: Final = "application/cloudevents+json"
BATCH_CONTENT_TYPE: Final = "application/cloudevents-batch+json"


def cloud_event(document: Mapping[str, object]) -> dict[str, object]:
    """The CloudEvent of a fact's document; `subject` is the thing it is about, most precise first.

    `actor` is an extension, there when somebody did it.
    """
    data = document["data"]
    about = [data[name] for name in _SUBJECTS if name in data] if isinstance(data, Mapping) else []
    told: dict[str, object] = {
        "specversion": "1.0",
        "id": document["id"],
        "source": f"urn:parley:{document['workspace_id']}",
        "type": document["type"],
        "time": document["timestamp"],
        "datacontenttype": "application/json",
        "data": data,
    }
    more = {"subject": about[0] if about else None, "actor": document["actor"]}
    return {**told, **{name: value for name, value in more.items() if value is not None}}


_SUBJECTS: Final = ("message_id", "conversation_id", "contact_id", "channel_id", "flow_id", "media_id", "endpoint_id")
