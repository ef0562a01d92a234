"""Voice notes and other files, in both directions."""

import io
import json
from typing import Any, cast

import aiohttp
import av
import pytest
from av.audio.stream import AudioStream

from simulator.errors import Refused
from simulator.media import Elsewhere
from simulator.people import Person
from simulator.server import Simulator
from simulator.uploads import Uploaded, is_opus, measure, to_voice
from tests.simulator.clients import Client
from tests.simulator.conftest import TOKEN, Caller

SECONDS = 2


def recording(container: str, codec: str, rate: int = 48_000) -> bytes:
    """Two seconds of silence, as a browser or another program would record it."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as sink:
        stream = cast("AudioStream", sink.add_stream(codec, rate=rate, layout="mono"))
        for number in range(SECONDS * 50):
            frame = av.AudioFrame(format=stream.format.name, layout="mono", samples=rate // 50)
            frame.sample_rate, frame.pts = rate, number * rate // 50
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return target.getvalue()


def picture(width: int = 4, height: int = 3) -> bytes:
    """A small PNG."""
    target = io.BytesIO()
    with av.open(target, "w", format="image2pipe") as sink:
        stream = sink.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = width, height, "rgb24"
        sink.mux(stream.encode(av.VideoFrame(width, height, "rgb24")))
        sink.mux(stream.encode(None))
    return target.getvalue()


VOICE = recording("ogg", "libopus")


async def test_voice_arrives_byte_for_byte(sim: Simulator, client: Client, wati: Person) -> None:
    """A voice note comes as `voice`; what getFile and /file/ give is what was recorded, to the byte."""
    sim.voice(wati.id, VOICE)
    [update] = await client.get_updates(timeout=0)
    voice = update.message.voice
    assert (voice.mime_type, voice.file_size) == ("audio/ogg", len(VOICE))
    assert await client.download(voice.file_id) == VOICE


@pytest.mark.parametrize(("container", "codec"), [("webm", "libopus"), ("wav", "pcm_s16le")])
async def test_browser_recording_becomes_opus(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession, container: str, codec: str
) -> None:
    """What a browser records is turned into OGG/Opus, mono, of the same length."""
    form = aiohttp.FormData()
    form.add_field(
        "file", recording(container, codec), filename=f"x.{container}", content_type=f"audio/{container}"
    )
    async with http.post(f"{sim.url}/sim/chats/{wati.id}/voice", data=form) as answer:
        assert answer.status == 200
    shown = sim.chat(wati.id)["messages"][-1]
    async with http.get(sim.url + shown["file"]["url"]) as answer:
        kept = await answer.read()
    with av.open(io.BytesIO(kept)) as source:
        assert (source.streams.audio[0].codec.name, source.streams.audio[0].channels) == ("opus", 1)
    assert (is_opus(kept), shown["kind"], shown["file"]["duration"]) == (True, "voice", SECONDS)


async def test_uploaded_opus_is_not_touched(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession
) -> None:
    """An uploaded OGG/Opus stays as it is."""
    form = aiohttp.FormData()
    form.add_field("file", VOICE, filename="x.ogg", content_type="audio/ogg")
    async with http.post(f"{sim.url}/sim/chats/{wati.id}/voice", data=form) as answer:
        assert answer.status == 200
    async with http.get(sim.url + sim.chat(wati.id)["messages"][-1]["file"]["url"]) as answer:
        assert await answer.read() == VOICE


def test_what_is_no_sound_is_refused() -> None:
    """A text file is no voice note, and says so in a sentence."""
    with pytest.raises(Refused, match="not a recording"):
        to_voice(b"not sound at all")


async def test_voice_is_sent_in_three_ways(client: Client, wati: Person) -> None:
    """By upload (attach:// or a part) and again by file_id: one unique id, the same Message.voice."""
    sent = await client.send_voice(wati.id, client.file(VOICE, "suara.ogg"), duration=2, caption="Kuitansi")
    again = await client.send_voice(wati.id, sent.voice.file_id)
    assert sent.caption == "Kuitansi"
    assert sent.voice.file_unique_id == again.voice.file_unique_id
    assert again.voice.mime_type == "audio/ogg"
    assert await client.download(again.voice.file_id) == VOICE


async def test_file_as_a_part_of_the_parameters_name(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession
) -> None:
    """A file part called `voice` is found without attach://."""
    form = aiohttp.FormData({"chat_id": str(wati.id)})
    form.add_field("voice", VOICE, filename="application.octet-stream")
    async with http.post(f"{sim.url}/bot{TOKEN}/sendVoice", data=form) as answer:
        assert "voice" in (await answer.json())["result"]


async def test_every_kind_has_its_own_field(sim: Simulator, client: Client, wati: Person) -> None:
    """mp3 comes as audio, ogg sent as a file as document, a round film as video_note, a picture as photo."""
    uploads = {
        "audio": Uploaded("lagu.mp3", "audio/mpeg", recording("mp3", "libmp3lame")),
        "document": Uploaded("suara.ogg", "audio/ogg", VOICE),
        "video_note": Uploaded("film.mp4", "video/mp4", b"not a film, but kept"),
        "photo": Uploaded("foto.png", "image/png", picture(), caption="Jembatan /rusak"),
    }
    for kind, upload in uploads.items():
        sim.media(wati.id, kind, upload)
    sim.sticker(wati.id)
    sim.poll(wati.id, "Setuju?", ["Ya", "Tidak"])
    audio, document, video_note, photo, sticker, poll = [
        one.message for one in await client.get_updates(timeout=0)
    ]
    assert (audio.audio.file_name, audio.audio.mime_type) == ("lagu.mp3", "audio/mpeg")
    assert (document.document.mime_type, document.voice) == ("audio/ogg", None)
    assert video_note.video_note.file_id
    assert (photo.photo[-1].width, photo.caption, photo.caption_entities[0].type) == (
        4,
        "Jembatan /rusak",
        "bot_command",
    )
    assert sticker.sticker.type == "regular"
    assert poll.poll.options[0].text == "Ya"
    assert await client.download(photo.photo[-1].file_id) == uploads["photo"].data


async def test_sends_of_every_kind(client: Client, wati: Person) -> None:
    """Both libraries read the answers of every sending method."""
    photo = await client.send_photo(
        wati.id, client.file(picture(), "a.png"), caption="<b>a</b>", parse_mode="HTML"
    )
    document = await client.send_document(wati.id, client.file(b"data", "data.json"))
    video = await client.send_video(wati.id, client.file(b"film", "a.mp4"), duration=3)
    note = await client.send_video_note(wati.id, client.file(b"film", "a.mp4"), length=240)
    audio = await client.send_audio(wati.id, client.file(recording("mp3", "libmp3lame"), "a.mp3"))
    place = await client.send_location(wati.id, -5.35, 105.4)
    assert (photo.caption, photo.caption_entities[0].type) == ("a", "bold")
    assert (document.document.file_name, video.video.file_name) == ("data.json", "a.mp4")
    assert (note.video_note.length, audio.audio.mime_type, place.location.latitude) == (
        240,
        "audio/mpeg",
        -5.35,
    )


async def test_voice_of_another_format_becomes_a_document(client: Client, wati: Person) -> None:
    """SendVoice of what is no OGG/Opus, MP3 or M4A arrives as a file, not as a voice note."""
    sent = await client.send_voice(wati.id, client.file(recording("wav", "pcm_s16le"), "a.wav"))
    assert sent.voice is None
    assert sent.document.file_name == "a.wav"


async def test_refused_files(client: Client, wati: Person) -> None:
    """Unknown identifiers, another kind's file, a picture that is none."""
    voice = await client.send_voice(wati.id, client.file(VOICE, "a.ogg"))
    refusals = [
        await client.refused(client.send_voice(wati.id, "nonsense")),
        await client.refused(client.send_photo(wati.id, voice.voice.file_id)),
        await client.refused(client.send_photo(wati.id, client.file(b"text", "a.jpg"))),
        await client.refused(client.get_file("nonsense")),
    ]
    assert refusals == [
        "wrong file identifier/http url specified",
        "can't use file of type voicenote as photo",
        "image_process_failed",
        "invalid file_id",
    ]


async def test_file_of_another_bot(sim: Simulator, wati: Person, call: Caller) -> None:
    """A file_id is worth nothing to another bot."""
    sim.voice(wati.id, VOICE)
    _, body = await call("getUpdates")
    file_id = body["result"][0]["message"]["voice"]["file_id"]
    other = next(bot for bot in sim.world.accounts.values() if bot.id != sim.bot_id())
    status, body = await call("getFile", token=other.token, file_id=file_id)
    assert (status, body["description"]) == (
        400,
        "Bad Request: wrong file_id or the file is temporarily unavailable",
    )


async def test_large_file_and_old_link(
    sim: Simulator, wati: Person, call: Caller, http: aiohttp.ClientSession
) -> None:
    """Over 20 MiB getFile says so; a link ends after an hour and getFile renews it."""
    sim.media(wati.id, "document", Uploaded("a.bin", "application/zip", bytes((20 << 20) + 1)))
    sim.media(wati.id, "document", Uploaded("b.bin", "application/zip", b"small"))
    _, body = await call("getUpdates")
    large, small = [update["message"]["document"]["file_id"] for update in body["result"]]
    assert (await call("getFile", file_id=large))[1]["description"] == "Bad Request: file is too big"
    _, found = await call("getFile", file_id=small)
    link = f"{sim.url}/file/bot{TOKEN}/{found['result']['file_path']}"
    codes = []
    for seconds in (0, 3600):
        sim.advance(seconds)
        async with http.get(link) as answer:
            codes.append(answer.status)
    await call("getFile", file_id=small)
    async with http.get(link) as answer:
        assert [*codes, answer.status] == [200, 404, 200]


async def test_albums(sim: Simulator, wati: Person, call: Caller, http: aiohttp.ClientSession) -> None:
    """Three items make three messages with one media_group_id; none or eleven are refused."""
    items = [
        {"type": "document", "media": f"attach://f{number}", "caption": str(number)} for number in range(3)
    ]
    form = aiohttp.FormData({"chat_id": str(wati.id), "media": json.dumps(items)})
    for number in range(3):
        form.add_field(f"f{number}", b"x", filename=f"{number}.txt")
    async with http.post(f"{sim.url}/bot{TOKEN}/sendMediaGroup", data=form) as answer:
        result = (await answer.json())["result"]
    assert [one["caption"] for one in result] == ["0", "1", "2"]
    assert len({one["media_group_id"] for one in result}) == 1
    for count, words in ((0, "there are no messages to send"), (11, "too many messages to send as an album")):
        _, body = await call("sendMediaGroup", chat_id=wati.id, media=json.dumps([items[0]] * count))
        assert body["description"] == f"Bad Request: {words}"


async def test_album_of_a_person(sim: Simulator, client: Client, wati: Person) -> None:
    """Photos sent together share media_group_id and have consecutive update ids."""
    for _ in range(2):
        sim.media(wati.id, "photo", Uploaded("a.png", "image/png", picture(), group="77"))
    first, second = await client.get_updates(timeout=0)
    assert first.message.media_group_id == second.message.media_group_id == "77"
    assert second.update_id == first.update_id + 1


@pytest.fixture
def forwards(sim: Simulator, wati: Person) -> dict[str, dict[str, object]]:
    """The same voice forwarded from each origin, as wire JSON."""
    origins = ("user", "hidden_user", "hidden_nameless", "chat", "channel")
    for origin in origins:
        sim.forward(wati.id, origin, upload=Uploaded("a.ogg", "audio/ogg", VOICE))
    wires = [message.wire for message in sim.world.history(sim.chat_of(wati.id)).values()][-5:]
    return dict(zip(origins, wires, strict=True))


async def test_forwarded_voices(forwards: dict[str, dict[str, object]], wati: Person) -> None:
    """Each origin has its forward_origin and its older fields; the sender is the forwarder."""
    legacy = {
        name: {field for field in wire if field.startswith("forward_")} for name, wire in forwards.items()
    }
    assert legacy == {
        "user": {"forward_origin", "forward_from", "forward_date"},
        "hidden_user": {"forward_origin", "forward_sender_name", "forward_date"},
        "hidden_nameless": {"forward_origin", "forward_date"},
        "chat": {"forward_origin", "forward_from_chat", "forward_date"},
        "channel": {"forward_origin", "forward_from_chat", "forward_from_message_id", "forward_date"},
    }
    assert forwards["hidden_nameless"]["forward_origin"].keys() == {"type", "date"}  # type: ignore[attr-defined]
    assert all(wire["from"]["id"] == wati.id and "voice" in wire for wire in forwards.values())  # type: ignore[index]


KINDS_OF_ORIGIN = ("user", "hidden_user", "chat", "channel")


async def test_both_libraries_read_voices_forwarded_in_a_row(
    sim: Simulator, client: Client, wati: Person
) -> None:
    """Voices of all four kinds of MessageOrigin come in order, each with the name that was asked for."""
    for origin in KINDS_OF_ORIGIN:
        sim.forward(wati.id, Elsewhere(origin, "Bu Siti"), upload=Uploaded("a.ogg", "audio/ogg", VOICE))
    found = [update.message for update in await client.get_updates(timeout=0)]
    assert [message.forward_origin.type for message in found] == list(KINDS_OF_ORIGIN)
    user, hidden, chat, channel = (message.forward_origin for message in found)
    names = [
        user.sender_user.first_name,
        hidden.sender_user_name,
        chat.sender_chat.title,
        channel.chat.title,
    ]
    assert names == ["Bu Siti"] * len(KINDS_OF_ORIGIN)
    assert all(message.voice for message in found)


@pytest.mark.parametrize(
    ("kind", "field"), [("photo", "photo"), ("video", "video"), ("video_note", "video_note")]
)
async def test_pictures_and_films_are_forwarded_as_themselves(
    sim: Simulator, wati: Person, http: aiohttp.ClientSession, kind: str, field: str
) -> None:
    """The control API forwards a file of another kind than a voice, with its caption."""
    form = aiohttp.FormData({"origin": "hidden_user", "name": "Pak Tono", "kind": kind, "caption": "Jalan"})
    form.add_field("file", picture(), filename="jalan.png", content_type="image/png")
    async with http.post(f"{sim.url}/sim/chats/{wati.id}/forward", data=form) as answer:
        assert answer.status == 200
    wire = list(sim.world.history(sim.chat_of(wati.id)).values())[-1].wire
    assert (wire["forward_origin"]["sender_user_name"], wire["caption"]) == ("Pak Tono", "Jalan")
    assert field in wire


async def test_the_same_voice_forwarded_twice_is_the_same_file(sim: Simulator, wati: Person) -> None:
    """file_unique_id stays when a message is forwarded again; file_id need not."""
    voice = sim.voice(wati.id, VOICE).message_id
    for _ in range(2):
        sim.forward(wati.id, "user", of=voice)
    wires = [message.wire for message in sim.world.history(sim.chat_of(wati.id)).values()][-3:]
    assert len({wire["voice"]["file_unique_id"] for wire in wires}) == 1


async def test_protected_content_is_shown_as_such_and_forwarded_by_nobody(
    sim: Simulator, client: Client, wati: Person, http: aiohttp.ClientSession
) -> None:
    """protect_content marks the message; neither the bot nor the person can forward it."""
    sent = await client.send_photo(
        wati.id, client.file(picture(), "a.png"), caption="Kode", protect_content=True
    )
    shown = sim.chat(wati.id)["messages"][-1]
    assert (shown["protected"], shown["caption"], sent.has_protected_content) == (True, "Kode", True)
    forwarding = client.forward_message(chat_id=wati.id, from_chat_id=wati.id, message_id=sent.message_id)
    assert await client.refused(forwarding) == "the message can't be forwarded"
    with pytest.raises(Refused, match="cannot be forwarded"):
        sim.forward(wati.id, "user", of=sent.message_id)


SENT_AGAIN = ["voice", "audio", "video", "video_note", "photo", "document"]


@pytest.mark.parametrize("kind", SENT_AGAIN)
async def test_a_file_is_sent_again_by_its_file_id(client: Client, wati: Person, kind: str) -> None:
    """Each kind goes out by upload and again by file_id: another file_id, one file_unique_id, one file kept."""
    data = {"voice": VOICE, "photo": picture(), "audio": recording("mp3", "libmp3lame")}.get(kind, b"data")
    send = getattr(client, f"send_{kind}")
    first = await send(wati.id, client.file(data, f"a.{kind}"))
    again = await send(wati.id, _file_of(first, kind).file_id)
    one, two = _file_of(first, kind), _file_of(again, kind)
    assert one.file_unique_id == two.file_unique_id
    assert await client.download(two.file_id) == data


def _file_of(message: Any, kind: str) -> Any:
    file = getattr(message, kind)
    return file[-1] if kind == "photo" else file


async def test_copy_and_forward_by_the_bot(sim: Simulator, client: Client, wati: Person) -> None:
    """CopyMessage tells an id and leaves no trace of the origin; forwardMessage keeps it."""
    asked = sim.voice(wati.id, VOICE).message_id
    copied = await client.copy_message(chat_id=wati.id, from_chat_id=wati.id, message_id=asked)
    forwarded = await client.forward_message(chat_id=wati.id, from_chat_id=wati.id, message_id=asked)
    assert "forward" not in sim.chat(wati.id)["messages"][-2]
    assert (forwarded.forward_origin.type, forwarded.message_id) == ("user", copied.message_id + 1)
    missing = client.copy_message(chat_id=wati.id, from_chat_id=wati.id, message_id=999)
    assert await client.refused(missing) == "message to copy not found"


def test_measures() -> None:
    """Length and size are read from the file; what is no medium has none."""
    assert measure(VOICE).duration == SECONDS
    assert (measure(picture()).width, measure(picture()).height) == (4, 3)
    assert measure(b"nothing").duration == 0
