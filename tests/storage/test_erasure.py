"""Erasing a person: undone within 24 hours, complete after them, and harmless to everybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select, text

from conversations.chat import Part
from conversations.effects import RaiseAlert
from storage import views
from storage.access import perform
from storage.actor import RefusalError, Resident
from storage.aspirations import ASPIRATION, AUDIENCE, recover
from storage.dossier import compile_dossier
from storage.erasure import GRACE, Erased, erase_due, restore, schedule, scrub
from storage.history import HISTORY
from storage.ledger import CHAT, ERRAND, INBOX, OUTBOX, ErrandRow, Ledger, OutboxRow
from storage.media import MEDIA, PART, RELAY, REPORT, MediaStore, mark_kept, named, remember
from storage.messages import open_letter
from storage.notices import NOTICES, release
from storage.residents import CONSENT, RESIDENT, set_groups, set_name
from storage.tables import Record
from storage.traces import ACCESS, DESK_CARD, IMPERSONAL, INVITATION, MANDATE, TASK, TRANSCRIPT
from tests.storage.relayed import leave_traces, mandate, put, relay, unclaimed
from tests.storage.world import ANI, BAPPEDA, BUDI, DELIVERY, NOW, RING, RULES, SITI, World, voice

CANARY: Final = "KENARI"
LATER: Final = NOW + GRACE


def live(world: World, store: MediaStore, chat: int = SITI, canary: str = CANARY) -> str:
    """Somebody leaves a trace in every table; returns the ticket."""
    state = {
        "id": chat,
        "draft": {"parts": [{"text": f"{canary} draf", "media": {"unique_id": f"{canary}-d"}}]},
    }
    world.open_chat(chat, json.dumps(state))
    parts = (Part(kind="text", message=1, text=f"{canary} rusak"), voice(f"{canary}-v"))
    number = world.submit(
        chat,
        parts=parts,
        landmark=Part(kind="text", message=2, text=f"dekat {canary}"),
        audience=(f"{canary.lower()}",),
    ).ticket
    world.consent(chat, "broadcast")
    for unique_id in (f"{canary}-v", f"{canary}-d"):
        keep(world, store, unique_id, f"{unique_id} {canary} suara".encode())
    world.decide(number, "checked", "forwarded", urgent=True)
    with world.begin() as connection:
        set_name(connection, Resident(chat), f"{canary} Siti", "1")
        set_groups(connection, Resident(chat), [canary.lower()], declined=False, version="1")
        release(connection, DELIVERY, NOW)
        ledger = Ledger(connection)
        files = json.dumps({"document": {"path": f"var/{canary}.json", "filename": "data.json"}})
        params = json.dumps({"chat_id": chat, "text": canary})
        ledger.enqueue(
            [OutboxRow(chat_id=chat, due_at=NOW, method="sendMessage", params=params, files=files)], NOW
        )
        ledger.add_errands(
            [ErrandRow(kind="export_data", due_at=NOW, params={"of": canary}, chat_id=chat)], NOW
        )
        ledger.admit([("clock:quiet", f"{chat}:{NOW.isoformat()}"), ("bot:1", f"{chat % 1000}")], NOW)
        update = json.dumps({"message": {"chat": {"id": chat}, "text": canary}}).encode()
        ledger.quarantine(("bot:1", f"bad {chat % 1000}"), update, f"cannot read {canary}", NOW)
        stamped = INBOX.update().where(INBOX.c.id == f"{chat % 1000}")
        connection.execute(stamped.values(chat_id=chat, message_id=5))
    guess(world, chat)
    leave_traces(world, chat, number, canary)
    for unique_id in (f"{canary}-{name}" for name in ("setuju", "jawab", "wali", "balas")):
        keep(world, store, unique_id, f"{unique_id} {canary} suara".encode())
    return number


def keep(world: World, store: MediaStore, unique_id: str, content: bytes) -> str:
    with world.begin() as connection:
        remember(connection, voice(unique_id).media, "voice", NOW)  # type: ignore[arg-type]
        kept = store.keep([content])
        mark_kept(connection, unique_id, kept)
        return kept.sha256


def guess(world: World, chat: int) -> None:
    with world.scene(Resident(chat)) as scene:
        try:
            recover(scene, "0000000", "1")
        except RefusalError:
            return


def ask(world: World, chat: int = SITI) -> None:
    with world.begin() as connection:
        schedule(connection, Resident(chat), NOW)


def erase(world: World, store: MediaStore | None = None, at: Any = LATER) -> Erased:
    with world.begin() as connection:
        erased = erase_due(connection, at, RULES.secrets)
    if store is not None:
        store.discard(erased.names)
    assert scrub(world.engine)
    return erased


def everything(world: World) -> str:
    """All rows of all tables as they are stored, in one string."""
    statements = [f"SELECT * FROM {table.name}" for table in Record.metadata.sorted_tables]  # noqa: S608
    with world.begin() as connection:
        return "\n".join(repr(tuple(row)) for words in statements for row in connection.execute(text(words)))


@pytest.fixture
def store(tmp_path: Path) -> MediaStore:
    return MediaStore(tmp_path / "media", RING)


def test_a_life_leaves_a_trace_in_every_personal_table(world: World, store: MediaStore) -> None:
    """Else the tests below would prove nothing."""
    live(world, store)
    tables = [table for table in Record.metadata.sorted_tables if table.name not in IMPERSONAL]
    assert [table.name for table in tables if world.count(table) == 0] == []
    assert CANARY in everything(world)


def test_after_24_hours_no_table_holds_a_word_or_the_chat(world: World, store: MediaStore) -> None:
    live(world, store)
    ask(world)
    assert erase(world, store).persons == 1
    left = everything(world)
    assert CANARY not in left
    assert CANARY.lower() not in left
    assert str(SITI) not in left
    gone = (CHAT, RESIDENT, CONSENT, ACCESS, PART, AUDIENCE, NOTICES, OUTBOX, ERRAND, MEDIA)
    for table in (*gone, RELAY, REPORT, TASK, TRANSCRIPT, INVITATION):
        assert world.count(table) == 0, table.name


def test_the_alerts_of_the_person_are_emptied_wherever_they_are_on_their_way(world: World) -> None:
    """Told while the need was said, when it was sent, and still waiting; the words of others stay."""
    world.mandate(ANI, "18.07.01", role="safeguard")
    with world.scene(Resident(SITI)) as scene:
        perform(scene, RaiseAlert(words=f"{CANARY} dipukul", village="18.07.01.2001"))
    with world.begin() as connection:
        release(connection, DELIVERY, NOW)
    for chat, name in ((SITI, CANARY), (BUDI, "MERPATI")):
        world.submit(chat, parts=(Part(kind="text", message=1, text=f"saya dipukul suami {name}"),))
    ask(world)
    erase(world)
    told, sent, other = world.rows(NOTICES, chat_id=ANI)
    assert [(row["params"], row["state"]) for row in (told, sent)] == [({}, "forgotten")] * 2
    assert (other["params"]["words"], other["state"]) == ("saya dipukul suami MERPATI", "waiting")
    assert world.count(OUTBOX) == 0
    with world.begin() as connection:
        assert release(connection, DELIVERY, LATER) == 1
    with world.scene(Resident(ANI), LATER) as scene, pytest.raises(RefusalError):
        open_letter(scene, told["id"])


def test_the_aspiration_stays_as_place_field_and_year_with_its_history(
    world: World, store: MediaStore
) -> None:
    number = live(world, store)
    ask(world)
    erase(world, store)
    row = world.aspiration(number)
    assert (row["region"], row["field"], row["plan_year"]) == ("18.07.01.2001", "road", 2027)
    assert (row["stage"], row["erased_at"]) == ("checked", LATER)
    assert (row["chat_id"], row["resident_id"], row["draft_key"], row["recovery_digest"]) == (
        None,
        None,
        None,
        "",
    )
    assert (row["landmark"], row["latitude"], row["redacted"]) == ("", None, "")
    assert [event["verb"] for event in world.rows(HISTORY)] == ["submitted", "decided", "erased"]


def test_redacted_text_is_what_is_kept_of_the_words(world: World, store: MediaStore) -> None:
    number = live(world, store)
    with world.begin() as connection:
        connection.execute(ASPIRATION.update().values(redacted="Jalan ke sekolah rusak."))
    ask(world)
    erase(world, store)
    assert world.aspiration(number)["redacted"] == "Jalan ke sekolah rusak."


def test_what_is_held_back_stays_so_and_nobody_has_it_taken(world: World, store: MediaStore) -> None:
    """Otherwise whoever sends abuse would publish it by being erased."""
    ticket = live(world, store)
    sits = mandate(world, BUDI, role="village")
    with world.begin() as connection:
        connection.execute(ASPIRATION.update().values(redacted="Hinaan.", visibility="public"))
        card = {"mandate_id": sits, "taken_at": NOW, "agency": "1.03", "held_at": NOW}
        connection.execute(DESK_CARD.update().values(card))
    ask(world)
    erase(world, store)
    (kept,) = world.rows(DESK_CARD)
    assert (kept["mandate_id"], kept["taken_at"], kept["agency"]) == (None, None, "1.03")
    with world.begin() as connection:
        assert views.aspiration(connection, ANI, ticket, RULES) is None
        connection.execute(DESK_CARD.update().values(held_at=None))
        assert views.aspiration(connection, ANI, ticket, RULES) is not None


def test_the_staff_may_still_decide_and_nobody_is_told(world: World, store: MediaStore) -> None:
    number = live(world, store)
    ask(world)
    erase(world, store)
    decided = world.decide(number, "musrenbang_desa", "forwarded", at=LATER)
    assert (decided.changed, decided.notice, world.count(NOTICES)) == (True, None, 0)


def test_an_anonymous_aspiration_is_cut_off_from_its_author_too(world: World) -> None:
    number = world.submit(SITI, visibility="anonymous").ticket
    ask(world)
    erase(world)
    assert world.aspiration(number)["chat_id"] is None
    assert world.count(PART) == 0


def test_nobody_else_loses_anything(world: World, store: MediaStore) -> None:
    live(world, store)
    number = live(world, store, BUDI, "MERPATI")
    before = {table.name: world.count(table) for table in Record.metadata.sorted_tables}
    ask(world)
    erased = erase(world, store)
    left = everything(world)
    assert CANARY not in left
    assert "MERPATI" in left
    assert world.aspiration(number)["chat_id"] == BUDI
    halves = {
        name: count / 2
        for name, count in before.items()
        if name not in {"aspiration", "desk_card", "inbox", "mandate", *IMPERSONAL}
    }
    after = {table.name: world.count(table) for table in Record.metadata.sorted_tables}
    assert {name: after[name] for name in halves if name != "aspiration_event"} == {
        name: count for name, count in halves.items() if name != "aspiration_event"
    }
    with world.begin() as connection:
        kept = connection.scalars(select(MEDIA.c.sha256)).all()
        assert named(connection, kept) == set(kept)
    assert all(store.path(sha256).exists() for sha256 in kept)
    assert not any(store.path(sha256).exists() for sha256 in erased.names)


def test_a_file_that_another_aspiration_uses_stays(world: World, store: MediaStore) -> None:
    world.submit(SITI, parts=(voice("shared"), voice("own")))
    world.submit(BUDI, parts=(voice("shared"),))
    shared, own = (keep(world, store, name, name.encode()) for name in ("shared", "own"))
    ask(world)
    assert erase(world, store).names == {own}
    assert store.path(shared).exists()
    assert not store.path(own).exists()


def test_files_made_to_be_sent_are_named_for_discarding(world: World, store: MediaStore) -> None:
    live(world, store)
    ask(world)
    assert erase(world, store).paths == {f"var/{CANARY}.json"}


def test_before_24_hours_nothing_is_erased(world: World, store: MediaStore) -> None:
    live(world, store)
    ask(world)
    before = everything(world)
    assert erase(world, store, LATER - timedelta(seconds=1)) == Erased(0, frozenset(), frozenset())
    assert everything(world) == before


def test_what_was_restored_is_not_erased(world: World, store: MediaStore) -> None:
    live(world, store)
    ask(world)
    with world.begin() as connection:
        restore(connection, Resident(SITI))
    assert erase(world, store).persons == 0
    with pytest.raises(RefusalError) as refusal, world.begin() as connection:
        restore(connection, Resident(SITI))
    assert refusal.value.reason == "late"


def test_asking_again_does_not_put_it_off(world: World) -> None:
    world.consent(SITI)
    with world.begin() as connection:
        assert schedule(connection, Resident(SITI), NOW) == LATER
        assert schedule(connection, Resident(SITI), NOW + timedelta(hours=3)) == LATER


def test_a_stranger_can_be_erased_too(world: World) -> None:
    """Somebody who only has a chat with held words."""
    world.open_chat(ANI, json.dumps({"held": {"parts": [{"text": CANARY}]}}))
    ask(world, ANI)
    assert erase(world).persons == 1
    assert CANARY not in everything(world)


def test_an_update_that_no_key_opens_any_more_keeps_nobody_from_being_erased(
    world: World, store: MediaStore
) -> None:
    """Whose it is nobody can know; it goes when its thirty days are over."""
    live(world, store)
    with world.begin() as connection:
        foreign = Fernet(Fernet.generate_key()).encrypt(str(SITI).encode()).decode()
        Ledger(connection).quarantine(("bot:1", "old key"), b"{}", "ValueError", NOW)
        statement = text("UPDATE inbox SET content = :content WHERE id = 'old key'")
        connection.execute(statement, {"content": foreign})
    with world.begin() as connection:
        assert CANARY in compile_dossier(connection, Resident(SITI), RULES).as_json()
    ask(world)
    assert erase(world, store).persons == 1
    left = everything(world)
    assert CANARY not in left
    assert foreign in left


def test_erasing_twice_changes_nothing_twice(world: World, store: MediaStore) -> None:
    live(world, store)
    ask(world)
    erase(world, store)
    left = everything(world)
    assert erase(world, store).persons == 0
    assert everything(world) == left


def test_who_comes_back_begins_anew(world: World, store: MediaStore) -> None:
    number = live(world, store)
    ask(world)
    erase(world, store)
    assert world.submit(SITI, at=LATER).ticket != number or world.count(ASPIRATION) == 2
    assert world.count(ASPIRATION) == 2


def test_a_processed_update_stays_known_so_that_it_is_never_processed_again(
    world: World, store: MediaStore
) -> None:
    live(world, store)
    ask(world)
    erase(world, store)
    rows = world.rows(INBOX)
    assert [(row["source"], row["content"], row["error"], row["state"]) for row in rows] == [
        ("bot:1", None, "", "done"),
        ("bot:1", None, "", "dropped"),
    ]


def test_a_facilitator_who_is_erased_leaves_those_whom_they_speak_for(
    world: World, store: MediaStore
) -> None:
    """Their words, names and consents stay; the mandate is over, and names nobody."""
    holder = mandate(world, SITI, f"{CANARY} kader")
    number = unclaimed(world, holder, SITI, "MERPATI")
    keep(world, store, "MERPATI-setuju", b"MERPATI setuju")
    ask(world)
    erase(world, store)
    (row,) = world.rows(RELAY)
    assert (row["name"], row["mandate_id"]) == ("MERPATI Sumi", holder)
    assert world.aspiration(number)["draft_key"] is None
    assert [part["text"] for part in world.rows(PART)] == ["Jalan ke sekolah rusak"]
    assert b"".join(store.read(world.rows(MEDIA)[0]["sha256"])) == b"MERPATI setuju"
    (ended,) = world.rows(MANDATE)
    assert (ended["chat_id"], ended["label"], ended["ended_at"]) == (None, None, LATER)
    assert str(SITI) not in everything(world)


def test_what_an_erased_facilitator_had_taken_to_write_down_is_open_to_others(world: World) -> None:
    number = world.submit(BUDI, parts=(voice("v"),)).ticket
    part = world.rows(PART)[0]["id"]
    world.consent(SITI)
    holder = mandate(world, SITI, role="transcriber")
    task = {"kind": "transcribe", "part_id": part, "region": world.aspiration(number)["region"]}
    taken = put(world, TASK, **task, state="taken", mandate_id=holder, taken_at=NOW, created_at=NOW)
    ask(world)
    erase(world)
    (row,) = world.rows(TASK, id=taken)
    assert (row["state"], row["mandate_id"], row["taken_at"]) == ("open", None, None)


def test_who_claimed_and_is_erased_leaves_nothing_with_the_facilitator(
    world: World, store: MediaStore
) -> None:
    holder = mandate(world, BUDI, "kader")
    number = world.submit(SITI).ticket
    relay(world, number, holder, CANARY, claimed_at=NOW)
    keep(world, store, f"{CANARY}-setuju", CANARY.encode())
    ask(world)
    assert len(erase(world, store).names) == 1
    assert CANARY not in everything(world)
    assert world.rows(MANDATE)[0]["chat_id"] == BUDI


@pytest.mark.parametrize("actor", [BAPPEDA])
def test_nobody_asks_for_another(world: World, actor: Any) -> None:
    with world.begin() as connection:
        for verb in (lambda: schedule(connection, actor, NOW), lambda: restore(connection, actor)):
            with pytest.raises(RefusalError):
                verb()


def test_no_file_under_var_holds_a_word_of_the_erased(sqlite_world: World, tmp_path: Path) -> None:
    """Canary bytes in the database, its log and the media, among the rows of a hundred others."""
    world, store = sqlite_world, MediaStore(tmp_path / "media", RING)
    (tmp_path / "places.csv").unlink()
    for chat in range(50):
        crowd(world, chat + 1)
    live(world, store)
    for chat in range(50, 100):
        crowd(world, chat + 1)
    needles = [CANARY.encode(), CANARY.lower().encode(), str(SITI).encode(), SITI.to_bytes(6, "big")]
    assert {needle for needle in needles if found(tmp_path, needle)} == set(needles)
    ask(world)
    erase(world, store)
    assert [(needle, where) for needle in needles if (where := found(tmp_path, needle))] == []


def crowd(world: World, chat: int) -> None:
    world.open_chat(chat, json.dumps({"draft": {"parts": [{"text": f"orang {chat} " * 20}]}}))
    world.submit(chat, parts=(Part(kind="text", message=1, text=f"usulan {chat} " * 40),))
    with world.begin() as connection:
        row = {"chat_id": chat, "lane": 0, "method": "sendMessage", "params": "x" * 300, "state": "sent"}
        row |= {
            "due_at": NOW,
            "attempts": 1,
            "doubtful": False,
            "error": "",
            "created_at": NOW,
            "done_at": NOW,
        }
        connection.execute(insert(OUTBOX).values(row))


def found(folder: Path, needle: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]
