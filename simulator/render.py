"""Text with entities as safe HTML for the chat page: everything is escaped, only known tags are written."""

from html import escape

from simulator.wire import Json

TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "bot_command": ('<span class="bot_command">', "</span>"),
    "mention": ('<span class="mention">', "</span>"),
    "hashtag": ('<span class="hashtag">', "</span>"),
}
SAFE_SCHEMES = ("http://", "https://", "mailto:", "tg://")


def to_html(text: str, entities: list[Json]) -> str:
    """The text as HTML; line breaks stay line breaks (show it with white-space: pre-wrap)."""
    if not entities:
        return escape(text)
    raw = text.encode("utf-16-le")
    marks = sorted({0, len(raw) // 2, *(edge for one in entities for edge in _edges(one))})
    pieces, opened = [], list[Json]()
    for start, end in zip(marks, [*marks[1:], marks[-1]], strict=True):
        pieces.append(_close(opened, start))
        pieces.append(_open(opened, entities, start))
        pieces.append(escape(raw[start * 2 : end * 2].decode("utf-16-le", "replace")))
    return "".join(pieces) + "".join(_tags(one)[1] for one in reversed(opened))


def _edges(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _close(opened: list[Json], at: int) -> str:
    """Ends what ends here; what overlaps it is ended too and begun again."""
    first = next((place for place, one in enumerate(opened) if _edges(one)[1] <= at), len(opened))
    ended, opened[first:] = opened[first:], [one for one in opened[first:] if _edges(one)[1] > at]
    again = "".join(_tags(one)[0] for one in opened[first:])
    return "".join(_tags(one)[1] for one in reversed(ended)) + again


def _open(opened: list[Json], entities: list[Json], at: int) -> str:
    begun = [one for one in entities if one["offset"] == at and one["length"] > 0]
    opened += begun
    return "".join(_tags(one)[0] for one in begun)


def _tags(entity: Json) -> tuple[str, str]:
    url = str(entity.get("url", ""))
    if entity["type"] == "text_link" and url.startswith(SAFE_SCHEMES):
        return f'<a href="{escape(url)}" rel="noopener noreferrer" target="_blank">', "</a>"
    return TAGS.get(entity["type"], ("", ""))
