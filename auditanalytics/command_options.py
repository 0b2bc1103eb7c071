"""What several commands take: a framework, a period, and returns, which may come from a database."""

import functools
from collections.abc import Callable
from typing import Any

import click

from auditanalytics.intake import with_query

FRAMEWORK = click.option(
    "--framework", metavar="F", help="A shipped framework's name, or the path of a framework file."
)
YEAR = click.option("--year", metavar="YEAR", help="The year of a published table that does not say it.")
QUARTER = click.option(
    "--quarter", default="latest", show_default=True, metavar="Q", help="2019-Q4, 2019-20-Q3 or latest."
)
_QUERY = click.option(
    "--query", metavar="SQL", help="What to ask the database whose URL is a PATH; each row is one of a return."
)


def returns(*, required: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a command take paths of returns, one of which may be the URL of a database, with what to ask it.

    Parameters
    ----------
    required
        Whether there must be one.

    Returns
    -------
    callable
        A decorator of the command.
    """
    path = click.argument("paths", nargs=-1, required=required, metavar="PATH..." if required else "[PATH]...")

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def asked(*, paths: tuple[str, ...], query: str | None, **options: Any) -> None:
            command(paths=with_query(paths, query), **options)

        return path(_QUERY(asked))

    return decorate
