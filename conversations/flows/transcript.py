"""The speaker's answer to the written words of their recording: right, or what is right instead (issue 3).

The words come as a message of their own (storage.letters), which may be answered at any time.
"""

from __future__ import annotations

from typing import Final, Literal

from conversations.effects import AnswerTranscript, AnyEffect
from conversations.facts import TranscriptView
from conversations.flows.tasks import LONGEST_TRANSCRIPT, whole
from conversations.readers import kept_media, media_fault, part_of
from conversations.table import RETURN, Act, Ask, Branch, Flow, Params, Reading, Seen, Tell, option

MEDIA_EDGES: Final = {
    "too_short": "transcript.too_short",
    "too_long": "transcript.too_long",
    "too_big": "transcript.too_big",
}
RECORDED: Final = ("voice", "audio", "video", "video_note")


def _number(seen: Seen) -> int:
    return int(seen.chat.focus) if seen.chat.focus.isdecimal() else 0


def _view(seen: Seen) -> TranscriptView | None:
    return seen.facts.transcript(_number(seen))


def still_open(seen: Seen) -> Reading[Literal["open", "settled"]]:
    """Whether these words still wait for an answer of this chat's person."""
    view = _view(seen)
    return Reading("settled" if view is None or view.confirmed else "open", seen.chat)


def words_params(seen: Seen) -> Params:
    """The words as they were written down."""
    view = _view(seen)
    return {"words": whole(view.words if view else "")}


def read_correction(
    seen: Seen,
) -> Reading[Literal["words", "recording", "too_short", "too_long", "too_big"]] | None:
    """What is right instead: typed words, or the same said or signed once more."""
    part = part_of(seen)
    if part is None or part.kind == "photo":
        return None
    if part.media is None:
        return Reading("words", seen.chat) if len(part.text) <= LONGEST_TRANSCRIPT else None
    fault = media_fault(part.media)
    return Reading(fault, seen.chat) if fault else Reading("recording", seen.chat, kept_media((part,)))


def confirm(seen: Seen) -> AnyEffect:
    """The words are right."""
    return AnswerTranscript(transcript=_number(seen), right=True)


def correct(seen: Seen) -> AnyEffect:
    """What is right instead is what was just sent."""
    return AnswerTranscript(transcript=_number(seen), right=False, correction=part_of(seen))


TRANSCRIPT = Flow(
    name="transcript",
    steps=(
        Tell(
            name="transcript",
            says="transcript.buttons",
            then=RETURN,
            apart=True,
            options=(option("right", "transcript.right"), option("change", "transcript.change")),
            edges={"right": "transcript.confirm", "change": "transcript.still"},
        ),
        Act(
            name="transcript.confirm",
            does=confirm,
            performs=AnswerTranscript,
            edges={"saved": "transcript.thanks", "refused": "transcript.settled"},
        ),
        Tell(name="transcript.thanks", says="transcript.thanks", then=RETURN),
        Tell(name="transcript.settled", says="transcript.settled", then=RETURN),
        Branch(
            name="transcript.still",
            on=still_open,
            edges={"open": "transcript.ask", "settled": "transcript.settled"},
        ),
        Ask(
            name="transcript.ask",
            says="transcript.ask",
            params=words_params,
            ref="focus",
            options=(option("keep", "transcript.keep"),),
            readers=(read_correction,),
            edges={
                **MEDIA_EDGES,
                "words": "transcript.reword",
                "recording": "transcript.record",
                "keep": "transcript.confirm",
            },
            hint="hint.transcript",
            easier="easier.transcript",
        ),
        Tell(name="transcript.too_short", says="media.too_short", then="transcript.ask"),
        Tell(name="transcript.too_long", says="media.too_long", then="transcript.ask"),
        Tell(name="transcript.too_big", says="media.too_big", then="transcript.ask"),
        Act(
            name="transcript.reword",
            does=correct,
            performs=AnswerTranscript,
            edges={"saved": "transcript.reworded", "refused": "transcript.settled"},
        ),
        Act(
            name="transcript.record",
            does=correct,
            performs=AnswerTranscript,
            edges={"saved": "transcript.recorded", "refused": "transcript.settled"},
        ),
        Tell(name="transcript.reworded", says="transcript.reworded", then=RETURN),
        Tell(name="transcript.recorded", says="transcript.recorded", then=RETURN),
    ),
)
