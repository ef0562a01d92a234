"""What a bot wants to say: text or caption with its parse mode or entities, checked as the server checks it."""

from typing import Any

from simulator.calls import Call
from simulator.entities import Entity, Formatted, cleaned, finished
from simulator.errors import bad_request
from simulator.formatting import ParseError, parse_html
from simulator.markdown import parse_markdown, parse_markdown_v2
from simulator.wire import Json, clean

LONGEST_TEXT = 4096  # characters, after parsing
LONGEST_CAPTION = 1024
LONGEST_SOURCE = 32768  # bytes, before parsing
PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
KEPT_FIELDS = {
    "text_link": "url",
    "pre": "language",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}
GIVEN_TYPES = frozenset(KEPT_FIELDS) | {"bold", "italic", "underline", "strikethrough", "spoiler", "code"}
GIVEN_TYPES |= {"blockquote", "expandable_blockquote"}


def message_text(call: Call) -> Formatted:
    """The text of sendMessage or editMessageText; ApiError 400 when there is none or too much of it."""
    source = call.text("text")
    if not source:
        raise bad_request("message text is empty")
    found = formatted(call, source, "parse_mode", "entities")
    if not found.text:
        raise bad_request("text must be non-empty")
    if len(found.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return found


def caption(call: Call) -> Formatted:
    """The caption of a media message, perhaps empty."""
    found = formatted(call, call.text("caption"), "parse_mode", "caption_entities")
    if len(found.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return found


def formatted(call: Call, source: str, mode_name: str, entities_name: str) -> Formatted:
    """A text parsed by its parse mode, which wins over given entities."""
    if len(source) * 4 > LONGEST_SOURCE and len(source.encode(errors="replace")) > LONGEST_SOURCE:
        raise bad_request("text is too long")
    mode = call.text(mode_name).lower()
    if mode not in {"", "none"}:
        return parsed(call, source, mode)
    given = call.params.get(entities_name)
    entities = _entities(call.listed(entities_name, "can't parse entities JSON object")) if given else ()
    return finished(cleaned(clean(source)), known_mentions(call, list(entities)))


def parsed(call: Call, source: str, mode: str) -> Formatted:
    """A text in HTML, Markdown or MarkdownV2."""
    parser = PARSERS.get(mode)
    if parser is None:
        raise bad_request("unsupported parse_mode")
    try:
        text, entities = parser(cleaned(clean(source)))
    except ParseError as problem:
        raise bad_request(f"can't parse entities: {problem}") from None
    return finished(text, known_mentions(call, entities))


def known_mentions(call: Call, entities: list[Entity]) -> list[Entity]:
    """Mentions by id name the whole User; those of unknown people are dropped, as the server does."""
    people = call.world.people
    return [
        one._replace(extra={"user": people[one.extra["user"]["id"]].user()})
        if one.type == "text_mention"
        else one
        for one in entities
        if one.type != "text_mention" or _mentioned(one) in people
    ]


def _mentioned(entity: Entity) -> int:
    user = entity.extra.get("user")
    number = user.get("id") if isinstance(user, dict) else None
    return number if isinstance(number, int) else 0


def _entities(given: list[Any]) -> list[Entity]:
    found = []
    for one in given:
        if not isinstance(one, dict):
            raise bad_request("can't parse MessageEntity: expected an Object")
        if one.get("type") in GIVEN_TYPES:
            found.append(_entity(one))
    return found


def _entity(one: Json) -> Entity:
    try:
        offset, length = int(one["offset"]), int(one["length"])
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse MessageEntity: Can't find field \"offset\"") from None
    name = KEPT_FIELDS.get(one["type"])
    extra = {name: one[name]} if name is not None and one.get(name) is not None else {}
    return Entity(offset, length, one["type"], extra)
