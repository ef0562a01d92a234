"""`suara import …`: what was written elsewhere, brought in. Only names, options and help, as in bot.cli."""
# ruff: noqa: PLC0415 - as there: the late imports are what this module is for

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from bot.form_orders import Importing

imports: Final = typer.Typer(help="What was written elsewhere, brought in.", no_args_is_help=True)


@imports.command("forms")
def import_forms(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The spreadsheet (.xlsx), made from the template.")],
    *,
    mandate: Annotated[
        int, typer.Option(help="Number of the facilitator's mandate; `suara roles` lists them.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    report: Annotated[
        Path | None, typer.Option(help="Where numbers and claim codes go (.xlsx or .csv); a new file.")
    ] = None,
) -> None:
    """Bring in paper forms that were typed into the template."""
    from bot.commands import forms as verb

    verb.bring_in(ctx.obj, Importing(file=file, mandate=mandate, dry_run=dry_run, report=report))


@imports.command("meetings")
def import_meetings(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV; storage/data/meetings_18_07.csv shows its columns.")],
) -> None:
    """Call the meetings of a file, or change those that it names again; with a bad row nothing changes."""
    from bot.commands import meetings as verb

    verb.import_file(ctx.obj, file)


@imports.command("sipd")
def import_sipd(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="XLSX or CSV in the shape of `suara export --kind sipd`.")],
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Take it over; without, the difference is only shown.")
    ] = False,
) -> None:
    """Show what the statuses of a file from SIPD would change; with --apply take them over, once."""
    from bot.commands import sipd as verb

    verb.import_file(ctx.obj, file, applying=apply)
