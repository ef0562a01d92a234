"""Figures in the database: who sees which, of where, what is hidden in them, and that seeing them is recorded."""

from __future__ import annotations

from typing import Final

import pytest
from sqlalchemy import insert

from conversations.figure import Cut, DrawFigures
from storage import figure_files
from storage.actor import RefusalError, Resident
from storage.audit import AUDIT
from storage.desk_tables import DeskCardRecord
from storage.figure_files import DatabaseFigureFacts
from storage.figure_orders import DRAW_FIGURES
from storage.figure_views import Figure, figure
from storage.invitations import Offer, invite
from storage.ledger import ERRAND, table
from storage.mandates import accept
from storage.tables import RegionRecord
from tests.storage.sent import Sent, send
from tests.storage.world import BAPPEDA, NOW, RULES, World, seeded

PLANNER, HADI, ROADS, LISTENER = 7_000_000_200, 7_000_000_201, 7_000_000_202, 7_000_000_203
KABUPATEN, SUKADANA, JABUNG = "18.07", "18.07.01", "18.07.03"
VILLAGE, NEXT, FAR = "18.07.01.2001", "18.07.01.2002", "18.07.03.2016"
SENT: Final[tuple[Sent, ...]] = (
    (VILLAGE, "road", "received", "waiting", ("women",), 9),
    (NEXT, "road", "rkpd", "accommodated", ("women",), 8),
    (FAR, "road", "received", "waiting", ("disability",), 1),
    (VILLAGE, "water", "rkpd", "accommodated", ("disability", "women"), 7),
    (FAR, "water", "rkpd", "not_accommodated", ("disability",), 11),
    (FAR, "school", "received", "waiting", ("disability",), 6),
    (NEXT, "school", "received", "waiting", ("disability",), 12),
)


@pytest.fixture
def kabupaten(world: World) -> World:
    """54 aspirations of two kecamatan, and who plans for all of them: on both engines."""
    world.mandate(PLANNER, KABUPATEN, role="bappeda")
    send(world, SENT)
    return world


@pytest.fixture
def office(sqlite_world: World) -> World:
    """The same, with an officer of a kecamatan, an agency, and somebody who listens to recordings."""
    sqlite_world.mandate(PLANNER, KABUPATEN, role="bappeda")
    sqlite_world.mandate(HADI, SUKADANA, role="kecamatan")
    sqlite_world.mandate(LISTENER, SUKADANA, role="transcriber")
    send(sqlite_world, SENT)
    with_agency(sqlite_world)
    return sqlite_world


def with_agency(world: World) -> None:
    """Somebody of the agency for roads and water."""
    with world.scene(BAPPEDA) as scene:
        offer = Offer(role="agency", scope=(KABUPATEN,), agencies=("1.03",))
        token = invite(scene, offer, seeded(ROADS)).token
    with world.scene(Resident(ROADS)) as scene:
        accept(scene, token, "1")


def seen(world: World, chat: int, cut: Cut, region: str) -> Figure | None:
    """A figure as a chat sees it."""
    with world.begin() as connection:
        return figure(connection, chat, DrawFigures(cut=cut, region=region), RULES, NOW)


def shown(world: World, chat: int, cut: Cut, region: str = KABUPATEN) -> dict[str, int | None]:
    """Its bars that are not empty."""
    found = seen(world, chat, cut, region)
    assert found is not None
    return {bar.key: bar.count for bar in found.bars if bar.count != 0}


def press(world: World, chat: int, cut: Cut, region: str) -> None:
    """Somebody asks for a chart."""
    with world.scene(Resident(chat)) as scene:
        figure_files.perform(scene, DrawFigures(cut=cut, region=region))


def test_the_kabupaten_by_each_cut(kabupaten: World) -> None:
    """Sums are what was sent; an aspiration counts for each of its groups."""
    found = seen(kabupaten, PLANNER, "field", KABUPATEN)
    assert found is not None
    assert found.total == 54
    assert shown(kabupaten, PLANNER, "field") == {"road": 18, "water": 18, "school": 18}
    assert shown(kabupaten, PLANNER, "stage") == {"received": 28, "rkpd": 26}
    assert shown(kabupaten, PLANNER, "month") == {"2026-02": 54}
    assert shown(kabupaten, PLANNER, "group") == {"women": 24, "disability": 37}
    assert shown(kabupaten, PLANNER, "kecamatan") == {"18.07.01": 36, "18.07.03": 18}


def test_a_kecamatan_does_not_give_away_the_other(office: World) -> None:
    """One road in Jabung: neither Jabung's nor Sukadana's roads are shown, and so no other field that tells them."""
    mine = shown(office, HADI, "field", SUKADANA)
    theirs = shown(office, PLANNER, "field", JABUNG)
    assert mine["road"] is None
    assert theirs["road"] is None
    assert sum(count is None for count in mine.values()) >= 2
    assert mine == shown(office, PLANNER, "field", SUKADANA), "whoever asks"


