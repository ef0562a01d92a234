"""A machine's draft of what a recording says (the extra `stt`): optional, from a model on this computer, never more.

Nothing is ever downloaded. The accuracy of no model was measured, least of all for the languages spoken here: a draft
is shown to the person who listens, called "draf mesin", and to nobody else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol

from bot.refusal import Refusal

LIBRARY: Final = "faster_whisper"
FILES: Final = ("model.bin", "tokenizer.json")
"""Without the former there is no model; without the latter the library would ask the internet for one."""

LANGUAGE: Final = "id"


class Transcriber(Protocol):
    """Something that writes down what it hears."""

    def transcribe(self, sound: Path) -> str:
        """What a recording may say; "" for nothing. Slow: call it outside the event loop."""
        ...


@dataclass(slots=True)
class Whisper:
    """faster-whisper with the model of a folder, read when it is first needed; one recording at a time."""

    model: Path
    _loaded: Any = None
    _lock: Lock = field(default_factory=Lock)

    def transcribe(self, sound: Path) -> str:
        """As Transcriber. Raises what the library raises for a model or sound that it cannot read."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self.model)
            segments, _ = self._loaded.transcribe(str(sound), language=LANGUAGE, beam_size=1, temperature=0.0)
            return " ".join(segment.text.strip() for segment in segments).strip()


def open_transcriber(model: Path | None) -> Transcriber | None:
    """The transcriber of a folder; None when there is none, and every recording waits for a person.

    Raises Refusal with one sentence for each thing that is wrong.
    """
    if model is None:
        return None
    if wrong := problems(model):
        raise Refusal(*wrong)
    return Whisper(model)


def problems(model: Path) -> list[str]:
    """What is wrong with a model's folder and the library, a sentence each."""
    absent = [name for name in FILES if not (model / name).is_file()]
    found = [f"STT_MODEL_PATH holds no {name}: put a whole CTranslate2 model there." for name in absent]
    if find_spec(LIBRARY) is None:
        found.append(
            "STT_MODEL_PATH is set, but faster-whisper is not installed: install Suara with its extra stt."
        )
    return found


def _load(model: Path) -> Any:
    """The folder is one, and whole: anything else the library takes for a name and looks up on the internet."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    library = import_module(LIBRARY)
    return library.WhisperModel(str(model), device="cpu", compute_type="int8", local_files_only=True)
