"""The stories of the eleven people as they are heard, and the rules that whole messages keep in every dialogue."""

from __future__ import annotations

import difflib
from typing import Final

import pytest

from bot.script import Answer
from conversations.catalogues import read_catalogues
from conversations.classifier import field_texts
from conversations.copy_exceptions import read_exceptions
from conversations.heard import Shown
from conversations.message_check import message_faults
from storage.lifecycle import load_lifecycle
from tests.dialogues import files
from tests.dialogues.transcripts import FOLDER, answers, keep, kept, shown_of, transcript

CATALOGUES = read_catalogues((field_texts(), load_lifecycle().entries))


def excused(rule: str) -> list[str]:
    """The first lines of the texts that are excused from a rule."""
    keys = [key for one in read_exceptions() if one.rule == rule for key in one.keys]
    return [
        CATALOGUES.template(key, locale).forms[0].split("\n")[0].partition("{")[0]
        for key in keys
        for locale in ("id", "id@mudah", "en")
    ]


LONG_LISTS = excused("L15")


@pytest.mark.parametrize("name", files.PERSONAS)
def test_a_story_as_it_is_heard(name: str, rewriting: bool) -> None:
    """Emoji, buttons, numbers and voice notes as a screen reader says them: the file that is kept, or a new one."""
    if rewriting:
        keep(name)
    lines = difflib.unified_diff(
        kept(name).splitlines(), transcript(name).splitlines(), "kept", "heard", lineterm=""
    )
    if changed := "\n".join(lines):
        pytest.fail(changed, pytrace=False)


def test_nothing_is_kept_that_nobody_hears() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(files.PERSONAS)


@pytest.mark.parametrize("name", [name for name in files.NAMES if name != "english"])
def test_whole_messages_keep_the_rules_of_the_copy(name: str) -> None:
    """L15, L16, L18 and L20 with the words of people and the options of the moment in them."""
    before: dict[str, str] = {}
    found = []
    for answer in answers(files.read(name)):
        shown = shown_of(answer)
        faults = message_faults(shown, before.get(answer.whom, ""))
        found += [f"{fault}: {shown.text}" for fault in faults if not _is_excused(fault, shown)]
        before[answer.whom] = shown.text
    assert found == []


OFFICERS: Final = ("18.07", "3.27", "agency 1.03", "10-2-2026", "10-02-2026", "09:00")
"""Codes of regions and fields, and dates as they are typed: what only officers read looks like a bare time."""


def _is_excused(fault: str, shown: Shown) -> bool:
    if fault.startswith("L20") and any(code in shown.text for code in OFFICERS):
        return True
    return fault.startswith("L15") and any(line in shown.text for line in LONG_LISTS)


def test_what_stands_on_the_screen_is_taken_apart() -> None:
    """Files come before the text, fixed keys after it."""
    answer = Answer(
        "Wati", "(suara 9 detik)\nKuitansi Anda.\n(tombol tetap: Kembali, Menu)", ("Lihat usulan",)
    )
    assert shown_of(answer) == Shown(
        file="Pesan suara, 9 detik",
        text="Kuitansi Anda.",
        buttons=("Lihat usulan",),
        keys=("Kembali", "Menu"),
    )
