"""Files: bytes on disk under their hash, and the identifiers that bots know them by."""

import base64
import hashlib
import random
import struct
import zlib
from dataclasses import dataclass, field
from mimetypes import guess_extension
from pathlib import Path

import msgspec

from simulator.errors import bad_request
from simulator.store import Store
from simulator.wire import Json, present

LINK_LIFETIME = 3600.0  # seconds for which a file_path works, as the Bot API promises at least
DOWNLOAD_LIMIT = 20 << 20  # bytes that a bot may download
FOLDERS = {
    "voice": "voice",
    "audio": "music",
    "video": "videos",
    "video_note": "video_notes",
    "photo": "photos",
    "document": "documents",
    "sticker": "stickers",
}
PREFIXES = {
    "voice": "AwAC",
    "audio": "CQAC",
    "video": "BAAC",
    "video_note": "DQAC",
    "photo": "AgAC",
    "document": "BQAC",
    "sticker": "CAAC",
}
EXTENSIONS = {
    "audio/ogg": "oga",
    "video/mp4": "mp4",
    "image/jpeg": "jpg",
    "audio/mpeg": "mp3",
    "video/webm": "webm",
}
LAYOUT = struct.Struct(">BqIH")  # version, bot, file number, salt; a checksum follows
VERSION = 4


@dataclass(slots=True)
class File:
    """One uploaded file. `links`: until when (virtual time) each bot may download it by its path."""

    number: int
    unique_id: str
    kind: str
    sha256: str
    size: int
    mime_type: str
    name: str | None = None
    duration: int = 0  # seconds
    width: int = 0
    height: int = 0
    extension: str = "bin"
    links: dict[int, float] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file_path that getFile tells."""
        return f"{FOLDERS[self.kind]}/file_{self.number}.{self.extension}"


class Files:
    """All files of the simulator; bytes lie in `folder` under their SHA-256."""

    def __init__(self, folder: Path, store: Store, rng: random.Random) -> None:
        self.folder, self._store, self._rng = folder, store, rng
        self._files: dict[int, File] = {}
        self._by_unique: dict[str, File] = {}
        for _, body in store.read("file"):
            found = msgspec.json.decode(body, type=File)
            self._know(found)

    def _know(self, file: File) -> None:
        self._files[file.number] = file
        self._by_unique[file.unique_id] = file

    def add(self, kind: str, data: bytes, mime_type: str, extension: str, name: str | None = None) -> File:
        """Keeps the bytes as a new file; its measures are filled in by whoever knows them, then saved."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.folder / digest
        if not target.exists():
            target.write_bytes(data)
        number = len(self._files) + 1
        unique = "AgAD" + _plain(self._rng.randbytes(8))
        file = File(number, unique, kind, digest, len(data), mime_type, name, extension=extension)
        self._know(file)
        self.save(file)
        return file

    def save(self, file: File) -> None:
        """Keeps what is known about a file."""
        self._store.put("file", f"{file.number:012}", file)

    def clear(self) -> None:
        """Forgets all files; their bytes are removed."""
        for file in self._files.values():
            self.location(file).unlink(missing_ok=True)
        self._files, self._by_unique = {}, {}

    def location(self, file: File) -> Path:
        """Where its bytes lie."""
        return self.folder / file.sha256

    def unique(self, unique_id: str) -> File | None:
        """The file with this file_unique_id."""
        return self._by_unique.get(unique_id)

    def file_id(self, bot: int, file: File) -> str:
        """An identifier of the file for one bot; another one each time, as at Telegram."""
        packed = LAYOUT.pack(VERSION, bot, file.number, self._rng.getrandbits(16))
        return PREFIXES[file.kind] + _plain(packed + struct.pack(">I", zlib.crc32(packed)))

    def by_id(self, bot: int, file_id: str) -> File:
        """The file that a bot names; ApiError 400 when the id is broken, unknown or another bot's."""
        packed = _unpacked(file_id)
        if packed is None:
            raise bad_request("invalid file_id")
        _, owner, number, _ = packed
        if owner != bot or number not in self._files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self._files[number]

    def link(self, bot: int, file: File, now: float) -> str:
        """Renews the bot's download link and tells its path; ApiError 400 when the file is over 20 MiB."""
        if file.size > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        file.links[bot] = now + LINK_LIFETIME
        self.save(file)
        return file.path

    def linked(self, bot: int, path: str, now: float) -> File | None:
        """The file behind a download link that still holds."""
        number = path.rpartition("file_")[2].partition(".")[0]
        file = self._files.get(int(number)) if number.isascii() and number.isdigit() else None
        valid = file is not None and file.path == path and file.links.get(bot, 0.0) > now
        return file if valid else None

    def describe(self, bot: int, file: File) -> Json:
        """The part of Voice, Audio, Document … that all of them share."""
        return {
            "file_id": self.file_id(bot, file),
            "file_unique_id": file.unique_id,
            "file_size": file.size,
        }

    def wire(self, bot: int, file: File) -> Json:
        """The message field that carries this file, as `{kind: object}`, keys in Telegram's order."""
        shared = self.describe(bot, file)
        size = {"width": file.width, "height": file.height}
        length = {"duration": file.duration}
        typed = {"mime_type": file.mime_type}
        named = present(file_name=file.name)
        match file.kind:
            case "photo":
                return {"photo": [shared | size]}
            case "voice":
                return {"voice": length | typed | shared}
            case "audio":
                return {"audio": length | named | typed | shared}
            case "video":
                return {"video": length | size | named | typed | shared}
            case "video_note":
                return {"video_note": length | {"length": file.width or 240} | shared}
            case "sticker":
                kind = {"type": "regular", "is_animated": False, "is_video": False}
                return {"sticker": size | {"emoji": "👍"} | kind | shared}
            case _:
                return {"document": named | typed | shared}


def extension_of(mime_type: str, name: str | None) -> str:
    """The extension that a file_path ends with."""
    known = EXTENSIONS.get(mime_type) or (guess_extension(mime_type) or "").lstrip(".")
    tail = name.rpartition(".")[2] if name and "." in name else ""
    return known or (tail.lower() if tail.isalnum() and tail.isascii() else "") or "bin"


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _unpacked(file_id: str) -> tuple[int, int, int, int] | None:
    try:
        raw = base64.b64decode(file_id[4:] + "=" * (-len(file_id) % 4), altchars=b"-_", validate=True)
        packed, checksum = raw[:-4], struct.unpack(">I", raw[-4:])[0]
        version, bot, number, salt = LAYOUT.unpack(packed)
    except (ValueError, struct.error):
        return None
    known = version == VERSION and checksum == zlib.crc32(packed) and file_id[:4] in PREFIXES.values()
    return (version, bot, number, salt) if known else None
