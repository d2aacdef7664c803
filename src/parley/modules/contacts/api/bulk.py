"""The route that takes many contacts at once."""

from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import DirectoryHere
from parley.modules.contacts.schemas.bulk import BulkRequest, BulkShape, read_row
from parley.modules.contacts.service.upsert import Upsert, Upserted, upsert_contacts

router = resource("contacts")


@router.post("/contacts/bulk", operation_id="bulk_contacts", summary="Create or update many contacts")
async def bulk_contacts(unit: UnitHere, directory: DirectoryHere, given: BulkRequest) -> BulkShape:
    """Up to a thousand rows, each as the body of `POST /v1/contacts`. One that does not fit fails alone, and says why.

    All the others are kept together. Sending it again changes nothing more.
    """
    rows = [read_row(each) for each in given.contacts]
    good = [each for each in rows if isinstance(each, Upsert)]
    done = iter(await upsert_contacts(unit, directory, good))
    return BulkShape.of([next(done) if isinstance(each, Upsert) else Upserted(faults=each) for each in rows])
