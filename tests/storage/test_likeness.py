"""Aspirations that are alike: found, supported, merged and parted; each voice keeps its words and its news."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from conversations.chat import Part
from conversations.classifier import load_fields
from conversations.desk import Filter, VerdictDraft
from conversations.likeness import Likeness
from storage import desk_cards, desk_verdicts, desk_work, likeness, merging, voices
from storage.actor import RefusalError, Resident
from storage.erasure import erase_due, schedule
from storage.likeness import DatabaseLikenessFacts, look
from storage.likeness_index import LIKENESS, STEM, stems
from storage.notices import NOTICES
from storage.permissions import officers
from storage.submissions import ASPIRATION
from storage.supporting import submit
from tests.storage.relayed import mandate, unclaimed
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World, draft, seeded

WAYAN = 7_000_000_008
ROAD = "Jalan di depan sekolah rusak parah, anak-anak sering jatuh. Kata Bu Sumi sudah lama."
SAME = "mohon perbaikan jalan rusak ke sekolah"
LATER = NOW + timedelta(days=1)


def officer(world: World) -> int:
    """Somebody of Bappeda."""
    world.mandate(WAYAN, "18.07", role="bappeda")
    return WAYAN


def said(text: str) -> tuple[Part, ...]:
    return (Part(kind="text", message=1, text=text),)


def public(world: World, chat: int = SITI, text: str = ROAD, serial: int = 1, **more: Any) -> str:
    return world.submit(
        chat, serial, parts=said(text), visibility=more.pop("visibility", "public"), **more
    ).ticket


def like(world: World, text: str = SAME, chat: int = BUDI, **more: Any) -> tuple[Likeness, ...]:
    with world.begin() as connection:
        facts = DatabaseLikenessFacts(connection, chat, RULES, load_fields())
        return facts.like(draft(9, parts=said(text), **more))


def supporting(world: World, ticket: str, chat: int = BUDI, *, beside: bool = False, **more: Any) -> str:
    world.consent(chat)
    sent = draft(5, parts=said(SAME), supports=ticket, beside=beside, **more)
    with world.scene(Resident(chat)) as scene:
        return submit(scene, sent, "id", seeded(chat % 999)).ticket


def told(world: World, chat: int) -> list[tuple[str, str]]:
    rows = world.rows(NOTICES, chat_id=chat)
    return [(row["key"], row["params"]["ticket"]) for row in rows if row["state"] == "waiting"]


def leads(world: World) -> dict[str, str]:
    tickets = {row["id"]: row["ticket"] for row in world.rows(ASPIRATION)}
    return {tickets[row["aspiration_id"]]: tickets.get(row["lead_id"], "") for row in world.rows(LIKENESS)}


PAIRS = (
    (SAME, ROAD, True),
    ("sumur bor untuk dusun dua", "air bersih susah, perlu sumur bor", True),
    ("lampu jalan mati di depan masjid", "penerangan jalan dekat masjid padam", True),
    ("sumur bor untuk dusun dua", "jembatan gantung putus", False),
    ("puskesmas perlu juru bahasa isyarat", "ambulans untuk puskesmas", False),
)


def test_the_same_need_in_other_words_is_found(sqlite_world: World) -> None:
    tickets = [public(sqlite_world, text=other, serial=at) for at, (_, other, _) in enumerate(PAIRS, 1)]
    for ticket, (mine, _, near) in zip(tickets, PAIRS, strict=True):
        assert (ticket in {one.ticket for one in like(sqlite_world, mine)}) is near


def test_words_are_cut_alike_whatever_their_affixes() -> None:
    assert set(stems("Perbaikan jalannya")) == set(stems("jalan diperbaiki, memperbaiki jalan"))


def test_enough_to_judge_is_shown_and_nothing_that_names_somebody(sqlite_world: World) -> None:
    """Whoever tries a name learns nothing: of words that both have only those of needs are said."""
    world = sqlite_world
    ticket = public(world)
    (found,) = like(world, f"{SAME} kata Bu Sumi")
    assert (found.ticket, found.summary, found.field, found.support) == (ticket, "", "road", 0)
    assert set(found.shared) == {"jalan", "sekolah"}
    with world.scene(Resident(officer(world))) as scene:
        desk_work.redact(scene, ticket, "Jalan ke sekolah rusak")
    assert like(world)[0].summary == "Jalan ke sekolah rusak"


def test_private_ones_are_never_shown_nor_what_is_held_closed_taken_back_or_one_s_own(world: World) -> None:
    public(world, SITI, visibility="private")
    public(world, SITI, serial=2, visibility="anonymous")
    public(world, BUDI)
    public(world, ANI, village=RULES.regions.village("18.07.03.2016"))
    held, closed = public(world, ANI, serial=2), public(world, ANI, serial=3)
    with world.scene(Resident(officer(world))) as scene:
        desk_work.hold(scene, held, held=True)
    world.decide(closed, "checked", "rejected", reason="budget_limited")
    assert like(world) == ()


def test_at_most_three_are_shown_and_of_those_told_together_one(sqlite_world: World) -> None:
    world = sqlite_world
    for serial in range(1, 5):
        public(world, serial=serial)
    assert len(like(world)) == 3
    first = public(world, ANI)
    supporting(world, first, chat=7_000_000_009, visibility="public")
    assert len({one.ticket for one in like(world)}) == 3


def test_who_supports_one_keeps_words_number_and_news_and_everybody_hears_once(world: World) -> None:
    lead = public(world)
    voice = supporting(world, lead)
    assert leads(world)[voice] == lead
    assert like(world, chat=ANI)[0].support == 1
    world.decide(lead, "checked", "forwarded", note="Kami ukur minggu ini.")
    assert told(world, SITI) == [("notice.changed", lead)]
    assert told(world, BUDI) == [("notice.changed", voice)]
    assert world.aspiration(voice)["stage"] == "checked"


def test_both_is_decided_by_itself_and_hears_of_the_other_once(world: World) -> None:
    lead = public(world)
    beside = supporting(world, lead, beside=True)
    world.decide(lead, "checked", "waiting")
    world.decide(lead, "checked", "forwarded")
    assert told(world, BUDI) == [("likeness.told.news", beside)]
    assert world.aspiration(beside)["stage"] == "received"
    assert like(world, chat=ANI)[0].support == 1


def test_what_can_be_supported_no_more_is_sent_all_the_same(sqlite_world: World) -> None:
    world = sqlite_world
    private = public(world, visibility="private")
    sent = supporting(world, private)
    assert leads(world)[sent] == ""


def test_merging_tells_each_and_parting_before_they_heard_tells_nobody(world: World) -> None:
    chat = officer(world)
    lead, other = public(world), public(world, BUDI)
    third = supporting(world, other, chat=ANI)
    with world.scene(Resident(chat)) as scene:
        merging.merge(scene, other, lead)
    assert leads(world) == {lead: "", other: lead, third: lead}
    assert told(world, BUDI) == [("likeness.told.merged", other)]
    assert told(world, SITI) == [("likeness.told.supported", lead)]
    with world.scene(Resident(chat)) as scene, pytest.raises(RefusalError):
        merging.merge(scene, lead, third)
    with world.scene(Resident(chat)) as scene:
        merging.unmerge(scene, other)
    assert leads(world) == {lead: "", other: "", third: lead}
    assert told(world, BUDI) == []


def test_only_who_may_merge_both_does(sqlite_world: World) -> None:
    world = sqlite_world
    here, there = public(world), public(world, BUDI, village=RULES.regions.village("18.07.03.2016"))
    world.mandate(ANI, "18.07.01", role="kecamatan")
    for chat in (ANI, SITI):
        with world.scene(Resident(chat)) as scene, pytest.raises(RefusalError):
            merging.merge(scene, here, there)
    assert set(leads(world).values()) == {""}


def test_undoing_a_decision_undoes_it_for_all_who_were_decided_with_it(sqlite_world: World) -> None:
    world, chat = sqlite_world, officer(sqlite_world)
    lead = public(world)
    voice = supporting(world, lead)
    verdict = VerdictDraft(tickets=(lead,), stage="checked", decision="forwarded")
    with world.scene(Resident(chat)) as scene:
        made = desk_verdicts.decide(scene, verdict)
    with world.scene(Resident(chat)) as scene:
        desk_verdicts.undo(scene, made.events)
    assert {world.aspiration(one)["stage"] for one in (lead, voice)} == {"received"}
    assert told(world, SITI) == told(world, BUDI) == []


def test_when_the_lead_is_erased_the_next_voice_leads_on_and_no_word_of_it_is_left(world: World) -> None:
    lead = public(world, text=f"{ROAD} KENARI")
    second, third = supporting(world, lead), supporting(world, lead, chat=ANI)
    with world.scene(Resident(SITI)) as scene:
        schedule(scene.connection, scene.actor, NOW)
    with world.begin() as connection:
        erase_due(connection, NOW + timedelta(days=2), RULES.secrets)
    assert leads(world) == {second: "", third: second}
    assert not [row for row in world.rows(STEM) if row["stem"] == "kenari"]


def test_of_somebody_spoken_for_the_facilitator_is_told(sqlite_world: World) -> None:
    world, chat = sqlite_world, officer(sqlite_world)
    number = unclaimed(world, mandate(world, BUDI, "kader"), ANI, "Pak Rahmat")
    lead = public(world)
    with world.scene(Resident(chat)) as scene:
        merging.merge(scene, number, lead)
    assert [key for key, _ in told(world, BUDI)] == ["likeness.told.merged"]


def test_what_is_like_an_older_one_stands_in_the_queue_until_somebody_looked(world: World) -> None:
    chat = officer(world)
    older, newer = public(world, visibility="private"), public(world, BUDI, text=SAME, visibility="private")
    with world.begin() as connection:
        assert look(connection, NOW, 10) == 2
        assert look(connection, NOW, 10) == 0
    assert queued(world, chat) == [newer]
    with world.begin() as connection:
        facts = DatabaseLikenessFacts(connection, chat, RULES, load_fields())
        assert [one.ticket for one in facts.like_ticket(newer)] == [older]
    with world.scene(Resident(chat)) as scene:
        merging.keep_apart(scene, newer)
    assert queued(world, chat) == []


def test_what_is_like_one_that_has_ended_waits_for_nobody(sqlite_world: World) -> None:
    world, chat = sqlite_world, officer(sqlite_world)
    older, newer = public(world), public(world, BUDI, text=SAME)
    with world.begin() as connection:
        look(connection, NOW, 10)
    assert queued(world, chat) == [newer]
    world.decide(older, "checked", "rejected", reason="budget_limited")
    assert queued(world, chat) == []


def queued(world: World, chat: int) -> list[str]:
    with world.begin() as connection:
        rows = desk_cards.cards(
            connection, officers(connection, chat), Filter(queue="duplicate"), RULES, LATER
        )
        return [row.ticket for row in rows]


def test_the_desk_counts_who_is_told_with_another_as_nobody_s_new_card(world: World) -> None:
    chat, lead = officer(world), public(world)
    supporting(world, lead)
    with world.begin() as connection:
        held = officers(connection, chat)
        assert desk_cards.counts(connection, held, RULES, NOW)["new"] == 1


def test_the_words_of_another_village_are_not_for_this_desk_which_sees_their_number(world: World) -> None:
    lead = public(world)
    secret = "Anak Bu KENARI lumpuh"
    there = public(world, BUDI, secret, village=RULES.regions.village("18.07.03.2016"), visibility="private")
    near = public(world, ANI, visibility="private")
    with world.scene(Resident(officer(world))) as scene:
        merging.merge(scene, there, lead)
        merging.merge(scene, near, lead)
    village = 7_000_000_009
    world.mandate(village, "18.07.01.2001", role="village")
    with world.begin() as connection:
        held = officers(connection, village)
        card = likeness.card(connection, held, lead, RULES, NOW)
        row = desk_cards.find(connection, held, lead, "read")
        told, _ = likeness.others(connection, held, row)
    assert [one.ticket for one in told] == [near]
    assert card is not None
    assert card.support == 2


def test_beside_follows_to_no_private_voice(world: World) -> None:
    """Neither when the lead is taken back, nor when the staff merges it, nor at sending."""
    lead = public(world)
    private = supporting(world, lead, chat=ANI)
    beside = supporting(world, lead, beside=True)
    number = world.aspiration(lead)["id"]
    with world.begin() as connection:
        voices.leave(connection, number)
    assert leads(world) == {lead: "", private: "", beside: ""}
    late = supporting(world, lead, chat=7_000_000_009, beside=True)
    with world.scene(Resident(officer(world))) as scene:
        merging.merge(scene, lead, private)
    assert leads(world)[late] == ""
    later = supporting(world, lead, chat=7_000_000_010, beside=True)
    assert leads(world)[later] == ""


def test_beside_follows_to_a_public_voice(sqlite_world: World) -> None:
    world = sqlite_world
    lead = public(world)
    next_ = supporting(world, lead, chat=ANI, visibility="public")
    beside = supporting(world, lead, beside=True)
    number = world.aspiration(lead)["id"]
    with world.begin() as connection:
        voices.leave(connection, number)
    assert leads(world)[beside] == next_
