"""The command: a thin skin over the library.

It turns words into arguments, errors into one sentence on standard error and an exit code, and knows nothing else. A
person at a terminal sees progress; a scheduler sees silence and one line at the end.
"""

import json
import logging
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

import auditanalytics
from auditanalytics.command_options import FRAMEWORK, QUARTER, YEAR, returns
from auditanalytics.errors import ArgumentError, AuditAnalyticsError, VerificationError, describe_error
from auditanalytics.run_settings import GIGABYTE, READABLE_BY, Limits, Publishing

_SETTING = re.compile(r"([a-z_][a-z0-9_]*)=([^\r\n]*)")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="auditanalytics")
def commands() -> None:
    """From children's social-care audit returns to quarterly charts and learning briefs."""


@commands.command()
@returns(required=False)
@FRAMEWORK
@QUARTER
@click.option("--out", default="reports", show_default=True, metavar="DIR", help="The folder that holds reports.")
@YEAR
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="How many notebooks to run at once.")
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=Limits.cell_seconds,
    show_default=True,
    metavar="SECONDS",
    help="How long one cell may take.",
)
@click.option(
    "--total-timeout",
    type=click.IntRange(1),
    default=Limits.total_seconds,
    show_default=True,
    metavar="SECONDS",
    help="How long all pages may take together.",
)
@click.option(
    "--memory",
    type=click.IntRange(1),
    default=Limits.memory // GIGABYTE,
    show_default=True,
    metavar="GB",
    help="How much memory each notebook may take.",
)
@click.option(
    "--keep",
    type=click.IntRange(0),
    default=Publishing.keep,
    show_default=True,
    metavar="N",
    help="How many replaced reports of a quarter are kept.",
)
@click.option("--keep-days", type=click.IntRange(0), metavar="DAYS", help="How long they are kept at most.")
@click.option(
    "--readable-by",
    default=Publishing.readable_by,
    show_default=True,
    metavar="|".join(READABLE_BY),
    help="Who may read what is published.",
)
@click.option("--force", is_flag=True, help="Make the report also where the same has been published already.")
@click.option(
    "--audience",
    default="internal",
    show_default=True,
    metavar="internal|shared",
    help="Whom it is for: in a shared report small numbers are hidden.",
)
@click.option("--notebooks", metavar="DIR", help="The folder of the notebooks, if not those of the library.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of the notebooks.")
def report(
    paths: list[Any],
    settings: tuple[str, ...],
    timeout: int,
    total_timeout: int,
    memory: int,
    keep: int,
    keep_days: int | None,
    readable_by: str,
    **options: Any,
) -> None:
    """Publish the report of a quarter.

    PATH is a file or a folder of audit returns (.csv, .tsv, .xlsx, .ods, .parquet, .docx), or with --query the URL
    of a database; without one the example returns are reported.
    """
    published = auditanalytics.make_report(
        paths,
        settings=_split_settings(settings),
        limits=Limits(timeout, total_timeout, memory * GIGABYTE),
        publishing=Publishing(keep, keep_days, readable_by),
        progress=_show_progress,
        **options,
    )
    page, pages = published.folder / "index.html", f"{len(published.pages)} pages from {published.audits} audits"
    if not published.is_new:
        click.echo(f"Already published {page}: {published.period}, {pages}; nothing was written.")
        return
    click.echo(f"Published {page}: {published.period}, {pages}.")
    if published.is_beside:
        meant = published.folder.with_name(published.quarter)
        click.echo(f"It stands under this name because {meant} is open in another program; that one is as it was.")
    if published.hidden:
        click.echo(
            f"Numbers hidden: {published.hidden}, {published.hidden_to_protect} of them to protect the small ones."
        )
    if published.to_mend:
        shared = options["audience"] != "internal"
        problems = "what check finds" if shared else published.folder / "tables" / "problems.csv"
        click.echo(f"Audits rejected: {published.rejected}. Things to mend: {published.to_mend}, listed in {problems}.")


@commands.command()
@returns(required=False)
@click.option("--kind", required=True, metavar="KIND", help="monthly, themed, quarterly or annual.")
@click.option("--period", default="latest", show_default=True, metavar="P", help="2019-05, 2019-Q2 or 2019, or latest.")
@click.option("--theme", default="", metavar="T", help="The theme of a themed brief, by its id or title.")
@click.option("--out", required=True, multiple=True, metavar="FILE", help="FILE.docx, .pdf or .html; may be repeated.")
@FRAMEWORK
@YEAR
@click.option("--reports", default="reports", show_default=True, metavar="DIR", help="The folder of earlier reports.")
@click.option("--template", metavar="FILE", help="A template of your own: .docx for Word, .html or .j2 for a web page.")
def brief(paths: list[Any], out: tuple[str, ...], **options: Any) -> None:
    """Write a learning brief.

    PATH is a file or a folder of audit returns (.csv, .tsv, .xlsx, .ods, .parquet, .docx), or with --query the URL
    of a database; without one the brief is of the example returns. The same brief can be written as several files at
    once.
    """
    written = auditanalytics.write_brief(paths, out=out, **options)
    click.echo(f"Written {', '.join(out)}: {written.title}.")


