"""An HTTP request to the Bot API becomes a Call (telegram-bot-api: HttpConnection.cpp, Query.cpp)."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from simulator.accounts import Account
from simulator.calls import Call, Upload
from simulator.errors import ApiError, bad_request
from simulator.wire import Json, decode

if TYPE_CHECKING:
    from simulator.world import World

MOST_PARAMETERS = 1 << 20  # bytes of all parameters together
LARGEST_FILE = 50 << 20  # bytes
MOST_FILES = 50
LONGEST_TOKEN = 80
TOO_LARGE = ApiError(413, "Request Entity Too Large")


async def read_call(world: "World", request: web.BaseRequest) -> Call:
    """The call that a request makes. Raises ApiError 401, 404, 413 or 400 before any method is looked at."""
    token, _, method = request.path.removeprefix("/bot").partition("/")
    bot = owner(world, token)
    call = Call(world, bot, method.removeprefix("test/").lower(), dict(request.query))
    if request.body_exists:
        await _read_body(call, request)
    if not call.method:
        call.method = call.text("method").lower()
    return call


def owner(world: "World", token: str) -> Account:
    """The bot with this token; ApiError 401 otherwise."""
    number, colon, _ = token.partition(":")
    if not colon or number.startswith("0") or len(token) > LONGEST_TOKEN:
        raise ApiError(401, "Unauthorized: invalid token specified")
    bot = world.accounts.get(int(number)) if number.isascii() and number.isdigit() else None
    if bot is None or bot.token != token:
        raise ApiError(401, "Unauthorized")
    return bot


async def _read_body(call: Call, request: web.BaseRequest) -> None:
    kind = request.content_type
    if kind.startswith("multipart/"):
        await _read_parts(call, request)
        return
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise TOO_LARGE from None
    if len(body) > MOST_PARAMETERS:
        raise ApiError(413, "Request Entity Too Large: too many parameters")
    call.params.update(parse_body(kind, body))


def parse_body(kind: str, body: bytes) -> Json:
    """The parameters in a body of this content type; ApiError 400 when it cannot be read."""
    if kind == "application/json":
        return _parse_json(body)
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def _parse_json(body: bytes) -> Json:
    try:
        found = decode(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("can't parse JSON object")
    return {name: value for name, value in found.items() if value is not None}


async def _read_parts(call: Call, request: web.BaseRequest) -> None:
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name:
            await _read_part(call, part)


async def _read_part(call: Call, part: BodyPartReader) -> None:
    name = part.name or ""
    data = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        data += chunk
        if len(data) > (LARGEST_FILE if part.filename else MOST_PARAMETERS):
            raise TOO_LARGE
    if part.filename is None:
        call.params[name] = data.decode(errors="replace")
    elif len(call.files) < MOST_FILES:
        call.files[name] = Upload(part.filename, bytes(data))
