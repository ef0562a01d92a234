"""Files on their way in and out. What lies here for more than a day is swept with the media."""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.fernet import MultiFernet

from bot.transport import Upload
from storage.sealed import Sealer, contents

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


def gather(path: Path, content: Iterator[bytes]) -> None:
    """Write a file from its pieces."""
    with path.open("wb") as file:
        file.writelines(content)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Files that are made to be sent, under `folder`; sealed like kept ones: what they tell is about a person."""

    folder: Path
    ring: MultiFernet

    def put(self, content: str | bytes) -> Path:
        """A file of this content; its path holds for a process in any other folder. OSError when the disk is full."""
        path = _new(self.folder.resolve() / OUTGOING)
        with path.open("wb") as file:
            sealer = Sealer(file, self.ring)
            sealer.write(content.encode() if isinstance(content, str) else content)
            sealer.finish()
        return path

    def read(self, files: str) -> Mapping[str, Upload]:
        """The parts of an upload, from JSON that maps each name to {"path", "filename"}.

        Raises OSError when a file is gone and ValueError for anything else than such JSON, or what no key opens.
        """
        parts = json.loads(files)
        return {name: Upload(self._content(part["path"]), part["filename"]) for name, part in parts.items()}

    def _content(self, path: str) -> bytes:
        """Of a recording of the house itself, which is not sealed, its bytes."""
        with Path(path).open("rb") as file:
            return b"".join(contents(file, self.ring))


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder / secrets.token_hex(16)


def discard_files(files: str) -> None:
    """Delete what was made to be sent and will not be sent again; what is gone already is no fault.

    `files` as for `Outgoing.read`; a file that lies elsewhere, such as a kept original, stays. Raises OSError.
    """
    paths = [Path(part["path"]) for part in json.loads(files).values()]
    for path in paths:
        if path.parent.name == OUTGOING:
            path.unlink(missing_ok=True)
