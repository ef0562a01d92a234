"""Text with entities: offsets in UTF-16 units, cleaning, and the entities that the server finds by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from simulator.wire import Json

REPLACED = {code: " " for code in range(32) if code not in (10, 13)}
REMOVED = dict.fromkeys([13, *range(0x2028, 0x202F)])
UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
INVISIBLE = " \n\u00a0\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\ufeff"
SUSPECT = re.compile(r"[/@#$.:]")
ORDER: tuple[str, ...] = (
    "blockquote",
    "expandable_blockquote",
    "text_link",
    "text_mention",
    "pre",
    "code",
    "custom_emoji",
)
ORDER += ("bold", "italic", "underline", "strikethrough", "spoiler")
SOLID = frozenset({"pre", "code", "text_link", "text_mention", "custom_emoji"})  # nothing is found inside
SCHEME = r"(?:https?|ftp|tg|ton)://[^\s<>\"«»]+"
TOP = "com|org|net|id|info|io|me|dev|app|gov|edu|co|ru|uk|int"  # the real server knows every one
DOMAIN = rf"(?:[\w-]+\.)+(?:{TOP})(?![\w@-]|\.\w)(?:[/?#][^\s<>\"]*)?"
FOUND = (
    ("url", re.compile(rf"(?<![\w@.])(?:{SCHEME}|{DOMAIN})", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]+\.)+[A-Za-z]{2,}(?![\w])")),
    ("mention", re.compile(r"(?<![\w@/.])@[A-Za-z]\w{2,31}(?!\w)", re.ASCII)),
    ("bot_command", re.compile(r"(?<![\w/<>])/\w{1,64}(?:@\w{3,32})?(?![\w/<>])", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?!\w)")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?![\w$])")),
)


class Entity(NamedTuple):
    """One entity; `extra` holds url, language and the like."""

    offset: int
    length: int
    type: str
    extra: Json = {}  # noqa: RUF012 - never changed, and a NamedTuple's default is shared by design

    @property
    def end(self) -> int:
        """The offset behind its last unit."""
        return self.offset + self.length

    def wire(self) -> Json:
        """The MessageEntity object."""
        return {"offset": self.offset, "length": self.length, "type": self.type, **self.extra}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text and its entities, sorted."""

    text: str
    entities: tuple[Entity, ...] = ()

    def wire(self, text_name: str, entities_name: str) -> Json:
        """The two message fields; no entities, no field."""
        if not self.entities:
            return {text_name: self.text}
        return {text_name: self.text, entities_name: [entity.wire() for entity in self.entities]}


def units(text: str) -> int:
    """Its length in UTF-16 units, the measure of all offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def cleaned(text: str) -> str:
    """Control characters become spaces; carriage returns and direction marks go."""
    return text.translate(REPLACED | REMOVED) if UNWANTED.search(text) else text


def finished(text: str, entities: Iterable[Entity] = ()) -> Formatted:
    """Trims the text, fits the entities to it and adds those that the server finds by itself."""
    kept = text.strip(" \n")
    if not kept.strip(INVISIBLE):
        return Formatted("")
    shift = units(text[: len(text) - len(text.lstrip(" \n"))])
    given = list(_fitted(entities, shift, units(kept)))
    if SUSPECT.search(kept):
        given = _merged(given, _found(kept))
    return Formatted(kept, tuple(sorted(given, key=_rank)))


def _fitted(entities: Iterable[Entity], shift: int, length: int) -> Iterable[Entity]:
    for entity in entities:
        start, end = max(entity.offset - shift, 0), min(entity.end - shift, length)
        if end > start:
            yield entity._replace(offset=start, length=end - start)


def _rank(entity: Entity) -> tuple[int, int, int]:
    return entity.offset, -entity.length, ORDER.index(entity.type) if entity.type in ORDER else len(ORDER)


def _found(text: str) -> list[Entity]:
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match.group().rstrip(".,:;!?)'\""))
            if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
                taken.append((start, end, kind))
    return [Entity(units(text[:start]), units(text[start:end]), kind) for start, end, kind in sorted(taken)]


def _merged(given: list[Entity], found: list[Entity]) -> list[Entity]:
    solid = [entity for entity in given if entity.type in SOLID]
    return given + [one for one in found if not any(_overlap(one, other) for other in solid)]


def _overlap(one: Entity, other: Entity) -> bool:
    return one.offset < other.end and other.offset < one.end
