"""What a facilitator does, for the tests of relaying: gathering voices, and telling of a person."""

from __future__ import annotations

from conversations.chat import Origin
from tests.conversations.paths import facilitating
from tests.conversations.talking import Shown, Talk

ORIGINS: tuple[Origin, ...] = ("user", "hidden_user", "chat", "channel")


def facilitator(**more: object) -> Talk:
    """Somebody with a mandate, at the menu."""
    talk = Talk(facilitating(represented=(), **more))
    talk.starts()
    return talk


def gathered(voices: int = 3) -> Talk:
    """So many forwarded voices have come, and it was said."""
    talk = facilitator()
    talk.types("/titip")
    for number in range(voices):
        talk.forwards(ORIGINS[number % 4], seconds=10 + number)
    talk.is_quiet()
    return talk


def tells_of(talk: Talk, name: str, *, consent: bool = True) -> list[Shown]:
    """Answer all questions about an adult, up to the check."""
    talk.presses("adult")
    talk.types(name)
    talk.presses("family")
    talk.presses("declined")
    talk.presses("none")
    if talk.chat.step == "relay.known":
        talk.presses("use")
    else:
        talk.types("Rajabasa")
    talk.types("Jalan ke sekolah rusak.")
    talk.types("1")
    if not consent:
        return talk.shown[-1:]
    talk.forwards("user", seconds=3)
    return talk.presses("facilitator")


def person_done(talk: Talk, name: str) -> list[Shown]:
    """The same, and sent."""
    tells_of(talk, name)
    assert talk.chat.step == "relay.check"
    return talk.presses("send")


def tells_rest(talk: Talk, until: str) -> None:
    """On from the name until a step."""
    for do, what in (
        (talk.presses, "family"),
        (talk.presses, "declined"),
        (talk.presses, "none"),
        (talk.types, "Rajabasa"),
        (talk.types, "Jalan rusak."),
        (talk.types, "1"),
    ):
        if talk.chat.step == until:
            return
        do(what)
    if talk.chat.step != until:
        talk.speaks(3)
        talk.presses("facilitator")
