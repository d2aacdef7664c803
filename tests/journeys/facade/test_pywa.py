"""pywa, unchanged, against the façade: every type of message, files, templates, people, and its classes of errors."""

# pywa passes its names on without saying that they are public.
# mypy: disable-error-code="attr-defined,arg-type"

from collections.abc import Callable

import httpx
import pytest
from pywa import WhatsApp, errors, types
from pywa.types import templates

from tests.journeys.facade.conftest import ADA, Redirected, Shop
from tests.journeys.running import wait_until

pytestmark = [pytest.mark.journey]

LINK = "https://example.com/file"
SECTIONS = types.SectionList(
    button_title="Choose",
    sections=[types.Section(title="Bread", rows=[types.SectionRow(title="Rye", callback_data="rye")])],
)
CARD = types.Contact(name=types.Contact.Name(formatted_name="Ada L", first_name="Ada"))

SENDS: dict[str, Callable[[WhatsApp], object]] = {
    "text": lambda wa: wa.send_message(ADA, "Hello", preview_url=True),
    "image": lambda wa: wa.send_image(ADA, f"{LINK}.jpg", caption="Look"),
    "video": lambda wa: wa.send_video(ADA, f"{LINK}.mp4"),
    "document": lambda wa: wa.send_document(ADA, f"{LINK}.pdf", filename="bill.pdf"),
    "audio": lambda wa: wa.send_audio(ADA, f"{LINK}.mp3"),
    "voice": lambda wa: wa.send_voice(ADA, f"{LINK}.ogg"),
    "sticker": lambda wa: wa.send_sticker(ADA, f"{LINK}.webp"),
    "location": lambda wa: wa.send_location(ADA, 52.5, 13.4, name="Shop", address="Street 1"),
    "request location": lambda wa: wa.request_location(ADA, "Where are you?"),
    "contacts": lambda wa: wa.send_contact(ADA, CARD),
    "buttons": lambda wa: wa.send_message(ADA, "Sure?", buttons=[types.Button("Yes", "yes"), types.Button("No", "no")]),
    "list": lambda wa: wa.send_message(ADA, "Which?", header="Bread", footer="Fresh", buttons=SECTIONS),
    "link button": lambda wa: wa.send_message(ADA, "See", buttons=types.URLButton("Open", "https://example.com")),
    "catalog": lambda wa: wa.send_catalog(ADA, "All we have"),
    "product": lambda wa: wa.send_product(ADA, "17", "rye-1", body="Rye"),
    "products": lambda wa: wa.send_products(ADA, "17", [types.ProductsSection("Bread", ["rye-1"])], "Shop", "Bread"),
}


@pytest.mark.parametrize("kind", SENDS)
def test_every_type_is_sent(wa: WhatsApp, shop: Shop, kind: str) -> None:
    before = len(shop.arrived())
    sent = SENDS[kind](wa)
    assert str(getattr(sent, "id", "")).startswith("wamid.")
    wait_until("it arrives", lambda: len(shop.arrived()) > before, seconds=10)


def test_a_reply_and_a_reaction(wa: WhatsApp) -> None:
    first = wa.send_message(ADA, "First")
    assert wa.send_message(ADA, "Second", reply_to_message_id=first.id).id != first.id
    assert wa.send_reaction(ADA, "👍", first.id).id
    assert wa.remove_reaction(ADA, first.id).id


def test_what_a_person_wrote_is_marked_as_read(wa: WhatsApp, shop: Shop) -> None:
    said = shop.sim("POST", f"phones/+{ADA}/messages", {"type": "text", "text": {"body": "Hi"}, "to": shop.number})
    wamid = said["id"] if "id" in said else said["messages"][0]["id"]
    assert wa.mark_message_as_read(wamid)
    assert wa.indicate_typing(wamid)


def test_a_file_goes_round(wa: WhatsApp) -> None:
    kept = wa.upload_media(b"%PDF-1.4 a bill", mime_type="application/pdf", filename="bill.pdf")
    found = wa.get_media_url(kept.id)
    assert (found.mime_type, str(found.file_size)) == ("application/pdf", "15")
    assert wa.get_media_bytes(found.url) == b"%PDF-1.4 a bill"
    assert wa.send_document(ADA, kept.id, filename="bill.pdf").id
    assert wa.delete_media(kept.id)
    with pytest.raises(errors.WhatsAppError) as gone:
        wa.get_media_url(kept.id)
    assert (gone.value.code, gone.value.subcode) == (100, 33)


