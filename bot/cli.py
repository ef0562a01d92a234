"""The command line: `suara` and its verbs.

Only names, options and help stand here; each verb's body is a module of `bot.commands`, imported when the verb
is used, so that `suara --help` loads no client library, no database and no settings.
"""
# ruff: noqa: PLC0415 - see above: the late imports are what this module is for

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.decision import Decision
from bot.form_orders import Importing, Printing
from bot.refusal import Refusal

app: Final = typer.Typer(
    name="suara",
    help="Suara: residents say on Telegram what their village needs, and hear what became of it.",
    epilog="Leaves with 0 when it is done, 1 when it refuses (and says why), 2 when the command is not understood.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # they print variables, which may hold what residents wrote
    add_completion=False,
)
regions: Final = typer.Typer(help="The kecamatan and desa that residents choose from.", no_args_is_help=True)
app.add_typer(regions, name="regions")
imports: Final = typer.Typer(help="What was written elsewhere, brought in.", no_args_is_help=True)
app.add_typer(imports, name="import")


@app.callback()
def _choose_settings(
    ctx: typer.Context,
    settings: Annotated[Path, typer.Option(help="The file of settings; .env.example lists them all.")] = Path(
        ".env"
    ),
) -> None:
    ctx.obj = settings


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65_500, help="Where the page is shown; taken: the next free.")
    ] = 8081,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path("var/demo"),
) -> None:
    """Play with the bot in a browser, without a token or network."""
    from bot.commands import demo as verb

    verb.demo(folder, port)


@app.command()
def run(ctx: typer.Context) -> None:
    """Run the whole bot: all four roles below in one."""
    _run(ctx, "receive", "send", "clock", "work")


@app.command()
def receive(ctx: typer.Context) -> None:
    """One role: receive messages and answer them."""
    _run(ctx, "receive")


@app.command()
def send(ctx: typer.Context) -> None:
    """One role: send what is waiting."""
    _run(ctx, "send")


@app.command()
def clock(ctx: typer.Context) -> None:
    """One role: do what falls due."""
    _run(ctx, "clock")


@app.command()
def work(ctx: typer.Context) -> None:
    """One role: slow errands, such as fetching a voice."""
    _run(ctx, "work")


@app.command()
def chat(
    ctx: typer.Context,
    save: Annotated[
        Path | None, typer.Option(help="Write the conversation to this file, as a dialogue.")
    ] = None,
) -> None:
    """Talk with the bot here in the console."""
    from bot.commands import chat as verb

    verb.chat(ctx.obj, save)


@app.command()
def migrate(ctx: typer.Context) -> None:
    """Make the database, or bring it to this version."""
    from bot.commands import migrate as verb

    verb.migrate(ctx.obj)


@app.command()
def doctor(ctx: typer.Context) -> None:
    """Say what is wrong with this installation."""
    from bot.commands import doctor as verb

    verb.doctor(ctx.obj)


@app.command()
def key(
    *,
    webhook: Annotated[
        bool, typer.Option("--webhook", help="Make a WEBHOOK_SECRET instead of a key.")
    ] = False,
) -> None:
    """Print a new key for DATA_KEYS."""
    from bot.commands import key as verb

    verb.key(webhook=webhook)


@app.command()
def decide(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help="The ticket, for example 482-913-8.")],
    *,
    stage: Annotated[str, typer.Option(help="How far it has come.")],
    decision: Annotated[str, typer.Option(help="What was decided there.")],
    reason: Annotated[str, typer.Option(help="Code of the reason; needed when the answer is no.")] = "",
    note: Annotated[str, typer.Option(help="The reason in plain words, as the resident will read it.")] = "",
    office: Annotated[str, typer.Option(help="Which office decided.")] = "",
    year: Annotated[
        int | None, typer.Option(help="Planning year, when two aspirations have this number.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Tell the resident at once, without NOTICE_DELAY.")
    ] = False,
) -> None:
    """Decide about an aspiration and tell its author."""
    from bot.commands import decide as verb

    verb.decide(ctx.obj, Decision(number, stage, decision, reason, note, office, year, now))


@app.command()
def forms(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    kecamatan: Annotated[str, typer.Option(help="For one kecamatan, by code, for example 18.07.01.")] = "",
    first: Annotated[int, typer.Option("--from", min=1, help="The number to begin with.")] = 1,
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many forms.")] = 50,
    pdf: Annotated[Path | None, typer.Option(help="Write the forms here, to print.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the forms here, to print or for a screen reader.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Write the spreadsheet here (.xlsx) in which filled forms are typed.")
    ] = None,
) -> None:
    """Print numbered paper forms, or the spreadsheet to type them in."""
    from bot.commands import forms as verb

    order = Printing(kecamatan=kecamatan, first=first, count=count, pdf=pdf, html=html, template=template)
    verb.make(ctx.obj, order)


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


@regions.command("import")
def import_regions(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help="CSV: kode,nama,jenis. Without one: what Suara ships.")
    ] = None,
) -> None:
    """Load kecamatan and desa from a file; with a bad line nothing changes."""
    from bot.commands import regions as verb

    verb.import_file(ctx.obj, file)


def main() -> None:
    """Run the program and leave with 0, 1 or 2."""
    try:
        app()
    except Refusal as refusal:
        sys.stderr.write("".join(f"{sentence}\n" for sentence in refusal.sentences))
        sys.exit(1)


def _run(ctx: typer.Context, *roles: str) -> None:
    from bot.commands import run as verb

    verb.run(ctx.obj, frozenset(roles))
