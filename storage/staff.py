"""Does what the staff asks for; each verb checks by itself whether the mandates of the chat allow it."""

from __future__ import annotations

from conversations.asking import AskingEffect
from conversations.broadcast import BroadcastEffect
from conversations.desk import DeskEffect
from conversations.effects import StaffEffect
from conversations.events import AnyOutcome, Saved
from conversations.followup import AnswerFollowup
from conversations.likeness import LikenessEffect
from conversations.meeting import MeetingEffect
from conversations.sending import SendingEffect
from storage import asking, broadcast_control, broadcasts, confirming, desk, figure_files, likeness, meetings
from storage.rules import Scene


def perform(scene: Scene, effect: StaffEffect) -> AnyOutcome | None:
    """Do what an effect asks; RefusalError says why it may not be done."""
    if isinstance(effect, DeskEffect):
        return desk.perform(scene, effect)
    if isinstance(effect, AskingEffect):
        return asking.perform(scene, effect)
    if isinstance(effect, MeetingEffect):
        return meetings.perform(scene, effect)
    if isinstance(effect, SendingEffect):
        return broadcast_control.perform(scene, effect)
    if isinstance(effect, BroadcastEffect):
        return broadcasts.perform(scene, effect)
    if isinstance(effect, AnswerFollowup):
        confirming.answer(scene, effect)
        return Saved(at=scene.at)
    if isinstance(effect, LikenessEffect):
        return likeness.perform(scene, effect)
    return figure_files.perform(scene, effect)
