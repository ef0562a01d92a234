"""Segments are counted from what is encrypted, and no figure points to a person."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from sqlalchemy import update

from storage.actor import Resident
from storage.residents import RESIDENT, set_groups
from storage.segments import Counted, Figure, Segment, count
from storage.traces import ACCESS
from tests.storage.relayed import put
from tests.storage.world import NOW, World

KECAMATAN = ("18.07.01", "18.07.03")
SUKADANA, PAKUAN, MEKAR = "18.07.01.2001", "18.07.01.2002", "18.07.03.2016"


def person(world: World, chat: int, village: str | None = SUKADANA, *groups: str, needs: str = "") -> None:
    world.consent(chat)
    with world.begin() as connection:
        set_groups(connection, Resident(chat), groups, declined=not groups, version="1")
        moved = update(RESIDENT).where(RESIDENT.c.chat_id == chat)
        connection.execute(moved.values(village_kode=village, locale="en" if chat % 2 else "id"))
    if needs:
        id_ = world.rows(RESIDENT, chat_id=chat)[0]["id"]
        put(world, ACCESS, resident_id=id_, needs=needs.split(), answered_at=NOW)


def counted(world: World, segment: Segment, *places: str) -> Counted:
    with world.begin() as connection:
        return count(connection, segment, places)


def crowd(world: World) -> None:
    """12 women in Sukadana, 6 of them with a need; 3 men in Pakuan Aji; 7 people in Mekar Jaya; 1 without village."""
    for chat in range(1, 13):
        person(world, chat, SUKADANA, "women", needs="ramp companion" if chat <= 6 else "")
    for chat in range(13, 16):
        person(world, chat, PAKUAN)
    for chat in range(16, 23):
        person(world, chat, MEKAR, "disability", needs="sign_language")
    person(world, 23, None)


def test_people_are_counted_by_groups_needs_region_and_language(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.segments.LOT", 4)
    crowd(world)
    whole = {
        Segment(): 20,
        Segment(groups=frozenset({"women"})): 10,
        Segment(groups=frozenset({"women", "disability"})): 15,
        Segment(needs=frozenset({"ramp"})): 5,
        Segment(groups=frozenset({"disability"}), needs=frozenset({"ramp"})): None,
        Segment(region="18.07.01"): 15,
        Segment(region=PAKUAN): None,
        Segment(region="18.07.0"): None,
        Segment(locale="en"): 10,
    }
    found = {segment: counted(world, segment).whole for segment in whole}
    assert found == {segment: Figure(about) for segment, about in whole.items()}


def test_every_place_has_its_figure_one_without_people_too(world: World) -> None:
    crowd(world)
    hidden = Figure(None)
    assert counted(world, Segment(), *KECAMATAN, "18.07.99").regions == {
        "18.07.01": Figure(15),
        "18.07.03": Figure(5),
        "18.07.99": hidden,
        "": hidden,
    }
    assert counted(world, Segment(region="18.07.01"), SUKADANA, PAKUAN).regions == {
        SUKADANA: Figure(10),
        PAKUAN: hidden,
    }
    assert counted(world, Segment()).regions == {}


def test_whoever_withdrew_consent_is_not_counted(world: World) -> None:
    for chat in range(1, 6):
        person(world, chat, SUKADANA)
    assert counted(world, Segment()).whole == Figure(5)
    world.consent(1, granted=False)
    assert counted(world, Segment()).whole == Figure(None)


@pytest.mark.parametrize("number", range(5))
def test_fewer_than_five_are_all_told_alike_none_among_them(number: int) -> None:
    """That somebody is there at all would be told otherwise."""
    assert Figure.of(number) == Figure(None)


def test_beside_a_figure_that_is_held_back_there_is_no_total(world: World) -> None:
    """A total less all other figures would be it."""
    crowd(world)
    assert counted(world, Segment(), *KECAMATAN).whole is None
    assert counted(world, Segment(region="18.07.01"), "18.07.01").whole == Figure(15)


@pytest.mark.parametrize(("others", "fits"), [(1, 4), (2, 3)])
def test_one_question_less_others_does_not_tell_what_was_held_back(others: int, fits: int) -> None:
    """The whole asked for once, its parts another time: the answers fit several numbers for the one held back."""
    possible = defaultdict(set)
    for shown in product(range(5, 20), repeat=others):
        for hidden in range(5):
            answers = (*map(Figure.of, shown), Figure.of(sum(shown) + hidden))
            possible[answers].add(hidden)
    assert min(len(numbers) for numbers in possible.values()) >= fits
