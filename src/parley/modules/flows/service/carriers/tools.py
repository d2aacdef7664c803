"""What carriers work with: verbs of the rooms below."""

from dataclasses import dataclass

from parley.modules.contacts import Directory
from parley.modules.conversations import Speaker


@dataclass(frozen=True, slots=True)
class Tools:
    """Made once; a carrier that needs another room's verb adds it here."""

    directory: Directory
    speaker: Speaker
