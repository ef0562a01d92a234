"""Worlds with meetings, and what people do there: for the walks over the whole table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from conversations.facts import MandateView, Profile
from conversations.meeting import (
    MeetingDraft,
    MeetingOverview,
    MeetingView,
    Minute,
    NeedTotal,
    OpenNeed,
    Reach,
)
from tests.conversations.literal_facts import FACILITATOR, NOON, RAJABASA, person_view, ticket_like
from tests.conversations.literal_staff import LiteralMeetings
from tests.conversations.model_world import ModelWorld

PLANNER: Final = MandateView(id=9, role="bappeda", scope=("18.07",), places=("Lampung Timur",))
SESSION: Final = MeetingView(
    id=1,
    title="Musrenbang Inklusi, sesi 1",
    kind="inklusi",
    starts_at=NOON - timedelta(minutes=30),
    mode="hybrid",
    venue="Aula Bappeda, lantai 1",
    access=("ramp", "seats"),
    link="https://rapat.example/1",
    contact="Ibu Sari",
    places=("Jabung", "Sukadana"),
    groups=("disability",),
    answer="coming",
    arranged=("ramp",),
)
OVERVIEW: Final = MeetingOverview(
    view=SESSION,
    answers=(("coming", 2), ("phone", 1), ("cannot", 1), ("represented", 0)),
    needs=(NeedTotal(need="ramp", wanted=2, ready=1),),
    open_needs=(
        OpenNeed(answer=1, need="ramp", who="Siti", village="Rajabasa"),
        OpenNeed(answer=2, need="captions", who="", village="Rajabasa"),
    ),
    kecamatan=(
        Reach(of="Sukadana", confirmed=1, attended=1),
        Reach(of="Jabung", confirmed=0, attended=0),
    ),
    groups=(
        Reach(of="disability", confirmed=1, attended=0),
        Reach(of="women", confirmed=0, attended=0),
    ),
    attended=(("room", 1), ("online", 0), ("list", 0)),
    minutes=(Minute(verdict="agreed", position=1, words="jalan ke sekolah"),),
    room_code="123456",
    online_code="654321",
)
DRAFT: Final = MeetingDraft(
    id=1, region="18.07", title=SESSION.title, kind="inklusi", starts_at=NOON, mode="hybrid", venue="Aula"
)
MEETINGS: Final = LiteralMeetings(
    meetings=(SESSION,),
    overviews=(OVERVIEW,),
    drafts=(DRAFT,),
    callable_in=(("18.07", ""), ("18.07.01", "Kecamatan Sukadana")),
)
TYPED: Final = ("10 Februari 2027 09.00", "10-2-2020 09:00", "https://rapat.example/2", "123456")


def meeting_worlds() -> tuple[ModelWorld, ...]:
    """An officer; one of a single kecamatan with nothing to arrange; a facilitator; somebody who never told needs."""
    known = Profile(village=RAJABASA, groups_answered=True, needs_answered=True, needs=("ramp",))
    office = ModelWorld(agreed={"service"}, profile=known, mandates=(PLANNER,), meetings=MEETINGS)
    ready = replace(OVERVIEW, open_needs=())
    small = replace(MEETINGS, overviews=(ready,), callable_in=(("18.07.01", "Kecamatan Sukadana"),))
    return (
        office,
        replace(office, meetings=small),
        replace(office, mandates=(FACILITATOR,), represented=(person_view(ticket_like(700001)),)),
        replace(office, profile=Profile(village=RAJABASA, groups_answered=True)),
        replace(office, agreed=set(), meetings=replace(MEETINGS, overviews=(), drafts=())),
    )
