"""Files on their way in and out. What lies here for more than a day is swept with the media."""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.transport import Upload

PASSING: Final = ".passing"
OUTGOING: Final = ".outgoing"
_CHUNK: Final = 1 << 16  # bytes


@contextmanager
def passing_file(folder: Path) -> Iterator[Path]:
    """A path for a file on its way in, gone afterwards: it is not sealed yet.

    It is locked as long as this process lives, so that others can tell it from one that a killed process left.
    """
    path = _new(folder / PASSING)
    with path.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


def clear_passing(folder: Path) -> int:
    """Delete what killed processes left on its way in; returns how many files that were."""
    return sum(_clear(path) for path in (folder / PASSING).glob("*"))


def _clear(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


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
