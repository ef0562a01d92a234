"""Families of text keys whose members are values of the code or entries of data files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, get_args, get_type_hints

from conversations.broadcast import BroadcastState, Caution, LeftOut, Topic
from conversations.catalogues import Entries
from conversations.chat import PartKind, Visibility
from conversations.desk import Queue
from conversations.events import MediaLost, Puzzle
from conversations.facts import Role, TaskKind
from conversations.flows.broadcast_answers import ACTS
from conversations.flows.figures import CUTS
from conversations.flows.intake import EDITS
from conversations.flows.intake_answers import DECLINED, EVERYONE, GROUPS
from conversations.flows.needs import NEEDS
from conversations.flows.refusals import REFUSALS
from conversations.flows.relay_answers import RELATIONS, WITNESSED
from conversations.flows.relay_batch import COUNTED, FAULTS
from conversations.flows.relay_sending import EDITS as RELAY_EDITS
from conversations.flows.settings import LOCALES
from conversations.followup import DONE
from conversations.likeness import TOLD
from conversations.meeting import Coming, Facility, MeetingKind, MeetingMode, MinuteVerdict
from conversations.sending import STEERED, RecipientState
from conversations.texts import SYNONYMS
from conversations.words import GLOBAL_WORDS

SWITCHES: Final = ("notice_on", "notice_off", "broadcast_on", "broadcast_off")

OF_CODE: Final[Mapping[str, tuple[str, ...]]] = {
    "command": tuple(word for word in GLOBAL_WORDS if word != "start"),
    "desk.card.confirmed": DONE,
    "desk.queue": get_args(Queue),
    "desk.queue_name": get_args(Queue),
    "edit": EDITS,
    "figures.by": CUTS,
    "followup.heard": DONE,
    "followup.said": DONE,
    "group": (*GROUPS, EVERYONE, DECLINED),
    "keyboard": ("back", "repeat", "help", "menu"),
    "language": LOCALES,
    "meeting.coming": tuple(way for way in get_args(Coming) if way),
    "meeting.facility": get_args(Facility),
    "meeting.kind": get_args(MeetingKind),
    "meeting.mode": get_args(MeetingMode),
    "minutes.verdict": get_args(MinuteVerdict),
    "meeting.reminder": ("coming", "phone", "represented"),
    "likeness.told": TOLD,
    "mandate.begin": get_args(Role),
    "mandate.conduct": get_args(Role),
    "mandate.role": get_args(Role),
    "media.lost": get_args(get_type_hints(MediaLost)["reason"]),
    "messages": SWITCHES,
    "messages.done": SWITCHES,
    "need": NEEDS,
    "notice": ("stage", "stage_same", "decision", "decision_same"),
    "part": get_args(PartKind),
    "puzzled": get_args(Puzzle),
    "relay.consented": ("voice", "witnessed", "forum"),
    "relay.count": tuple(COUNTED),
    "relay.edit": RELAY_EDITS,
    "relay.fault": FAULTS,
    "relay.given": tuple(COUNTED),
    "relay.kind": get_args(PartKind),
    "relay.maturity": ("adult", "guardian", "forum"),
    "relay.relation": RELATIONS,
    "relay.told": ("facilitator", "phone", "organisation"),
    "relay.witness": WITNESSED,
    "broadcast.head": get_args(Topic),
    "sending.column": ("place", "locale", "outcome", "reason", "when"),
    "sending.count": ("failed", "unknown", "left_out", "held"),
    "sending.outcome": get_args(RecipientState),
    "sending.reason": (*get_args(LeftOut), "ended", "mandate"),
    "sending.state": tuple(state for state in get_args(BroadcastState) if state in STEERED),
    "sending.topic": get_args(Topic),
    "siar.caution": get_args(Caution),
    "siar.do": ACTS,
    "siar.state": get_args(BroadcastState),
    "siar.topic": get_args(Topic),
    "siar.why": get_args(LeftOut),
    "status.unheard": ("voice", "video"),
    "tasks.how": get_args(TaskKind),
    "tasks.kind": get_args(TaskKind),
    "refused": REFUSALS,
    "rekap.cut": tuple(cut for cut in CUTS if cut != "inclusion"),
    "visibility": get_args(Visibility),
    "word": GLOBAL_WORDS,
}
"""Families whose members the code defines; their texts stand in the `.po` files."""


def families(shipped: Iterable[Entries]) -> dict[str, tuple[str, ...]]:
    """All declared families: those of the code, and those of data files with the texts that they ship."""
    declared = dict(OF_CODE)
    for entries in shipped:
        for key in entries:
            family, _, member = key.rpartition(".")
            if not key.startswith(SYNONYMS):
                declared[family] = (*declared.get(family, ()), member)
    return declared
