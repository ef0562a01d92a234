"""Dialogues as they are heard: what a screen reader says of each message, and how long its words last.

    Wati: (menekan tombol: Ya, saya setuju)
    Bot: Apakah Anda setuju?
         Tombol: Ya, saya setuju.
         (2 detik)

They are made from the dialogues and kept in heard/, so that a change of the copy shows what it does to the ear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.script import Act, Answer, Entry, read_script, write_script
from conversations.heard import Shown, heard, heard_seconds
from tests.dialogues import files

FOLDER: Final = files.FOLDER / "heard"
_FILE: Final = re.compile(r"\((?P<file>(?:dokumen|foto|suara|video)\b[^)]*)\)(?:\n|$)")
_KEYS: Final = re.compile(r"\n?\(tombol tetap: (?P<keys>[^)]*)\)$")
_PRESS: Final = re.compile(r"\[(?P<label>[^\]]+)\](?P<again> lagi| lama)?")
_RECORDING: Final = re.compile(r"\((suara|audio|video bulat|video) (\d+) detik\)")
KINDS: Final = {"suara": "Pesan suara", "foto": "Foto", "video": "Video", "dokumen": "Dokumen"}


def transcript(name: str) -> str:
    """A dialogue as it is heard."""
    return write_script([_entry(entry) for entry in files.read(name)])


def kept(name: str) -> str:
    """The transcript that is kept. Raises FileNotFoundError, and BadScript for one that is no dialogue."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return write_script(read_script(text))


def keep(name: str) -> None:
    """Write the transcript down."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.txt").write_text(transcript(name), encoding="utf-8")


def shown_of(answer: Answer) -> Shown:
    """An answer of a dialogue as the message on the screen: files and fixed keys are written into its text."""
    text, keys = _without_keys(answer.text)
    found = _FILE.match(text)
    if found is None:
        return Shown(text=text, buttons=answer.buttons, keys=keys)
    kind, _, rest = found["file"].partition(" ")
    file = f"{KINDS[kind]}, {rest}" if rest else KINDS[kind]
    return Shown(file=file, text=text[found.end() :], buttons=answer.buttons, keys=keys)


def answers(script: Sequence[Entry]) -> list[Answer]:
    """What the bot says in a dialogue."""
    return [entry for entry in script if isinstance(entry, Answer)]


def _entry(entry: Entry) -> Entry:
    match entry:
        case Act(who, what, place):
            return Act(who, _done(what), place)
        case Answer(whom, _, _, times):
            return Answer(whom, _said(shown_of(entry)), (), times)
        case _:
            return entry


def _said(shown: Shown) -> str:
    return f"{heard(shown)}\n({heard_seconds(shown)} detik)" if shown.text else heard(shown)


def _done(what: str) -> str:
    """What a person did, as their phone would tell it."""
    if pressed := _PRESS.fullmatch(what):
        return f"(menekan tombol: {pressed['label']}{pressed['again'] or ''})"
    return _RECORDING.sub(r"(\1, \2 detik)", what)


def _without_keys(text: str) -> tuple[str, tuple[str, ...]]:
    found = _KEYS.search(text)
    return (text[: found.start()], tuple(found["keys"].split(", "))) if found else (text, ())
