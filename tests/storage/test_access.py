"""Access needs are kept encrypted, apart from the person, and only with consent; consent can be a recording."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from conversations.chat import Media
from storage.access import set_needs
from storage.actor import RefusalError, Resident
from storage.facts import DatabaseFacts
from storage.media import MEDIA
from storage.residents import ACCESS, CONSENT, Consent, record_consent
from tests.conversations.literal_facts import HOUSE
from tests.storage.world import BUDI, NOW, RULES, SITI, World

VOICE = Media(file_id="fetch-c1", unique_id="c1", seconds=2, bytes=900, mime="audio/ogg")


def needs(world: World, *chosen: str, other: str = "", declined: bool = False, chat: int = SITI) -> None:
    with world.scene(Resident(chat)) as scene:
        set_needs(scene, chosen, other, declined=declined)


def profile(world: World, chat: int = SITI) -> tuple[tuple[str, ...], bool, str]:
    with world.begin() as connection:
        known = DatabaseFacts(connection, chat, HOUSE, RULES).profile()
    return known.needs, known.needs_answered, known.other_need


def test_needs_are_remembered_with_ones_own_words_and_can_be_changed(world: World) -> None:
    world.consent(SITI)
    assert profile(world) == ((), False, "")
    needs(world, "ramp", "other", other=" kursi  dekat pintu ")
    assert profile(world) == (("other", "ramp"), True, "kursi dekat pintu")
    needs(world, "captions")
    assert profile(world) == (("captions",), True, "")
    assert world.count(ACCESS) == 1
    assert profile(world, BUDI) == ((), False, "")


def test_to_need_nothing_and_to_decline_are_answers_and_not_the_same(world: World) -> None:
    world.consent(SITI)
    needs(world)
    assert [row["needs"] for row in world.rows(ACCESS)] == [[]]
    needs(world, "ramp", other="kursi", declined=True)
    assert [(row["needs"], row["other"]) for row in world.rows(ACCESS)] == [(None, None)]
    assert profile(world) == ((), True, "")


def test_no_need_is_stored_without_consent_or_under_a_name_that_is_none(world: World) -> None:
    with pytest.raises(RefusalError, match="no consent"):
        needs(world, "ramp")
    world.consent(SITI)
    for name in ("Ramp", "r amp", "", "x" * 41):
        with pytest.raises(RefusalError, match="no such need"):
            needs(world, name)
    assert world.count(ACCESS) == 0


def test_whoever_reads_the_file_of_the_database_reads_no_need(world: World) -> None:
    world.consent(SITI)
    needs(world, "sign_interpreter", "other", other="canary need")
    with world.begin() as connection:
        stored = str(connection.execute(text("SELECT * FROM access")).all())
    assert "canary" not in stored
    assert "sign_interpreter" not in stored


@pytest.mark.parametrize(
    ("form", "kind"), [("voice", "voice"), ("guardian_voice", "voice"), ("guardian_video", "video")]
)
def test_a_spoken_or_signed_consent_keeps_its_recording(world: World, form: str, kind: str) -> None:
    """It must be possible to show it (UU 27/2022 Ps 24)."""
    answer = Consent(purpose="service", granted=True, version="1", locale="id", form=form, media=VOICE)
    with world.begin() as connection:
        record_consent(connection, Resident(SITI), answer, NOW)
    (consent,), (file,) = world.rows(CONSENT), world.rows(MEDIA)
    assert (consent["form"], consent["media_id"]) == (form, file["id"])
    assert (file["unique_id"], file["kind"]) == ("c1", kind)
