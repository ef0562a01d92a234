"""Telling a fault of the house (disk full, database gone or busy) from a fault of the work itself.

After a fault of the house nothing may be quarantined, dropped or acknowledged: the same work will succeed later.
"""

from __future__ import annotations

import errno
import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE_HOUSE: Final = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)
"""Primary result codes (sqlite.org/rescode.html)."""

_POSTGRES_HOUSE: Final = ("08", "25006", "28", "3D", "40", "53", "55P03", "57", "58", "F0", "XX")
"""SQLSTATE classes and codes: connection, read-only, login, rollback by deadlock, resources, operator, system."""

_SYSTEM_HOUSE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
"""Of the operating system: disk full or failing, no more files or memory. A file that is not there is none of them."""


class LeadLost(Exception):  # noqa: N818 - errors are named by what happened
    """The connection that held this process's roles is gone, and with it the roles: stop, others may have them."""


def house_fault(error: BaseException) -> bool:
    """Whether the house failed, not the work: try the same again later."""
    match error:
        case LeadLost() | PoolTimeout():
            return True
        case DBAPIError(connection_invalidated=True):
            return True
        case DBAPIError(orig=sqlite3.Error() as cause):
            return getattr(cause, "sqlite_errorcode", 0) & 0xFF in _SQLITE_HOUSE
        case OperationalError() | InterfaceError() | DBAPIError():
            state = getattr(error.orig, "sqlstate", None)
            return isinstance(error, OperationalError) if state is None else state.startswith(_POSTGRES_HOUSE)
        case OSError(errno=number):
            return number in _SYSTEM_HOUSE
        case _:
            return False
