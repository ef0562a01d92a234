"""An errand worker in a process of its own, so that no turn waits for slow work (design: errands)."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.settings import Settings

GRACE: Final = 10.0
"""Seconds that the worker has to put down what it is doing; an errand that is cut off is done again."""


@asynccontextmanager
async def working_beside(
    settings: Settings, work: Callable[[Settings], None], ended: Callable[[], None]
) -> AsyncIterator[None]:
    """Run `work` in a process of its own while the block runs; it ends with this process, however that ends.

    `ended` is called when it ends by itself: without it no voice is fetched any more, and nobody would notice.
    """
    process = multiprocessing.get_context("spawn").Process(target=work, args=(settings,), daemon=True)
    process.start()
    loop, sentinel = asyncio.get_running_loop(), process.sentinel

    def gone() -> None:
        loop.remove_reader(sentinel)
        ended()

    loop.add_reader(sentinel, gone)
    try:
        yield
    finally:
        loop.remove_reader(sentinel)
        process.terminate()
        await asyncio.to_thread(process.join, GRACE)
        process.kill()


def outlive_nobody() -> None:
    """Stop this process when its parent is gone, even if that was killed without a word."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
