"""Who acts. Every verb takes an actor and refuses by itself what that actor may not do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Resident:
    """The person of a private chat; owns what this chat submitted."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Staff:
    """A civil servant: `account` is an opaque name for the history, `role` one of the lifecycle's roles."""

    account: str
    role: str


@dataclass(frozen=True, slots=True)
class System:
    """The service itself, in one of its jobs: the clock that erases, the errand that keeps a file."""

    job: str


@dataclass(frozen=True, slots=True)
class Facilitator:
    """The holder of a mandate who speaks for somebody: never the author, and known to the history by number alone."""

    mandate: int


@dataclass(frozen=True, slots=True)
class Officer:
    """A civil servant at the desk: the holder of a mandate, known to history and audit by number alone.

    `scope` are codes of regions, `agencies` codes of bidang urusan ("1.03"), empty for roles that are not an agency's.
    """

    mandate: int
    chat_id: int
    role: str
    scope: tuple[str, ...]
    agencies: tuple[str, ...] = ()


Actor = Resident | Staff | System | Facilitator | Officer


class RefusalError(Exception):
    """A verb that may not or cannot be done; `reason` is a key of the family `refused.*`.

    `words` say it in one sentence to those who read a command line, `about` names what is refused or missing.
    """

    def __init__(self, reason: str, words: str = "", about: str = "") -> None:
        super().__init__(words or reason)
        self.reason = reason
        self.about = about


def resident(actor: Actor) -> Resident:
    """The actor, if it is a resident. Raises RefusalError("not_yours") for all others."""
    if isinstance(actor, Resident):
        return actor
    raise RefusalError("not_yours", "Only the resident may do this.")
