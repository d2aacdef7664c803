"""`/{phone}/smb_app_data`: what a number that stays in the Business app shares when it is onboarded."""

from parley.core import ids
from parley.sim.graph.accounts import business_of, whatsapp_body
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer, text_of
from parley.sim.world import Origin, World

KINDS = ("smb_app_state_sync", "history")
SHARE_SECONDS = 86_400  # it may be asked for a day after onboarding
CONTACT = {"full_name": "Ada of the phone book", "first_name": "Ada", "phone_number": "15550001111"}


async def share(world: World, request: Request) -> Answer:
    """Share contacts or history: each once, within a day of onboarding; both come by webhook."""
    business, body = business_of(world, request), whatsapp_body(request, product=True)
    kind = text_of(body, "sync_type")
    if kind not in KINDS:
        raise MetaError(100, f"Param sync_type must be one of {', '.join(KINDS)}.")
    if not business.on_business_app:
        raise MetaError(100, "The number is not used in the Business app.")
    if business.onboarded_at is not None and world.now() - business.onboarded_at > SHARE_SECONDS:
        raise MetaError(2593108, "Contacts and history can be shared for 24 hours after onboarding.")
    if kind in business.shared:
        raise MetaError(2593107, "This was asked for already.")
    business.shared.add(kind)
    world.publish(Origin(waba_id=business.waba_id, business=business), kind, _value(world, kind, business.metadata))
    return answer({"messaging_product": "whatsapp", "request_id": ids.new_uuid().hex})


def _value(world: World, kind: str, metadata: Json) -> Json:
    common: Json = {"messaging_product": "whatsapp", "metadata": metadata}
    moment = str(int(world.now()))
    if kind == "history":
        message = {"from": CONTACT["phone_number"], "id": f"wamid.{ids.new_uuid().hex}", "timestamp": moment}
        said = {**message, "type": "text", "text": {"body": "Hello from before"}, "history_context": {"status": "READ"}}
        thread = {"id": CONTACT["phone_number"], "messages": [said]}
        chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 100}, "threads": [thread]}
        return {**common, "history": [chunk]}
    entry = {"type": "contact", "contact": CONTACT, "action": "add", "metadata": {"timestamp": moment}}
    return {**common, "state_sync": [entry]}
