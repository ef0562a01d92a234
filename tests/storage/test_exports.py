"""Files of the staff: who may take one away, what is recorded of it, and what a file without names does not tell."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.chat import Part
from conversations.figure import Choice, ExportFile
from storage import exports, figure_files, mandates, voices
from storage.actor import RefusalError, Resident, Staff
from storage.audit import AUDIT
from storage.desk_tables import DeskCardRecord
from storage.export_rows import COVERED, ExportRow, covered, rows
from storage.exports import EXPORT, MAKE_FILE
from storage.ledger import ERRAND, table
from storage.media import RELAY
from storage.permissions import STAFF, load_permissions
from storage.residents import RESIDENT
from storage.submissions import ASPIRATION
from tests.storage.world import ANI, BUDI, NOW, RULES, SITI, World, voice

VILLAGE, JABUNG, KABUPATEN = "18.07.01.2001", "18.07.03.2016", "18.07"
NAMED = Choice(file="xlsx", identified=True, reason="Undangan rapat")
PLAIN = Choice(file="csv")


def asks(world: World, chat: int, choice: Choice) -> str:
    """Somebody asks for a file: "saved", or the reason why not."""
    with world.scene(Resident(chat), NOW) as scene:
        try:
            figure_files.perform(scene, ExportFile(choice=choice))
        except RefusalError as refusal:
            return refusal.reason
    return "saved"


def file_of(world: World, chat: int, choice: Choice = PLAIN) -> list[ExportRow]:
    """The rows of the file that a chat gets."""
    assert asks(world, chat, choice) == "saved"
    number = world.rows(EXPORT)[-1]["id"]
    with world.begin() as connection:
        asked = exports.asked_for(connection, number, chat)
        return list(rows(connection, asked.wanted, RULES)) if asked is not None else []


def change(world: World, ticket: str, **values: Any) -> None:
    """What is stored of an aspiration is something else."""
    with world.begin() as connection:
        connection.execute(ASPIRATION.update().where(ASPIRATION.c.ticket == ticket).values(values))


@pytest.mark.parametrize("role", STAFF)
def test_every_cell_of_the_matrix_holds_at_the_verb(sqlite_world: World, role: str) -> None:
    number = sqlite_world.mandate(BUDI, VILLAGE, role="transcriber")
    agencies = ["1.03"] if role == "agency" else []
    with sqlite_world.begin() as connection:
        held = mandates.MANDATE.update().where(mandates.MANDATE.c.id == number)
        connection.execute(held.values(role=role, agencies=agencies))
    for choice, action in ((PLAIN, "export"), (NAMED, "identify")):
        allowed = load_permissions()[role, action] != "no"
        assert asks(sqlite_world, BUDI, choice) == ("saved" if allowed else "not_allowed")
    with sqlite_world.begin() as connection:
        facts = figure_files.DatabaseFigureFacts(connection, BUDI, RULES)
        assert facts.may_identify() == (load_permissions()[role, "identify"] != "no")


def test_a_file_has_the_places_and_fields_of_the_mandate_alone(world: World) -> None:
    here = world.submit(SITI).ticket
    there = world.submit(SITI, 2, village=RULES.regions.village(JABUNG), field="school").ticket
    world.mandate(BUDI, VILLAGE, role="village")
    world.mandate(ANI, KABUPATEN, role="bappeda")
    assert [row.ticket for row in file_of(world, BUDI)] == [here]
    assert [row.ticket for row in file_of(world, ANI)] == [here, there]


def test_what_was_taken_back_and_abuse_that_is_held_are_in_no_file(sqlite_world: World) -> None:
    held, gone = sqlite_world.submit(SITI).ticket, sqlite_world.submit(SITI, 2).ticket
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    change(sqlite_world, gone, retracted_at=NOW)
    row = {"aspiration_id": sqlite_world.aspiration(held)["id"], "agency": "", "held_at": NOW}
    with sqlite_world.begin() as connection:
        connection.execute(table(DeskCardRecord).insert().values(row))
    assert file_of(sqlite_world, ANI, NAMED) == []


def test_a_file_without_names_has_neither_name_nor_place_on_the_map_nor_number(world: World) -> None:
    said = (Part(kind="text", message=1, text="Hubungi 0812-3456-7890 atau siti@desa.example"), voice("a"))
    world.submit(SITI, parts=said, visibility="public")
    with world.begin() as connection:
        connection.execute(RESIDENT.update().values(name="Siti Aminah"))
    world.mandate(ANI, KABUPATEN, role="bappeda")
    (row,) = file_of(world, ANI)
    assert row.words == f"Hubungi {COVERED} atau {COVERED}"
    assert (row.name, row.landmark, row.pin, row.recordings) == ("", "", None, 1)
    (row,) = file_of(world, ANI, NAMED)
    assert (row.name, row.landmark, row.pin) == ("Siti Aminah", "dekat balai desa", (-5.1, 105.5))
    assert "0812-3456-7890" in row.words


@pytest.mark.parametrize("hidden", [{"visibility": "anonymous"}, {"flagged": "danger"}])
def test_also_a_file_with_names_says_nothing_of_who_is_anonymous_or_in_danger(
    sqlite_world: World, hidden: dict[str, str]
) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    with sqlite_world.begin() as connection:
        connection.execute(RESIDENT.update().values(name="Siti Aminah"))
    change(sqlite_world, ticket, **hidden)
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    (row,) = file_of(sqlite_world, ANI, NAMED)
    assert (row.name, row.landmark, row.pin) == ("", "", None)
    assert bool(row.words) == ("flagged" not in hidden)


@pytest.mark.parametrize(("maturity", "name"), [("adult", "Ibu Marni"), ("guardian", "")])
def test_whoever_was_spoken_for_is_named_but_no_child_and_no_facilitator(
    world: World, maturity: str, name: str
) -> None:
    ticket = world.submit(SITI).ticket
    facilitator = world.mandate(BUDI, note="Bu Yuni, PKK")
    relay = {"relation": "family", "told_by": "facilitator", "consent_form": "witnessed", "claim_tries": 0}
    relay |= {"mandate_id": facilitator, "relayed_by": facilitator, "consented_at": NOW, "claim_digest": ""}
    relay |= {"aspiration_id": world.aspiration(ticket)["id"], "name": "Ibu Marni", "maturity": maturity}
    with world.begin() as connection:
        connection.execute(RELAY.insert().values(relay))
    change(world, ticket, resident_id=None, chat_id=None)
    world.mandate(ANI, KABUPATEN, role="bappeda")
    (row,) = file_of(world, ANI, NAMED)
    assert (row.name, row.relayed) == (name, True)
    assert "Yuni" not in repr(row)


def test_for_whom_it_is_is_told_only_where_five_of_the_village_are_for_them(world: World) -> None:
    for serial in range(1, 6):
        world.submit(SITI, serial, audience=("disability",))
    world.submit(SITI, 6, audience=("disability", "elderly"))
    world.submit(SITI, 7, audience=("disability",), village=RULES.regions.village(JABUNG))
    world.submit(SITI, 8, audience=())
    world.mandate(ANI, KABUPATEN, role="bappeda")
    assert [row.groups for row in file_of(world, ANI)] == [*[("disability",)] * 5, None, None, ()]
    assert None not in [row.groups for row in file_of(world, ANI, NAMED)]


@pytest.mark.parametrize("hidden", [{"visibility": "anonymous"}, {"flagged": "danger"}])
def test_also_with_names_a_rare_group_does_not_point_to_who_is_anonymous_or_in_danger(
    sqlite_world: World, hidden: dict[str, str]
) -> None:
    rare, open_ = (sqlite_world.submit(SITI, serial, audience=("disability",)).ticket for serial in (1, 2))
    change(sqlite_world, rare, **hidden)
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    told = {row.ticket: row.groups for row in file_of(sqlite_world, ANI, NAMED)}
    assert told == {rare: None, open_: ("disability",)}


def test_a_voice_that_is_told_with_another_names_it_and_is_no_double_in_the_shape_of_sipd(
    world: World,
) -> None:
    lead, voice, beside = (world.submit(SITI, serial).ticket for serial in (1, 2, 3))
    ids = {ticket: world.aspiration(ticket)["id"] for ticket in (lead, voice, beside)}
    with world.begin() as connection:
        voices.join(connection, ids[voice], ids[lead], voices.JOINED, NOW)
        voices.join(connection, ids[beside], ids[lead], voices.BESIDE, NOW)
    world.mandate(ANI, KABUPATEN, role="bappeda")
    told = [(row.ticket, row.support, row.lead) for row in file_of(world, ANI)]
    assert told == [(lead, 2, ""), (voice, 0, lead), (beside, 0, lead)]
    assert [row.ticket for row in file_of(world, ANI, Choice(file="sipd"))] == [lead, beside]


def test_a_file_tells_the_decisions_that_stand(sqlite_world: World) -> None:
    ticket = sqlite_world.submit(SITI).ticket
    sqlite_world.decide(ticket, "checked", "forwarded", office="Desa Sukadana")
    sqlite_world.decide(ticket, "bappeda_check", "postponed", reason="budget_limited")
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    (row,) = file_of(sqlite_world, ANI)
    day = NOW.astimezone(RULES.calendar.zone).date()
    assert row.decided == (("checked", "forwarded", day), ("bappeda_check", "postponed", day))
    assert (row.stage, row.decision, row.reason) == ("bappeda_check", "postponed", "budget_limited")


def test_it_is_recorded_who_took_what_away_and_why(sqlite_world: World) -> None:
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    assert asks(sqlite_world, ANI, NAMED) == "saved"
    assert asks(sqlite_world, ANI, PLAIN) == "saved"
    named, plain = sqlite_world.rows(EXPORT)
    assert (named["kind"], named["identified"], named["reason"]) == ("xlsx", True, "Undangan rapat")
    assert (plain["kind"], plain["identified"], plain["reason"]) == ("csv", False, "")
    deeds = [(row["action"], row["code"]) for row in sqlite_world.rows(AUDIT)][-2:]
    assert deeds == [("identify", "xlsx/names"), ("export", "csv/plain")]
    errands = sqlite_world.rows(ERRAND, kind=MAKE_FILE)
    assert [errand["params"] for errand in errands] == [{"export": named["id"]}, {"export": plain["id"]}]


@pytest.mark.parametrize(("reason", "refusal"), [("", "empty"), (" ! ", "empty"), ("x" * 501, "too_long")])
def test_names_need_a_reason(sqlite_world: World, reason: str, refusal: str) -> None:
    sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    assert asks(sqlite_world, ANI, Choice(file="xlsx", identified=True, reason=reason)) == refusal
    assert sqlite_world.rows(EXPORT) == []
    with sqlite_world.scene(Staff("suara", "bappeda"), NOW) as scene, pytest.raises(RefusalError):
        exports.record_at_keyboard(scene, Staff("suara", "bappeda"), Choice(file="csv", identified=True))


def test_who_has_no_mandate_any_more_gets_nothing(sqlite_world: World) -> None:
    sqlite_world.submit(SITI)
    number = sqlite_world.mandate(ANI, KABUPATEN, role="bappeda")
    assert asks(sqlite_world, ANI, PLAIN) == "saved"
    (recorded,) = sqlite_world.rows(EXPORT)
    with sqlite_world.begin() as connection:
        ended = mandates.MANDATE.update().where(mandates.MANDATE.c.id == number)
        connection.execute(ended.values(ended_at=NOW))
        assert exports.asked_for(connection, recorded["id"], ANI) is None
    assert asks(sqlite_world, ANI, PLAIN) == "not_allowed"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("NIK 1807012345678901", f"NIK {COVERED}"),
        ("telp +62 812 3456 7890 ya", f"telp {COVERED} ya"),
        ("@siti_aminah", COVERED),
        ("Jalan 300 meter, tahun 2026, RT 04/02", "Jalan 300 meter, tahun 2026, RT 04/02"),
    ],
)
def test_numbers_and_addresses_are_covered_and_ordinary_figures_stay(words: str, shown: str) -> None:
    assert covered(words) == shown
