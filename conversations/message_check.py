"""Rules of the copy that only a whole message can break, with the words of people and the options of the moment in it.

L15 at most six options and three to go on (the next page, done, a person), L16 a question that says how to answer, L18 no
picture, film, file or voice without its words (WCAG 1.1.1, 1.2.1), L20 dates and times in words. What people wrote stands in quotation marks and is theirs: it is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from conversations.copy_check import date_faults
from conversations.heard import Shown
from conversations.question_check import MOST_OPTIONS, answer_faults

WAYS_ON: Final = 3
"""Beside the options: turning the page, being done with several, and after three failures a person to ask."""

_QUOTED: Final = re.compile(r"“[^”]*”")


def message_faults(shown: Shown, before: str = "") -> Iterator[str]:
    """What is wrong with a message; `before` is the text of the one before it, which a voice note may repeat."""
    ours = _QUOTED.sub("", shown.text)
    yield from answer_faults(ours, buttons=bool(shown.buttons))
    yield from date_faults(ours)
    if len(shown.buttons) > MOST_OPTIONS + WAYS_ON:
        yield f"L15 {len(shown.buttons)} options at once, at most {MOST_OPTIONS} and {WAYS_ON} to go on"
    if shown.file and not (shown.text or before):
        yield f"L18 a file without words: {shown.file}"
