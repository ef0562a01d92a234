"""Files on their way in and out. What lies here for more than a day is swept with the media."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.transport import Upload

INCOMING: Final = ".incoming"
OUTGOING: Final = ".outgoing"
_CHUNK: Final = 1 << 16  # bytes


@contextmanager
def passing_file(folder: Path) -> Iterator[Path]:
    """A path for a file on its way in, gone afterwards."""
    path = _new(folder / INCOMING)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def pieces(path: Path) -> Iterator[bytes]:
    """The contents of a file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            yield piece


def outgoing_file(folder: Path, content: str | bytes) -> Path:
    """A file of this content, to be sent; its path holds for a process in any other folder."""
    path = _new(folder.resolve() / OUTGOING)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def read_files(files: str) -> Mapping[str, Upload]:
    """The parts of an upload, from JSON that maps each name to {"path", "filename"}.

    Raises OSError when a file is gone and ValueError for anything else than such JSON.
    """
    parts = json.loads(files)
    return {name: Upload(Path(part["path"]).read_bytes(), part["filename"]) for name, part in parts.items()}


def discard_files(files: str) -> None:
    """Delete what was made to be sent and will not be sent again; what is gone already is no fault.

    `files` as for `read_files`; a file that lies elsewhere, such as a kept original, stays. Raises OSError.
    """
    paths = [Path(part["path"]) for part in json.loads(files).values()]
    for path in paths:
        if path.parent.name == OUTGOING:
            path.unlink(missing_ok=True)
