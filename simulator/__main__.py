"""`python -m simulator`: a Telegram on your desk."""

import argparse
import asyncio
import signal
import sqlite3
import sys
import time
from datetime import datetime
from pathlib import Path

from simulator.clock import Clock
from simulator.server import Simulator

DEMO_TOKEN = "1000000001:" + "A" * 35
ABOUT = """A Telegram on your desk: a Bot API server with a chat page, a virtual clock and scripted faults.
Point a bot at http://LISTEN and open the same address in a browser. See docs/simulator.md."""


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser("python -m simulator", description=ABOUT)
    parser.add_argument(
        "--listen", default="127.0.0.1:8081", metavar="HOST:PORT", help="default: %(default)s"
    )
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name by which the chat page may be opened, for another --listen than this computer's",
    )
    parser.add_argument(
        "--state", type=Path, metavar="DIR", help="keep everything here; without it nothing is kept"
    )
    parser.add_argument(
        "--token",
        action="append",
        metavar="TOKEN",
        help=f"a bot's token; may be repeated (default: {DEMO_TOKEN})",
    )
    parser.add_argument(
        "--begin",
        type=moment,
        metavar="WHEN",
        help="the virtual time at which a new state begins, as 2026-01-12T09:00:00+07:00 (default: now)",
    )
    parser.add_argument(
        "--limits", action="store_true", help="enforce Telegram's flood limits from the start"
    )
    parser.add_argument(
        "--strict", action="store_true", help="refuse webhooks that api.telegram.org would refuse"
    )
    return parser


def moment(text: str) -> datetime:
    """A moment with its zone. Raises ValueError for anything else."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("--begin needs a zone, as in 2026-01-12T09:00:00+07:00.")
    return at


def address(listen: str) -> tuple[str, int]:
    """Host and port; ValueError with one sentence when it is something else."""
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - the last TCP port
        raise ValueError(f"--listen needs HOST:PORT, as in 127.0.0.1:8081; '{listen}' is not.")
    return host or "127.0.0.1", int(port)


async def serve(options: argparse.Namespace) -> None:
    """Serves until SIGINT or SIGTERM."""
    listen = address(options.listen)
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    clock = Clock(offset=options.begin.timestamp() - time.time()) if options.begin else None
    tokens = options.token or [DEMO_TOKEN]
    async with Simulator(tokens=tokens, state=options.state, clock=clock, listen=listen) as sim:
        sim.hosts.update(name.lower() for name in options.host)
        sim.world.strict = options.strict
        if options.limits:
            sim.world.limits.change({"enforce": True})
        print(f"The simulator listens on {sim.url}", flush=True)  # noqa: T201 - this is a command
        await stopped.wait()


def main(argv: list[str] | None = None) -> int:
    """The exit code: 0 after a stop, 1 with one sentence when it cannot start, 2 for a wrong command line."""
    options = arguments().parse_args(argv)
    try:
        asyncio.run(serve(options))
    except ValueError as problem:
        return complain(str(problem))
    except sqlite3.Error as problem:
        return complain(
            f"The state in {options.state} cannot be used: {problem}. Is another simulator using it?"
        )
    except OSError as problem:
        return complain(trouble(options, problem))
    return 0


def trouble(options: argparse.Namespace, problem: OSError) -> str:
    """One sentence about what the system refused."""
    if problem.filename is not None:
        return f"The state directory {options.state} cannot be written: {problem.strerror}. Choose another --state."
    return f"Cannot listen on {options.listen}: is it in use already? Choose another --listen. ({problem.strerror})"


def complain(sentence: str) -> int:
    """Says it on the error stream."""
    print(sentence, file=sys.stderr)  # noqa: T201 - this is a command
    return 1


if __name__ == "__main__":
    sys.exit(main())
