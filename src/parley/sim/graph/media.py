"""Media: upload, URL, download, delete; and resumable uploads for template samples."""

import hashlib

from python_multipart import FormParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, parse_options_header

from parley.core import ids
from parley.sim.businesses import check_token, find_business, token_of
from parley.sim.media import UPLOADED_SECONDS, URL_SECONDS, Media, check_upload
from parley.sim.refusals import MetaError, unknown_object
from parley.sim.web import SUCCESS, Answer, Request, answer, number_of, text_of
from parley.sim.world import World

DOWNLOAD = ["whatsapp_business", "attachments"]


async def upload_media(world: World, request: Request) -> Answer:
    """`POST /{phone}/media`: multipart with `messaging_product`, `file`, `type`."""
    business = find_business(world.businesses, request.parts[0], lenient=world.settings.lenient)
    check_token(request, [business])
    fields, content, part_type = _parts(request)
    if fields.get("messaging_product") != "whatsapp":
        raise MetaError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if content is None:
        raise MetaError(100, "The parameter file is required.")
    mime_type = fields.get("type") or part_type
    check_upload(content, mime_type)
    media = world.media.put(content, mime_type, world.now() + UPLOADED_SECONDS)
    return answer({"id": media.id})


async def read_media(world: World, request: Request) -> Answer:
    """`GET /{media}`: a URL that lives five minutes."""
    check_token(request, [])
    media = world.media.find(request.parts[0], world.now())
    return answer(
        {
            "messaging_product": "whatsapp",
            "url": media_url(media, request.header(b"host"), world.now()),
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": str(len(media.content)),
            "id": media.id,
        }
    )


async def download_media(world: World, request: Request) -> Answer:
    """The file, for the bearer of a token, while the URL lives; 404 afterwards."""
    if not token_of(request):
        raise MetaError(190, "Send the access token with the download as well.")
    check_token(request, [])
    query = request.query
    expires = number_of(query.get("ext", ""), 0)
    media = world.media.get(query.get("mid", ""), world.now())
    if media is None or expires <= world.now() or query.get("hash") != _hash(media.id, expires):
        return Answer(404, b"", b"text/plain")
    return Answer(200, media.content, media.mime_type.encode("latin-1", "replace"))


async def delete_media(world: World, request: Request) -> Answer:
    check_token(request, [])
    world.media.find(request.parts[0], world.now())
    world.media.drop(request.parts[0])
    return SUCCESS


async def begin_upload(world: World, request: Request) -> Answer:
    """`POST /{app}/uploads`: a resumable upload's id."""
    check_token(request, [])
    upload = f"upload:{ids.new_uuid().hex}"
    if len(world.uploads) >= _MOST_UPLOADS:
        world.uploads.clear()
    world.uploads[upload] = {"file_offset": 0, "file_type": text_of(request.query, "file_type")}
    return answer({"id": f"{upload}?sig={_hash(upload, 0)}"})


async def continue_upload(world: World, request: Request) -> Answer:
    """`POST /upload:…` with the bytes gives a handle; `GET` says how far it is."""
    check_token(request, [])
    upload = request.parts[0]
    state = world.uploads.get(upload)
    if state is None:
        raise unknown_object(upload)
    if request.method == "GET":
        return answer({"id": upload, "file_offset": state["file_offset"]})
    state["file_offset"] = len(request.body)
    state["h"] = f"4::{hashlib.sha256(request.body).hexdigest()}"
    return answer({"h": state["h"]})


def media_url(media: Media, host: str, now: float) -> str:
    """A fresh download URL on this simulator."""
    expires = int(now + URL_SECONDS)
    return f"http://{host}/{'/'.join(DOWNLOAD)}/?mid={media.id}&ext={expires}&hash={_hash(media.id, expires)}"


_MOST_UPLOADS = 1_000  # begun and kept at once
_IN_MEMORY = 128 * 1024 * 1024  # bytes of an upload held in memory: nothing of it goes to disk
_seal = ids.random_bytes(16)


def _hash(media_id: str, expires: int) -> str:
    return hashlib.blake2b(f"{media_id} {expires}".encode(), key=_seal, digest_size=16).hexdigest()


def _parts(request: Request) -> tuple[dict[str, str], bytes | None, str]:
    """The form's fields, its file, and the file part's own content type."""
    content_type = request.header(b"content-type")
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise MetaError(100, "Send the file as multipart/form-data.")
    fields: dict[str, str] = {}
    files: list[tuple[bytes, str]] = []

    def on_field(part: Field) -> None:
        name, value = part.field_name or b"", part.value or b""
        fields[name.decode("utf-8", "replace")] = value.decode("utf-8", "replace")

    def on_file(part: File) -> None:
        part.file_object.seek(0)
        files.append((part.file_object.read(), part.content_type or "application/octet-stream"))

    parser = FormParser(
        "multipart/form-data",
        on_field,
        on_file,
        boundary=options[b"boundary"],
        config={"MAX_MEMORY_FILE_SIZE": _IN_MEMORY},
    )
    try:
        parser.write(request.body)
        parser.finalize()
    except FormParserError as error:
        raise MetaError(100, "The multipart body is broken.") from error
    content, declared = files[0] if files else (None, "")
    return fields, content, declared
