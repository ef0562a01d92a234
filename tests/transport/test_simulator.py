"""Both transports against the simulator, over HTTP in one process: what a sender and a receiver live through."""

from __future__ import annotations

import asyncio
import io
import wave
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bot.transport import (
    Blocked,
    ChatNotFound,
    Conflict,
    Deactivated,
    MigratedTo,
    Refused,
    RetryAfter,
    ServerFault,
    Timeouts,
    Transport,
    TransportError,
    Unauthorized,
    Unknown,
    Upload,
)
from simulator.server import Simulator
from simulator.uploads import Uploaded, to_voice
from tests.transport.conftest import BRIEF, PATIENT, TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.transport.conftest import OpenOn


@dataclass(frozen=True)
class Desk:
    """A simulator, a transport on it, and Siti, who has started the bot."""

    sim: Simulator
    transport: Transport
    siti: int

    async def send(self, text: str = "Selamat pagi", chat: int | None = None) -> Any:
        return await self.transport.call("sendMessage", {"chat_id": chat or self.siti, "text": text})

    def shown(self) -> list[str]:
        """The texts that stand on Siti's phone, from the bot."""
        return [seen["text"] for seen in self.sim.chat(self.siti)["messages"] if seen["from"] == "bot"]


@asynccontextmanager
async def desk(open_on: OpenOn, timeouts: Timeouts = PATIENT) -> AsyncIterator[Desk]:
    async with Simulator(tokens=[TOKEN], seed=1) as sim, open_on(sim.url, timeouts) as transport:
        siti = sim.add_person("Siti").id
        sim.start(siti)
        yield Desk(sim, transport, siti)