def test_a_file_that_came_in_is_fetched_by_metas_id(wa: WhatsApp, shop: Shop) -> None:
    image = shop.sim("POST", "media", b"from a phone")
    shop.sim(
        "POST",
        f"phones/+{ADA}/messages",
        {"type": "document", "document": {"id": image["id"], "filename": "note.txt"}, "to": shop.number},
    )
    assert wa.get_media_bytes(wa.get_media_url(image["id"]).url) == b"from a phone"


def test_templates_are_made_listed_sent_and_deleted(wa: WhatsApp) -> None:
    body = templates.BodyText("Order {{1}} is on its way, thank you.", "17")
    new = templates.Template(
        name="on_its_way",
        language=templates.TemplateLanguage.ENGLISH_US,
        category=templates.TemplateCategory.UTILITY,
        components=[body],
    )
    made = wa.create_template(new)
    wait_until("it is approved", lambda: "APPROVED" in str(wa.get_template(made.id).status).upper(), seconds=10)
    assert "on_its_way" in [each.name for each in wa.get_templates()]
    sent = wa.send_template(ADA, "on_its_way", templates.TemplateLanguage.ENGLISH_US, [templates.BodyText.params("17")])
    assert sent.id.startswith("wamid.")
    assert wa.delete_template("on_its_way")


def test_the_number_its_profile_and_people_it_blocks(wa: WhatsApp, shop: Shop) -> None:
    assert wa.get_business_phone_number().id == shop.number
    assert [each.id for each in wa.get_business_phone_numbers()] == [shop.number]
    assert wa.update_business_profile(about="Bread since 1900")
    assert wa.get_business_profile().about == "Bread since 1900"
    assert wa.block_users([ADA]).added_users
    assert wa.api.get_blocked_users(shop.number)["data"][0]["block_users"][0]["wa_id"] == ADA
    assert wa.unblock_users([ADA]).removed_users


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (errors.MissingRequiredParameter, lambda wa: wa.send_message(ADA, "")),
        (errors.InvalidParameter, lambda wa: wa.send_message("123", "Hello")),
        (errors.TemplateNotExists, lambda wa: wa.send_template(ADA, "nope", templates.TemplateLanguage.ENGLISH_US, [])),
        (errors.RecipientCannotBeSender, lambda wa: wa.send_message("15550009999", "Hello")),
    ],
    ids=["missing", "invalid", "template", "itself"],
)
def test_what_is_refused_raises_pywas_class(
    wa: WhatsApp, kind: type[errors.WhatsAppError], ask: Callable[[WhatsApp], object]
) -> None:
    with pytest.raises(kind) as refused:
        ask(wa)
    assert refused.value.details
    assert refused.value.fbtrace_id


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (130472, errors.UserIsInExperimentGroup),
        (130497, errors.AccountRestrictedFromCountry),
        (131047, errors.ReEngagementMessage),
        (131049, errors.MessageUndeliverableDueToHealthyEcosystemEngagement),
        (131051, errors.UnsupportedMessageType),
        (131052, errors.MediaDownloadError),
        (131053, errors.MediaUploadError),
        (131062, errors.BSUIDRecipientNotSupported),
        (132000, errors.TemplateParamCountMismatch),
        (132005, errors.TemplateTextTooLong),
        (132007, errors.TemplateContentPolicyViolation),
        (132012, errors.TemplateParamFormatMismatch),
        (132068, errors.FlowBlocked),
        (137000, errors.RecipientIdentityKeyMismatch),
    ],
)
def test_what_meta_refuses_raises_the_class_it_would(
    wa: WhatsApp, shop: Shop, redirected: Redirected, code: int, kind: type[errors.WhatsAppError]
) -> None:
    shop.sim("PUT", "faults", {"error_rate": 1.0, "error_code": code})
    try:
        with pytest.raises(kind) as refused:
            wa.send_message(f"1555{code:07d}", "Hello")  # to each his own: the pair rate is kept here too
    finally:
        shop.sim("DELETE", "faults")
    assert refused.value.code == code
    assert redirected.seen[-1][2].json()["error"]["type"] == "OAuthException"


def test_a_key_that_is_none_raises_pywas_class(shop: Shop) -> None:
    with httpx.Client(transport=Redirected(shop.facade)) as session:
        stranger = WhatsApp(phone_id=shop.number, token="EAAG", session=session)
        with pytest.raises(errors.ExpiredAccessToken):
            stranger.send_message(ADA, "Hello")
