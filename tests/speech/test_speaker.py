"""Recordings first, the synthetic voice for the rest, at most 45 seconds, and no error to anybody."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from bot.espeak import find_voice
from bot.media_catalogue import MediaCatalogue, Shelf
from bot.speaker import LONGEST, Speaker, Voice
from bot.speech import encode, from_file, from_wav
from conversations.effects import Button, Line, Listing, Say
from conversations.spoken import Piece, is_ours, pieces_of, spoken_seconds
from tests.conversations.literal_facts import real_texts
from tests.speech.tones import MuteVoice, ToneVoice, tone

Record = Callable[..., Path]


def speaker(voice: Voice | None = None, *shelves: Shelf) -> Speaker:
    return Speaker(real_texts(), MediaCatalogue(shelves), voice)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Makes a recording of a text: name, text, seconds, locale."""

    def make(name: str, text: str, seconds: float, locale: str = "id") -> Path:
        path = tmp_path / locale / f"{name}.ogg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(encode(from_wav(tone(seconds))).content)
        marks[path.relative_to(tmp_path).as_posix()] = hashlib.sha256(text.encode()).hexdigest()
        return path

    marks: dict[str, str] = {}
    make.marks = marks  # type: ignore[attr-defined]
    return make


def shelf(tmp_path: Path, record: Record) -> Shelf:
    return Shelf(tmp_path, dict(record.marks))  # type: ignore[attr-defined]


def piece(text: str, name: str = "a", *, opens: bool = False) -> Piece:
    return Piece(name=name, text=text, opens=opens)


CHOICES = (
    piece("Setuju?"),
    piece("Ketik 1 untuk", "voice.choose.1", opens=True),
    piece("Ya, saya setuju", "consent.yes"),
)


def test_a_message_is_said_with_its_options_by_number() -> None:
    """What the eye reads as "1. Lanjut" the ear hears as what to type."""
    say = Say(
        lines=(Line("arrival.dropped"),), buttons=(Button(label=Line("menu.new"), payload="a:b:0", number=1),)
    )
    names = [(one.name, one.opens) for one in pieces_of(say, real_texts(), "id")]
    assert names == [("arrival.dropped", False), ("voice.choose.1", True), ("menu.new", False)]


def test_buttons_that_are_called_by_name_are_not_said_by_number() -> None:
    """The line "options.apart" names them already."""
    say = Say(
        lines=(Line("arrival.dropped"),), buttons=(Button(label=Line("menu.new"), payload="a:b:0", number=0),)
    )
    assert [one.name for one in pieces_of(say, real_texts(), "id")] == ["arrival.dropped"]


def test_the_voice_says_sentences_with_words_that_it_can_say() -> None:
    """Normalised, and with figures for words that it says wrong."""
    voice = ToneVoice()
    note = speaker(voice).note([piece("Rp 6.000 ✅"), *CHOICES], "id")
    assert voice.said == ["6 ribu rupiah.\nSetuju?\nKetik 1 untuk Ya, saya setuju."]
    assert note is not None
    assert note.seconds == pytest.approx(spoken_seconds(voice.said[0]), abs=0.05)


def test_recordings_are_played_and_the_rest_is_spoken_in_order(tmp_path: Path, record: Record) -> None:
    """Line, recording, line: two runs of the voice around a person."""
    record("b", "Pilih.", 2.0)
    voice = ToneVoice()
    said = speaker(voice, shelf(tmp_path, record))
    note = said.note([piece("Halo.", "a"), piece("Pilih.", "b"), piece("Sampai jumpa.", "c")], "id")
    assert voice.said == ["Halo.", "Sampai jumpa."]
    assert note is not None
    expected = spoken_seconds("Halo.") + spoken_seconds("Sampai jumpa.") + 2.0 + 2 * 0.45
    assert note.seconds == pytest.approx(expected, abs=0.1)


def test_a_stale_recording_is_not_played(tmp_path: Path, record: Record) -> None:
    """The text has changed since: the voice says what stands there now."""
    record("a", "Halo.", 5.0)
    voice = ToneVoice()
    speaker(voice, shelf(tmp_path, record)).note([piece("Halo semua.", "a")], "id")
    assert voice.said == ["Halo semua."]


def test_an_option_is_recorded_whole_or_not_at_all(tmp_path: Path, record: Record) -> None:
    """Half a sentence by a person and half by a machine is hard to follow."""
    record("voice.choose.1", "Ketik 1 untuk", 1.0)
    voice = ToneVoice()
    speaker(voice, shelf(tmp_path, record)).note(CHOICES, "id")
    assert voice.said == ["Setuju?\nKetik 1 untuk Ya, saya setuju."]
    record("consent.yes", "Ya, saya setuju", 1.0)
    voice = ToneVoice()
    speaker(voice, shelf(tmp_path, record)).note(CHOICES, "id")
    assert voice.said == ["Setuju?"]


