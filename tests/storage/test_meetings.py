"""Meetings: called and changed by those who may, answered, reminded of at the right time, needs arranged, reach counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conversations.meeting import MeetingDraft, MeetingOverview, WriteMinute
from storage.access import set_needs
from storage.actor import RefusalError, Resident
from storage.datafile import DataFileError
from storage.meeting_answers import answer, arrange, confirm
from storage.meeting_attendance import attend, code, list_people
from storage.meeting_changes import cancel, save
from storage.meeting_file import EXAMPLE, import_meetings, read_meetings
from storage.meeting_minutes import minutes, write
from storage.meeting_overview import managed, overview
from storage.meeting_views import MEETING, upcoming, view
from storage.notices import NOTICES
from storage.region_file import read_regions
from storage.regions import RegionIndex
from storage.reminding import passed, remind
from storage.residents import RESIDENT
from tests.storage.world import ANI, BAPPEDA, BUDI, RULES, SITI, World

STARTS = datetime(2026, 2, 10, 2, tzinfo=UTC)
"""09.00 WIB."""

EARLY = STARTS - timedelta(days=20)
OFFICER, OTHERS = 7_000_000_100, 7_000_000_101
SESSION = MeetingDraft(
    region="18.07.01",
    title="Musrenbang Kecamatan Sukadana",
    kind="kecamatan",
    starts_at=STARTS,
    mode="hybrid",
    venue="Aula Kecamatan",
    access=("ramp",),
    link="https://rapat.example/sukadana",
    groups=("disability",),
)


@pytest.fixture
def office(world: World) -> World:
    """A world with an officer of Sukadana and one of Jabung."""
    world.mandate(OFFICER, "18.07.01", role="kecamatan")
    world.mandate(OTHERS, "18.07.03", role="kecamatan")
    return world


def call(world: World, chat: int = OFFICER, at: datetime = EARLY, **changes: Any) -> int:
    """Somebody calls a meeting, or changes it when it has an id."""
    with world.scene(Resident(chat), at) as scene:
        return save(scene, replace(SESSION, **changes))


def answers(world: World, chat: int, number: int, coming: Any = "coming", at: datetime = EARLY) -> None:
    """Somebody of Sukadana who consents answers."""
    world.consent(chat)
    with world.begin() as connection:
        home = RESIDENT.update().where(RESIDENT.c.chat_id == chat)
        connection.execute(home.values(village_kode="18.07.01.2001"))
    with world.scene(Resident(chat), at) as scene:
        answer(scene, number, coming)


def reminded(world: World, at: datetime) -> int:
    """The clock ticks."""
    with world.begin() as connection:
        return remind(connection, at, RULES, 100)


def told(world: World, chat: int) -> list[str]:
    """What kinds of letters wait for a chat, in order."""
    return [row["key"] for row in world.rows(NOTICES, chat_id=chat)]


def seen(world: World, number: int, chat: int = OFFICER) -> MeetingOverview:
    """A meeting as its staff sees it."""
    with world.begin() as connection:
        found = overview(connection, chat, number, RULES)
    assert found is not None
    return found


def test_only_whoever_has_a_mandate_there_calls_changes_cancels_and_reads_a_meeting(office: World) -> None:
    number = call(office)
    acts: tuple[Callable[[], object], ...] = (
        lambda: call(office, OTHERS, EARLY),
        lambda: call(office, OTHERS, id=number),
        lambda: call(office, SITI, EARLY),
    )
    for act in acts:
        with pytest.raises(RefusalError, match="mandate"):
            act()
    with office.scene(Resident(OTHERS), EARLY) as scene, pytest.raises(RefusalError, match="mandate"):
        cancel(scene, number)
    with office.begin() as connection:
        assert overview(connection, OTHERS, number, RULES) is None
        assert managed(connection, OTHERS, EARLY, RULES) == ()
        assert [one.id for one in managed(connection, OFFICER, EARLY, RULES)] == [number]


@pytest.mark.parametrize(
    ("missing", "of"), [("venue", ""), ("link", ""), ("link", "http://x"), ("title", " ")]
)
def test_a_hybrid_meeting_has_address_and_link(office: World, missing: str, of: str) -> None:
    with pytest.raises(RefusalError) as refused:
        call(office, OFFICER, EARLY, **{missing: of})
    assert (refused.value.reason, refused.value.about) == ("incomplete", missing)


def test_residents_see_what_concerns_their_kecamatan(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    office.consent(BUDI)
    with office.begin() as connection:
        home = RESIDENT.update().where(RESIDENT.c.chat_id == BUDI)
        connection.execute(home.values(village_kode="18.07.03.2016"))
    with office.begin() as connection:
        assert [(one.id, one.answer) for one in upcoming(connection, SITI, EARLY, RULES)] == [
            (number, "coming")
        ]
        assert upcoming(connection, BUDI, EARLY, RULES) == ()
        assert [one.id for one in upcoming(connection, ANI, EARLY, RULES)] == [number]
        assert upcoming(connection, SITI, STARTS + timedelta(hours=4), RULES) == ()


def test_reminders_come_7_3_and_1_days_and_2_hours_before_each_once(office: World) -> None:
    answers(office, SITI, call(office))
    hours = [24 * 8, 24 * 7, 24 * 6, 24 * 3, 30, 24, 3, 2, 1, 0]
    counts = [reminded(office, STARTS - timedelta(hours=each)) for each in hours]
    assert counts == [0, 1, 0, 1, 0, 1, 0, 1, 0, 0]
    assert told(office, SITI) == ["meeting.reminder"] * 4


def test_what_is_overdue_comes_once_and_not_after_the_beginning(office: World) -> None:
    answers(office, SITI, call(office))
    assert reminded(office, STARTS - timedelta(hours=20)) == 1
    assert reminded(office, STARTS + timedelta(minutes=1)) == 0


def test_whoever_cannot_come_or_said_stop_is_not_reminded(office: World) -> None:
    number = call(office)
    answers(office, SITI, number, "cannot")
    answers(office, BUDI, number)
    with office.begin() as connection:
        connection.execute(RESIDENT.update().where(RESIDENT.c.chat_id == BUDI).values(notices=False))
    reminded(office, STARTS - timedelta(days=3))
    assert told(office, SITI) == told(office, BUDI) == []


def test_reminders_are_planned_anew_when_a_meeting_moves(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    reminded(office, STARTS - timedelta(days=1))
    call(office, id=number, at=STARTS - timedelta(hours=20), starts_at=STARTS + timedelta(days=10))
    assert told(office, SITI) == ["meeting.reminder", "meeting.changed"]
    assert reminded(office, STARTS) == 0
    assert reminded(office, STARTS + timedelta(days=3)) == 1
    assert office.rows(MEETING, id=number)[0]["sequence"] == 1


def test_whoever_answers_late_is_not_reminded_at_once() -> None:
    assert passed(STARTS, STARTS - timedelta(days=2)) == 72
    assert passed(STARTS, STARTS - timedelta(days=9)) == 0


def test_a_cancelled_meeting_is_told_of_and_reminds_nobody(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    answers(office, BUDI, number, "cannot")
    with office.scene(Resident(OFFICER), EARLY) as scene:
        cancel(scene, number)
    assert (told(office, SITI), told(office, BUDI)) == (["meeting.cancelled"], [])
    assert reminded(office, STARTS - timedelta(days=1)) == 0


def test_needs_are_totalled_listed_until_arranged_and_the_person_is_told(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    answers(office, BUDI, number, "cannot")
    for chat in (SITI, BUDI):
        with office.scene(Resident(chat), EARLY) as scene:
            set_needs(scene, ["ramp", "transport"])
    with office.scene(Resident(SITI), EARLY) as scene:
        confirm(scene, number)
    found = seen(office, number)
    assert [(one.need, one.wanted, one.ready) for one in found.needs] == [("ramp", 1, 0), ("transport", 1, 0)]
    assert [(one.need, one.village) for one in found.open_needs] == [
        ("ramp", "Sukadana"),
        ("transport", "Sukadana"),
    ]
    with office.scene(Resident(OTHERS), EARLY) as scene, pytest.raises(RefusalError, match="mandate"):
        arrange(scene, found.open_needs[0].answer, "ramp")
    with office.scene(Resident(OFFICER), EARLY) as scene:
        arrange(scene, found.open_needs[0].answer, "ramp")
    with (
        office.scene(Resident(OFFICER), EARLY) as scene,
        pytest.raises(RefusalError, match="arranged already"),
    ):
        arrange(scene, found.open_needs[0].answer, "ramp")
    assert [one.need for one in seen(office, number).open_needs] == ["transport"]
    assert told(office, SITI) == ["meeting.arranged"]
    with office.begin() as connection:
        own = view(connection, SITI, number, RULES)
    assert own is not None
    assert (own.arranged, own.confirmed) == (("ramp",), True)


def test_attendance_by_code_and_by_list_is_counted_once(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    room, online = (code(RULES.secrets, number, way) for way in ("room", "online"))
    assert room != online
    for said in (room, online, room):
        with office.scene(Resident(SITI), STARTS) as scene:
            attend(scene, number, said)
    with office.scene(Resident(SITI), STARTS) as scene, pytest.raises(RefusalError, match="not the code"):
        attend(scene, number, "000000" if room != "000000" else "000001")
    with office.scene(Resident(SITI), EARLY) as scene, pytest.raises(RefusalError, match="not begun"):
        attend(scene, number, room)
    found = seen(office, number)
    assert dict(found.attended) == {"room": 1, "online": 0, "list": 0}
    assert [(one.of, one.confirmed, one.attended) for one in found.kecamatan] == [("Sukadana", 1, 1)]


def test_a_stranger_lists_nobody(office: World) -> None:
    number = call(office)
    with office.scene(Resident(SITI), STARTS) as scene, pytest.raises(RefusalError, match="nobody's"):
        list_people(scene, number, ("1234567",))


def test_minutes_are_kept_by_verdict_and_priority(office: World) -> None:
    number = call(office)
    for verdict, words in (("rejected", "gedung"), ("agreed", "jalan"), ("agreed", "sumur")):
        with office.scene(Resident(OFFICER), STARTS) as scene:
            write(scene, WriteMinute(meeting=number, verdict=verdict, words=words))  # type: ignore[arg-type]
    with office.begin() as connection:
        found = [(one.verdict, one.position, one.words) for one in minutes(connection, number)]
    assert found == [("agreed", 1, "jalan"), ("agreed", 2, "sumur"), ("rejected", 1, "gedung")]
    with office.scene(Resident(SITI), STARTS) as scene, pytest.raises(RefusalError, match="mandate"):
        write(scene, WriteMinute(meeting=number, verdict="agreed", words="x"))


WHOLE = replace(RULES, regions=RegionIndex("18.07", read_regions()))


def test_the_shipped_example_reaches_all_24_kecamatan_in_two_hybrid_sessions() -> None:
    first, second = (row.draft for row in read_meetings(EXAMPLE, WHOLE))
    assert len({*first.kecamatan, *second.kecamatan}) == len(first.kecamatan) + len(second.kecamatan) == 24
    for draft, day in ((first, 10), (second, 12)):
        assert draft.starts_at is not None
        assert (draft.starts_at.day, draft.starts_at.month, draft.starts_at.utcoffset()) == (
            day,
            2,
            timedelta(hours=7),
        )
        assert draft.mode == "hybrid"
        assert "contoh" in draft.venue
        assert "contoh" in draft.link


def test_a_file_imported_again_changes_what_differs_and_tells_once(world: World, tmp_path: Path) -> None:
    outcomes = []
    for words in ("Aula Bappeda", "Aula Bappeda", "Gedung Serba Guna"):
        file = tmp_path / "meetings.csv"
        file.write_text(
            EXAMPLE.read_text(encoding="utf-8").replace("Aula Bappeda", words, 1), encoding="utf-8"
        )
        with world.scene(BAPPEDA, EARLY) as scene:
            done = import_meetings(scene, read_meetings(file, WHOLE))
        outcomes.append((done.called, done.changed, done.same))
        if len(outcomes) == 1:
            answers(world, SITI, 1)
    assert outcomes == [(2, 0, 0), (0, 0, 2), (0, 1, 1)]
    assert told(world, SITI) == ["meeting.changed"]


def test_a_file_with_a_bad_row_says_which_and_why(tmp_path: Path) -> None:
    file = tmp_path / "meetings.csv"
    bad = EXAMPLE.read_text(encoding="utf-8").replace("Jabung", "Atlantis").replace("2026-02-12", "12 Feb")
    file.write_text(bad, encoding="utf-8")
    with pytest.raises(DataFileError) as fault:
        read_meetings(file, WHOLE)
    assert len(fault.value.sentences) == 2
    assert "row 2: Atlantis" in fault.value.sentences[0]