@commands.command()
@click.argument("folder", metavar="DIR")
def verify(folder: str) -> None:
    """Say whether a report is whole and as it was published.

    DIR is the folder of a report, such as reports/2019-Q4.
    """
    found = auditanalytics.verify_report(folder)
    if found.is_whole:
        click.echo(f"{folder} is whole: {found.files} files, none altered, none missing, none added.")
        return
    for what in ("altered", "missing", "added"):
        for name in getattr(found, what):
            click.echo(f"{what}: {name}")
    raise VerificationError(f"{folder} is not as it was published")


@commands.command()
@returns(required=True)
@FRAMEWORK
@YEAR
@click.option("--out", metavar="DIR", help="Write what was found as tables into this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object in place of the summary.")
def check(paths: list[Any], as_json: bool, **options: Any) -> None:
    """Say what can be read of returns, and what is wrong with them.

    PATH is a file or a folder of audit returns (.csv, .tsv, .xlsx, .ods, .parquet, .docx), or with --query the URL
    of a database. Written values that are on no scale are shown: this is for the one who mends them, not for a log.
    """
    returns = auditanalytics.check_returns(paths, **options)
    if as_json:
        click.echo(json.dumps(auditanalytics.check_record(returns), ensure_ascii=False))
    else:
        click.echo(auditanalytics.summarise_check(returns))
        if options["out"]:
            click.echo(f"\nWritten to {Path(options['out']) / 'tables'}.")
        if options["out"] and returns.to_mend:
            click.echo(f"What each team has to mend: {Path(options['out']) / 'to-mend'}.")
    returns.check()


@commands.command("init")
@click.argument("spreadsheet", metavar="SPREADSHEET")
@click.option("--out", required=True, metavar="FILE.toml", help="The framework file to write; there must be none yet.")
def first_framework(spreadsheet: str, out: str) -> None:
    """Write a first framework file from a spreadsheet of audits.

    SPREADSHEET is what you have: .csv, .tsv, .xlsx, .ods or .parquet. Headers that are known are put to fields,
    columns of grades to categories, and what is uncertain is left in the file as a question to answer.
    """
    click.echo(auditanalytics.write_first_framework(spreadsheet, out=out))


@commands.command()
@FRAMEWORK
@click.option("--form", metavar="ID", help="One form of a framework that has several.")
@click.option(
    "--out", required=True, metavar="FILE", help="FILE.xlsx: a row for each audit; FILE.docx: a form for one."
)
def template(out: str, **options: Any) -> None:
    """Write a blank return, with the grades in drop-down lists.

    It is made from the framework, by default the one of the example returns, and is read back without a question. A
    file that stands there already is kept beside the new one.
    """
    click.echo(f"{auditanalytics.write_blank_return(out, **options)}\nWritten to {out}.")


@commands.command()
@click.argument("pseudonym", metavar="PSEUDONYM")
@returns(required=True)
@FRAMEWORK
def lookup(pseudonym: str, paths: list[Any], framework: str | None) -> None:
    """Say which record is behind a pseudonym.

    PATH is where the returns are. What was written, and where it stands, is shown on the terminal and kept nowhere:
    do not send it into a file. The key under which the pseudonym was made is needed.
    """
    click.echo(auditanalytics.describe_record(auditanalytics.find_record(pseudonym, paths, framework=framework)))


@commands.command()
@click.argument("path", metavar="FILE.csv")
@click.option("--text", required=True, metavar="COLUMN", help="The column of free text, or several: COLUMN,COLUMN.")
@click.option("--names", metavar="COLUMN,COLUMN", help="The columns that name people; they are written as they are.")
@click.option("--drop-names", is_flag=True, help="Leave the columns of --names out of what is written.")
@click.option("--out", required=True, metavar="SAFE.csv", help="The file to write; only you can read it.")
@click.option("--report", metavar="COUNTS.csv", help="Write how much of each kind was hidden into this file.")
def redact(path: str, **options: Any) -> None:
    """Hide what may name or find a person in a column of free text.

    Every row is written back; what was hidden leaves its kind, such as [name]. It is an aid: a person reads what was
    written before it is shared.
    """
    click.echo(auditanalytics.redact_file(path, **options))


