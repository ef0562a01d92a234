"""Two independent clients under one small face, so that each rule is proved with both."""

from collections.abc import Awaitable
from typing import Any

from aiogram import Bot as AiogramBot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import BufferedInputFile
from aiogram.types import InlineKeyboardMarkup as AiogramMarkup
from telegram import Bot as PtbBot
from telegram import InlineKeyboardMarkup as PtbMarkup
from telegram import InputFile
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

ERRORS = (AiogramError, TelegramError)


class Client:
    """Calls by the Bot API's own names in snake case, which both libraries share: `client.send_message(…)`."""

    bot: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bot, name)

    async def refused(self, call: Awaitable[object]) -> str:
        """The words with which the server refused the call, in lower case and without their prefix."""
        try:
            await call
        except ERRORS as problem:
            return self.words(problem)
        raise AssertionError("the call was not refused")

    def words(self, problem: Exception) -> str:
        """The server's words in an exception."""
        raise NotImplementedError

    def kind(self, problem: Exception) -> str:
        """What both libraries call an error, in one word."""
        if isinstance(problem, TelegramRetryAfter | RetryAfter):
            return "retry"
        return type(problem).__name__.removeprefix("Telegram").removesuffix("Error")

    def file(self, data: bytes, name: str) -> object:
        """An upload."""
        raise NotImplementedError

    def inline(self, rows: list[list[dict[str, Any]]]) -> object:
        """An inline keyboard from the buttons' own fields."""
        raise NotImplementedError

    async def download(self, file_id: str) -> bytes:
        """GetFile and the file itself."""
        raise NotImplementedError

    async def close(self) -> None:
        """Ends the connection."""
        raise NotImplementedError


class Aiogram(Client):
    """aiogram: form posts, uploads as attach://."""

    def __init__(self, token: str, url: str) -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        self.bot = AiogramBot(token, session=session)

    def words(self, problem: Exception) -> str:
        text = str(getattr(problem, "message", problem))
        return text.removeprefix("Bad Request: ").removeprefix("Forbidden: ").lower()

    def file(self, data: bytes, name: str) -> object:
        return BufferedInputFile(data, name)

    def inline(self, rows: list[list[dict[str, Any]]]) -> object:
        return AiogramMarkup.model_validate({"inline_keyboard": rows})

    async def download(self, file_id: str) -> bytes:
        found = await self.bot.download(file_id)
        return bytes(found.read())

    async def close(self) -> None:
        await self.bot.session.close()


class Ptb(Client):
    """python-telegram-bot: uploads as a part of the parameter's own name."""

    def __init__(self, token: str, url: str) -> None:
        self._requests = [HTTPXRequest(read_timeout=10, httpx_kwargs={"trust_env": False}) for _ in range(2)]
        polling, other = self._requests
        self.bot = PtbBot(
            token,
            base_url=f"{url}/bot",
            base_file_url=f"{url}/file/bot",
            request=other,
            get_updates_request=polling,
        )

    def words(self, problem: Exception) -> str:
        return str(problem).removeprefix("Forbidden: ").lower()

    def file(self, data: bytes, name: str) -> object:
        return InputFile(data, name)

    def inline(self, rows: list[list[dict[str, Any]]]) -> object:
        return PtbMarkup.de_json({"inline_keyboard": rows}, self.bot)

    async def download(self, file_id: str) -> bytes:
        file = await self.bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())

    async def close(self) -> None:
        for request in self._requests:
            await request.shutdown()


CLIENTS: dict[str, type[Aiogram | Ptb]] = {"aiogram": Aiogram, "ptb": Ptb}
