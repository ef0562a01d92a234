"""The receipt to hand over: drawn for the right facilitator alone, with all its words beside the picture, no secret left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from bot.app import Home
from bot.card_picture import SIZE, draw
from bot.cards import LONGEST_CAPTION, Card
from bot.rehearsal import StoppedClock
from bot.speaker import LONGEST
from bot.transport import Refused, Unreachable, open_transport
from bot.worker import TRIES, Worker
from conversations.chat import Draft, Part, Relayed
from conversations.effects import SendCard
from conversations.ticket import grouped
from simulator.server import Simulator
from storage.actor import Resident
from storage.ledger import ERRAND, OUTBOX, ErrandRow, Ledger
from storage.mandates import RELAY
from storage.performer import Performer
from storage.relays import Handed, relay
from storage.rules import Scene
from tests.databases import NOON
from tests.documents.conftest import YUNI

TOKEN = "123456789:" + "AbC-_dEf9" * 3 + "AbC-_dEf"
NEED = "Sumur kering, ibu-ibu perlu air bersih"
PERSON = Relayed(
    named=True,
    name="Ibu Marni",
    relation="neighbour",
    maturity="adult",
    summary=NEED,
    consent_form="witnessed",
    witnessed="shy",
    told_by="facilitator",
)


class OnlyGetMe:
    """A server that knows how the bot is called, and counts how often it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked = 0
        self._error = error

    async def call(self, method: str, params: Mapping[str, Any], files: object = None) -> Any:
        assert (method, dict(params)) == ("getMe", {})
        self.asked += 1
        if self._error is not None:
            raise self._error
        return {"id": 1, "username": "SuaraBot"}


@pytest.fixture
def handed(home: Home, mandate: int) -> Handed:
    """What a facilitator has relayed."""
    draft = Draft(
        serial=1,
        begun_at=NOON,
        parts=(Part(kind="text", message=1, text=NEED),),
        village=home.furnished.rules.regions.village("18.07.01.2002"),
        field="water",
        visibility="private",
        relay=PERSON,
    )
    with home.engine.begin() as connection:
        scene = Scene(connection, Resident(YUNI), NOON, home.furnished.rules)
        return relay(scene, draft, "id", Random(1))  # noqa: S311


def order(home: Home, ticket: str, code: str, chat: int = YUNI) -> None:
    """A turn asks for a card."""
    with home.engine.begin() as connection:
        performer = Performer(connection, chat, home.furnished.rules, NOON, Random(1))  # noqa: S311
        performer.perform(SendCard(ticket=ticket, claim_code=code))


def rows(home: Home, table: Any) -> list[dict[str, Any]]:
    with home.engine.connect() as connection:
        found = connection.execute(select(table).order_by(table.c.id)).mappings()
        return [{str(name): value for name, value in row.items()} for row in found]


async def work(home: Home, server: OnlyGetMe | None = None) -> None:
    """The worker does what is due."""
    await Worker(home, server or OnlyGetMe(), lambda: None).work()  # type: ignore[arg-type]
    await home.database.close()


def sent(home: Home, method: str) -> tuple[dict[str, Any], bytes]:
    """The parameters and the file of a call in the outbox."""
    (row,) = (row for row in rows(home, OUTBOX) if row["method"] == method)
    (part,) = home.outgoing.read(row["files"]).values()
    return json.loads(row["params"]), part.content


async def test_the_card_goes_to_the_facilitator_as_picture_with_all_of_it_in_words(
    home: Home, handed: Handed
) -> None:
    order(home, handed.ticket, handed.claim_code)
    await work(home)
    params, picture = sent(home, "sendPhoto")
    assert params["chat_id"] == YUNI
    for words in (grouped(handed.ticket), grouped(handed.claim_code), NEED, "Pakuan Aji", "Sukadana"):
        assert words in params["caption"]
    assert "paling lambat" in params["caption"]
    assert home.furnished.house.contact_name in params["caption"]
    assert "Cari @SuaraBot di Telegram" in params["caption"]
    assert "Marni" not in params["caption"]
    assert Image.open(BytesIO(picture)).size == SIZE