def test_of_a_group_is_shown_what_is_accepted_where_all_four_sides_are_large_enough(office: World) -> None:
    found = seen(office, PLANNER, "inclusion", KABUPATEN)
    assert found is not None
    by_group = {bar.key: (bar.count, bar.accepted) for bar in found.bars}
    assert found.accepted == 15
    assert by_group["women"] == (24, 15)
    assert by_group["disability"] == (37, 7)
    send(office, [(FAR, "water", "rkpd", "accommodated", ("elderly", "women"), 5)])
    send(office, [(FAR, "water", "received", "waiting", ("elderly",), 2)])
    again = seen(office, PLANNER, "inclusion", KABUPATEN)
    assert again is not None
    assert {bar.key: (bar.count, bar.accepted) for bar in again.bars}["elderly"] == (7, None)


def test_an_agency_sees_its_own_fields_alone(office: World) -> None:
    """Its regions, stages and sums are of its fields, too."""
    assert shown(office, ROADS, "field") == {"road": 18, "water": 18}
    found = seen(office, ROADS, "stage", KABUPATEN)
    assert found is not None
    assert found.total == 36
    assert seen(office, ROADS, "inclusion", KABUPATEN) is None
    assert seen(office, ROADS, "field", SUKADANA) is None
    assert shown(office, ROADS, "kecamatan") == {"18.07.01": None, "18.07.03": None}, (
        "one road lies in Jabung"
    )


def test_few_are_not_counted_out_and_what_is_held_or_taken_back_does_not_count(sqlite_world: World) -> None:
    world = sqlite_world
    world.mandate(PLANNER, KABUPATEN, role="bappeda")
    numbers = send(world, [(VILLAGE, "road", "received", "waiting", ("women",), 6)])
    send(world, [(VILLAGE, "road", "received", "waiting", ("women",), 3)], retracted_at=NOW)
    assert shown(world, PLANNER, "field") == {"road": 6}
    with world.begin() as connection:
        cards = [{"aspiration_id": number, "agency": "", "held_at": NOW} for number in numbers[:2]]
        connection.execute(insert(table(DeskCardRecord)), cards)
    found = seen(world, PLANNER, "field", KABUPATEN)
    assert found is not None
    assert found.total is None
    assert {bar.count for bar in found.bars} == {None}


def test_a_village_that_has_left_the_list_counts_in_its_kecamatan_and_stands_there_by_its_code(
    office: World,
) -> None:
    """Else the others, taken from the sum, would tell of it."""
    gone = "18.07.01.2099"
    with office.begin() as connection:
        place = {
            "kode": gone,
            "name": "",
            "kind": "desa",
            "parent": SUKADANA,
            "folded": "",
            "other_names": [],
        }
        connection.execute(insert(table(RegionRecord)).values(place))
    send(office, [(gone, "road", "received", "waiting", ("women",), 3)])
    parts = shown(office, HADI, "kecamatan", SUKADANA)
    assert parts[gone] is None
    assert sum(count is None for count in parts.values()) >= 2


def test_who_may_see_figures_of_where(office: World) -> None:
    """A region of the mandate and those right below it, the widest first; nothing for whoever has no such mandate."""
    with office.begin() as connection:
        facts = {chat: DatabaseFigureFacts(connection, chat, RULES) for chat in (PLANNER, HADI, LISTENER)}
        assert facts[PLANNER].places()[0] == (KABUPATEN, "")
        assert len(facts[PLANNER].places()) == 25
        assert facts[HADI].places()[0] == (SUKADANA, "Kecamatan Sukadana")
        assert facts[LISTENER].places() == ()
        assert facts[HADI].cuts(JABUNG) == ()
        assert "kecamatan" not in facts[HADI].cuts(VILLAGE)
        assert figure(connection, HADI, DrawFigures(cut="field", region=JABUNG), RULES, NOW) is None


def test_a_chart_is_asked_for_by_whoever_may_see_it_and_recorded(office: World) -> None:
    before = office.count(AUDIT)
    press(office, HADI, "field", SUKADANA)
    [errand] = office.rows(ERRAND, kind=DRAW_FIGURES)
    assert errand["params"] == {"cut": "field", "region": SUKADANA}
    assert errand["chat_id"] == HADI
    assert office.rows(AUDIT)[-1]["action"] == "figures"
    assert office.count(AUDIT) == before + 1


def test_a_forged_button_draws_nothing(office: World) -> None:
    for chat, region in ((HADI, KABUPATEN), (HADI, JABUNG), (LISTENER, SUKADANA), (HADI, "18.07.01.9999")):
        with pytest.raises(RefusalError, match="mandate"):
            press(office, chat, "field", region)
    with pytest.raises(RefusalError, match="mandate"):
        press(office, ROADS, "inclusion", KABUPATEN)
    assert office.rows(ERRAND, kind=DRAW_FIGURES) == []
