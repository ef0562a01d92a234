"""Broadcasts: written by those who may, for whom they say, counted with reasons, approved by a second person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from conversations.broadcast import BroadcastDraft, Census, Segment
from conversations.effects import Line
from conversations.part import Media
from storage.actor import RefusalError, Resident
from storage.audit import AUDIT
from storage.broadcast_approval import approve, hold_back, submit
from storage.broadcast_drafts import COUNT, broadcast_row, keep, move, recall, store_count, try_out
from storage.broadcast_segments import BROADCAST, RECIPIENT, STOPPED, census, lot, next_ones, read_segment
from storage.broadcast_sending import begin, make_lot
from storage.broadcast_views import cautions, listing, view
from storage.ledger import CHAT, ERRAND, OUTBOX
from storage.letters import letter
from storage.mandates import UNBEGUN, revoke
from storage.notices import NOTICES, release
from storage.residents import RESIDENT, set_groups
from tests.storage.broadcasting import claim
from tests.storage.test_meetings import answers, call
from tests.storage.world import ANI, BAPPEDA, BUDI, NOW, RULES, SITI, World

OFFICER, OTHERS, HEAD = 7_000_000_100, 7_000_000_101, 7_000_000_102
SUKADANA, PAKUAN, JABUNG = "18.07.01.2001", "18.07.01.2002", "18.07.03.2016"
DRAFT = BroadcastDraft(topic="schedule", text="Besok ada rapat di balai desa.")
STRICT = replace(RULES, approve_above=1)


@pytest.fixture
def office(sqlite_world: World) -> World:
    """The office on SQLite: what its verbs do is the same everywhere."""
    return staffed(sqlite_world)


@pytest.fixture
def offices(world: World) -> World:
    """The same on both engines, for whom a segment reaches."""
    return staffed(world)


def staffed(world: World) -> World:
    """An officer of Sukadana and one of Jabung, Bappeda, and two people of Sukadana and one of Jabung."""
    world.mandate(OFFICER, "18.07.01", role="kecamatan")
    world.mandate(OTHERS, "18.07.03", role="kecamatan")
    world.mandate(HEAD, "18.07", role="bappeda")
    for chat, village in ((SITI, SUKADANA), (BUDI, PAKUAN), (ANI, JABUNG)):
        person(world, chat, village)
    return world


def person(world: World, chat: int, village: str, **changes: Any) -> None:
    """Somebody who wants broadcasts, and lives there."""
    world.consent(chat)
    world.consent(chat, "broadcast")
    with world.begin() as connection:
        theirs = RESIDENT.update().where(RESIDENT.c.chat_id == chat)
        connection.execute(theirs.values(village_kode=village, **changes))


def kept(world: World, chat: int = OFFICER, rules: Any = RULES, **changes: Any) -> int:
    """Somebody writes a broadcast, and it is counted."""
    with world.scene(Resident(chat)) as scene:
        number = keep(replace(scene, rules=rules), replace(DRAFT, **changes))
    count(world, number)
    return number


def count(world: World, number: int) -> None:
    """What the errand does."""
    with world.begin() as connection:
        row = broadcast_row(connection, number)
        assert row is not None
        counted = census(connection, read_segment(row.segment), row.topic, RULES)
        store_count(connection, number, row, counted, NOW)


def reached(world: World, topic: str = "schedule", **parts: Any) -> Census:
    """Whom a segment reaches."""
    with world.begin() as connection:
        return census(connection, Segment(**parts), topic, RULES)


def state(world: World, number: int) -> str:
    """Of a broadcast."""
    return str(world.rows(BROADCAST, id=number)[0]["state"])


def told(world: World, chat: int) -> list[str]:
    """What kinds of letters wait for a chat, in order."""
    return [row["key"] for row in world.rows(NOTICES, chat_id=chat)]


def act(
    world: World, chat: int, verb: Callable[..., object], *about: Any, rules: Any = RULES, **how: Any
) -> None:
    """Somebody does something."""
    with world.scene(Resident(chat)) as scene:
        verb(replace(scene, rules=rules), *about, **how)


def test_only_whoever_may_write_to_all_of_a_segment_writes_it(office: World) -> None:
    number = kept(office)
    assert office.rows(BROADCAST, id=number)[0]["segment"]["regions"] == ["18.07.01"]
    for chat, segment in ((OTHERS, Segment(regions=("18.07.01",))), (OFFICER, Segment(regions=("18.07",)))):
        with pytest.raises(RefusalError, match="mandate"):
            act(office, chat, keep, replace(DRAFT, segment=segment))
    for verb in (submit, try_out, recall):
        how = {"drop": True} if verb is recall else {}
        with pytest.raises(RefusalError, match="no broadcast"):
            act(office, OTHERS, verb, number, **how)
    with pytest.raises(RefusalError, match="no region"):
        act(office, SITI, keep, DRAFT)
    with office.begin() as connection:
        assert view(connection, OTHERS, number, RULES) is None
        assert [one.id for one in listing(connection, OFFICER, RULES)] == [number]


def test_each_part_narrows_and_within_a_part_any_will_do(offices: World) -> None:
    with offices.begin() as connection:
        set_groups(connection, Resident(SITI), ["women"], declined=False, version="1")
        connection.execute(RESIDENT.update().where(RESIDENT.c.chat_id == BUDI).values(locale="en"))
    offices.submit(ANI, village=RULES.regions.village(JABUNG))
    everywhere: dict[str, Any] = {"regions": ("18.07",)}
    assert reached(offices, **everywhere).recipients == 3
    assert reached(offices, regions=("18.07.01", SUKADANA)).recipients == 2, "nobody is counted twice"
    assert reached(offices, groups=("women", "elderly"), **everywhere).recipients == 1
    assert reached(offices, locales=("en", "id@mudah"), **everywhere).recipients == 1
    assert reached(offices, stages=("received",), **everywhere).recipients == 1
    assert reached(offices, stages=("received",), locales=("en",), **everywhere).recipients == 0
    offices.open_chat(OFFICER)
    assert reached(offices, roles=("kecamatan",), regions=("18.07.01",)).recipients == 1
    samples = reached(offices, groups=("women",), **everywhere).samples
    assert [one.place for one in samples] == ["Kecamatan Sukadana"], "of groups no village is told"


def test_whoever_gets_nothing_is_counted_with_the_reason(offices: World) -> None:
    strangers = range(7_000_000_201, 7_000_000_204)
    for chat in strangers:
        person(offices, chat, SUKADANA)
    offices.consent(strangers[0], "broadcast", granted=False)
    with offices.begin() as connection:
        theirs = RESIDENT.update().where(RESIDENT.c.chat_id == strangers[1])
        connection.execute(theirs.values(erasure_due_at=NOW))
        row = {"id": strangers[2], "state": "", "reachable": False, "created_at": NOW}
        connection.execute(insert(CHAT).values(row))
        connection.execute(insert(STOPPED).values(chat_id=SITI, topic="result", at=NOW))
    assert reached(offices, "result", regions=("18.07.01",)).left_out == (
        ("blocked", 1),
        ("leaving", 1),
        ("no_consent", 1),
        ("stopped", 1),
    )
    assert reached(offices, "schedule", regions=("18.07.01",)).recipients == 2, "one kind alone is stopped"


def test_of_a_meeting_the_silent_are_invited_and_those_who_come_are_told(office: World) -> None:
    number = call(office)
    answers(office, SITI, number)
    invited = reached(office, meeting=number, regions=("18.07",))
    assert (invited.recipients, invited.left_out) == (1, (("answered", 1),)), "Budi; Ani is of Jabung"
    coming = reached(office, meeting=number, coming=True, regions=("18.07",))
    assert (coming.recipients, coming.left_out) == (1, ())
    for chat in (OTHERS, SITI):
        with pytest.raises(RefusalError):
            act(office, chat, keep, replace(DRAFT, segment=Segment(meeting=number)))
    assert kept(office, segment=Segment(meeting=number)) > 0


def test_lots_leave_nobody_out_and_name_nobody_twice(offices: World) -> None:
    segment = Segment(regions=("18.07",))
    with offices.begin() as connection:
        first = lot(connection, segment, "schedule", RULES, size=2)
        second = lot(connection, segment, "schedule", RULES, after=first.last, size=2)
        assert [one.chat_id for one in (*first.found, *second.found)] == [SITI, BUDI, ANI]
        assert (first.last, second.last) == (BUDI, 0)
        row = connection.execute(select(BROADCAST)).first()
        assert row is None
    number = kept(offices, segment=Segment(regions=(JABUNG,)), chat=HEAD)
    with offices.begin() as connection:
        row = broadcast_row(connection, number)
        ones = next_ones(connection, row, RULES, after=0, size=1)
        assert [one.chat_id for one in ones] == [ANI]
        assert next_ones(connection, row, RULES, after=ANI, size=1) == ()


UNSOUND: tuple[tuple[str, dict[str, Any]], ...] = (
    ("text", {"text": " "}),
    ("topic", {"topic": ""}),
    ("alternative", {"picture": Media(file_id="p", unique_id="u")}),
    ("at", {"at": NOW}),
    ("groups", {"segment": Segment(groups=("kings",))}),
)


def test_an_unsound_draft_is_refused_by_name(office: World) -> None:
    for wrong, changes in UNSOUND:
        with pytest.raises(RefusalError) as refused:
            act(office, OFFICER, keep, replace(DRAFT, **changes))
        assert (refused.value.reason, refused.value.about) == ("incomplete", wrong)


def test_it_is_counted_anew_only_when_its_recipients_change(office: World) -> None:
    number = kept(office)
    assert told(office, OFFICER) == ["siar.counted"]
    act(office, OFFICER, keep, replace(DRAFT, id=number, text="Besok jam sembilan."))
    assert office.rows(BROADCAST, id=number)[0]["census"]["recipients"] == 2
    act(office, OFFICER, keep, replace(DRAFT, id=number, segment=Segment(regions=(SUKADANA,))))
    assert office.rows(BROADCAST, id=number)[0]["census"] == {}
    assert [row["kind"] for row in office.rows(ERRAND, kind=COUNT)] == [COUNT, COUNT]
    with pytest.raises(RefusalError, match="counted"):
        act(office, OFFICER, submit, number)


def test_for_few_it_goes_at_once_for_many_a_second_person_approves(office: World) -> None:
    small = kept(office)
    act(office, OFFICER, submit, small)
    assert (state(office, small), office.rows(BROADCAST, id=small)[0]["due_at"]) == ("scheduled", NOW)
    number = kept(office)
    act(office, OFFICER, submit, number, rules=STRICT)
    assert (state(office, number), told(office, HEAD)) == ("approval", ["siar.asked"])
    for chat in (OFFICER, OTHERS, SITI):
        with pytest.raises(RefusalError):
            act(office, chat, approve, number, granted=True)
    with office.begin() as connection:
        assert [one.may_approve for one in listing(connection, HEAD, RULES)] == [True]
    act(office, HEAD, approve, number, granted=True)
    row = office.rows(BROADCAST, id=number)[0]
    assert (row["state"], row["approved_at"]) == ("scheduled", NOW)
    assert row["approved_by"] != row["mandate_id"]
    assert told(office, OFFICER)[-1] == "siar.approved_letter"
    with pytest.raises(RefusalError, match="scheduled"):
        act(office, HEAD, approve, number, granted=True)
    assert office.rows(AUDIT)[-1]["code"] == "granted"


def test_what_came_to_be_for_many_before_it_began_waits_for_approval_after_all(office: World) -> None:
    number = kept(office, segment=Segment(regions=(SUKADANA,)))
    act(office, OFFICER, submit, number, rules=STRICT)
    person(office, ANI, SUKADANA)
    starts(office, number)
    assert (state(office, number), told(office, HEAD)) == ("approval", ["siar.asked"])
    assert told(office, OFFICER) == ["siar.counted", "siar.counted"]
    assert office.rows(RECIPIENT) == []
    act(office, HEAD, approve, number, granted=True)
    starts(office, number)
    assert state(office, number) == "sending"
    assert len(office.rows(RECIPIENT)) == 2


def starts(world: World, number: int) -> None:
    """Its time has come: it is counted again, and the first lot is made."""
    with world.begin() as connection:
        begin(connection, NOW)
        row = broadcast_row(connection, number)
        assert row is not None
        counted = census(connection, read_segment(row.segment), row.topic, STRICT)
        hold_back(connection, row, counted, STRICT, NOW)
        make_lot(connection, number, STRICT, NOW)


def test_a_broadcast_that_is_given_back_or_recalled_is_a_draft_again(office: World) -> None:
    number = kept(office)
    act(office, OFFICER, submit, number, rules=STRICT)
    with pytest.raises(RefusalError, match="approval"):
        act(office, OFFICER, keep, replace(DRAFT, id=number))
    act(office, HEAD, approve, number, granted=False)
    assert (state(office, number), told(office, OFFICER)[-1]) == ("draft", "siar.returned_letter")
    act(office, OFFICER, submit, number, rules=STRICT)
    act(office, OFFICER, recall, number, drop=False)
    assert state(office, number) == "draft"
    act(office, OFFICER, recall, number, drop=True)
    assert office.rows(BROADCAST) == []


def test_what_has_gone_on_meanwhile_is_not_changed(office: World) -> None:
    """As when sending begins between the reading and the writing of a verb."""
    number = kept(office)
    with office.begin() as connection:
        connection.execute(BROADCAST.update().values(state="sending"))
        with pytest.raises(RefusalError, match="gone on"):
            move(connection, number, UNBEGUN, state="draft")
    assert state(office, number) == "sending"


def test_with_a_mandate_end_its_broadcasts_that_have_not_begun(office: World) -> None:
    number = kept(office)
    act(office, OFFICER, submit, number)
    mandate = office.rows(BROADCAST, id=number)[0]["mandate_id"]
    with office.scene(BAPPEDA) as scene:
        revoke(scene, mandate)
    assert state(office, number) == "stopped"
    with office.begin() as connection:
        assert listing(connection, OFFICER, RULES) == ()


def test_where_nobody_else_may_approve_it_stays_a_draft(sqlite_world: World) -> None:
    sqlite_world.mandate(OFFICER, "18.07.01", role="kecamatan")
    for chat in (SITI, BUDI):
        person(sqlite_world, chat, SUKADANA)
    number = kept(sqlite_world)
    with pytest.raises(RefusalError) as refused:
        act(sqlite_world, OFFICER, submit, number, rules=STRICT)
    assert (refused.value.reason, state(sqlite_world, number)) == ("no_approver", "draft")


def test_a_trial_goes_to_its_author_alone_with_picture_and_voice(sqlite_world: World) -> None:
    sqlite_world.mandate(OFFICER, "18.07.01", role="kecamatan")
    person(sqlite_world, SITI, SUKADANA)
    files: dict[str, Any] = {"picture": Media(file_id="p", unique_id="u"), "alternative": "Undangan"}
    number = kept(sqlite_world, voice=Media(file_id="v", unique_id="w", seconds=9), **files)
    act(sqlite_world, OFFICER, try_out, number)
    letter = sqlite_world.rows(NOTICES)[-1]
    assert (letter["chat_id"], letter["params"]["trial"]) == (OFFICER, True)
    calls = [(row["chat_id"], row["method"]) for row in sqlite_world.rows(OUTBOX)]
    assert calls == [(OFFICER, "sendPhoto"), (OFFICER, "sendVoice")]


@pytest.mark.parametrize("released", [False, True])
def test_with_a_draft_its_trial_is_dropped_wherever_it_waits(office: World, *, released: bool) -> None:
    number = tried(office, released=released)
    act(office, OFFICER, recall, number, drop=True)
    assert [row["state"] for row in office.rows(NOTICES, key="broadcast.sent")] == ["cancelled"]
    assert office.rows(OUTBOX) == []


def test_the_sender_goes_on_when_a_broadcast_is_gone(office: World) -> None:
    """Whatever became of its row: what lies in the outbox then says that it was taken back."""
    tried(office, released=True)
    with office.begin() as connection:
        connection.execute(BROADCAST.delete())
        (call,) = claim(connection)
    assert call.notice is not None
    assert letter(call.notice.key, call.notice.params).lines == (Line("broadcast.taken_back"),)


def tried(world: World, *, released: bool) -> int:
    """A draft that its author tries out; its trial alone waits, or lies in the outbox already."""
    number = kept(world)
    with world.begin() as connection:
        connection.execute(NOTICES.delete())
    act(world, OFFICER, try_out, number)
    if released:
        with world.begin() as connection:
            release(connection, RULES.delivery, NOW)
    return number


def test_what_speaks_against_a_moment_is_named() -> None:
    friday = NOW + timedelta(days=3, hours=2)
    assert cautions(NOW, RULES) == ()
    assert cautions(friday, RULES) == ("friday",)
    assert cautions(NOW + timedelta(hours=12), RULES) == ("night",)
    assert cautions(NOW + timedelta(days=5), RULES) == ("holiday",), "a Sunday"
