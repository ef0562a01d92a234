"""parse_mode Markdown and MarkdownV2, with the server's complaints (TDLib, MessageEntity.cpp)."""

import re
from typing import NamedTuple, NoReturn

from simulator.entities import Entity, units
from simulator.formatting import ParseError, link
from simulator.wire import Json

SPECIAL = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!\n]")
IN_CODE = re.compile(r"[\\`]")
ESCAPED = re.compile(r"\\([\x01-\x7e])")
LANGUAGE = re.compile(r"([^\s\0`]*)(\r\n|\n\r|\n|\r)?")
EMOJI_LINK = re.compile(r"tg://emoji\?id=(\d+)\Z")
MARKS = {
    "Bold": ("*", "bold"),
    "Italic": ("_", "italic"),
    "Underline": ("__", "underline"),
    "Strikethrough": ("~", "strikethrough"),
    "Spoiler": ("||", "spoiler"),
    "Code": ("`", "code"),
    "Pre": ("```", "pre"),
    "PreCode": ("```", "pre"),
    "TextUrl": ("]", "text_link"),
    "CustomEmoji": ("]", "custom_emoji"),
    "BlockQuote": ("", "blockquote"),
}
STARTS: tuple[tuple[str, str], ...] = (
    ("```", "Pre"),
    ("`", "Code"),
    ("__", "Underline"),
    ("_", "Italic"),
    ("*", "Bold"),
)
STARTS += (("~", "Strikethrough"), ("||", "Spoiler"), ("[", "TextUrl"), ("![", "CustomEmoji"))


class Opened(NamedTuple):
    """A mark that waits for its end."""

    name: str
    argument: str
    offset: int  # UTF-16 units
    position: int  # where its mark begins in the source
    part: int  # index into the output