async def test_the_bot_is_who_its_token_says(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        me = await here.transport.call("getMe", {})
    assert (me["id"], me["is_bot"]) == (int(TOKEN.partition(":")[0]), True)


async def test_a_message_arrives_with_its_buttons_and_marks(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        keyboard = {"inline_keyboard": [[{"text": "1. Ya", "callback_data": "confirm:yes:7"}]]}
        message = await here.transport.call(
            "sendMessage",
            {
                "chat_id": here.siti,
                "text": "Ibu <b>Siti</b> 👍🏾 benar?",
                "parse_mode": "HTML",
                "reply_markup": keyboard,
            },
        )
        shown = here.sim.chat(here.siti)["messages"][-1]
    assert message["text"] == "Ibu Siti 👍🏾 benar?"
    assert message["entities"] == [{"type": "bold", "offset": 4, "length": 4}]
    assert shown["inline_keyboard"] == [[{"text": "1. Ya", "data": "confirm:yes:7"}]]


# Updates


async def test_an_update_comes_again_until_the_next_offset_is_asked_for(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        (first,) = await here.transport.receive(0, timeout=0)
        assert first["message"]["text"] == "/start"
        here.sim.say(here.siti, "jalan rusak")
        second = (await here.transport.receive(first["update_id"] + 1, timeout=0))[0]
        assert second["message"]["text"] == "jalan rusak"


async def test_a_forward_without_any_name_arrives_among_the_others(open_on: OpenOn) -> None:
    """aiogram#1840: its own polling fails on this one for 24 hours."""
    async with desk(open_on) as here:
        here.sim.forward(here.siti, "hidden_nameless", upload=Uploaded("v.ogg", "audio/ogg", spoken()))
        here.sim.say(here.siti, "sesudahnya")
        start, forward, after = await here.transport.receive(0, timeout=0)
    assert "sender_user_name" not in forward["message"]["forward_origin"]
    assert (start["message"]["text"], after["message"]["text"]) == ("/start", "sesudahnya")


async def test_a_malformed_update_arrives_with_the_others(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        here.sim.fault(kind="malformed_update", count=1)
        here.sim.say(here.siti, "rusak di jalan")
        here.sim.say(here.siti, "sesudahnya")
        updates = await here.transport.receive(0, timeout=0)
    assert len(updates) == 3
    assert updates[-1]["message"]["text"] == "sesudahnya"


async def test_an_update_of_tomorrows_type_arrives_raw(open_on: OpenOn) -> None:
    """Before the first poll the server has no list of types to filter by."""
    async with desk(open_on) as here:
        here.sim.inject({"telepathy": {"thought": [1, None]}})
        assert (await here.transport.receive(0, timeout=0))[-1]["telepathy"] == {"thought": [1, None]}


async def test_a_waiting_poll_answers_when_somebody_writes(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        (start,) = await here.transport.receive(0, timeout=0)
        poll = asyncio.create_task(here.transport.receive(start["update_id"] + 1, timeout=20))
        await here.sim.until(here.sim.polling)
        here.sim.say(here.siti, "halo")
        assert [update["message"]["text"] for update in await poll] == ["halo"]


async def test_a_call_is_answered_while_a_poll_waits(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        poll = asyncio.create_task(here.transport.receive(10**10, timeout=20))
        await here.sim.until(
            lambda: here.sim.journal(method="getUpdates") or here.sim.polling() or poll.done()
        )
        await here.send("dibalas")
        assert here.shown() == ["dibalas"]
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)


async def test_a_second_poller_ends_the_first_with_a_conflict(open_on: OpenOn) -> None:
    async with desk(open_on) as here, open_on(here.sim.url) as other:
        (start,) = await here.transport.receive(0, timeout=0)
        poll = asyncio.create_task(here.transport.receive(start["update_id"] + 1, timeout=20))
        await here.sim.until(here.sim.polling)
        rival = asyncio.create_task(other.receive(start["update_id"] + 1, timeout=20))
        with pytest.raises(Conflict):
            await poll
        here.sim.say(here.siti, "halo")
        assert len(await rival) == 1


# Refusals


async def test_a_wrong_token_is_told(open_on: OpenOn) -> None:
    async with Simulator(tokens=["987654321:" + "A" * 35]) as sim, open_on(sim.url) as transport:
        with pytest.raises(Unauthorized):
            await transport.call("getMe", {})


async def test_a_method_that_does_not_exist_is_refused_but_the_token_stands(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        with pytest.raises(Refused):
            await here.transport.call("sendTelepathy", {"chat_id": here.siti})


async def test_empty_text_reaches_the_server_and_is_refused_in_its_words(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        with pytest.raises(Refused) as caught:
            await here.send("")
    assert caught.value.description == "Bad Request: message text is empty"


async def test_too_long_a_payload_is_refused_in_the_servers_own_capitals(open_on: OpenOn) -> None:
    keyboard = {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]}
    async with desk(open_on) as here:
        with pytest.raises(Refused) as caught:
            await here.transport.call(
                "sendMessage", {"chat_id": here.siti, "text": "x", "reply_markup": keyboard}
            )
    assert caught.value.description == "Bad Request: BUTTON_DATA_INVALID"


async def test_who_blocked_the_bot_is_blocked_until_it_is_undone(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        here.sim.block(here.siti)
        with pytest.raises(Blocked):
            await here.send()
        here.sim.unblock(here.siti)
        await here.send()
        assert here.shown() == ["Selamat pagi"]


async def test_who_never_started_the_bot_cannot_be_written_to(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        stranger = here.sim.add_person("Joko").id
        with pytest.raises(Blocked):
            await here.send(chat=stranger)


async def test_who_left_telegram_is_deactivated(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        here.sim.deactivate(here.siti)
        with pytest.raises(Deactivated):
            await here.send()


async def test_a_chat_that_nobody_knows_is_not_found(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        with pytest.raises(ChatNotFound):
            await here.send(chat=424242)


async def test_a_group_that_grew_names_its_new_chat(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        group = here.sim.add_group("RT 03", [here.siti]).id
        grown = here.sim.migrate(group).id
        with pytest.raises(MigratedTo) as caught:
            await here.send(chat=group)
    assert caught.value.chat_id == grown


# Faults


def patience(fault: str) -> Timeouts:
    return BRIEF if fault.startswith("timeout") else PATIENT


NOT_DONE: list[tuple[str, type[TransportError]]] = [
    ("500", ServerFault),
    ("401", Unauthorized),
    ("409", Conflict),
    ("403", Blocked),
    ("429", RetryAfter),
    ("502html", Unknown),
    ("reset", Unknown),
    ("timeout_before", Unknown),
]


@pytest.mark.parametrize(("fault", "kind"), NOT_DONE, ids=[fault for fault, _ in NOT_DONE])
async def test_a_fault_before_the_message_stood_shows_nothing(
    open_on: OpenOn, fault: str, kind: type[TransportError]
) -> None:
    async with desk(open_on, patience(fault)) as here:
        here.sim.fault(kind=fault, method="sendMessage", count=1)
        with pytest.raises(kind) as caught:
            await here.send("pertama")
        await here.send("kedua")
        assert here.shown() == ["kedua"]
    assert type(caught.value) is kind


@pytest.mark.parametrize("fault", ["timeout_after", "commit_then_drop"])
async def test_a_message_that_arrived_without_an_answer_is_unknown_not_failed(
    open_on: OpenOn, fault: str
) -> None:
    async with desk(open_on, patience(fault)) as here:
        here.sim.fault(kind=fault, method="sendMessage", count=1)
        with pytest.raises(Unknown):
            await here.send("sekali saja")
        assert here.shown() == ["sekali saja"]


async def test_a_slow_answer_within_the_timeout_is_an_answer(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        here.sim.fault(kind="slow", method="sendMessage", count=1, seconds=0.05)
        assert (await here.send("pelan"))["text"] == "pelan"


async def test_flood_control_names_its_seconds(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        here.sim.fault(kind="429", method="sendMessage", count=1, retry_after=35)
        with pytest.raises(RetryAfter) as caught:
            await here.send()
    assert caught.value.seconds == 35


@pytest.mark.parametrize(("fault", "kind"), NOT_DONE, ids=[fault for fault, _ in NOT_DONE])
async def test_a_poll_survives_each_fault_and_loses_nothing(
    open_on: OpenOn, fault: str, kind: type[TransportError]
) -> None:
    async with desk(open_on, patience(fault)) as here:
        here.sim.fault(kind=fault, method="getUpdates", count=1)
        with pytest.raises(kind):
            await here.transport.receive(0, timeout=0)
        assert len(await here.transport.receive(0, timeout=0)) == 1


# Files


def spoken() -> bytes:
    """A second of silence as Telegram keeps a voice note."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setparams((1, 2, 48_000, 0, "NONE", ""))
        out.writeframes(bytes(96_000))
    return to_voice(sound.getvalue())


async def test_a_voice_note_is_downloaded_byte_for_byte(open_on: OpenOn, tmp_path: Path) -> None:
    voice = spoken()
    async with desk(open_on) as here:
        here.sim.voice(here.siti, voice)
        update = (await here.transport.receive(0, timeout=0))[-1]
        file_id = update["message"]["voice"]["file_id"]
        assert await here.transport.download(file_id, tmp_path / "v", limit=1_000_000) == len(voice)
    assert (tmp_path / "v").read_bytes() == voice


async def test_an_uploaded_document_comes_back_byte_for_byte(open_on: OpenOn, tmp_path: Path) -> None:
    content = bytes(range(256)) * 8000
    async with desk(open_on) as here:
        message = await here.transport.call(
            "sendDocument",
            {"chat_id": here.siti, "caption": "Data <i>Ibu</i>", "parse_mode": "HTML"},
            {"document": Upload(content, "data saya.json")},
        )
        assert message["document"]["file_name"] == "data saya.json"
        assert message["caption"] == "Data Ibu"
        await here.transport.download(message["document"]["file_id"], tmp_path / "d", limit=len(content))
    assert (tmp_path / "d").read_bytes() == content


async def test_a_part_may_be_named_by_attach(open_on: OpenOn) -> None:
    async with desk(open_on) as here:
        given = {"chat_id": here.siti, "voice": "attach://rekaman", "duration": 1}
        message = await here.transport.call("sendVoice", given, {"rekaman": Upload(spoken(), "rekaman.ogg")})
        again = await here.transport.call(
            "sendVoice", {"chat_id": here.siti, "voice": message["voice"]["file_id"]}
        )
    assert message["voice"]["duration"] == 1
    assert again["voice"]["file_unique_id"] == message["voice"]["file_unique_id"]


async def test_a_file_that_nobody_knows_is_refused_and_leaves_nothing(
    open_on: OpenOn, tmp_path: Path
) -> None:
    async with desk(open_on) as here:
        with pytest.raises(Refused):
            await here.transport.download("nothing", tmp_path / "v", limit=1000)
    assert not (tmp_path / "v").exists()
