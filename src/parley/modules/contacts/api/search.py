"""The route that finds contacts."""

from parley.kit.rest.pages import Page, write_cursor
from parley.kit.rest.route import QueryRoute, UnitHere, resource
from parley.modules.contacts.api.shown import DirectoryHere, shapes
from parley.modules.contacts.schemas.contacts import ContactShape
from parley.modules.contacts.schemas.search import SearchRequest, condition_of
from parley.modules.contacts.service.search import Search, contact_of, search_contacts

router = resource("contacts", route=QueryRoute)


@router.post("/contacts/search", operation_id="search_contacts", summary="Find contacts")
async def find_contacts(unit: UnitHere, directory: DirectoryHere, given: SearchRequest) -> Page[ContactShape]:
    """Find contacts by an identity, by their name, or by a filter, newest first.

    The question stands in the body, for addresses are written into logs. A page by name may have fewer contacts than
    `limit` and still a `next_cursor`.
    """
    identity = given.identity()
    if identity is not None:
        contact = await contact_of(unit, directory, identity)
        return Page(data=await shapes(unit, directory, [contact] if contact else []), next_cursor=None)
    search = Search(condition=condition_of(given.filter, "/filter"), words=given.words())
    found, more = await search_contacts(unit, directory, search, given.after, given.limit)
    return Page(data=await shapes(unit, directory, found), next_cursor=write_cursor(more) if more else None)
