"""A message as somebody hears it who does not see the screen: what a screen reader says, in its order.

Files first, by kind and length; then the text, its emoji by their CLDR name; then the buttons, one by one ("Tombol:
…"), as Telegram's apps hand them to TalkBack and VoiceOver (they are children of the message, after its text). Numbers,
times and short forms are said as `conversations.spoken` says them; screen readers differ in this, so what they make
of it is for people who use one to judge.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from conversations.spoken import spoken, spoken_seconds

EMOJI_FILE: Final = Path(__file__).parent / "data" / "emoji.toml"
VARIATION: Final = "\ufe0f"
"""Asks for the coloured form of a sign; nothing is said for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as it stands on the screen: its file in words ("Pesan suara, 9 detik"), text, buttons, fixed keys."""

    text: str = ""
    file: str = ""
    buttons: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


def heard(shown: Shown) -> str:
    """The message as it is heard, a line for each breath; in Indonesian."""
    return "\n".join(_lines(shown))


def heard_seconds(shown: Shown) -> int:
    """About how long its text takes to hear, in whole seconds, at 125 words a minute; buttons are not counted."""
    return round(spoken_seconds(named_emoji(shown.text)))


def named_emoji(text: str) -> str:
    """A text with each emoji of the list as its name; others are left, and the check of the copy finds them."""
    for sign, name in read_emoji().items():
        text = re.sub(rf" ?{re.escape(sign)}{VARIATION}? ?", f" {name} ", text)
    return text.strip(" ")


@lru_cache(maxsize=1)
def read_emoji() -> Mapping[str, str]:
    """Emoji that the copy may use -> the name that is said."""
    return tomllib.loads(EMOJI_FILE.read_text(encoding="utf-8"))


def _lines(shown: Shown) -> Iterator[str]:
    if shown.file:
        yield f"{shown.file}."
    if said := spoken(named_emoji(shown.text)):
        yield said
    yield from (f"Tombol: {spoken(label)}" for label in shown.buttons)
    if shown.keys:
        yield f"Papan tombol: {', '.join(shown.keys)}."
