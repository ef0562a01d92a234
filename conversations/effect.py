"""What every effect is made of: lines of text, buttons, and the base of all effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Line:
    """A text by key with its parameters: what `texts` turns into words in the reader's locale."""

    key: str
    params: Mapping[str, Param] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines one below the other (or, when `joined`, "A, B, dan C")."""

    lines: tuple[Line | str, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message as somebody else gets it: in their locale and, when `heard`, as the voice says it to them.

    For previews. Only Indonesian is said aloud (conversations.aloud).
    """

    lines: tuple[Line, ...]
    locale: str
    heard: bool = False


Param = str | int | Line | Listing | Quoted | datetime | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """An inline button: its label, the payload `step:value:ref` (at most 64 bytes, Bot API), and the number
    under which the text lists it (0: the text mentions it by name).
    """

    label: Line
    payload: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Common to all effects: the names of the outcomes that its performer may give back."""

    outcomes: ClassVar[tuple[str, ...]] = ()
