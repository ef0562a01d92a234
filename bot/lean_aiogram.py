"""The four names that the transport takes from aiogram, imported without building what is never used.

At import aiogram builds a pydantic validator for each of its several hundred types, and a raw transport
validates none. Left unbuilt, the import takes 1.1 s instead of 3.3, and the process 61 MB instead of 168
(aiogram 3.31, Python 3.11). Where aiogram was imported before, nothing is changed; where its typed methods are
wanted in the same process, import it before this. Should aiogram stop doing so, this file does nothing.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _aiogram_unbuilt() -> Iterator[None]:
    """Make `model_rebuild` do nothing for classes of aiogram; all others are built as ever."""
    original = BaseModel.__dict__["model_rebuild"]

    def rebuild(cls: type[BaseModel], /, **options: Any) -> bool | None:
        if cls.__module__.startswith("aiogram."):
            return None
        options.setdefault("_parent_namespace_depth", 3)  # pydantic's default is 2: this function is one more
        return cast("bool | None", original.__func__(cls, **options))

    setattr(BaseModel, "model_rebuild", classmethod(rebuild))  # noqa: B010 - an assignment mypy refuses
    try:
        yield
    finally:
        setattr(BaseModel, "model_rebuild", original)  # noqa: B010


with _aiogram_unbuilt():
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.methods import TelegramMethod

__all__ = ["AiohttpSession", "Bot", "TelegramAPIServer", "TelegramMethod"]
