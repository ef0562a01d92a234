"""Files at rest: nothing of them can be read without a key of DATA_KEYS, and nothing can be changed unseen."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet
from hypothesis import example, given
from hypothesis import strategies as st

from storage.columns import Unreadable
from storage.media import MediaStore
from storage.sealed import MARK, PIECE, TOKEN, Damaged, Sealer, contents
from tests.databases import KEY
from tests.storage.world import RING

CANARY = b"KENARI di balai desa "
VOICE = CANARY * 8000
NAME = hashlib.sha256(VOICE).hexdigest()
OTHER = Fernet(Fernet.generate_key())


def sealed(content: bytes, size: int = 1000, ring: MultiFernet = RING) -> bytes:
    file = io.BytesIO()
    sealer = Sealer(file, ring)
    for at in range(0, len(content), size):
        sealer.write(content[at : at + size])
    sealer.finish()
    return file.getvalue()


def opened(stored: bytes, ring: MultiFernet = RING) -> bytes:
    return b"".join(contents(io.BytesIO(stored), ring))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", RING)


@given(st.binary(max_size=500), st.integers(0, 3), st.integers(1, 90_000))
@example(b"", 0, 1)
@example(b"", 1, PIECE)
@example(b"", 2, PIECE + 1)
def test_what_comes_out_is_byte_for_byte_what_went_in(rest: bytes, pieces: int, size: int) -> None:
    """Whatever its length, the borders of a piece included, and however it was written."""
    content = bytes(range(256)) * (PIECE // 256) * pieces + rest
    assert opened(sealed(content, size)) == content


def test_no_byte_of_a_file_lies_in_the_folder(store: MediaStore, tmp_path: Path) -> None:
    kept = store.keep([VOICE])
    assert kept.sha256 == NAME
    assert all(CANARY not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"".join(store.read(NAME)) == VOICE


def test_the_same_contents_never_lie_there_alike() -> None:
    assert sealed(VOICE) != sealed(VOICE)


@pytest.mark.parametrize(
    "at", [len(MARK) + TOKEN, len(MARK) + TOKEN + PIECE // 2, len(MARK) + TOKEN + PIECE + 20, -1]
)
def test_one_altered_bit_is_refused(at: int) -> None:
    stored = bytearray(sealed(VOICE))
    stored[at] ^= 1
    with pytest.raises(Damaged):
        opened(bytes(stored))


@pytest.mark.parametrize("left", [0, 1, 16, PIECE + 15, PIECE + 16, PIECE + 17, 2 * (PIECE + 16)])
def test_a_file_cut_short_is_refused_at_the_border_of_a_piece_too(left: int) -> None:
    stored = sealed(VOICE)
    assert left < len(stored) - len(MARK) - TOKEN
    with pytest.raises(Damaged):
        opened(stored[: len(MARK) + TOKEN + left])


def test_what_was_appended_is_refused() -> None:
    with pytest.raises(Damaged):
        opened(sealed(VOICE) + b"x")


def test_pieces_that_changed_places_are_refused() -> None:
    stored = sealed(bytes(3 * PIECE))
    head, size = len(MARK) + TOKEN, PIECE + 16
    first, second = stored[head : head + size], stored[head + size : head + 2 * size]
    with pytest.raises(Damaged):
        opened(stored[:head] + second + first + stored[head + 2 * size :])


def test_a_sealed_file_under_the_name_of_another_is_refused(store: MediaStore) -> None:
    kept, other = store.keep([VOICE]), store.keep([b"another voice"])
    store.path(kept.sha256).write_bytes(store.path(other.sha256).read_bytes())
    with pytest.raises(Damaged):
        list(store.read(kept.sha256))


def test_the_wrong_key_says_so() -> None:
    with pytest.raises(Unreadable, match="DATA_KEYS"):
        opened(sealed(VOICE), MultiFernet([OTHER]))


def test_a_file_whose_token_was_altered_is_refused() -> None:
    stored = bytearray(sealed(VOICE))
    stored[len(MARK) + 20] ^= 1
    with pytest.raises(Unreadable):
        opened(bytes(stored))


def plain(store: MediaStore) -> Path:
    """A file as it was kept before files were sealed."""
    path = store.path(NAME)
    path.parent.mkdir(parents=True)
    path.write_bytes(VOICE)
    return path


def test_a_file_of_before_is_read_and_then_sealed(store: MediaStore) -> None:
    path = plain(store)
    assert b"".join(store.read(NAME)) == VOICE
    assert store.reseal(NAME, OTHER) is True
    assert CANARY not in path.read_bytes()
    assert b"".join(store.read(NAME)) == VOICE


def test_a_file_of_before_that_is_not_what_its_name_tells_stays_as_it_is(store: MediaStore) -> None:
    path = plain(store)
    path.write_bytes(b"altered")
    with pytest.raises(Damaged):
        store.reseal(NAME, OTHER)
    assert path.read_bytes() == b"altered"


def test_a_new_key_opens_the_file_and_the_old_one_no_longer(store: MediaStore, tmp_path: Path) -> None:
    store.keep([VOICE])
    both = MediaStore(tmp_path / "media", MultiFernet([OTHER, Fernet(KEY)]))
    assert [both.reseal(NAME, OTHER), both.reseal(NAME, OTHER)] == [True, False]
    assert b"".join(MediaStore(tmp_path / "media", MultiFernet([OTHER])).read(NAME)) == VOICE
    with pytest.raises(Unreadable):
        list(store.read(NAME))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [store.path(NAME)]
