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

from bot.cli_imports import imports
from bot.decision import Decision
from bot.form_orders import Printing
from bot.invitation import Wish
from bot.refusal import Refusal
from bot.tally import By, Tally
from conversations.figure import Choice, FileKind

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
app.add_typer(imports, name="import")

audit: Final = typer.Typer(help="The record of what the staff did.", no_args_is_help=True)
app.add_typer(audit, name="audit")


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
def invite(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    role: Annotated[
        str,
        typer.Option(
            help="facilitator, transcriber, interpreter, safeguard; of the staff: village, kecamatan, agency, bappeda,"
            " administrator."
        ),
    ],
    region: Annotated[
        list[str], typer.Option(help="Code of a kecamatan, desa or the kabupaten; again for more.")
    ],
    agency: Annotated[
        list[str] | None,
        typer.Option(help="Of an agency: code of a bidang urusan, such as 1.03; again for more."),
    ] = None,
    forum: Annotated[bool, typer.Option("--forum", help="The facilitator speaks for a Forum Anak.")] = False,
    days: Annotated[int, typer.Option(min=1, max=90, help="How long the link can be used.")] = 14,
    note: Annotated[str, typer.Option(help="Who it is for, as `suara roles` will list it.")] = "",
    png: Annotated[Path | None, typer.Option(help="Write the QR code to this file, too.")] = None,
) -> None:
    """Make a one-time link that gives somebody a role."""
    from bot.commands import invite as verb

    wish = Wish(
        role=role,
        regions=tuple(region),
        agencies=tuple(agency or ()),
        forum=forum,
        days=days,
        note=note,
        png=png,
    )
    verb.invite(ctx.obj, wish)


@app.command()
def roles(ctx: typer.Context) -> None:
    """List who has which role, and the open invitations."""
    from bot.commands import roles as verb

    verb.roles(ctx.obj)


@app.command()
def staff(ctx: typer.Context) -> None:
    """List the staff: roles, places, open cards, and the open invitations."""
    from bot.commands import roles as verb

    verb.staff(ctx.obj)


@app.command()
def revoke(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(help="Of a mandate, as `suara roles` lists it.")],
    *,
    invitation: Annotated[
        bool, typer.Option("--invitation", help="It is the number of an invitation.")
    ] = False,
) -> None:
    """End somebody's role, or make an unused link dead."""
    from bot.commands import revoke as verb

    verb.revoke(ctx.obj, number, invitation=invitation)


@app.command()
def handover(
    ctx: typer.Context,
    *,
    giver: Annotated[int, typer.Option("--from", help="The mandate whose people get another facilitator.")],
    taker: Annotated[int, typer.Option("--to", help="The mandate of that facilitator.")],
) -> None:
    """Give one facilitator's people to another."""
    from bot.commands import handover as verb

    verb.handover(ctx.obj, giver, taker)


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


@audit.command("verify")
def verify_audit(
    ctx: typer.Context,
    *,
    head: Annotated[
        Path | None, typer.Option(help="The file of daily heads, kept elsewhere: it shows a cut tail, too.")
    ] = None,
) -> None:
    """Say whether the record is whole, or which row is the first that is broken."""
    from bot.commands import audit as verb

    verb.verify(ctx.obj, head)


@app.command()
def export(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where it goes; one that is there is replaced.")],
    *,
    kind: Annotated[
        FileKind, typer.Option(help="xlsx, csv (for Excel), csv_plain, or sipd (unofficial).")
    ] = ("xlsx"),
    region: Annotated[str, typer.Option(help="A kecamatan or desa, by code. Without: the kabupaten.")] = "",
    names: Annotated[bool, typer.Option("--names", help="With names; needs --reason.")] = False,
    reason: Annotated[str, typer.Option(help="What the names are needed for; it is recorded.")] = "",
) -> None:
    """Write what residents said to a file, without names unless there is a reason."""
    from bot.commands import export as verb

    verb.export(ctx.obj, file, Choice(file=kind, identified=names, reason=reason), region)


@app.command()
def recordings(
    ctx: typer.Context,
    *,
    locale: Annotated[str, typer.Option(help="This language alone, for example id@mudah.")] = "",
    missing: Annotated[
        bool,
        typer.Option("--missing", help="List every text that may be recorded, with the name of its file."),
    ] = False,
    mark: Annotated[
        bool, typer.Option("--mark", help="Note that the files in RECORDINGS_DIR say the texts of today.")
    ] = False,
) -> None:
    """Say which texts people have recorded, and which recordings are stale."""
    from bot.commands import recordings as verb

    verb.recordings(ctx.obj, locale, mark=mark, missing=missing)


@app.command()
def rotate(ctx: typer.Context) -> None:
    """Encrypt everything anew with the first key of DATA_KEYS, while the bot runs."""
    from bot.commands import rotate as verb

    verb.rotate(ctx.obj)


@app.command()
def count(  # noqa: PLR0913 - each is an option of the command
    ctx: typer.Context,
    *,
    group: Annotated[
        list[str] | None, typer.Option(help="People of this group; several: any of them.")
    ] = None,
    need: Annotated[
        list[str] | None, typer.Option(help="People who need this; several: any of them.")
    ] = None,
    region: Annotated[str, typer.Option(help="In this kecamatan or village, by code.")] = "",
    language: Annotated[str, typer.Option(help="In this language: id, id@mudah or en.")] = "",
    by: Annotated[By | None, typer.Option(help="A figure for each kecamatan or desa.")] = None,
) -> None:
    """Count people by their own groups and needs; no figure points to a person."""
    from bot.commands import count as verb

    groups, needs = tuple(group or ()), tuple(need or ())
    verb.count(ctx.obj, Tally(groups=groups, needs=needs, region=region, language=language, by=by))


@app.command()
def forget(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(help="The ticket, for example 482-913-8.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, without names; it stays in the history.")],
    year: Annotated[
        int | None, typer.Option(help="Planning year, when two aspirations have this number.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it: it cannot be undone.")] = False,
) -> None:
    """Erase somebody who was spoken for and has no phone, because they asked for it."""
    from bot.commands import forget as verb

    verb.forget(ctx.obj, number, year, reason, sure=yes)


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
