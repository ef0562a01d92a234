"""Everything that a person, the clock or an errand can bring to a chat: the inputs of the matrix and the walk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, get_args

from conversations import events
from conversations.chat import Media
from conversations.events import AnyEvent, Puzzle
from tests.conversations.literal_facts import MINE, PRIVATE, PUBLIC, TOKENS, UNUSED
from tests.conversations.model_world import CODE

BIG: Final = 21 * 1024 * 1024
GLOBAL_WORDS: Final = (
    *("menu", "kembali", "ulangi", "bantuan", "0", "batal", "berhenti", "bahasa", "privasi", "/mulai"),
    *("pengaturan", "kebutuhan", "mode rahasia", "hapus percakapan"),
    *("usulan baru", "usulan saya", "jadwal", "data saya", "hapus data", "Kembali.", "/menu@SuaraBot"),
)
WORDS: Final = (
    *("saya dipukul suami saya", "rumah rawan bahaya banjir"),
    *("jalan rusak di depan sekolah", "air", "bantuan sosial belum turun", "ya", "tidak", "Sukadana"),
    *("Rajabasa", "rajabsa", "Mekar Jaya", "mekarjaya", "kecamatan Jabung", "desa antah berantah"),
    *("depan SD Negeri 1", "selesai", "lanjut", "1, 3 dan 5", "no 2", "dua", "1.", "99", "-1", "lagi"),
    *(MINE, "482-913-0", PUBLIC, PRIVATE, UNUSED, "4829130", CODE, "123-456-789-00", "/apa_ini", "/"),
    *("😀", "👍👍", "?", "   ", "<b>tebal</b> & {name}", "a" * 5000, "kata " * 800, "Bu Siti", "english"),
)
FORGED: Final = (
    *("", ":", "::", "menu", "menu:", "menu:new:9", "no.such.step:yes:0", "arrival:x:0", "consent:given:0"),
    *("intake.send:submitted:1", "intake.summary:send:1", "intake.summary:send:99", "menu:~:0"),
    *("intake.list.village:~:1", "intake.list.village:18.07.01.2001:1", f"receipt:retract:{PRIVATE}"),
    *(f"notice:show:{MINE}", f"notice:show:{PUBLIC}", f"notice:show:{PRIVATE}", "notice:show:"),
    *("notice:show:" + "x" * 52, f"status.history:withdraw:{MINE}", f"status.history:withdraw:{PUBLIC}"),
    *("erase.sure:erase:0", "erase.scheduled:restore:", "receipt.waiting:show:1", "language:xx:0"),
    *("relay.items:done:1", "relay.check:send:1", "relay.check:send:99", f"report.told:told:{PRIVATE}"),
    *(
        f"report.told:show:{PRIVATE}",
        "relay.aside:drop:0",
        f"people.withdraw.ask:yes:{PRIVATE}",
        "relaying:people:0",
    ),
    *("mandate.ask:yes:0", "handover.ask:yes:0", f"people.card:revoke:{PRIVATE}"),
    *("letter:open:1", "letter:open:999999999", "letter:open:", "knock:open:0", "guardian.ask:yes:0"),
    *("language:en:0", "consent.ask:yes:0", "erase.scheduled:restore:1:2:3", "intake.field:human:1"),
)
PAYLOADS: Final = (
    *(f"u{token}" for token in TOKENS.values()),
    *(f"u{'x' * 32}", f"k{UNUSED}-{CODE}", f"k{PRIVATE}-12345678900", "k-", "u", f"k{UNUSED}-"),
    *("", "d1807012001", "d1807011002", "d9999999999", "d١٨٠٧٠١٢٠٠١", "d1", "x" * 64),
)
"""Of deep links; the person controls them."""

GOOD: Final = {
    "intake.need": "jalan rusak di depan sekolah",
    "intake.village": "Rajabasa",
    "intake.village.other": "Mekar Jaya",
    "intake.landmark": "depan SD Negeri 1",
    "intake.audience.more": "8",
    "groups.more": "8",
    "needs.more": "selesai",
    "needs.other": "kursi dekat pintu",
    "name": "Bu Siti",
    "status.number": MINE,
    "recover": UNUSED,
    "recover.code": CODE,
    "relay.open": "Bu Siti minta air bersih",
    "relay.extra": "1",
    "relay.name": "Bu Siti",
    "relay.village": "Rajabasa",
    "relay.summary": "Jalan ke sekolah rusak.",
    "relay.groups": "8",
    "relay.phone": "0812-3456-7890",
    "relay.organisation": "Pertuni Lampung",
    "people.reply": "1",
    "handover.code": CODE,
}
"""What answers the question of a step that no "1" answers."""


def file(number: int, seconds: int, size: int) -> Media:
    """A file as Telegram names it."""
    return Media(file_id=f"f{number}", unique_id=f"u{number}", seconds=seconds, bytes=size)


def recordings(at: datetime, message: int) -> Iterator[AnyEvent]:
    """Voices and videos: right, too short, too long, too big."""
    for seconds, size in ((0, 20_000), (7, 20_000), (301, 20_000), (7, BIG)):
        media = file(message, seconds, size)
        yield events.Spoke(at=at, message=message, kind="voice", media=media)
        yield events.Filmed(at=at, message=message, kind="video_note", media=media)
    yield events.Spoke(at=at, message=message, kind="audio", media=file(message, 7, 0), caption="suara")
    yield events.Filmed(at=at, message=message, kind="video", media=file(message, 7, 9), album="a")


def oddities(at: datetime, message: int) -> Iterator[AnyEvent]:
    """Photos, positions, contacts, forwards, stickers, edits, /start."""
    for caption in ("", "jalan rusak", "😀"):
        yield events.Pictured(at=at, message=message, media=file(message, 0, 9), caption=caption, album="b")
    yield events.Pictured(at=at, message=message, media=file(message, 0, BIG))
    yield events.Located(at=at, message=message, latitude=-5.1, longitude=105.5)
    for own in (True, False):
        yield events.SharedContact(at=at, message=message, own=own, phone="0812")
    for origin in ("user", "hidden_user", "chat", "channel"):
        yield events.Forwarded(at=at, message=message, origin=origin, kind="text", text="jalan rusak di sana")
        yield events.Forwarded(at=at, message=message, origin=origin, kind="voice", media=file(message, 9, 9))
    yield events.Forwarded(at=at, message=message, origin="user", kind="other")
    yield events.Forwarded(at=at, message=message, origin="user", kind="voice", media=file(message, 0, 9))
    for what in get_args(Puzzle):
        yield events.Puzzled(at=at, message=message, what=what)
    for payload in PAYLOADS:
        yield events.Started(at=at, message=message, payload=payload, language="en")


def passing(at: datetime) -> Iterator[AnyEvent]:
    """What time and errands bring."""
    yield events.Quieted(at=at)
    yield events.DraftRested(at=at)
    yield events.HeldExpired(at=at)
    yield events.TurnFailed(at=at)
    for reason in ("too_big", "gone"):
        yield events.MediaLost(at=at, unique_id="u1", reason=reason)


def outcomes(at: datetime) -> Iterator[AnyEvent]:
    """Outcomes of effects, which nobody waits for outside their turn."""
    yield events.Saved(at=at)
    yield events.Refused(at=at, reason="late")
    yield events.Submitted(at=at, ticket=UNUSED, recovery_code=CODE)
    yield events.Recovered(at=at, ticket=MINE)
    yield events.ErasureScheduled(at=at, due_at=at)
