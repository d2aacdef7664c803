"""Make the marks of a workspace's contacts anew: after a field became searchable, or was one no more."""

from parley.kit.unit import Units
from parley.modules.contacts.domain import Profile
from parley.modules.contacts.marks import marks_of
from parley.modules.contacts.service.define_fields import fields_of
from parley.modules.contacts.service.index import hashed
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.store import contacts as store
from parley.modules.contacts.store import marks

BATCH = 300
"""Contacts of one unit, locked meanwhile: some tens of milliseconds."""


async def reindex(units: Units, directory: Directory) -> int:
    """The next contacts of one workspace that asked for it; how many."""
    async with units.begin(lane="claim") as unit:
        asked = await marks.claim_reindex(unit)
        if asked is None:
            return 0
        workspace, after = asked
        await unit.bind([workspace])
        people = directory.people
        found_by = {each.key for each in await fields_of(unit, people.scopes, [workspace]) if each.searchable}
        rows = await store.lock_next(unit, after, BATCH)
        keys = await people.keys_of([(workspace, row.id) for row in rows])
        secret = (await people.scopes.scope(workspace)).index
        await marks.forget(unit, workspace, [row.id for row in rows])
        fresh: list[marks.Row] = []
        for row in rows:
            known = keys.get(row.id)
            profile = store.PROFILE.unseal(known, workspace, row.id, row.profile) if known else Profile()
            fresh += [(workspace, hashed(secret, each), row.id) for each in marks_of(profile, found_by)]
        if fresh:
            await marks.add(unit, fresh)
        await marks.advance_reindex(unit, rows[-1].id if len(rows) == BATCH else None)
    return len(rows)
