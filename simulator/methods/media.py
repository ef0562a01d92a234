"""The methods that send files: by upload (`attach://` or a part of that name) or again by file_id."""

from collections.abc import Callable
from typing import Any

from simulator.calls import Call, Upload
from simulator.content import caption
from simulator.errors import ApiError, bad_request
from simulator.files import File, extension_of
from simulator.methods.sending import deliver, post, replied, show_keyboard
from simulator.methods.targets import check_writable, known_chat
from simulator.uploads import measure, sound_type
from simulator.wire import Json

WRONG_FILE = "wrong file identifier/HTTP URL specified"
TYPES = {"voice": "VoiceNote", "audio": "Audio", "video": "Video", "video_note": "VideoNote"}
TYPES |= {"photo": "Photo", "document": "Document", "sticker": "Sticker"}
MIMES = {"audio": "audio/mpeg", "video": "video/mp4", "video_note": "video/mp4", "photo": "image/jpeg"}
EXTENSIONS = {"audio": "mp3", "video": "mp4", "video_note": "mp4", "photo": "jpg"}
SOUND_EXTENSIONS = {"audio/ogg": "oga", "audio/mpeg": "mp3", "audio/mp4": "m4a"}
ALBUM_KINDS = frozenset({"photo", "video", "audio", "document"})
LARGEST_ALBUM = 10
LARGEST_PHOTO = 10 << 20  # bytes


def sender(kind: str) -> Callable[[Call], Json]:
    """The method that sends one file of this kind."""

    def send(call: Call) -> Json:
        text = caption(call) if kind != "video_note" else None
        content = call.world.files.wire(call.bot.id, given_file(call, kind, kind))
        if text is not None and text.text:
            content |= text.wire("caption", "caption_entities")
        return deliver(call, content)

    return send


def given_file(call: Call, kind: str, name: str) -> File:
    """The file that a parameter names; ApiError 400 when there is none or it cannot be that kind."""
    source = call.text(name)
    upload = call.files.get(source.removeprefix("attach://") if source.startswith("attach://") else name)
    if upload is not None:
        return uploaded(call, kind, upload)
    if not source:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    return known_file(call, kind, source)


def known_file(call: Call, kind: str, file_id: str) -> File:
    """A file that the bot has seen already."""
    try:
        file = call.world.files.by_id(call.bot.id, file_id)
    except ApiError:
        raise bad_request(WRONG_FILE) from None
    if file.kind != kind and "document" not in {file.kind, kind}:
        raise bad_request(f"can't use file of type {TYPES[file.kind]} as {TYPES[kind]}")
    return file


def uploaded(call: Call, kind: str, upload: Upload) -> File:
    """A new file. A voice that is neither OGG/Opus, MP3 nor M4A becomes a document, as at Telegram."""
    if not upload.data:
        raise bad_request("file must be non-empty")
    if kind == "voice":
        return _voice(call, upload)
    if kind == "photo":
        return _photo(call, upload)
    extension = EXTENSIONS.get(kind) or extension_of("", upload.name)
    mime = MIMES.get(kind, "application/octet-stream")
    name = None if kind == "video_note" else upload.name
    return _measured(call, call.world.files.add(kind, upload.data, mime, extension, name))


def _voice(call: Call, upload: Upload) -> File:
    mime = sound_type(upload.data)
    if mime is None:
        return uploaded(call, "document", upload)
    return _measured(call, call.world.files.add("voice", upload.data, mime, SOUND_EXTENSIONS[mime]))


def _photo(call: Call, upload: Upload) -> File:
    if len(upload.data) > LARGEST_PHOTO:
        raise ApiError(400, "Bad Request: PHOTO_SAVE_FILE_INVALID")
    found = measure(upload.data)
    if not found.width:
        raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    file = call.world.files.add("photo", upload.data, MIMES["photo"], "jpg")
    file.width, file.height = found.width, found.height
    return file


def _measured(call: Call, file: File) -> File:
    file.duration = call.integer("duration", 0, 0)
    file.width = call.integer("length" if file.kind == "video_note" else "width", 0, 0)
    file.height = call.integer("height", 0, 0)
    call.world.files.save(file)
    return file


