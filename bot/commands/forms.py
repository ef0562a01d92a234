"""`suara forms` and `suara import forms`: paper forms, printed and typed."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.form_orders import Importing, Printing
from bot.paper import import_forms, print_forms
from bot.settings import load


def make(file: Path, printing: Printing) -> None:
    """Print forms, or write the template of the spreadsheet. Raises Refusal."""
    settings = load(file)
    logs.configure(settings.log_format)
    sys.stdout.write(print_forms(settings, printing) + "\n")


def bring_in(file: Path, importing: Importing) -> None:
    """Import typed forms and say what came of it. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    sys.stdout.write(import_forms(settings, importing) + "\n")
