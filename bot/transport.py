"""What the bot asks of a Telegram client: one small protocol, its values and its errors.

Two libraries are adapted to it, `bot.aiogram_transport` and `bot.ptb_transport`; `open_transport` imports the
chosen one only when it is called, so that commands which never speak to Telegram load neither. What a refusal
of the server means to us is read here, from the server's own words, once for both.
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, assert_never

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The update types that the bot reads. Always sent: the server remembers the last list it was given."""

DEFAULT_RETRY_SECONDS: Final = 5
"""Waited after a 429 that names no time; the Bot API server itself asks for 5 s on a restart."""

MAX_PER_POLL: Final = 100
"""Updates in one answer of getUpdates, the server's own limit."""

CHUNK_BYTES: Final = 64 * 1024
TOKEN: Final = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,80}", re.ASCII)


class TransportError(Exception):
    """A call of the Bot API that gave no result. Never carries the token or an address that contains it."""


class Unreachable(TransportError):  # noqa: N818 - errors are named by what happened, as everywhere in the bot
    """No connection was made (refused, no such host, TLS, no free connection): surely nothing was sent."""


class Unknown(TransportError):  # noqa: N818 - see Unreachable
    """The call may or may not have happened.

    Raised once a connection stood and no readable answer came back: read timeout, reset, server gone, or a body
    that is not the Bot API's JSON (nginx's HTML 502 and 504 say nothing about what happened behind it). The
    Bot API has no idempotency key, so a repetition may show a message twice.
    """


class Answered(TransportError):  # noqa: N818 - see Unreachable
    """The server answered readably and did not do it. `code` as in HTTP; `description` in the server's words."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description


class Refused(Answered):
    """Refused for good: the same call would be refused again. Any refusal without a class of its own."""


class RetryAfter(Answered):
    """429, flood control: nothing of the kind before `seconds` have passed. Whether it is one chat or all is not said."""

    def __init__(self, code: int, description: str, seconds: float = DEFAULT_RETRY_SECONDS) -> None:
        super().__init__(code, description)
        self.seconds = max(0.0, float(seconds))


class MigratedTo(Answered):
    """The group became a supergroup: the same call must go to `chat_id`."""

    def __init__(self, code: int, description: str, chat_id: int) -> None:
        super().__init__(code, description)
        self.chat_id = chat_id


class Blocked(Answered):
    """403: this chat cannot be written to until somebody lets the bot in (blocked, kicked, never started)."""


class Deactivated(Answered):
    """403: the person's Telegram account was deleted."""


class ChatNotFound(Answered):
    """400: the server knows no such chat."""


class TooBig(Answered):
    """A file or a request is above a limit: the server's (413, 20 MiB for getFile) or the caller's own."""


class Unauthorized(Answered):
    """The token is wrong, malformed or revoked (401, 421, or the bare 404 that nginx gives to a malformed one)."""


class Conflict(Answered):
    """409: another process polls with this token, or a webhook is set."""


class ServerFault(Answered):
    """5xx with a readable body: the server says that it did not do it. May be tried again."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. `read` stays at 20 or more with the real server, which absorbs flood waits of 8 s as latency."""

    connect: float = 5.0
    read: float = 25.0
    transfer: float = 120.0
    """For a call with a file, or a download."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file to send: `content` in bytes and the `filename` that people will see."""

    content: bytes
    filename: str


class Transport(Protocol):
    """A connection to the Bot API with one token. Every method raises only `TransportError`s."""

    async def receive(
        self,
        offset: int,
        *,
        timeout: int,  # noqa: ASYNC109 - Telegram's parameter
        limit: int = MAX_PER_POLL,
    ) -> list[dict[str, Any]]:
        """Wait up to `timeout` seconds for updates from `offset` on; they come as raw JSON, at most `limit`.

        Everything below `offset` is forgotten by the server as soon as the call arrives.
        """
        ...

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        """Call any method and return its raw `result`. A parameter that is None is left out, no other is.

        `files` are parts by name: the name of the parameter itself, or one that a parameter names as
        `attach://name` (Bot API, "Sending files").
        """
        ...

    async def download(self, file_id: str, path: Path, *, limit: int) -> int:
        """Write the file to `path` and return its size; above `limit` bytes raise TooBig. A failure leaves no file."""
        ...

    async def close(self) -> None:
        """Close every connection. The transport cannot be used afterwards."""
        ...


