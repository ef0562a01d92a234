"""`suara chat`: the conversation in the console."""

from __future__ import annotations

from pathlib import Path

from bot.console import converse
from bot.settings import load


def chat(file: Path, save: Path | None) -> None:
    """Converse until the person leaves; `save` gets the conversation as a dialogue."""
    converse(load(file), save)
