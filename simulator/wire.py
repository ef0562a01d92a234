"""How the simulator's objects become JSON: one encoder, no null fields."""

from typing import Any

import msgspec

Json = dict[str, Any]
encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder().decode  # raises ValueError; unlike json it lets no lone surrogate in


def present(**fields: Any) -> Json:
    """The fields that have a value: Telegram leaves out what is unset instead of sending null."""
    return {name: value for name, value in fields.items() if value is not None}


def clean(text: str) -> str:
    """Text that UTF-8 can carry: lone surrogates become the replacement character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