class MarkdownV2Parser:
    """Reads one text. Byte offsets of complaints are counted in UTF-8 from the beginning."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[Opened] = []
        self._entities: list[Entity] = []
        self._quoting = False

    def parse(self) -> tuple[str, list[Entity]]:
        """The plain text and its entities; raises ParseError."""
        while self._at < len(self._text):
            self._step()
        if self._quoting and self._open and self._open[-1].name == "BlockQuote":
            self._finish(self._open.pop(), {})
        if self._open:
            self._no_end()
        return "".join(self._parts), self._entities

    def _step(self) -> None:
        special = (IN_CODE if self._in_code else SPECIAL).search(self._text, self._at)
        upto = special.start() if special else len(self._text)
        if upto > self._at:
            self._emit(self._text[self._at : upto])
            self._at = upto
        elif escaped := ESCAPED.match(self._text, self._at):
            self._emit(escaped.group(1))
            self._at += 2
        elif self._text[self._at] == "\\":
            self._emit("\\")
            self._at += 1
        else:
            self._mark()

    @property
    def _in_code(self) -> bool:
        return bool(self._open) and self._open[-1].name in {"Code", "Pre", "PreCode"}

    def _emit(self, text: str) -> None:
        self._parts.append(text)
        self._length += units(text)

    def _mark(self) -> None:
        if self._ends_quote():
            self._end_quote()
        elif self._open and self._ends(self._open[-1].name):
            self._end(self._open.pop())
        elif self._text[self._at] in "\n>":
            self._line()
        else:
            self._start()

    def _ends_quote(self) -> bool:
        return self._quoting and self._text[self._at] == "\n" and not self._text.startswith(">", self._at + 1)

    def _end_quote(self) -> None:
        if self._open[-1].name != "BlockQuote":
            self._no_end()
        self._quoting = False
        self._emit("\n")
        self._at += 1
        self._finish(self._open.pop(), {})

    def _ends(self, name: str) -> bool:
        mark = MARKS[name][0]
        if name == "BlockQuote" or not self._text.startswith(mark, self._at):
            return False
        return name != "Italic" or not self._text.startswith("__", self._at)

    def _line(self) -> None:
        if self._text[self._at] == ">" and self._at > 0:
            self._unescaped()
        if self._text[self._at] == "\n":
            self._emit("\n")
            self._at += 1
        if self._text.startswith(">", self._at):
            self._at += 1
            if not self._quoting:
                self._quoting = True
                self._open.append(Opened("BlockQuote", "", self._length, self._at - 1, len(self._parts)))

    def _start(self) -> None:
        found = next(((mark, name) for mark, name in STARTS if self._text.startswith(mark, self._at)), None)
        if found is None:
            self._unescaped()
        mark, name = found
        position, self._at = self._at, self._at + len(mark)
        argument = ""
        if name == "Pre":
            name, argument = self._language()
        self._open.append(Opened(name, argument, self._length, position, len(self._parts)))

    def _language(self) -> tuple[str, str]:
        found = LANGUAGE.match(self._text, self._at)
        word = found.group(1) if found else ""
        followed = found is not None and found.end(1) < len(self._text) and self._text[found.end(1)] != "`"
        if found is None or (word and not followed):
            return "Pre", ""
        self._at = found.end() if word or found.start(2) == self._at else self._at
        return ("PreCode", word) if word else ("Pre", "")

    def _end(self, opened: Opened) -> None:
        self._at += len(MARKS[opened.name][0])
        if opened.name in {"TextUrl", "CustomEmoji"}:
            extra = self._link_extra(opened)
        else:
            extra = {"language": opened.argument} if opened.argument else {}
        if extra is not None:
            self._finish(opened, extra)

    def _link_extra(self, opened: Opened) -> Json | None:
        emoji = opened.name == "CustomEmoji"
        if not self._text.startswith("(", self._at):
            if emoji:
                raise ParseError("Custom emoji entity must contain a tg://emoji URL")
            return link("".join(self._parts[opened.part :]))
        url = self._url("a custom emoji URL" if emoji else "a URL")
        return _emoji(url) if emoji else link(url)

    def _url(self, what: str) -> str:
        start = self._at + 1
        found = re.compile(r"((?:\\[\x01-\x7e]|[^)])*)\)").match(self._text, start)
        if found is None:
            self._fail(f"Can't find end of {what}", start)
        self._at = found.end()
        return ESCAPED.sub(r"\1", found.group(1))

    def _finish(self, opened: Opened, extra: Json) -> None:
        if self._length > opened.offset:
            kind = extra.pop("type", MARKS[opened.name][1])
            self._entities.append(Entity(opened.offset, self._length - opened.offset, kind, extra))

    def _no_end(self) -> NoReturn:
        self._fail(f"Can't find end of {self._open[-1].name} entity", self._open[-1].position)

    def _unescaped(self) -> NoReturn:
        character = self._text[self._at]
        raise ParseError(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _fail(self, problem: str, position: int) -> NoReturn:
        raise ParseError(f"{problem} at byte offset {len(self._text[:position].encode())}")


def _emoji(url: str) -> Json:
    found = EMOJI_LINK.match(url)
    if found is None:
        raise ParseError("Custom emoji URL must have scheme tg://emoji?id=")
    return {"custom_emoji_id": found.group(1)}


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    """parse_mode MarkdownV2: the plain text and its entities; raises ParseError."""
    return MarkdownV2Parser(text).parse() if SPECIAL.search(text) else (text, [])


LEGACY = re.compile(
    r"\\([_*`\[])|```(?P<pre>.*?)```|`(?P<code>[^`]*)`|\*(?P<bold>[^*]*)\*|_(?P<italic>[^_]*)_"
    r"|\[(?P<text>[^\]]*)\](?:\((?P<url>[^)]*)\)?)?|(?P<stray>[_*`\[])",
    re.DOTALL,
)


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    """parse_mode Markdown, the old one without nesting: the plain text and its entities; raises ParseError."""
    parts: list[str] = []
    entities: list[Entity] = []
    at = length = 0
    for found in LEGACY.finditer(text):
        if found["stray"] is not None:
            position = len(text[: found.start()].encode())
            raise ParseError(f"Can't find end of the entity starting at byte offset {position}")
        shown, kind, extra = _legacy(found)
        before = text[at : found.start()]
        length += units(before)
        if kind and shown:
            entities.append(Entity(length, units(shown), kind, extra))
        parts += [before, shown]
        length += units(shown)
        at = found.end()
    return "".join(parts) + text[at:], entities


def _legacy(found: re.Match[str]) -> tuple[str, str, Json]:
    if found[1] is not None:
        return found[1], "", {}
    if found["pre"] is not None:
        return _legacy_pre(found["pre"])
    if found["text"] is not None:
        extra = link(found["url"] if found["url"] is not None else found["text"])
        return found["text"], "" if extra is None else extra.pop("type", "text_link"), extra or {}
    kind = str(found.lastgroup)
    return found[kind], kind, {}


def _legacy_pre(inside: str) -> tuple[str, str, Json]:
    start = LANGUAGE.match(inside)
    word = start.group(1) if start and start.end(1) < len(inside) else ""
    shown = inside[start.end() if start and (word or start.start(2) == 0) else 0 :]
    return shown, "pre", {"language": word} if word else {}
