"""One call of a bot: its parameters as they came, read the way the Bot API server reads them.

The server keeps every argument as text; a JSON body's values arrive as their JSON source. So each
parameter may be a JSON value or a string that holds one. Integers are clamped, never refused.
"""

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.errors import bad_request
from simulator.wire import Json, decode

if TYPE_CHECKING:
    from simulator.accounts import Account
    from simulator.queues import UpdateQueue
    from simulator.world import World

TRUE = frozenset({"true", "yes", "1"})
LEADING_INTEGER = re.compile(r"\s*[+-]?\d+")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file part of a multipart body."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A result with the `description` that a few methods add."""

    result: Any
    description: str


@dataclass(slots=True)
class Call:
    """A method called by a bot with parameters and files."""

    world: "World"
    bot: "Account"
    method: str  # lower case
    params: Json
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def queue(self) -> "UpdateQueue":
        """The caller's update queue."""
        return self.world.queues[self.bot.id]

    def text(self, name: str) -> str:
        """A parameter as text; "" when absent."""
        value = self.params.get(name, "")
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def flag(self, name: str) -> bool:
        """A boolean: true, yes or 1 in any case."""
        return self.text(name).strip().lower() in TRUE

    def integer(self, name: str, default: int = 0, low: int = -(1 << 62), high: int = 1 << 62) -> int:
        """An integer, clamped into its range; what is no number counts as 0, as in the server."""
        raw = self.text(name)
        if not raw:
            return default
        found = LEADING_INTEGER.match(raw)
        return min(max(int(found.group()) if found else 0, low), high)

    def json(self, name: str, complaint: str) -> Any:
        """A JSON parameter, None when absent; ApiError 400 with `complaint` when it cannot be read."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return decode(value)
        except ValueError:
            raise bad_request(complaint) from None

    def listed(self, name: str, complaint: str) -> list[Any]:
        """A JSON array; ApiError 400 with `complaint` when it is something else."""
        value = self.json(name, complaint)
        if not isinstance(value, list):
            raise bad_request(complaint)
        return value

    def logged(self) -> Json:
        """The parameters for the journal, each file as its name and size."""
        if not self.files:
            return self.params
        return self.params | {
            name: {"file": up.name, "size": len(up.data)} for name, up in self.files.items()
        }
