"""How the faults of the rooms become sentences for the person at the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.refusal import Refusal
from bot.settings import Settings
from storage import audit
from storage.actor import RefusalError
from storage.columns import BadKeys, Unreadable
from storage.datafile import DataFileError
from storage.engine import BadDatabase, open_engine


@contextmanager
def told() -> Iterator[None]:
    """Raise what is the installation's or the request's fault as a Refusal; a fault of the program stays as it is."""
    try:
        yield
    except DataFileError as fault:
        raise Refusal(*fault.sentences) from None
    except (BadDatabase, BadKeys, Unreadable, RefusalError) as fault:
        raise Refusal(str(fault)) from None
    except DBAPIError as fault:
        raise Refusal(
            f"The database refused ({type(fault.orig).__name__}): `suara doctor` says more."
        ) from None


def open_database(settings: Settings) -> Engine:
    """The engine that the settings name. Raises BadDatabase or BadKeys."""
    keys = [key.get_secret_value() for key in settings.data_keys]
    engine = open_engine(settings.database_url.get_secret_value(), keys)
    audit.attach(engine)
    return engine
