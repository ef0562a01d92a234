"""Files that only the holder of DATA_KEYS can read: how their bytes lie on disk.

A file begins with a mark and the Fernet token of its own random key; then come pieces of 64 KiB, each in AES-256-GCM.
A piece's nonce is its number and whether it is the last, so that none can be exchanged, repeated or cut off unseen
(as in STREAM: Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015). A key seals one file only, so no nonce of its
own is ever used twice. To change the keys of DATA_KEYS the token alone is written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import IO, Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.columns import Unreadable

MARK: Final = b"\x89suara\r\n\x1a\n\x00\x01"
"""How a sealed file begins: no file of a resident does, and one that is copied as text is found out."""

TOKEN: Final = 140
"""Bytes of the Fernet token of a key of 32 bytes, which is always as long."""

PIECE: Final = 1 << 16  # bytes
_TAG: Final = 16  # bytes
_NUMBER: Final = 11  # bytes of the nonce; the twelfth says whether the piece is the last


class Damaged(ValueError):  # noqa: N818 - errors are named by what happened, as in storage.columns
    """A kept file was altered or cut short since it was written."""


class Sealer:
    """Seals what is written to it into `file`; `finish` writes the last piece."""

    def __init__(self, file: IO[bytes], ring: MultiFernet) -> None:
        key = AESGCM.generate_key(256)
        self._file = file
        self._cipher = AESGCM(key)
        self._pieces = 0
        self._rest = b""
        file.write(MARK + ring.encrypt(key))

    def write(self, content: bytes) -> None:
        """Append bytes."""
        whole = self._rest + content
        at = 0
        while len(whole) - at > PIECE:  # what may be the last piece waits for `finish`
            self._seal(whole[at : at + PIECE], last=False)
            at += PIECE
        self._rest = whole[at:]

    def finish(self) -> None:
        """Write what is left, marked as the last."""
        self._seal(self._rest, last=True)
        self._rest = b""

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._pieces, last=last), piece, None))
        self._pieces += 1


def contents(file: IO[bytes], ring: MultiFernet) -> Iterator[bytes]:
    """The bytes that were sealed into a file, in pieces; of one kept before files were sealed, its bytes.

    Raises Unreadable when no key of the ring opens it, and Damaged at the first piece that is not as written.
    """
    if file.read(len(MARK)) != MARK:
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")
        return
    cipher = AESGCM(_opened(file.read(TOKEN), ring))
    piece = file.read(PIECE + _TAG)
    for number in count():
        following = file.read(PIECE + _TAG)
        yield _unsealed(cipher, _nonce(number, last=not following), piece)
        if not following:
            return
        piece = following


def is_sealed(file: IO[bytes]) -> bool:
    """Whether this file is a sealed one; reads its mark."""
    return file.read(len(MARK)) == MARK


def sealed_with(token: bytes, newest: Fernet) -> bool:
    """Whether the token of a file's key was made with this key."""
    try:
        newest.decrypt(token)
    except InvalidToken:
        return False
    return True


def resealed(token: bytes, ring: MultiFernet) -> bytes:
    """The same key as a token of the ring's first key. Raises Unreadable."""
    return ring.encrypt(_opened(token, ring))


def _opened(token: bytes, ring: MultiFernet) -> bytes:
    try:
        return ring.decrypt(token)
    except InvalidToken:
        raise Unreadable(
            "a kept file cannot be decrypted: DATA_KEYS lacks the key it was written with, or its beginning was altered"
        ) from None


def _unsealed(cipher: AESGCM, nonce: bytes, piece: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, piece, None)
    except (InvalidTag, ValueError):  # ValueError: shorter than a tag
        raise Damaged("a kept file was altered or cut short") from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NUMBER, "big") + bytes([last])
