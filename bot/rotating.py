"""Changing keys at the keyboard: what is written anew, and when an older key may go."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import opened
from bot.commands.faults import told
from bot.refusal import Refusal
from bot.settings import Settings
from storage.erasure import scrub
from storage.media import MediaStore
from storage.rotation import Keys, Progress, Rotated, Rotation
from storage.ticket import Secrets


def rotate(settings: Settings, tell: Callable[[str], object]) -> str:
    """Write all that is encrypted anew with the first key; `tell` hears how far it is. Raises Refusal."""
    words = [key.get_secret_value() for key in settings.data_keys]
    with told(), opened(settings) as engine:
        keys = Keys.of(words)
        store = MediaStore(settings.media_dir, keys.ring)
        rotation = Rotation(engine, store, keys, Secrets(words), lambda progress: tell(progress_in(progress)))
        rotated = rotation.run()
        scrub(engine)
    return outcome(rotated, older=len(words) > 1)


def progress_in(progress: Progress) -> str:
    """How far one place is."""
    words = f"{progress.place}: {progress.anew} written anew, {progress.before} had the first key"
    return words + (f", {progress.unreadable} that no key opens." if progress.unreadable else ".")


def outcome(rotated: Rotated, *, older: bool) -> str:
    """What came of it, and what to do next. Raises Refusal when something is left that no key opens."""
    anew = sum(place.anew for place in rotated.places)
    if rotated.unreadable:
        raise Refusal(
            f"{rotated.unreadable} values or files are opened by no key of DATA_KEYS: put the key that wrote them"
            " back behind the others and rotate again.",
        )
    done = f"{anew} values and files were written anew; the first key of DATA_KEYS opens everything."
    return f"{done} {_codes(rotated.codes)} {_advice() if older else ''}".strip()


def _codes(number: int) -> str:
    if not number:
        return "No code to recover or claim an aspiration hangs on an older key."
    return (
        f"{number} codes to recover or claim an aspiration hang on older keys, and end with them: people who still"
        " need one can be given a new one by their facilitator."
    )


def _advice() -> str:
    return (
        "Every process must have run with the new key first before this. Older keys may now be removed from"
        " DATA_KEYS; keep them with the backups that were made under them, for as long as those are kept."
    )