def send_media_group(call: Call) -> list[Json]:
    """sendMediaGroup: one message for each item, tied by media_group_id."""
    items = call.listed("media", "can't parse media JSON object")
    if len(items) > LARGEST_ALBUM:
        raise bad_request("too many messages to send as an album")
    if not items:
        raise bad_request("there are no messages to send")
    contents = [_album_item(call, item) for item in items]
    chat = known_chat(call)
    reply = replied(call, chat)
    check_writable(call.world, chat)
    tie = {"media_group_id": str(call.world.rng.getrandbits(53))}
    return [post(call, chat, reply | tie | content).wire for content in contents]


def _album_item(call: Call, item: Any) -> Json:
    if not isinstance(item, dict) or item.get("type") not in ALBUM_KINDS:
        raise bad_request("can't parse InputMedia: type must be one of photo, video, audio, document")
    one = Call(call.world, call.bot, call.method, item, call.files)
    content = call.world.files.wire(call.bot.id, given_file(one, item["type"], "media"))
    text = caption(one)
    return content | (text.wire("caption", "caption_entities") if text.text else {})


def send_location(call: Call) -> Json:
    """SendLocation."""
    return deliver(call, {"location": {name: _degrees(call, name) for name in ("latitude", "longitude")}})


def _degrees(call: Call, name: str) -> float:
    if not call.text(name):
        raise bad_request(f"{name} is empty")
    try:
        return float(call.text(name))
    except ValueError:
        raise bad_request("wrong latitude or longitude specified") from None


def copy_message(call: Call) -> Json:
    """copyMessage: the content without its origin; a caption given anew replaces the old one."""
    content = _source(call, "copy")
    if "caption" in call.params and "text" not in content:
        text = caption(call)
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= text.wire("caption", "caption_entities") if text.text else {}
    return {"message_id": deliver(call, content)["message_id"]}


def forward_message(call: Call) -> Json:
    """forwardMessage: with its origin, without its keyboard; protected content cannot be forwarded."""
    wire = _named(call, "forward")
    if wire.get("has_protected_content"):
        raise bad_request("the message can't be forwarded")
    origin = wire.get("forward_origin") or {"type": "user", "sender_user": wire["from"], "date": wire["date"]}
    legacy = {name: value for name, value in wire.items() if name.startswith("forward_")}
    legacy = legacy or {"forward_from": wire["from"], "forward_date": wire["date"]}
    chat = known_chat(call)
    check_writable(call.world, chat)
    show_keyboard(call, chat, None)
    return post(call, chat, {"forward_origin": origin, **legacy} | carried(wire)).wire


def _source(call: Call, purpose: str) -> Json:
    return carried(_named(call, purpose))


def _named(call: Call, purpose: str) -> Json:
    chat = known_chat(call, "from_chat_id")
    if call.integer("message_id") <= 0:
        raise bad_request("message identifier is not specified")
    found = call.world.find(chat, call.integer("message_id"))
    if found is None:
        raise bad_request(f"message to {purpose} not found")
    return found.wire


CARRIED = frozenset(TYPES) | {
    "text",
    "entities",
    "caption",
    "caption_entities",
    "location",
    "contact",
    "poll",
}


def carried(wire: Json) -> Json:
    """What of a message goes along when it is copied or forwarded."""
    return {name: value for name, value in wire.items() if name in CARRIED}


def get_file(call: Call) -> Json:
    """getFile: a link that holds for an hour."""
    file_id = call.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    files = call.world.files
    file = files.by_id(call.bot.id, file_id)
    path = files.link(call.bot.id, file, call.world.clock.now())
    shared = {"file_id": file_id, "file_unique_id": file.unique_id, "file_size": file.size}
    return shared | {"file_path": path}


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendvoice": sender("voice"),
    "sendaudio": sender("audio"),
    "sendphoto": sender("photo"),
    "senddocument": sender("document"),
    "sendvideo": sender("video"),
    "sendvideonote": sender("video_note"),
    "sendmediagroup": send_media_group,
    "sendlocation": send_location,
    "copymessage": copy_message,
    "forwardmessage": forward_message,
    "getfile": get_file,
}