def open_transport(
    library: Literal["aiogram", "ptb"],
    token: str,
    api_url: str,
    *,
    timeouts: Timeouts | None = None,
    connections: int = 100,
) -> Transport:
    """Open the transport of the chosen library on the server at `api_url`; nothing is sent yet.

    Raises Unauthorized when the token is not even of a token's form.
    """
    if not TOKEN.fullmatch(token):
        raise Unauthorized(401, "Unauthorized: the token is not of the form 123456789:letters-and-digits")
    limits, base = timeouts or Timeouts(), api_url.rstrip("/")
    match library:
        case "aiogram":
            from bot.aiogram_transport import AiogramTransport  # noqa: PLC0415 - loads aiogram, more than a second

            return AiogramTransport(token, base, limits, connections)
        case "ptb":
            from bot.ptb_transport import PtbTransport  # noqa: PLC0415 - loads python-telegram-bot

            return PtbTransport(token, base, limits, connections)
        case _:
            assert_never(library)


def read_answer(body: bytes) -> Any:
    """Return the `result` in an answer of the Bot API, or raise what it refuses with.

    Lenient where a single update could otherwise spoil a whole poll: bytes that are not UTF-8 are replaced,
    lone surrogates pass. Raises Unknown when it is no answer of the Bot API at all.
    """
    try:
        answer = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Unknown("the answer is not JSON") from None
    match answer:
        case {"ok": True, "result": result}:
            return result
        case {"ok": False, "error_code": int(code), **rest}:
            raise refusal(code, str(rest.get("description", "")), rest.get("parameters"))
        case _:
            raise Unknown("the answer is not one of the Bot API")


def refusal(code: int, description: str, parameters: object = None) -> Answered:
    """Return our error for a refusal, judged by its code, parameters and the server's wording."""
    match parameters:
        case {"retry_after": int() | float() as seconds}:
            return RetryAfter(code, description, seconds)
        case {"migrate_to_chat_id": int(chat_id)}:
            return MigratedTo(code, description, chat_id)
        case _:
            return _kind(code, description.lower())(code, description)


def _kind(code: int, words: str) -> type[Answered]:
    match code:
        case 400 | 403:
            return next((kind for part, kind in _BY_WORDS if part in words), Refused)
        case 404 if words == "not found":
            return Unauthorized
        case _:
            return _BY_CODE.get(code, ServerFault if code >= 500 else Refused)  # noqa: PLR2004 - HTTP


_BY_CODE: Final[Mapping[int, type[Answered]]] = {
    401: Unauthorized,
    409: Conflict,
    413: TooBig,
    421: Unauthorized,
    429: RetryAfter,
    501: Refused,  # the simulator's "not implemented": no second try would help
}

_BY_WORDS: Final[tuple[tuple[str, type[Answered]], ...]] = (
    ("chat not found", ChatNotFound),
    ("file is too big", TooBig),
    ("user is deactivated", Deactivated),
    ("bot was blocked", Blocked),
    ("bot was kicked", Blocked),
    ("bot is not a member", Blocked),
    ("can't initiate conversation", Blocked),
    ("group chat was deleted", Blocked),
    ("can't send messages to", Blocked),
)
"""In the wording of the open Bot API server 10.0; any other 400 or 403 is Refused, with its words kept."""


def updates_in(result: object) -> list[dict[str, Any]]:
    """Return the result of getUpdates if it is a list; each member is still to be judged by itself."""
    if isinstance(result, list):
        return result
    raise Unknown("the answer of getUpdates is not a list")


def place_of(result: object, limit: int) -> str:
    """Return the file_path in a result of getFile; TooBig when the size it names is above `limit` bytes."""
    match result:
        case {"file_size": int(size)} if size > limit:
            raise _too_big(limit)
        case {"file_path": str(place)}:
            return place
        case _:
            raise Refused(400, "Bad Request: the server offers no download of this file")


async def save(chunks: AsyncGenerator[bytes, None], path: Path, limit: int) -> int:
    """Write the chunks to `path` as they come and return the bytes written; TooBig above `limit` bytes."""
    written = 0
    with _file_or_nothing(path) as file:
        async with aclosing(chunks):
            async for chunk in chunks:
                written += len(chunk)
                if written > limit:
                    raise _too_big(limit)
                file.write(chunk)  # at most 64 KiB into the page cache: not worth a thread
    return written


def _too_big(limit: int) -> TooBig:
    return TooBig(413, f"the file has more than {limit} bytes")


@contextmanager
def _file_or_nothing(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def silence(*loggers: str) -> None:
    """Let these libraries' loggers speak from WARNING on: below, they print addresses that contain the token."""
    for name in loggers:
        logging.getLogger(name).setLevel(logging.WARNING)
