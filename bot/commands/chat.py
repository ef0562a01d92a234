"""`suara chat`: the conversation in the console."""

from __future__ import annotations

from pathlib import Path

from bot.settings import load


def chat(file: Path, save: Path | None) -> None:
    """Converse until the person leaves; `save` gets the conversation as a dialogue."""
    settings = load(file)
    from bot.console import converse  # noqa: PLC0415 - after the settings: a wrong one is told at once

    converse(settings, save)
