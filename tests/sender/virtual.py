"""Time that passes only when everybody waits: an event loop for tests of pace, pauses and retries."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from bot.transport import Upload
from tests.databases import NOON

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    """Never waits; tells the loop how long it would have."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("everybody waits for ever")
        if not ready:
            self.passed += timeout or 0.0
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual.passed


def run(story: Coroutine[Any, Any, T]) -> T:
    """Play a story in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story)


def monotonic() -> float:
    """The running loop's time."""
    return asyncio.get_running_loop().time()


def now() -> datetime:
    """The running loop's time as a moment."""
    return NOON + timedelta(seconds=monotonic())


class Inline:
    """A database whose work is done at once, in the loop's own thread: a thread would take real time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.transactions = 0
        self.faults: list[BaseException] = []

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, or raise the next of `faults`."""
        if self.faults:
            raise self.faults.pop(0)
        self.transactions += 1
        with self._engine.begin() as connection:
            return work(connection)


class Telegram:
    """A transport of scripted answers. A text without a script is sent; a script that nobody asks for is a fault.

    `script[text]` lists what the calls with this text get, one after the other: an error, or seconds to wait
    before the answer. After these, calls succeed, and messages hold what `also` says.
    """

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.script: dict[str, list[BaseException | float]] = {}
        self.calls: list[tuple[float, str, Mapping[str, Any]]] = []
        self.files: list[Mapping[str, Upload] | None] = []
        self.also: Mapping[str, Any] = {}
        self.most_at_once = 0
        self.called = asyncio.Event()
        self._flying: list[object] = []

    async def call(
        self, method: str, params: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> Any:
        """Answer as scripted. Raises AssertionError on two calls to one chat at once."""
        chat = params.get("chat_id")
        assert chat is None or chat not in self._flying, f"two calls in flight to {chat}"
        self.calls.append((monotonic(), method, params))
        self.files.append(files)
        self.called.set()
        self._flying.append(chat)
        self.most_at_once = max(self.most_at_once, len(self._flying))
        try:
            return await self._answer(params)
        finally:
            self._flying.remove(chat)

    async def _answer(self, params: Mapping[str, Any]) -> Any:
        planned = self.script.get(str(params.get("text")), [])
        match planned.pop(0) if planned else self.latency:
            case BaseException() as fault:
                await asyncio.sleep(self.latency)
                raise fault
            case seconds:
                await asyncio.sleep(float(seconds))
                return {"message_id": len(self.calls), **self.also} if "text" in params else True

    def texts(self) -> list[str]:
        """The texts in the order of their calls."""
        return [str(params.get("text")) for _, _, params in self.calls]

    def times(self, text: str) -> list[float]:
        """When calls with this text began."""
        return [at for at, _, params in self.calls if params.get("text") == text]

    def check(self) -> None:
        """Raise AssertionError when something scripted was never asked for."""
        left = {text: planned for text, planned in self.script.items() if planned}
        assert not left, f"never asked for: {left}"
