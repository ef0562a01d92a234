"""`suara key`: make a secret."""

from __future__ import annotations

import secrets
import sys

from cryptography.fernet import Fernet


def key(*, webhook: bool = False) -> None:
    """Print a new key for DATA_KEYS, or a secret for WEBHOOK_SECRET; on a terminal also say where it goes."""
    sys.stdout.write((secrets.token_urlsafe(32) if webhook else Fernet.generate_key().decode("ascii")) + "\n")
    if sys.stdout.isatty():
        sys.stderr.write(_ADVICE_WEBHOOK if webhook else _ADVICE_DATA)


_ADVICE_WEBHOOK = "Put it into .env as WEBHOOK_SECRET.\n"
_ADVICE_DATA = (
    "Put it into .env as DATA_KEYS, and keep a copy apart from the backups: without it nobody can read the\n"
    "stored names again. To change keys, put the new one first: DATA_KEYS=new,old\n"
)