def test_a_language_without_a_voice_has_recordings_alone(tmp_path: Path, record: Record) -> None:
    """No Indonesian voice reads English; a message of which a part is missing is not spoken at all."""
    voice = ToneVoice()
    record("a", "Hello.", 1.0, "en")
    said = speaker(voice, shelf(tmp_path, record))
    assert said.note([piece("Hello.", "a"), piece("What?", "b")], "en") is None
    assert said.note([piece("Hello.", "a")], "en") is not None
    assert voice.said == []


def test_easy_indonesian_is_spoken_too() -> None:
    """id@mudah has the same voice."""
    assert speaker(ToneVoice()).note([piece("Halo.")], "id@mudah") is not None


@pytest.mark.parametrize("voice", [None, MuteVoice()])
def test_without_a_voice_the_text_stands_alone(voice: Voice | None) -> None:
    """Neither error nor half a message."""
    assert speaker(voice).note([piece("Halo.")], "id") is None


def test_a_recording_that_is_none_leaves_the_text_alone(tmp_path: Path, record: Record) -> None:
    """A broken file in the operator's folder is nobody's error in the chat."""
    record("a", "Halo.", 1.0).write_text("no sound")
    assert speaker(ToneVoice(), shelf(tmp_path, record)).note([piece("Halo.", "a")], "id") is None


def test_a_message_of_which_nothing_can_be_said_has_no_voice() -> None:
    """An emoji alone."""
    assert speaker(ToneVoice()).note([piece("🙂")], "id") is None


def test_a_long_message_ends_behind_a_sentence_and_says_so() -> None:
    """At most 45 seconds, cut between sentences, and the rest is where it always was: in the text."""
    voice = ToneVoice()
    note = speaker(voice).note([piece("Jalan ke sekolah rusak sejak dua tahun yang lalu. " * 40)], "id")
    assert note is not None
    assert 30 < note.seconds <= LONGEST
    *body, end = voice.said[-1].split("\n")
    assert end == "Lanjutannya ada di pesan tulisan."
    assert set(body) == {"Jalan ke sekolah rusak sejak dua tahun yang lalu."}


def test_words_without_an_end_are_cut_too() -> None:
    """Somebody writes two thousand words without a full stop."""
    voice = ToneVoice()
    note = speaker(voice).note([piece("jalan rusak " * 1000)], "id")
    assert note is not None
    assert note.seconds <= LONGEST
    assert voice.said[-1].endswith("Lanjutannya ada di pesan tulisan.")


def test_a_slow_voice_is_cut_by_what_was_heard() -> None:
    """The length is reckoned before, and judged by the sound itself."""

    class Slow(ToneVoice):
        def speak(self, text: str) -> bytes:
            self.said.append(text)
            return tone(1.4 * spoken_seconds(text))

    voice = Slow()
    note = speaker(voice).note([piece("Jalan ke sekolah rusak. " * 30)], "id")
    assert note is not None
    assert note.seconds <= LONGEST
    assert len(voice.said) > 1


def test_the_real_voice_says_a_whole_message() -> None:
    """espeak-ng, PyAV and all: not silent, not clipped, as long as it says, under 1 MB."""
    note = speaker(find_voice()).note(
        [piece("Usulan Anda sudah kami terima. Nomor: 482-913-8."), *CHOICES], "id"
    )
    assert note is not None
    heard = from_file(BytesIO(note.content))
    assert abs(heard.seconds - note.seconds) < 0.05
    assert len(note.content) < 1_000_000
    samples = memoryview(heard.samples).cast("h")
    assert 2_000 < max(samples) < 32_767


def test_what_is_the_same_for_everybody_is_known_again(tmp_path: Path, record: Record) -> None:
    """By its texts, its locale, and the recordings that are played."""
    said = speaker(ToneVoice())
    assert said.digest(CHOICES, "id") == said.digest(CHOICES, "id") != ""
    assert said.digest(CHOICES, "id") != said.digest(CHOICES, "id@mudah")
    assert said.digest(CHOICES, "id") != said.digest(CHOICES[:1], "id")
    record("a", "Setuju?", 1.0)
    recorded = speaker(ToneVoice(), shelf(tmp_path, record))
    first = recorded.digest(CHOICES, "id")
    record("a", "Setuju?", 2.0)
    assert len({said.digest(CHOICES, "id"), first, recorded.digest(CHOICES, "id")}) == 3


def test_what_somebody_said_is_not_remembered() -> None:
    """Names, numbers of aspirations, one's own words: made anew each time, and kept nowhere."""
    mine = dataclasses.replace(CHOICES[0], ours=False)
    assert speaker(ToneVoice()).digest([mine], "id") == ""
    assert not is_ours(Line("a", {"need": "jalan rusak"}))
    assert not is_ours(Line("a", {"list": Listing((Line("b"), "Siti"))}))
    assert is_ours(Line("a", {"n": 2, "kabupaten": "Lampung Timur", "what": Line("b")}))