async def test_the_same_is_spoken_where_there_is_a_voice(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    await work(home)
    methods = [row["method"] for row in rows(home, OUTBOX)]
    if home.speaking.speaker.voice is None:
        assert methods == ["sendPhoto"]
    else:
        params, note = sent(home, "sendVoice")
        assert note.startswith(b"OggS")
        assert 20 < params["duration"] < LONGEST


async def test_without_a_voice_the_picture_goes_alone(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    mute = replace(home.speaking, speaker=replace(home.speaking.speaker, voice=None))
    await work(replace(home, speaking=mute))
    assert [row["method"] for row in rows(home, OUTBOX)] == ["sendPhoto"]


async def test_no_code_stays_in_the_errand(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    (waiting,) = rows(home, ERRAND)
    assert handed.claim_code not in json.dumps(waiting["params"])
    assert handed.ticket not in json.dumps(waiting["params"])
    await work(home)
    (done,) = rows(home, ERRAND)
    assert (done["state"], done["params"]) == ("done", {})


async def test_no_code_stays_in_an_errand_that_fails(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    await work(home, OnlyGetMe(Refused(400, "no")))
    (failed,) = rows(home, ERRAND)
    assert (failed["state"], failed["params"]) == ("failed", {})
    assert rows(home, OUTBOX) == []


async def test_a_server_that_cannot_be_reached_is_asked_again_later(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    await work(home, OnlyGetMe(Unreachable("gone")))
    (waiting,) = rows(home, ERRAND)
    assert waiting["state"] == "waiting"
    assert waiting["attempts"] < TRIES


@pytest.mark.parametrize("who", ["stranger", "unknown ticket"])
async def test_a_card_of_somebody_elses_person_is_refused(home: Home, handed: Handed, who: str) -> None:
    if who == "stranger":
        order(home, handed.ticket, handed.claim_code, chat=YUNI + 1)
    else:
        order(home, "4829138", handed.claim_code)
    assert rows(home, ERRAND) == []


async def test_a_card_of_a_person_who_claimed_meanwhile_is_not_drawn(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    with home.engine.begin() as connection:
        connection.execute(update(RELAY).values(claimed_at=NOON))
    await work(home)
    (done,) = rows(home, ERRAND)
    assert (done["state"], done["params"], rows(home, OUTBOX)) == ("done", {}, [])


async def test_an_errand_under_a_lost_key_ends_without_a_card(home: Home, handed: Handed) -> None:
    row = ErrandRow(kind="make_card", due_at=NOON, params={"sealed": "gAAAAA-not-ours"}, chat_id=YUNI)
    with home.engine.begin() as connection:
        Ledger(connection).add_errands([row], NOON)
    await work(home)
    assert [(each["state"], each["params"]) for each in rows(home, ERRAND)] == [("done", {})]


async def test_the_name_of_the_bot_is_asked_once(home: Home, handed: Handed) -> None:
    server = OnlyGetMe()
    worker = Worker(home, server, lambda: None)  # type: ignore[arg-type]
    for _ in range(2):
        order(home, handed.ticket, handed.claim_code)
        await worker.work()
    await home.database.close()
    assert server.asked == 1


async def test_a_card_long_after_promises_no_day_that_is_over(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, handed.claim_code)
    await work(replace(home, clock=StoppedClock(NOON + timedelta(days=400))))
    params, _ = sent(home, "sendPhoto")
    assert "paling lambat" not in params["caption"]
    assert "setiap kali ada perubahan" in params["caption"]


async def test_a_card_without_a_code_has_no_square_to_scan(home: Home, handed: Handed) -> None:
    order(home, handed.ticket, "")
    await work(home)
    params, _ = sent(home, "sendPhoto")
    assert "Kode Anda" not in params["caption"]


def test_the_square_is_in_the_corner_and_nothing_is_written_over_it() -> None:
    """Its quiet zone stays white whatever is said beside it."""
    lines = tuple(("card.said", "kata " * 60) for _ in range(9))
    link = "https://t.me/SuaraBot?start=k4829138-12345678906"
    with_code = Image.open(BytesIO(draw(lines, link)))
    alone = Image.open(BytesIO(draw((), link)))
    box = (SIZE[0] - 230, SIZE[1] - 230, *SIZE)
    assert with_code.crop(box).tobytes() == alone.crop(box).tobytes()
    assert Image.open(BytesIO(draw((), ""))).getextrema() == (255, 255)


def test_a_long_need_is_cut_on_the_picture_and_within_what_a_caption_takes() -> None:
    card = Card("id", (("card.said", "air " * 600), ("card.ask", "Tanya: Petugas")))
    assert len(card.caption) == LONGEST_CAPTION
    assert Image.open(BytesIO(draw(card.lines, ""))).size == SIZE


async def test_telegram_takes_it_as_a_picture_and_a_voice_note(home: Home, handed: Handed) -> None:
    """The calls of the outbox, made at the simulator with the real client."""
    order(home, handed.ticket, handed.claim_code)
    await work(home)
    async with Simulator(tokens=[TOKEN], seed=1) as telegram:
        telegram.add_person("Yuni", id=YUNI)
        telegram.start(YUNI)
        transport = open_transport("aiogram", TOKEN, telegram.url)
        for row in rows(home, OUTBOX):
            result = await transport.call(
                row["method"], json.loads(row["params"]), home.outgoing.read(row["files"])
            )
            assert {"sendPhoto": "photo", "sendVoice": "voice"}[row["method"]] in result
        await transport.close()
