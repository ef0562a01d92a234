"""parse_mode HTML, with the server's exact complaints (TDLib, MessageEntity.cpp, parse_html)."""

import re
from typing import NamedTuple, NoReturn

from simulator.entities import Entity, units
from simulator.wire import Json

SPACE = " \t\r\n\0\v"
TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
}
NEXT = re.compile(r"[<&]")
NAME = re.compile(r"[^ \t\r\n\0\v>]*")
ATTRIBUTE = re.compile(r"[^ \t\r\n\0\v=>/\"']*")
TOKEN = re.compile(r"[A-Za-z0-9.-]*")
BLANK = re.compile(r"[ \t\r\n\0\v]*")
CHARACTER = re.compile(r"&(?:#([0-9]{1,8})|#[xX]([0-9A-Fa-f]{1,8})|(lt|gt|amp|quot));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
USER_LINK = re.compile(r"tg://user\?id=(\d+)\Z")
LINK = re.compile(
    r"(?:(?:https?|ftp|tg|ton)://\S+|(?:[\w-]+\.)+[a-z]{2,}(?:[/?#:]\S*)?|mailto:\S+)\Z", re.IGNORECASE
)


class ParseError(Exception):
    """Why a text cannot be parsed, in the server's words without their prefix."""


class OpenTag(NamedTuple):
    """A start tag that waits for its end."""

    name: str
    argument: str
    offset: int  # UTF-16 units
    part: int  # index into the output


class HtmlParser:
    """Reads one text. Byte offsets of complaints are counted in UTF-8 from the beginning."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._open: list[OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        """The plain text and its entities; raises ParseError."""
        while mark := NEXT.search(self._text, self._at):
            self._emit(self._text[self._at : mark.start()])
            self._at = mark.start()
            self._character() if mark.group() == "&" else self._tag()
        self._emit(self._text[self._at :])
        if self._open:
            raise ParseError(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        bare = [one._replace(extra={}) if one.type == "code" else one for one in self._entities]
        return "".join(self._parts), bare

    def _emit(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += units(text)

    def _character(self) -> None:
        text, self._at = decoded(self._text, self._at)
        self._emit(text)

    def _tag(self) -> None:
        begin = self._at
        if self._text.startswith("/", begin + 1):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        name = self._take(NAME, begin + 1).lower()
        if self._ended:
            self._fail("Unclosed start tag", begin)
        if name not in TYPES:
            self._fail(f'Unsupported start tag "{name}"', begin)
        argument = ""
        while not self._text.startswith(">", self._at):
            argument = self._attribute(name, begin) or argument
        self._at += 1
        if name == "span" and argument != "spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(OpenTag(name, argument, self._length, len(self._parts)))

    def _attribute(self, tag: str, begin: int) -> str:
        self._take(BLANK, self._at)
        if self._text.startswith(">", self._at):
            return ""
        name = self._take(ATTRIBUTE, self._at)
        if not name:
            self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        self._take(BLANK, self._at)
        if self._ended:
            self._fail(f'Unclosed start tag "{tag}"', begin)
        if not self._text.startswith("=", self._at):
            return "1" if (tag, name.lower()) == ("blockquote", "expandable") else ""
        return meaning(tag, name.lower(), self._value(tag, begin))

    def _value(self, tag: str, begin: int) -> str:
        self._take(BLANK, self._at + 1)
        if self._ended:
            self._fail(f'Unclosed start tag "{tag}"', begin)
        quote = self._text[self._at]
        value = self._quoted(quote) if quote in "\"'" else self._bare()
        if self._ended:
            self._fail("Unclosed start tag", begin)
        return value

    def _bare(self) -> str:
        start = self._at
        value = self._take(TOKEN, start).lower()
        if not self._ended and self._text[self._at] not in SPACE + ">":
            self._fail("Unexpected end of name token", start)
        return value

    def _quoted(self, quote: str) -> str:
        end = self._text.find(quote, self._at + 1)
        raw = self._text[self._at + 1 : end if end >= 0 else len(self._text)]
        self._at = end + 1 if end >= 0 else len(self._text)
        return unescaped(raw)

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            self._fail("Unexpected end tag", begin)
        name = self._take(NAME, begin + 2)
        self._take(BLANK, self._at)
        if not self._text.startswith(">", self._at):
            self._fail("Unclosed end tag", begin)
        self._at += 1
        opened = self._open.pop()
        if name.lower() not in {"", opened.name}:
            self._fail("Unmatched end tag", begin, f', expected "</{opened.name}>", found "</{name}>"')
        if self._length > opened.offset:
            self._close(opened)

    def _close(self, tag: OpenTag) -> None:
        extra = self._extra(tag)
        if extra is None:
            return
        entity = Entity(tag.offset, self._length - tag.offset, extra.pop("type", TYPES[tag.name]), extra)
        last = self._entities[-1] if self._entities else None
        if tag.name in {"pre", "code"} and last is not None and last[:2] == entity[:2]:
            language = tag.argument or last.extra.get("language", "")
            if {last.type, entity.type} == {"pre", "code"} and language:
                self._entities[-1] = entity._replace(type="pre", extra={"language": language})
                return
        self._entities.append(entity)

    def _extra(self, tag: OpenTag) -> Json | None:
        match tag.name:
            case "a":
                return link(tag.argument or "".join(self._parts[tag.part :]))
            case "tg-emoji":
                if not tag.argument.isdigit() or not int(tag.argument):
                    raise ParseError("Invalid custom emoji identifier specified")
                return {"custom_emoji_id": tag.argument}
            case "tg-time":
                return {"unix_time": int(tag.argument)} if tag.argument.isdigit() else None
            case "blockquote" if tag.argument:
                return {"type": "expandable_blockquote"}
            case "code" if tag.argument:
                return {"language": tag.argument}
            case _:
                return {}

    @property
    def _ended(self) -> bool:
        return self._at >= len(self._text)

    def _take(self, pattern: re.Pattern[str], start: int) -> str:
        match = pattern.match(self._text, start)
        self._at = match.end() if match else start
        return match.group() if match else ""

    def _fail(self, problem: str, position: int, rest: str = "") -> NoReturn:
        raise ParseError(f"{problem} at byte offset {len(self._text[:position].encode())}{rest}")


def meaning(tag: str, name: str, value: str) -> str:
    """What an attribute says of its tag; "" for attributes that mean nothing."""
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix"):
            return value
        case ("code", "class") if value.startswith("language-"):
            return value.removeprefix("language-")
        case ("span", "class") if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case ("blockquote", "expandable"):
            return "1"
        case _:
            return ""


def link(url: str) -> Json | None:
    """The entity of a link: a mention of a user by id, a link, or nothing when it is no address."""
    if user := USER_LINK.match(url):
        return {"type": "text_mention", "user": {"id": int(user.group(1))}}
    if not LINK.match(url):
        return None
    address = url if "://" in url or url.startswith("mailto:") else f"http://{url}"
    return {"url": address + "/" if re.fullmatch(r"https?://[^/?#]+", address) else address}


def decoded(text: str, at: int) -> tuple[str, int]:
    """The character that an entity at this place stands for, and where it ends; else the ampersand itself."""
    found = CHARACTER.match(text, at)
    if found is None:
        return text[at], at + 1
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED[name], found.end()
    code = int(decimal) if decimal else int(hexadecimal, 16)
    valid = 0 < code < 0x110000 and not 0xD800 <= code < 0xE000  # noqa: PLR2004 - Unicode's own bounds
    return (chr(code), found.end()) if valid else (text[at], at + 1)


def unescaped(text: str) -> str:
    """An attribute's value with its character entities decoded."""
    return CHARACTER.sub(lambda found: decoded(found.group(), 0)[0], text)


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """The plain text and its entities; raises ParseError."""
    return HtmlParser(text).parse() if NEXT.search(text) else (text, [])