@commands.command()
@click.argument("path", metavar="FILE.csv")
@click.option("--text", required=True, metavar="COLUMN", help="The column of text.")
@click.option("--domain", metavar="COLUMN", help="The column that says in which domain a text stands.")
@click.option("--kind", metavar="COLUMN", help="The column that says whether it is a strength, a worry or a next step.")
@click.option("--by-hand", metavar="COLUMN", help="The column of themes that somebody coded; they win.")
@click.option("--codebook", metavar="FILE.toml", help="A codebook of your own.")
@click.option("--out", required=True, metavar="CODED.csv", help="The file to write; only you can read it.")
def themes(path: str, **options: Any) -> None:
    """Say what the statements in a column of text speak of.

    Every row is written back with two columns added: its themes, and the words that made each. Shown are counts, and
    phrases that rows without a theme have in common.
    """
    click.echo(auditanalytics.code_file(path, **options))


@commands.group()
def moderate() -> None:
    """Draw audits to be moderated, read what came back, and write the pack to discuss it."""


@moderate.command()
@returns(required=True)
@QUARTER
@click.option("--share", type=float, metavar="SHARE", help="The share drawn at random: 0.1, or as the framework says.")
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="N", help="The same seed draws the same audits."
)
@click.option("--moderators", metavar="FILE.csv", help="Who moderates: a table with the columns Moderator and Service.")
@click.option("--out", required=True, metavar="FILE.xlsx", help="The workbook to write; only you can read it.")
@click.option("--blind", is_flag=True, help="Leave out the auditors' grades and why an audit was drawn.")
@click.option("--earlier", multiple=True, metavar="FILE.xlsx", help="A workbook of an earlier draw; may be repeated.")
@FRAMEWORK
@YEAR
def draw(paths: list[Any], **options: Any) -> None:
    """Draw the audits of a quarter to be moderated, and write the workbook for their moderators.

    PATH is a file or a folder of audit returns. Every audit with a reason to look is drawn, and of the rest a share at
    random. A workbook that stands there already is kept beside the new one.
    """
    click.echo(f"{auditanalytics.draw_moderation(paths, **options)}\nWritten to {options['out']}.")


@moderate.command()
@returns(required=True)
@QUARTER
@click.option("--out", required=True, metavar="FILE", help="FILE.docx or FILE.html; only you can read it.")
@FRAMEWORK
@YEAR
def pack(paths: list[Any], **options: Any) -> None:
    """Write the pack for a discussion of the cases that auditor and moderator graded differently.

    PATH is a file or a folder of audit returns, with the tables of moderated grades beside them.
    """
    click.echo(f"{auditanalytics.write_pack(paths, **options)}\nWritten to {options['out']}.")


@moderate.command("read")
@click.argument("workbook", metavar="FILE.xlsx")
@returns(required=True)
@click.option("--out", required=True, metavar="FILE.csv", help="The table to write; only you can read it.")
@FRAMEWORK
@YEAR
def read_filled(workbook: str, paths: list[Any], **options: Any) -> None:
    """Read a workbook that moderators filled in, and write its grades as a table.

    PATH is where the returns are that it was drawn from. The table belongs beside them: whatever reads the returns then
    reads the moderated grades too.
    """
    click.echo(f"{auditanalytics.read_moderation(workbook, paths, **options)}\nWritten to {options['out']}.")


def _split_settings(settings: tuple[str, ...]) -> dict[str, str]:
    values = {}
    for setting in settings:
        found = _SETTING.fullmatch(setting)
        if not found:
            raise ArgumentError("--set must be written name=value, on one line")
        values[found[1]] = found[2]
    return values


def _show_progress(pages: list[Any]) -> Callable[[int], None]:
    """A bar with a line for each page, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda number: None
    from tqdm import tqdm

    bar = tqdm(total=len(pages), unit="page", file=sys.stderr)

    def done(number: int) -> None:
        bar.write(f"  {pages[number].page.title}", file=sys.stderr)
        bar.update()
        if bar.n == bar.total:
            bar.close()

    return done


def main() -> NoReturn:
    """Run the command; every error is one sentence and its exit code."""
    # What libraries log, or complain of while they are cleared away, may repeat a row of a return; a failure is one
    # sentence.
    logging.disable()
    sys.unraisablehook = lambda _: None
    # What checks notebooks would build a grammar of addresses in every script, which takes seconds for nothing.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    os.environ.pop("MPLBACKEND", None)  # charts are drawn into files, whatever window the user draws in
    _listen()
    try:
        commands(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except click.Abort:
        _fail("interrupted", 130)
    except AuditAnalyticsError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:
        _fail(describe_error(error), 1)
    sys.exit(0)


def _listen() -> None:
    """Let every signal that asks the command to end clear away what was begun, also where it runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _stop)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # unless started with nohup
        signal.signal(signal.SIGHUP, _stop)


def _stop(number: int, _: object) -> NoReturn:
    """End as on Ctrl-C, so that everything begun is cleared away."""
    raise SystemExit(128 + number)


def _fail(sentence: str, exit_code: int) -> NoReturn:
    click.echo(f"auditanalytics: {sentence}", err=True)
    sys.exit(exit_code)
