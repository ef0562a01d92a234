"""Recordings by people: what they have said of the copy, and clips in sign language for the key steps.

A folder holds `<locale>/<key>.ogg` (or another kind of sound), `<locale>/<key>.mp4` for clips, and `manifest.toml`,
which says of each file which text it speaks, by the SHA-256 of that text. A file whose text has changed since is
stale: it is not played. Two folders are looked into: the operator's own first, then the one that Suara ships.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from bot.refusal import Refusal
from conversations.effects import Line
from conversations.spoken import CHOOSE, MOST_CHOICES, choice
from conversations.texts import Texts

SHIPPED: Final = Path(__file__).parent / "media"
MANIFEST: Final = "manifest.toml"
SOUNDS: Final = frozenset({".ogg", ".oga", ".opus", ".mp3", ".m4a", ".wav"})
CLIP: Final = ".mp4"
CLIP_KEYS: Final = ("arrival.hello", "consent.ask", "intake.need", "receipt")
"""The key steps that have a slot for a clip: arriving, consent, the need, the receipt (issue 3)."""

NEVER_SAID: Final = (
    *("also.", "word.", "command.", "bot.", "keyboard.", "time.", "house.", "export.", "options."),
    *("region.", "village.", "year"),
)
"""Families of texts that are typed by people, stand outside the chat, or only ever stand inside other texts."""

State = Literal["recorded", "stale", "unmarked", "missing"]


class BadManifest(Refusal):
    """A manifest cannot be read; the message names the file and says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Something that may be recorded: a text of a locale, or a clip for it, and what there is. `path` if there is a file."""

    locale: str
    key: str
    text: str
    clip: bool = False
    state: State = "missing"
    path: Path | None = None

    @property
    def name(self) -> str:
        """What its file is called, below the folder."""
        return f"{self.locale}/{self.key}{CLIP if self.clip else '.ogg'}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder: for each file by its name in the manifest, the digest of the text that it speaks."""

    folder: Path
    marks: Mapping[str, str] = field(default_factory=dict)

    def find(self, locale: str, key: str, suffixes: Iterable[str]) -> Path | None:
        """The file of a text, marked or not."""
        paths = (self.folder / locale / f"{key}{suffix}" for suffix in sorted(suffixes))
        return next((path for path in paths if path.is_file()), None)

    def mark(self, path: Path) -> str:
        """The digest of the text that a file speaks, "" when nobody has said."""
        return self.marks.get(path.relative_to(self.folder).as_posix(), "")


@dataclass(frozen=True, slots=True)
class MediaCatalogue:
    """What people have recorded; the shelves in the order in which they are looked into."""

    shelves: tuple[Shelf, ...] = ()

    def recording(self, locale: str, key: str, text: str) -> Path | None:
        """The recording of exactly this text, None when there is none or it is stale."""
        return self._current(locale, key, digest(text), SOUNDS)

    def clips(self, texts: Texts) -> dict[tuple[str, str], Path]:
        """The clips that may be shown, by locale and key."""
        found: dict[tuple[str, str], Path] = {}
        for locale, key, text in _clip_texts(texts):
            if path := self._current(locale, key, digest(text), (CLIP,)):
                found[locale, key] = path
        return found

    def slots(self, texts: Texts) -> Iterator[Slot]:
        """Everything that may be recorded in this house, and what there is of it."""
        for locale in texts.catalogues.locales:
            for key, text in sayable(texts, locale):
                yield self._slot(locale, key, text, SOUNDS)
        for locale, key, text in _clip_texts(texts):
            yield self._slot(locale, key, text, (CLIP,), clip=True)

    def _current(self, locale: str, key: str, wanted: str, suffixes: Iterable[str]) -> Path | None:
        for shelf in self.shelves:
            path = shelf.find(locale, key, suffixes) if shelf.marks else None
            if path is not None and shelf.mark(path) == wanted:
                return path
        return None

    def _slot(self, locale: str, key: str, text: str, suffixes: Iterable[str], *, clip: bool = False) -> Slot:
        slot = Slot(locale=locale, key=key, text=text, clip=clip)
        for shelf in self.shelves:
            if path := shelf.find(locale, key, suffixes):
                mark = shelf.mark(path)
                state: State = "recorded" if mark == digest(text) else "stale" if mark else "unmarked"
                return Slot(locale=locale, key=key, text=text, clip=clip, state=state, path=path)
        return slot


def open_catalogue(*folders: Path) -> MediaCatalogue:
    """The catalogue of these folders, the first before the others; one that is not there is empty. Raises BadManifest."""
    return MediaCatalogue(tuple(read_shelf(folder) for folder in folders))


def read_shelf(folder: Path) -> Shelf:
    """A folder with its manifest. Raises BadManifest."""
    path = folder / MANIFEST
    try:
        marks = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path} cannot be read: {error}") from None
    if not all(isinstance(mark, str) for mark in marks.values()):
        raise BadManifest(f'{path} must have lines such as "id/menu.ogg" = "(SHA-256 of the text)".')
    return Shelf(folder, marks)


def digest(text: str) -> str:
    """What a manifest names a text by."""
    return hashlib.sha256(text.encode()).hexdigest()


def sayable(texts: Texts, locale: str) -> Iterator[tuple[str, str]]:
    """The texts of a locale that are always the same in this house, hence may be recorded: key and words."""
    for key in texts.catalogues.whole[locale]:
        if key.startswith(NEVER_SAID) or key == CHOOSE:
            continue
        try:
            yield key, texts.line(Line(key), locale)
        except KeyError:  # it is said with names, numbers or dates: a voice must say it
            continue
    for number in range(1, MOST_CHOICES + 1):
        piece = choice(number, texts, locale)
        yield piece.name, piece.text


def _clip_texts(texts: Texts) -> Iterator[tuple[str, str, str]]:
    """For each clip what it translates: the text with its blanks, which no two people hear filled alike."""
    for locale in texts.catalogues.locales:
        for key in CLIP_KEYS:
            yield locale, key, texts.catalogues.template(key, locale).forms[0]


def write_marks(shelf: Shelf, slots: Iterable[Slot]) -> int:
    """Note that the files of these slots speak the texts of today; returns how many marks are new.

    Only for files of this folder that no mark or another one names. Raises OSError.
    """
    new = {
        slot.path.relative_to(shelf.folder).as_posix(): digest(slot.text)
        for slot in slots
        if slot.path is not None and slot.path.is_relative_to(shelf.folder) and slot.state != "recorded"
    }
    marks = dict(sorted((dict(shelf.marks) | new).items()))
    lines = "".join(f'"{name}" = "{mark}"\n' for name, mark in marks.items())
    (shelf.folder / MANIFEST).write_text(HEADING + lines, encoding="utf-8")
    return len(new)


HEADING: Final = "# Which text each file speaks (SHA-256). Written by `suara recordings --mark`; docs/id/rekaman-suara.md.\n"
