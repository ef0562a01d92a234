"""What the doctor says of the voice: whether there is one, and whether what people recorded can be read."""

from __future__ import annotations

from pathlib import Path

from bot.espeak import Voiceless, find_voice
from bot.finding import Finding
from bot.media_catalogue import SHIPPED, BadManifest, open_catalogue

SAMPLE = "Halo."


def about_voice(recordings: Path) -> Finding:
    """Whether who asks to hear the messages hears them. Without a voice text alone is sent, which is no fault."""
    try:
        open_catalogue(recordings, SHIPPED)
    except BadManifest as fault:
        return Finding("wrong", "Voice", str(fault))
    voice = find_voice()
    if voice is None:
        words = "there is none, so who asks to hear messages gets text alone: install espeak-ng."
        return Finding("attention", "Voice", words)
    try:
        voice.speak(SAMPLE)
    except Voiceless as fault:
        words = f"{fault}, so who asks to hear messages gets text alone: install espeak-ng again."
        return Finding("attention", "Voice", words)
    return Finding("ok", "Voice", "it speaks Indonesian.")
