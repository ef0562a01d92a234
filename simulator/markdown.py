"""parse_mode Markdown and MarkdownV2, with the server's complaints (TDLib, MessageEntity.cpp)."""

from simulator.entities import Entity
from simulator.formatting import ParseError


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    raise ParseError("x")


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    raise ParseError("x")
