"""A row of a file, in the terms of what is kept of a contact."""

from collections.abc import Mapping, Sequence
from typing import Final

from parley.core.errors import Fault, fault
from parley.core.json import JsonValue
from parley.core.phones import normalise
from parley.modules.contacts.domain import Identity
from parley.modules.contacts.editing import MAX_TAG
from parley.modules.contacts.export import FIELD
from parley.modules.contacts.fields import EMAIL, LANGUAGE
from parley.modules.contacts.service.upsert import Upsert

MEANINGS: Final = ("phone", "user_id", "email", "name", "language", "tags")
"""What a column may mean; `field.<key>` beside these."""
MAX_USER_ID: Final = 160
_APART: Final = str.maketrans({";": ",", "|": ",", "\n": ","})


def upsert_of(cells: Mapping[str, str], tags: Sequence[str]) -> Upsert | tuple[Fault, ...]:
    """Who is meant and what to set, by what the columns mean; an empty cell leaves what is known. `tags` for all."""
    given = {meaning: cell for meaning, cell in cells.items() if cell}
    faults: list[Fault] = []
    identities: list[Identity] = []
    if "phone" in given:
        number = normalise(given["phone"])
        identities += [Identity("phone", number)] if number else []
        faults += [] if number else [fault("/phone", "bad_number", "Write the phone like +15550001111.")]
    if "email" in given:
        address = given["email"].casefold()
        good = EMAIL.match(address) is not None
        identities += [Identity("email", address)] if good else []
        faults += [] if good else [fault("/email", "bad_email", "Write the address like ada@example.org.")]
    if "user_id" in given:
        identities.append(Identity("user_id", given["user_id"][:MAX_USER_ID]))
    own = [each.strip() for each in given.get("tags", "").translate(_APART).split(",") if each.strip()]
    if any(len(each) > MAX_TAG for each in own):
        faults.append(fault("/tags", "too_long", f"A tag has at most {MAX_TAG} characters; put a comma between tags."))
    if "language" in given and not LANGUAGE.match(given["language"]):
        faults.append(fault("/language", "bad_format", "Write the language like en or pt-BR."))
    if not identities and not faults:
        faults.append(fault("", "missing", "The row has no phone, user id or e-mail address, so it is nobody."))
    if faults:
        return tuple(faults)
    fields: dict[str, JsonValue] = {
        key.removeprefix(FIELD): cell for key, cell in given.items() if key.startswith(FIELD)
    }
    return Upsert(
        identities=tuple(identities),
        name=given.get("name"),
        language=given.get("language"),
        fields=fields,
        tags=tuple(dict.fromkeys([*tags, *own])),
    )
