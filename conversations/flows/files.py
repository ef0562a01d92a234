"""Files for the staff (from /rekap): which kind, with or without names, and why (issue 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, get_args

from conversations.chat import Chat
from conversations.effects import AnyEffect
from conversations.events import Typed
from conversations.figure import ExportFile, FileKind
from conversations.flows.arrival import house_params
from conversations.flows.desk_words import is_staff
from conversations.flows.figures import choice_of, with_choice
from conversations.table import RETURN, Act, Ask, Branch, Flow, Reading, Seen, Tell, option

KINDS: Final[tuple[FileKind, ...]] = get_args(FileKind)
LONGEST_REASON: Final = 500  # characters, as storage.exports keeps them


def keep_kind(chat: Chat, value: str) -> Chat:
    """A file of this kind: without names, unless that is said."""
    if value not in KINDS:
        return chat
    return with_choice(chat, replace(choice_of(chat), file=value, identified=False, reason=""))


def keep_names(chat: Chat, value: str) -> Chat:
    """With names or without."""
    return with_choice(chat, replace(choice_of(chat), identified=value == "with", reason=""))


def may_identify(seen: Seen) -> Reading[Literal["may", "may_not"]]:
    """Whether there is anything to choose about names."""
    return Reading("may" if seen.facts.figures.may_identify() else "may_not", seen.chat)


def read_reason(seen: Seen) -> Reading[Literal["told", "long"]] | None:
    """Why names are needed."""
    if not isinstance(seen.event, Typed) or not any(char.isalnum() for char in seen.event.text):
        return None
    reason = " ".join(seen.event.text.split())
    if len(reason) > LONGEST_REASON:
        return Reading("long", seen.chat)
    return Reading("told", with_choice(seen.chat, replace(choice_of(seen.chat), reason=reason)))


def export(seen: Seen) -> AnyEffect:
    """Have it made."""
    return ExportFile(choice=choice_of(seen.chat))


FILES: Final = Flow(
    name="files",
    guard=is_staff,
    otherwise="files.stranger",
    steps=(
        Ask(
            name="files",
            says="files",
            options=(
                option("xlsx", "files.xlsx", "picked"),
                option("csv", "files.csv", "picked"),
                option("csv_plain", "files.csv_plain", "picked"),
                option("sipd", "files.sipd", "picked"),
                option("back", "files.back"),
            ),
            keep=keep_kind,
            edges={"picked": "files.may", "back": "rekap"},
        ),
        Branch(name="files.may", on=may_identify, edges={"may": "files.names", "may_not": "files.send"}),
        Ask(
            name="files.names",
            says="files.names",
            options=(option("without", "files.without"), option("with", "files.with")),
            keep=keep_names,
            edges={"without": "files.send", "with": "files.reason"},
        ),
        Ask(
            name="files.reason",
            says="files.reason",
            options=(option("without", "files.without"),),
            readers=(read_reason,),
            keep=keep_names,
            edges={"told": "files.send", "long": "files.long", "without": "files.send"},
            hint="files.reason.hint",
            easier="files.reason.hint",
        ),
        Tell(name="files.long", says="files.long", then="files.reason"),
        Act(
            name="files.send",
            does=export,
            performs=ExportFile,
            edges={"saved": "files.sending", "refused": "files.refused"},
        ),
        Tell(name="files.sending", says="files.sending", then="files"),
        Tell(name="files.refused", says="files.refused", params=house_params, then=RETURN),
    ),
)

NO_FILES: Final = Flow(
    name="files_stranger",
    steps=(Tell(name="files.stranger", says="files.stranger", params=house_params, then=RETURN),),
)
"""Where the guard leads."""
